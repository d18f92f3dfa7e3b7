/** ZooKeeper's rule for paths, checked before a request is sent, as the stock client does. */
import { clientError } from "./client-errors.ts";

/** Throws SL-ZK-BAD-ARGUMENTS. A sequential node's path may end with `/`: the number follows. */
export function checkPath(path: string, sequential = false): void {
  const whole = sequential ? `${path}1` : path;
  const why = fault(whole);
  if (why !== null) throw clientError("SL-ZK-BAD-ARGUMENTS", `"${path}" is no ZooKeeper path: ${why}`);
}

function fault(path: string): string | null {
  if (!path.startsWith("/")) return "it does not start with /";
  if (path === "/") return null;
  if (path.endsWith("/")) return "it ends with /";
  if (forbidden.test(path)) return "it contains a character that ZooKeeper forbids";
  const parts = path.slice(1).split("/");
  if (parts.includes("")) return "it contains an empty part";
  return parts.includes(".") || parts.includes("..") ? "it contains . or .." : null;
}

/** NUL, U+0001–1F, 7F–9F, D800–F8FF as single UTF-16 units, FFF0–FFFF (reference: client protocol, "Path rules"). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u001f\u007f-\u009f\ud800-\uf8ff\ufff0-\uffff]/;

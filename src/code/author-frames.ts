/** Where in the author's own files something was thrown: what of a stack an author can use. */
import { isStormLabError } from "../base/index.ts";

/** Lines of a stack that are neither this program's nor Node's. */
export function authorFrames(thrown: unknown): string[] {
  return framesOf(thrown).filter((frame) => !isBuiltIn(frame) && !isOurs(frame));
}

/**
 * Whose code met it, by the uppermost line of the stack that is this program's or an author's: packages are called by both. Errors that
 * this program makes for an author are the author's wherever a line of theirs is. Null: the stack does not tell.
 */
export function metBy(thrown: unknown): "author" | "storm-lab" | null {
  const frames = framesOf(thrown).filter(
    (frame) => isOurs(frame) || !(isBuiltIn(frame) || frame.includes("/node_modules/")),
  );
  const isMade = isStormLabError(thrown) && frames.some((frame) => !isOurs(frame));
  const frame = isMade ? frames.find((each) => !isOurs(each)) : frames[0];
  if (frame === undefined) return null;
  return isOurs(frame) ? "storm-lab" : "author";
}

function framesOf(thrown: unknown): string[] {
  if (!(thrown instanceof Error) || typeof thrown.stack !== "string") return [];
  const lines = thrown.stack.split("\n").filter((line) => /^\s+at /.test(line));
  return lines.map((line) => line.trim());
}

/** Node's own, or of the language, such as `Array.map` and `async Promise.all (index 0)`. */
function isBuiltIn(frame: string): boolean {
  return /[( ]node:|<anonymous>\)?$|\((native|index \d+)\)$/.test(frame);
}

/** This file lies in `src/code` or, bundled, in `dist`: two levels up, or one, is the program. */
const program = import.meta.url.endsWith(".ts") ? new URL("../", import.meta.url) : new URL("./", import.meta.url);

function isOurs(frame: string): boolean {
  return frame.includes(program.href) || frame.includes(decodeURI(program.pathname));
}

/** Where in the author's own files something was thrown: what of a stack an author can use. */

/** Lines of a stack that are neither this program's nor Node's. */
export function authorFrames(thrown: unknown): string[] {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return [];
  const frames = thrown.stack.split("\n").filter((line) => /^\s+at /.test(line));
  return frames.map((frame) => frame.trim()).filter((frame) => !isBuiltIn(frame) && !isOurs(frame));
}

/** Node's own, or of the language, such as `Array.map`. */
function isBuiltIn(frame: string): boolean {
  return frame.includes("node:internal") || frame.endsWith("(<anonymous>)");
}

/** This file lies in `src/code` or, bundled, in `dist`: two levels up, or one, is the program. */
const program = import.meta.url.endsWith(".ts") ? new URL("../", import.meta.url) : new URL("./", import.meta.url);

function isOurs(frame: string): boolean {
  return frame.includes(program.href) || frame.includes(decodeURI(program.pathname));
}

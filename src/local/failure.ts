/** From what user code threw to the error that its author reads: whose it was, and where in the author's file. */
import { type ErrorParts, exitCodes, isStormLabError, messageOf, StormLabError } from "../base/index.ts";
import type { ComponentFailure } from "../executor/index.ts";

/** What ended the run. */
export function componentError(failure: ComponentFailure): StormLabError {
  return authorError(failure, (where, kind, message, trace) => ({
    code: "SL-COMPONENT-FAILED",
    what: `${where} threw ${kind}: ${message}`,
    why: trace.length > 0 ? `it was thrown ${trace[0]}` : "its stack has no line of yours",
    hint: "mend the component; to fail only the tuple, throw FailedException in a basic bolt or call collector.fail",
  }));
}

/** What a component told by `reportError`; the run goes on. */
export function reportedError(failure: ComponentFailure): StormLabError {
  return authorError(failure, (where, kind, message, trace) => ({
    code: "SL-COMPONENT-REPORTED",
    what: `${where} reported ${kind}: ${message}`,
    why: trace.length > 0 ? `it was made ${trace[0]}` : "the component called reportError",
    hint: "the run goes on; the component's author knows what it means",
  }));
}

type Words = (where: string, kind: string, message: string, trace: readonly string[]) => ErrorParts;

function authorError({ componentId, taskId, thrown }: ComponentFailure, words: Words): StormLabError {
  const where = `component "${componentId}" (task ${taskId})`;
  const trace = authorFrames(thrown);
  // An error of ours that a call of the author's caused, such as a wrong emit, already says what and why.
  if (isStormLabError(thrown)) {
    const { code, why, hint, exitCode } = thrown;
    return new StormLabError({ code, what: `${where}: ${thrown.message}`, why, hint, exitCode, trace, cause: thrown });
  }
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  const parts = words(where, kind, messageOf(thrown), trace);
  return new StormLabError({ ...parts, exitCode: exitCodes.refused, trace, cause: thrown });
}

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

/** This file lies in `src/local` or, bundled, in `dist`: two levels up, or one, is the program. */
const program = import.meta.url.endsWith(".ts") ? new URL("../", import.meta.url) : new URL("./", import.meta.url);

function isOurs(frame: string): boolean {
  return frame.includes(program.href) || frame.includes(decodeURI(program.pathname));
}

/** From what user code threw to the error that its author reads: whose it was, and where in the author's file. */
import { type ErrorParts, exitCodes, isStormLabError, messageOf, StormLabError } from "../base/index.ts";
import { authorFrames } from "../code/index.ts";
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

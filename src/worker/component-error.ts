/** From what user code threw to the error that its author reads: whose it was, and where in the author's file. */
import { type ErrorParts, exitCodes, isStormLabError, messageOf, StormLabError } from "../base/index.ts";
import { authorFrames, metBy } from "../code/index.ts";
import { type AuthorScope, authorScope, type ComponentFailure, type TaskScope } from "../executor/index.ts";

/** What ended the run. */
export function componentError({ componentId, taskId, thrown }: ComponentFailure): StormLabError {
  return authorError({ componentId, taskIds: [taskId] }, thrown, (where, kind, message, trace) => ({
    ...failed(where, kind, message, trace),
    hint: "mend the component; to fail only the tuple, throw FailedException in a basic bolt or call collector.fail",
  }));
}

/**
 * What nobody caught, such as an error in a timer's callback, if code of the topology's author did it; null if it is this program's.
 * To be called by whom Node tells of it: then it is known whose code ran.
 */
export function uncaughtError(thrown: unknown): StormLabError | null {
  const scope = authorScope();
  const by = metBy(thrown) ?? (scope !== null || !(thrown instanceof Error) ? "author" : "storm-lab");
  if (by === "storm-lab") return null;
  return authorError(scope ?? "module", thrown, (where, kind, message, trace) => ({
    ...failed(where, kind, message, trace),
    hint: "catch it where it is thrown: no other code waits for the callback or the promise",
  }));
}

/** What a component told by `reportError`; the run goes on. */
export function reportedError({ componentId, taskId, thrown }: ComponentFailure): StormLabError {
  return authorError({ componentId, taskIds: [taskId] }, thrown, (where, kind, message, trace) => ({
    code: "SL-COMPONENT-REPORTED",
    what: `${where} reported ${kind}: ${message}`,
    why: trace.length > 0 ? `it was made ${trace[0]}` : "the component called reportError",
    hint: "the run goes on; the component's author knows what it means",
  }));
}

type Words = (where: string, kind: string, message: string, trace: readonly string[]) => ErrorParts;

function failed(where: string, kind: string, message: string, trace: readonly string[]): Omit<ErrorParts, "hint"> {
  return {
    code: "SL-COMPONENT-FAILED",
    what: `${where} threw ${kind}: ${message}`,
    why: trace.length > 0 ? `it was thrown ${trace[0]}` : "its stack has no line of yours",
  };
}

function authorError(scope: AuthorScope, thrown: unknown, words: Words): StormLabError {
  const where = scope === "module" ? "code of the topology" : placeOf(scope);
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

export function placeOf({ componentId, taskIds }: TaskScope): string {
  return `component "${componentId}" (${taskIds.length === 1 ? "task" : "one of tasks"} ${taskIds.join(", ")})`;
}

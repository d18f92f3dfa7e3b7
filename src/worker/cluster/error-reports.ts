/** What an author's component threw or reported: into the worker's log with the author's lines, and to ZooKeeper for the UI. */
import { isStormLabError, messageOf, type Runtime } from "../../base/index.ts";
import { authorFrames } from "../../code/index.ts";
import type { ComponentFailure } from "../../executor/index.ts";
import type { ClusterState } from "../../state/index.ts";
import type { Conf } from "../../topology/index.ts";
import { ErrorThrottle } from "./error-throttle.ts";

export interface ErrorReportsOptions {
  readonly runtime: Runtime;
  readonly state: ClusterState;
  /** With every topology key in it. */
  readonly conf: Conf;
  readonly topologyId: string;
  /** Of this worker, as the UI shows it. */
  readonly host: string;
  readonly port: number;
  /** The executor of a task, by any name. */
  readonly executorOf: (taskId: number) => string;
  /** Files named as on the author's machine. */
  readonly inAuthorsWords: (text: string) => string;
}

/** ZooKeeper is given this long, where the worker is about to end of the error. */
const reportMsMax = 2000;

export class ErrorReports {
  readonly #options: ErrorReportsOptions;
  readonly #throttle: ErrorThrottle;

  constructor(options: ErrorReportsOptions) {
    this.#options = options;
    this.#throttle = new ErrorThrottle(options.conf);
  }

  /** Never rejects; resolves when it is in ZooKeeper, is not to go there, or cannot within two seconds. */
  async report({ componentId, taskId, thrown }: ComponentFailure): Promise<void> {
    const { runtime, state, topologyId, host, port, executorOf, inAuthorsWords } = this.#options;
    const error = inAuthorsWords(errorText(thrown));
    runtime.log.error(`Error in component "${componentId}" (task ${taskId}): ${error}`);
    if (!this.#throttle.admits(executorOf(taskId), runtime.clock.monotonicMs())) return;
    const error_time_secs = Math.floor(runtime.clock.nowMs() / 1000);
    const written = state.reportError(topologyId, componentId, { error, error_time_secs, host, port });
    const late = Promise.withResolvers<void>();
    const timer = runtime.timers.after(reportMsMax, () => late.resolve());
    await Promise.race([written, late.promise]).catch((failure: unknown) => {
      runtime.log.warn(`Could not report the error to ZooKeeper: ${messageOf(failure)}`);
    });
    written.catch(() => undefined);
    timer.cancel();
  }
}

/** The first line is what the UI shows. */
function errorText(thrown: unknown): string {
  const frames = authorFrames(thrown).map((frame) => `\n    ${frame}`);
  if (isStormLabError(thrown)) return `${thrown.message}: ${thrown.why}${frames.join("")}`;
  const head = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return `${head}${frames.join("")}`;
}

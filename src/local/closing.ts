/** The end of a run waits for the components to close, but not for ever: a cluster's supervisor would not either. */
import { exitCodes, type Runtime, StormLabError } from "../base/index.ts";

/** From the order to stop to the end of patience. */
export const closeMsMax = 5000;

/** Resolves when `closed` has settled, or when it is too late; then `late` is called. */
export async function closeInTime(runtime: Runtime, closed: Promise<void>, late: () => void): Promise<void> {
  const { promise: tooLate, resolve } = Promise.withResolvers<void>();
  const timer = runtime.timers.after(closeMsMax, () => {
    late();
    resolve();
  });
  try {
    await Promise.race([closed, tooLate]);
  } finally {
    timer.cancel();
  }
}

/** `who`: what of the run has not closed. */
export function closingLate(who: string): StormLabError {
  return new StormLabError({
    code: "SL-CLOSE-LATE",
    what: `${who} had not closed ${closeMsMax / 1000} s after the end of the run, and was not waited for`,
    why: "a close, a cleanup or an execute does not come back; a supervisor would kill the worker, too",
    hint: "let close and cleanup end by themselves, and quickly",
    exitCode: exitCodes.deadline,
  });
}

/** A bounded wait for a topology. */
import { exitCodes, type Runtime, StormLabError } from "../base/index.ts";

/** Error: SL-DEADLINE. */
export async function completeWithin(
  runtime: Runtime,
  completed: Promise<void>,
  name: string,
  deadlineMs: number,
): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = runtime.timers.after(deadlineMs, () => reject(deadlinePassed(name, deadlineMs)));
  try {
    await Promise.race([completed, late]);
  } finally {
    timer.cancel();
  }
}

function deadlinePassed(name: string, deadlineMs: number): StormLabError {
  return new StormLabError({
    code: "SL-DEADLINE",
    what: `topology "${name}" was not complete after ${deadlineMs} ms`,
    why: "a spout has not said exhausted(), or a tracked tuple is neither acked nor failed",
    hint: "check that every bolt acks or fails every tuple, or allow more time",
    exitCode: exitCodes.deadline,
  });
}

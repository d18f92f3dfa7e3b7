/**
 * How long to wait before an attempt is repeated: the interval and a little more, as Storm's StormBoundedExponentialBackoffRetry has it.
 * On top of the interval comes a power of two milliseconds with as much chance again; from half the ceiling on it grows by equal steps.
 */
import type { Random } from "../base/index.ts";

export interface RetryRule {
  /** Attempts after the first. */
  readonly times: number;
  readonly intervalMs: number;
  readonly ceilingMs: number;
}

/** Before the attempt number `retry`, from 0. */
export function retryDelayMs({ times, intervalMs, ceilingMs }: RetryRule, retry: number, random: Random): number {
  const threshold = Math.max(1, Math.ceil(Math.log2(Math.max(1, (ceilingMs - intervalMs) / 2))) - 1);
  if (retry < threshold) {
    const power = 2 ** retry;
    return Math.min(ceilingMs, intervalMs + power + random.below(power));
  }
  const step = Math.max(1, Math.floor((ceilingMs - 2 ** threshold) / Math.max(1, times - threshold)));
  return Math.min(ceilingMs, intervalMs + 2 ** threshold + step * (retry - threshold) + random.below(step));
}

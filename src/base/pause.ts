/** Waits that have an end. */
import type { Timers } from "./runtime/runtime.ts";

/** Resolves after `delayMs`; sooner when `signal` is aborted: who cares looks at it. */
export function pause(timers: Timers, delayMs: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal?.aborted === true) return Promise.resolve();
  const timer = timers.after(delayMs, over);
  signal?.addEventListener("abort", over, { once: true });
  return promise;

  function over(): void {
    timer.cancel();
    signal?.removeEventListener("abort", over);
    resolve();
  }
}

/** Resolves when `signal` is aborted. */
export function interruption(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}

/** Clock and timers of Node. */

import type { Clock, Timer, Timers } from "../runtime.ts";

export const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Node calls back at once when a delay does not fit into 31 bits: longer ones take several. */
const longestDelayMs = 0x7fff_ffff;

export const realTimers: Timers = {
  after: (delayMs, callback) => new RealTimer(delayMs, callback, false),
  every: (periodMs, callback) => new RealTimer(Math.max(1, periodMs), callback, true),
  soon: (callback) => {
    setImmediate(callback);
  },
};

class RealTimer implements Timer {
  readonly #periodMs: number;
  readonly #callback: () => void;
  readonly #repeats: boolean;
  #dueMs: number;
  #handle: NodeJS.Timeout | null;

  constructor(delayMs: number, callback: () => void, repeats: boolean) {
    if (Number.isNaN(delayMs)) throw new RangeError("a timer's delay is a number of milliseconds");
    this.#periodMs = Math.max(0, delayMs);
    this.#callback = callback;
    this.#repeats = repeats;
    this.#dueMs = performance.now() + this.#periodMs;
    this.#handle = this.#arm(this.#periodMs);
  }

  cancel(): void {
    if (this.#handle !== null) clearTimeout(this.#handle);
    this.#handle = null;
  }

  #arm(delayMs: number): NodeJS.Timeout {
    return setTimeout(this.#onTimeout, Math.min(Math.ceil(delayMs), longestDelayMs));
  }

  /** The event loop's clock is coarse: a callback never runs before its time on the monotonic clock. */
  readonly #onTimeout = (): void => {
    const nowMs = performance.now();
    if (nowMs < this.#dueMs) {
      this.#handle = this.#arm(this.#dueMs - nowMs);
      return;
    }
    this.#handle = null;
    if (this.#repeats) {
      this.#dueMs = this.#dueMs + this.#periodMs > nowMs ? this.#dueMs + this.#periodMs : nowMs + this.#periodMs;
      this.#handle = this.#arm(this.#dueMs - nowMs);
    }
    this.#callback();
  };
}

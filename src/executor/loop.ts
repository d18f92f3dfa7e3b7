/**
 * The worker's turns. While there is work a turn follows a turn, with waiting I/O served in between; without work nothing runs until
 * something wakes the loop.
 */
import type { Timer, Timers } from "../base/index.ts";

export class Loop {
  /** Started, and no turn is running or due: whoever brings work must call `wake`. */
  idle = false;
  private readonly timers: Timers;
  private readonly turn: () => boolean;
  private alarm: Timer | null = null;
  private alarmDelayMs = 0;
  private stopped = false;

  /** `turn` answers whether there is more to do at once. */
  constructor(timers: Timers, turn: () => boolean) {
    this.timers = timers;
    this.turn = turn;
  }

  /** The first turn. What came before waits for it: components may still be getting ready. */
  start(): void {
    this.idle = true;
    this.wake();
  }

  wake(): void {
    if (!this.idle || this.stopped) return;
    this.idle = false;
    this.timers.soon(this.run);
  }

  /** A turn no later than this. */
  wakeAfter(delayMs: number): void {
    if (this.stopped || (this.alarm !== null && this.alarmDelayMs <= delayMs)) return;
    this.alarm?.cancel();
    this.alarmDelayMs = delayMs;
    this.alarm = this.timers.after(delayMs, () => {
      this.alarm = null;
      this.wake();
    });
  }

  stop(): void {
    this.stopped = true;
    this.alarm?.cancel();
    this.alarm = null;
  }

  private readonly run = (): void => {
    if (this.stopped) return;
    if (this.turn()) {
      this.timers.soon(this.run);
      return;
    }
    this.idle = true;
  };
}

/** The two marks of an outbox: says once that it is congested, and once that it no longer is. */
import type { Marks } from "./transport.ts";

export class Gate {
  readonly #marks: Marks;
  readonly #tell: (congested: boolean) => void;
  #congested = false;

  constructor(marks: Marks, tell: (congested: boolean) => void) {
    this.#marks = marks;
    this.#tell = tell;
  }

  get congested(): boolean {
    return this.#congested;
  }

  /** To be called whenever `waitingBytes` has changed. */
  weigh(waitingBytes: number): void {
    if (this.#congested ? waitingBytes > this.#marks.lowMarkBytes : waitingBytes <= this.#marks.highMarkBytes) return;
    this.#congested = !this.#congested;
    this.#tell(this.#congested);
  }
}

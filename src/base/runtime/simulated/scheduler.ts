/**
 * Virtual time. Two kinds of events: the world's own (a segment arrives, a disk answers), which run no process code,
 * and turns of processes, after which every promise settles before anything else happens.
 */

import { StormLabError } from "../../errors.ts";
import { repeatSettled } from "../real/settle.ts";
import { EventHeap, type SimulatedEvent } from "./event-heap.ts";

/** So many events without a microsecond passing are a loop that will not end. */
const eventsAtOneTime = 1_000_000;

export class Scheduler {
  /** Microseconds since the world began; fractions count. */
  nowUs = 0;
  /** Events that happened so far. */
  events = 0;
  readonly #heap = new EventHeap();
  #running = false;
  #atOneTime = 0;
  #failure: Error | null = null;

  /** An event of the world itself: must not run process code. */
  at(timeUs: number, run: () => void): SimulatedEvent {
    return this.#heap.add(Math.max(timeUs, this.nowUs), false, run);
  }

  /** A turn of a process. */
  turnAt(timeUs: number, run: () => void): SimulatedEvent {
    return this.#heap.add(Math.max(timeUs, this.nowUs), true, run);
  }

  cancel(event: SimulatedEvent): void {
    this.#heap.cancel(event);
  }

  get idle(): boolean {
    return this.#heap.size === 0;
  }

  /** Ends the current run with this error; the first one wins. */
  fail(error: Error): void {
    this.#failure ??= error;
  }

  /**
   * Lets time go on until `done` says so or the next event is after `untilUs`. Rejects with what was given to `fail`.
   * `done` is asked after each turn, when every promise has settled.
   */
  run(untilUs: number, done: () => boolean): Promise<void> {
    if (this.#running) throw new StormLabError(alreadyRunning);
    this.#running = true;
    return new Promise((resolve, reject) => {
      repeatSettled(() => {
        try {
          if (this.#failure === null && !done() && this.#advance(untilUs)) return true;
        } catch (thrown) {
          this.fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
        }
        this.#running = false;
        const failure = this.#failure;
        this.#failure = null;
        if (failure === null) resolve();
        else reject(failure);
        return false;
      });
    });
  }

  /** Events up to and including the next turn; false when there is none before `untilUs`. */
  #advance(untilUs: number): boolean {
    for (;;) {
      const next = this.#heap.peek();
      if (next === undefined || next.timeUs > untilUs) {
        if (untilUs !== Number.POSITIVE_INFINITY) this.nowUs = Math.max(this.nowUs, untilUs);
        return false;
      }
      this.#heap.pop();
      this.events++;
      if (next.timeUs > this.nowUs) this.#atOneTime = 0;
      else if (++this.#atOneTime > eventsAtOneTime) throw new StormLabError(runaway(next.timeUs));
      this.nowUs = next.timeUs;
      const run = next.run!;
      next.run = null;
      run();
      if (next.turn) return true;
    }
  }
}

const alreadyRunning = {
  code: "SL-SIM-RUNNING",
  what: "The simulated world is already running.",
  why: "run, until or finish was called before an earlier call had ended.",
  hint: "Await each call before the next one.",
};

function runaway(timeUs: number) {
  return {
    code: "SL-SIM-RUNAWAY",
    what: `More than ${eventsAtOneTime} events happened at ${timeUs / 1000} ms of virtual time.`,
    why: "Something plans events without any delay for ever.",
    hint: "Look at the timeline of the seed for the process that repeats itself.",
  };
}

/** The last events, numbered, for whoever listens and for whoever comes back and asks what was missed. */
import type { Clock } from "../../base/index.ts";
import type { ClusterEvent, Happening } from "./cluster-event.ts";

/** An hour of a restless classroom. */
const keptMax = 10_000;

export class EventLog {
  readonly #clock: Clock;
  readonly #keptMax: number;
  #events: ClusterEvent[] = [];
  #lastSeq = 0;
  readonly #listeners = new Set<(event: ClusterEvent) => void>();

  constructor(clock: Clock, kept = keptMax) {
    this.#clock = clock;
    this.#keptMax = kept;
  }

  /** Of the newest event; 0: there was none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  add(happenings: readonly Happening[]): void {
    const atMs = this.#clock.nowMs();
    for (const happening of happenings) {
      const event: ClusterEvent = { seq: ++this.#lastSeq, atMs, ...happening };
      this.#events.push(event);
      for (const listener of this.#listeners) listener(event);
    }
    // Half of it at a time: moving the rest costs as much as all of it.
    if (this.#events.length >= this.#keptMax * 2) this.#events = this.#events.slice(-this.#keptMax);
  }

  /** Those after `seq`, oldest first; null: some of them are forgotten, or have not been. */
  after(seq: number): readonly ClusterEvent[] | null {
    const first = this.#events[0]?.seq ?? this.#lastSeq + 1;
    if (seq > this.#lastSeq || seq < first - 1) return null;
    return this.#events.slice(seq - first + 1);
  }

  /** At most so many, oldest first. */
  newest(count: number): readonly ClusterEvent[] {
    return this.#events.slice(-count);
  }

  /** Gives back how to end it. */
  listen(listener: (event: ClusterEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/** What is to happen, soonest first; events at the same time happen in the order in which they were planned. */

export interface SimulatedEvent {
  readonly timeUs: number;
  readonly sequence: number;
  /** Whether it runs a process's code, after which every promise has to settle before the next event. */
  readonly turn: boolean;
  /** `null` once cancelled or run. */
  run: (() => void) | null;
}

/** Cancelled events stay in the heap until they are on top or outnumber the others. */
const compactAbove = 1024;

export class EventHeap {
  #events: SimulatedEvent[] = [];
  #sequence = 0;
  #cancelled = 0;

  get size(): number {
    return this.#events.length - this.#cancelled;
  }

  add(timeUs: number, turn: boolean, run: () => void): SimulatedEvent {
    const event: SimulatedEvent = { timeUs, sequence: this.#sequence++, turn, run };
    const events = this.#events;
    let at = events.length;
    events.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = events[parent]!;
      if (!before(event, above)) break;
      events[at] = above;
      at = parent;
    }
    events[at] = event;
    return event;
  }

  cancel(event: SimulatedEvent): void {
    if (event.run === null) return;
    event.run = null;
    this.#cancelled++;
    if (this.#cancelled > compactAbove && this.#cancelled * 2 > this.#events.length) this.#compact();
  }

  /** The next event that was not cancelled. */
  peek(): SimulatedEvent | undefined {
    while (this.#events.length > 0 && this.#events[0]!.run === null) {
      this.#removeTop();
      this.#cancelled--;
    }
    return this.#events[0];
  }

  /** Takes the next event. Its `run` is left for the caller, who sets it to `null` before calling it. */
  pop(): SimulatedEvent | undefined {
    const top = this.peek();
    if (top !== undefined) this.#removeTop();
    return top;
  }

  #removeTop(): void {
    const events = this.#events;
    const last = events.pop()!;
    if (events.length > 0) this.#sink(0, last);
  }

  #sink(from: number, event: SimulatedEvent): void {
    const events = this.#events;
    const length = events.length;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && before(events[child + 1]!, events[child]!)) child++;
      const below = events[child]!;
      if (!before(below, event)) break;
      events[at] = below;
      at = child;
    }
    events[at] = event;
  }

  #compact(): void {
    this.#events = this.#events.filter((event) => event.run !== null);
    this.#cancelled = 0;
    for (let at = (this.#events.length >> 1) - 1; at >= 0; at--) this.#sink(at, this.#events[at]!);
  }
}

function before(a: SimulatedEvent, b: SimulatedEvent): boolean {
  return a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.sequence < b.sequence);
}

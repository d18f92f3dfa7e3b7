/**
 * Hands replies and watch events to user code in the order in which the server sent them.
 *
 * A reply resolves a promise, and whoever awaits it goes on only after some turns of the microtask queue; an event calls
 * its handler at once. Left alone, an event would overtake the replies before it. So an event that follows replies waits
 * until what they woke has run, and everything behind it waits with it.
 */
import type { Timers } from "../../base/index.ts";

export class Delivery {
  readonly #timers: Timers;
  #held: { readonly event: boolean; readonly deliver: () => void }[] = [];
  #repliesInThisTurn = false;
  #turnEnds = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  reply(deliver: () => void): void {
    if (this.#held.length > 0) this.#held.push({ event: false, deliver });
    else this.#reply(deliver);
  }

  event(deliver: () => void): void {
    if (this.#held.length > 0 || this.#repliesInThisTurn) this.#held.push({ event: true, deliver });
    else deliver();
  }

  #reply(deliver: () => void): void {
    this.#repliesInThisTurn = true;
    if (!this.#turnEnds) {
      this.#turnEnds = true;
      this.#timers.soon(() => this.#nextTurn());
    }
    deliver();
  }

  #nextTurn(): void {
    this.#turnEnds = false;
    this.#repliesInThisTurn = false;
    while (this.#held.length > 0) {
      const first = this.#held[0];
      if (first === undefined || (first.event && this.#repliesInThisTurn)) return;
      this.#held.shift();
      if (first.event) first.deliver();
      else this.#reply(first.deliver);
    }
  }
}

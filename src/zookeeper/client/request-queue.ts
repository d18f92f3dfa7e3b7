/**
 * Requests that wait for a connection: bounded in number and in time, first in first out, and free to leave when their
 * caller gives them up.
 */
import type { Runtime, Timer } from "../../base/index.ts";
import type { ClientRequest } from "../../wire/zookeeper/index.ts";
import type { LiveSession } from "./live-session.ts";
import type { Outcome } from "./session-adapter.ts";

export interface Pending {
  readonly request: ClientRequest;
  /** The session that alone may carry it out; null: any. */
  readonly owner: LiveSession | null;
  /** Monotonic; by then it must have been sent. */
  readonly deadlineMs: number;
  readonly received: ((outcome: Outcome<ClientRequest>) => void) | undefined;
  readonly resolve: (outcome: Outcome<ClientRequest>) => void;
  readonly reject: (error: Error) => void;
  /** Its caller has had an answer or has given it up. */
  settled: boolean;
  /** Ends what was set up for it, once it is settled. */
  forget: (() => void) | null;
}

export class RequestQueue {
  readonly #runtime: Runtime;
  readonly #max: number;
  readonly #late: (pending: Pending) => void;
  #items: Pending[] = [];
  #from = 0;
  #patience: Timer | null = null;

  /** `late` is called with each request whose deadline passed in the queue; it has left the queue. */
  constructor(runtime: Runtime, max: number, late: (pending: Pending) => void) {
    this.#runtime = runtime;
    this.#max = max;
    this.#late = late;
  }

  get size(): number {
    return this.#items.length - this.#from;
  }

  /** False: the queue is full. */
  push(pending: Pending): boolean {
    if (this.size >= this.#max) return false;
    this.#items.push(pending);
    this.#watchPatience();
    return true;
  }

  /** Requests that were sent and came back unanswered; they were counted when they first entered. */
  putBack(returned: readonly Pending[]): void {
    this.#items = [...returned, ...this.#items.slice(this.#from)];
    this.#from = 0;
    this.#watchPatience();
  }

  shift(): Pending | null {
    while (this.#from < this.#items.length) {
      const pending = this.#items[this.#from] as Pending;
      this.#from++;
      if (this.#from >= compactAt) {
        this.#items = this.#items.slice(this.#from);
        this.#from = 0;
      }
      if (!pending.settled) return pending;
    }
    this.#items = [];
    this.#from = 0;
    return null;
  }

  /** Takes out those that `leaves` names. */
  take(leaves: (pending: Pending) => boolean): Pending[] {
    const all = this.#items.slice(this.#from);
    this.#items = all.filter((pending) => !leaves(pending));
    this.#from = 0;
    return all.filter(leaves);
  }

  /** One timer, for the first in the queue: deadlines grow from first to last. */
  #watchPatience(): void {
    const first = this.#items[this.#from];
    if (this.#patience !== null || first === undefined) return;
    const nowMs = this.#runtime.clock.monotonicMs();
    this.#patience = this.#runtime.timers.after(Math.max(0, first.deadlineMs - nowMs), () => {
      this.#patience = null;
      const atMs = this.#runtime.clock.monotonicMs();
      for (const pending of this.take(({ deadlineMs }) => deadlineMs <= atMs)) this.#late(pending);
      this.#watchPatience();
    });
  }

  close(): void {
    this.#patience?.cancel();
  }
}

const compactAt = 1024;

/**
 * Who is under pressure: this worker's tasks, told to every peer, and the peers' tasks, as they told.
 *
 * A status that holds is repeated every 50 ms, Storm's `topology.backpressure.check.millis`. A peer's status does not expire by
 * itself: a worker that is deep in one long `execute` cannot repeat it, and just then must not be flooded. Who has heard nothing
 * for four periods asks instead (a greeting), and the answer is a status: a lost "pressure is over" heals as soon as both are up.
 */
import type { Clock, Timer, Timers } from "../base/index.ts";

const pressureRepeatMs = 50;
/** Silence after which a peer under pressure is asked. */
const pressureAskMs = 4 * pressureRepeatMs;

/** How statuses leave; both may be called for a peer that is away. */
export interface StatusPost {
  sendStatus(peer: number, tasks: readonly number[]): void;
  sendHello(peer: number): void;
}

interface PeerPressure {
  tasks: readonly number[];
  /** When the peer last said so, or was last asked; monotonic. */
  heardMs: number;
}

const none: readonly number[] = [];

export class PressureBoard {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #post: StatusPost;
  readonly #changed: (peer: number, tasks: readonly number[]) => void;
  /** Every connected peer. */
  readonly #peers = new Map<number, PeerPressure>();
  #own: readonly number[] = none;
  #timer: Timer | null = null;

  constructor(
    world: { readonly clock: Clock; readonly timers: Timers },
    post: StatusPost,
    changed: (peer: number, tasks: readonly number[]) => void,
  ) {
    this.#clock = world.clock;
    this.#timers = world.timers;
    this.#post = post;
    this.#changed = changed;
  }

  setOwn(tasks: readonly number[]): void {
    const next = [...new Set(tasks)].sort((a, b) => a - b);
    if (same(next, this.#own)) return;
    this.#own = next;
    for (const peer of this.#peers.keys()) this.#post.sendStatus(peer, next);
    this.#arm();
  }

  /** Greets the peer, and tells it the status if there is one. */
  add(peer: number): void {
    if (!this.#peers.has(peer)) this.#peers.set(peer, { tasks: none, heardMs: 0 });
    this.#post.sendHello(peer);
    if (this.#own.length > 0) this.#post.sendStatus(peer, this.#own);
  }

  remove(peer: number): void {
    this.clear(peer);
    this.#peers.delete(peer);
  }

  /** The peer is a new process: what the one before said no longer holds. */
  clear(peer: number): void {
    this.heard(peer, none);
  }

  /** The peer has said which of its tasks are under pressure. */
  heard(peer: number, tasks: readonly number[]): void {
    const known = this.#peers.get(peer);
    if (known === undefined) return;
    known.heardMs = this.#clock.monotonicMs();
    if (same(tasks, known.tasks)) return;
    known.tasks = tasks;
    this.#changed(peer, tasks);
    this.#arm();
  }

  /** The peer has greeted: it does not know this worker's status, or doubts it. */
  asked(peer: number): void {
    if (this.#peers.has(peer)) this.#post.sendStatus(peer, this.#own);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#peers.clear();
    this.#own = none;
  }

  /** The timer runs only while there is something to repeat or to ask. */
  #arm(): void {
    if (this.#timer !== null) return;
    let needed = this.#own.length > 0;
    for (const peer of this.#peers.values()) needed ||= peer.tasks.length > 0;
    if (needed) this.#timer = this.#timers.after(pressureRepeatMs, () => this.#tick());
  }

  #tick(): void {
    this.#timer = null;
    const now = this.#clock.monotonicMs();
    for (const [peer, known] of this.#peers) {
      if (this.#own.length > 0) this.#post.sendStatus(peer, this.#own);
      if (known.tasks.length > 0 && now - known.heardMs >= pressureAskMs) {
        known.heardMs = now;
        this.#post.sendHello(peer);
      }
    }
    this.#arm();
  }
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((task, index) => task === b[index]);
}

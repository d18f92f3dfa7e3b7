/** One logical worker's end, and what waits there for each of its peers. */
import { assert } from "../../base/index.ts";
import type { MoreAnchors } from "../../wire/tuple/index.ts";
import { Counters } from "../counters.ts";
import { Gate } from "../gate.ts";
import { PressureBoard } from "../pressure-board.ts";
import type { Endpoint, Marks, TransportHandlers, TransportStats } from "../transport.ts";
import type { InprocessRuntime } from "./hub.ts";
import { Parcels } from "./parcels.ts";

/** What a tuple counts as against the marks. */
const inprocessTupleBytes = 64;

export interface InprocessEndpointOptions {
  readonly world: InprocessRuntime;
  readonly address: string;
  readonly worker: number;
  readonly marks: Marks;
  readonly handlers: TransportHandlers;
  find(address: string): InprocessEndpoint | undefined;
  closed(): void;
}

interface Peer {
  address: string;
  readonly parcels: Parcels;
  readonly gate: Gate;
  /** Tuples that a flush has let go. */
  ready: boolean;
  planned: boolean;
}

export class InprocessEndpoint implements Endpoint {
  readonly #options: InprocessEndpointOptions;
  readonly #counters = new Counters();
  readonly #board: PressureBoard;
  readonly #peers = new Map<number, Peer>();
  readonly #present = new Set<number>();
  #closed = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: InprocessEndpointOptions) {
    this.#options = options;
    const post = {
      sendStatus: (peer: number, tasks: readonly number[]) =>
        this.#tell(peer, (there, self) => there.#board.heard(self, tasks)),
      sendHello: (peer: number) => this.#tell(peer, (there, self) => there.#board.asked(self)),
    };
    this.#board = new PressureBoard(options.world, post, (peer, tasks) => options.handlers.pressure(peer, tasks));
  }

  get address(): string {
    return this.#options.address;
  }

  connect(peer: number, address: string): void {
    if (this.#closed) return;
    const known = this.#peers.get(peer);
    if (known?.address === address) return;
    if (known === undefined) this.#peers.set(peer, this.#makePeer(peer, address));
    else known.address = address;
    this.#present.delete(peer);
    this.#board.add(peer);
    this.#plan(peer);
  }

  greet(peer: number): void {
    this.#tell(peer, (there, self) => there.#board.asked(self));
  }

  disconnect(peer: number): void {
    if (!this.#peers.delete(peer)) return;
    this.#board.remove(peer);
  }

  send(
    peer: number,
    targetTask: number,
    sourceTask: number,
    stream: number,
    rootHi: number,
    rootLo: number,
    edgeHi: number,
    edgeLo: number,
    more: MoreAnchors | null,
    values: readonly unknown[],
  ): void {
    if (this.#closed) return;
    const to = this.#peers.get(peer);
    assert(to !== undefined, "tuples go to connected peers only");
    to.parcels.add(targetTask, sourceTask, stream, rootHi, rootLo, edgeHi, edgeLo, more, values);
    this.#counters.tuplesSent++;
    to.gate.weigh(to.parcels.count * inprocessTupleBytes);
  }

  flush(): void {
    for (const [peer, to] of this.#peers) {
      if (to.parcels.count === 0) continue;
      to.ready = true;
      this.#plan(peer);
    }
  }

  congested(peer: number): boolean {
    return this.#peers.get(peer)?.gate.congested ?? false;
  }

  sendPressure(tasks: readonly number[]): void {
    if (!this.#closed) this.#board.setOwn(tasks);
  }

  stats(): TransportStats {
    let waiting = 0;
    for (const to of this.#peers.values()) waiting += to.parcels.count * inprocessTupleBytes;
    return this.#counters.snapshot(waiting);
  }

  async close(lingerMs: number): Promise<void> {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    this.#board.close();
    this.#options.closed();
    await this.#emptied(lingerMs);
    this.#peers.clear();
  }

  /** The hub: an endpoint has opened, this one's peer perhaps. */
  appeared(other: InprocessEndpoint): void {
    for (const [peer, to] of this.#peers) {
      if (to.address !== other.address) continue;
      this.#present.delete(peer);
      this.#board.clear(peer);
      this.#board.asked(peer);
      this.#plan(peer);
    }
  }

  #makePeer(peer: number, address: string): Peer {
    const { handlers, marks } = this.#options;
    const gate = new Gate(marks, (congested) => handlers.congestion(peer, congested));
    return { address, parcels: new Parcels(), gate, ready: false, planned: false };
  }

  #plan(peer: number): void {
    const to = this.#peers.get(peer);
    if (to === undefined || !to.ready || to.planned) return;
    to.planned = true;
    this.#options.world.timers.soon(() => {
      to.planned = false;
      if (this.#peers.get(peer) === to) this.#deliver(to);
    });
  }

  #deliver(to: Peer): void {
    const there = this.#options.find(to.address);
    if (there === undefined) return;
    to.ready = false;
    const tuples = to.parcels.count;
    there.#heard(this.#options.worker);
    this.#counters.framesSent++;
    there.#counters.framesReceived++;
    there.#counters.tuplesReceived += tuples;
    to.parcels.moveTo(there.#options.handlers);
    to.gate.weigh(to.parcels.count * inprocessTupleBytes);
    if (this.#onEmpty !== null && this.stats().bytesWaiting === 0) this.#onEmpty();
  }

  /** A status, in a later turn, when the peer is there then. */
  #tell(peer: number, say: (there: InprocessEndpoint, self: number) => void): void {
    const { world, find, worker } = this.#options;
    world.timers.soon(() => {
      const to = this.#peers.get(peer);
      const there = to === undefined ? undefined : find(to.address);
      if (there === undefined) return;
      there.#heard(worker);
      say(there, worker);
    });
  }

  #heard(peer: number): void {
    if (this.#present.has(peer)) return;
    this.#present.add(peer);
    this.#options.handlers.appeared(peer);
  }

  async #emptied(lingerMs: number): Promise<void> {
    if (this.stats().bytesWaiting === 0) return;
    const done = Promise.withResolvers<void>();
    this.#onEmpty = done.resolve;
    const timer = this.#options.world.timers.after(lingerMs, done.resolve);
    await done.promise;
    timer.cancel();
  }
}

/** The contract over message links: one frame a flush, as large as the moment allows. Runs in every worker of a cluster. */
import { assert, must, type Runtime } from "../../base/index.ts";
import { type FrameIdentity, helloFrame, type MoreAnchors, pressureFrame } from "../../wire/tuple/index.ts";
import { Counters } from "../counters.ts";
import { brokenLink } from "../faults.ts";
import { PressureBoard } from "../pressure-board.ts";
import {
  defaultMarks,
  type Endpoint,
  type Marks,
  type Transport,
  type TransportHandlers,
  type TransportStats,
} from "../transport.ts";
import { Inbox } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import { Senders } from "./senders.ts";

export interface FrameTransportOptions {
  /** This worker's number. */
  readonly worker: number;
  /** Frames of other topologies are refused. */
  readonly topologyId: string;
  /** `tcp://host:port` (port 0: a free one) or `ipc://path`. */
  readonly listen: string;
  readonly marks?: Marks;
  /**
   * A frame is sent when it has reached this size (default 64 KiB: larger is not faster) or this many tuples (default 2048),
   * or at the flush.
   */
  readonly frameBytes?: number;
  readonly frameTuples?: number;
}

export type FrameRuntime = Pick<Runtime, "clock" | "timers" | "random" | "links">;

export function frameTransport(runtime: FrameRuntime, options: FrameTransportOptions): Transport {
  return {
    async open(handlers: TransportHandlers): Promise<Endpoint> {
      const endpoint = new FrameEndpoint(runtime, options, handlers);
      await endpoint.listen(options.listen);
      return endpoint;
    },
  };
}

class FrameEndpoint implements Endpoint {
  readonly #runtime: FrameRuntime;
  readonly #options: FrameTransportOptions;
  readonly #handlers: TransportHandlers;
  readonly #identity: FrameIdentity;
  readonly #counters = new Counters();
  readonly #senders: Senders;
  readonly #board: PressureBoard;
  readonly #inbox: Inbox;
  readonly #outboxes = new Map<number, Outbox>();
  #address = "";
  #connections = 0;
  #closing: Promise<void> | null = null;

  constructor(runtime: FrameRuntime, options: FrameTransportOptions, handlers: TransportHandlers) {
    this.#runtime = runtime;
    this.#options = options;
    this.#handlers = handlers;
    this.#identity = { topology: hashOf(options.topologyId), session: runtime.random.uint32(), sender: options.worker };
    this.#board = this.#makeBoard();
    this.#senders = new Senders({
      appeared: (peer) => handlers.appeared(peer),
      restarted: (peer) => this.#board.clear(peer),
      lost: (peer, frames) => {
        this.#counters.framesLost += frames;
        handlers.lost(peer, frames);
      },
    });
    this.#inbox = new Inbox({
      topology: this.#identity.topology,
      timers: runtime.timers,
      counters: this.#counters,
      senders: this.#senders,
      sink: handlers,
      pressure: (peer, tasks) => this.#board.heard(peer, tasks),
      hello: (peer) => this.#board.asked(peer),
      problem: (error) => handlers.problem(error),
    });
  }

  get address(): string {
    return this.#address;
  }

  async listen(address: string): Promise<void> {
    const link = await this.#runtime.links.pull(address, (frame) => this.#inbox.receive(frame));
    this.#address = link.address;
    this.#inbox.attach(link);
  }

  connect(peer: number, address: string): void {
    if (this.#closing !== null) return;
    let outbox = this.#outboxes.get(peer);
    if (outbox === undefined) {
      outbox = this.#makeOutbox(peer, address);
      this.#outboxes.set(peer, outbox);
    }
    if (outbox.address === address) return;
    this.#release(peer, outbox);
    outbox.attach(this.#runtime.links.push(address), this.#connections++);
    this.#board.add(peer);
  }

  greet(peer: number): void {
    if (this.#closing === null) this.#outboxes.get(peer)?.sendHello(helloFrame(this.#identity));
  }

  disconnect(peer: number): void {
    const outbox = this.#outboxes.get(peer);
    if (outbox === undefined) return;
    this.#board.remove(peer);
    this.#release(peer, outbox);
    this.#outboxes.delete(peer);
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
    if (this.#closing !== null) return;
    const outbox = this.#outboxes.get(peer);
    assert(outbox !== undefined, "tuples go to connected peers only");
    outbox.append(targetTask, sourceTask, stream, rootHi, rootLo, edgeHi, edgeLo, more, values);
  }

  flush(): void {
    for (const outbox of this.#outboxes.values()) outbox.flush();
  }

  congested(peer: number): boolean {
    return this.#outboxes.get(peer)?.congested ?? false;
  }

  sendPressure(tasks: readonly number[]): void {
    if (this.#closing === null) this.#board.setOwn(tasks);
  }

  stats(): TransportStats {
    let waiting = 0;
    for (const outbox of this.#outboxes.values()) waiting += outbox.waitingBytes;
    return this.#counters.snapshot(waiting);
  }

  close(lingerMs: number): Promise<void> {
    this.#closing ??= this.#close(lingerMs);
    return this.#closing;
  }

  async #close(lingerMs: number): Promise<void> {
    const { clock, timers } = this.#runtime;
    const startMs = clock.monotonicMs();
    this.#board.close();
    const receiving = this.#inbox.close();
    const emptied = Promise.all([...this.#outboxes.values()].map((outbox) => outbox.emptied()));
    const late = Promise.withResolvers<void>();
    const timer = timers.after(lingerMs, () => late.resolve());
    await Promise.race([emptied, late.promise]);
    timer.cancel();
    const leftMs = Math.max(0, lingerMs - (clock.monotonicMs() - startMs));
    const links = [...this.#outboxes.values()].map((outbox) => outbox.detach());
    this.#outboxes.clear();
    await Promise.all([receiving, ...links.map((link) => link?.close(leftMs))]);
  }

  #makeBoard(): PressureBoard {
    const post = {
      sendStatus: (peer: number, tasks: readonly number[]) => {
        must(this.#outboxes.get(peer), "a connected peer").sendStatus(pressureFrame(this.#identity, tasks));
      },
      sendHello: (peer: number) => {
        must(this.#outboxes.get(peer), "a connected peer").sendHello(helloFrame(this.#identity));
      },
    };
    return new PressureBoard(this.#runtime, post, (peer, tasks) => this.#handlers.pressure(peer, tasks));
  }

  #makeOutbox(peer: number, address: string): Outbox {
    const outbox: Outbox = new Outbox({
      ...(this.#options.marks ?? defaultMarks),
      identity: this.#identity,
      frameBytes: this.#options.frameBytes ?? 64 * 1024,
      frameTuples: this.#options.frameTuples ?? 2048,
      counters: this.#counters,
      congestion: (congested) => this.#handlers.congestion(peer, congested),
      broken: (cause) => this.#handlers.problem(brokenLink(peer, outbox.address ?? address, cause)),
    });
    return outbox;
  }

  #release(peer: number, outbox: Outbox): void {
    const link = outbox.detach();
    link?.close(0).catch((cause: unknown) => this.#handlers.problem(brokenLink(peer, link.address, cause)));
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * What waits for one peer: the frame that is being filled, finished frames, and statuses, which go first. While a frame is on
 * its way, a started frame stays open and goes on filling: a busy link gets large frames, an idle one gets its frame at once.
 */
import { assert, BoundedQueue, type PushLink } from "../../base/index.ts";
import { type FrameIdentity, FrameWriter, type MoreAnchors, stampFrame } from "../../wire/tuple/index.ts";
import type { Counters } from "../counters.ts";
import { Gate } from "../gate.ts";
import type { Marks } from "../transport.ts";

export interface OutboxOptions extends Marks {
  readonly identity: FrameIdentity;
  /** A frame is closed when it has reached this size, or this many tuples. */
  readonly frameBytes: number;
  readonly frameTuples: number;
  readonly counters: Counters;
  congestion(congested: boolean): void;
  broken(cause: unknown): void;
}

/** One connection to the peer. */
interface Lane {
  readonly link: PushLink;
  readonly connection: number;
  sequence: number;
  busy: boolean;
  /** Bytes of tuples that the link has taken and not yet sent. */
  flightBytes: number;
}

/** Far above what the marks let in: a guard, not a limit. */
const frameSlots = 2 ** 24;

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #counters: Counters;
  readonly #writer: FrameWriter;
  readonly #gate: Gate;
  readonly #frames = new BoundedQueue<Uint8Array>(frameSlots);
  #lane: Lane | null = null;
  /** At most one of each: the latest says all. */
  #hello: Uint8Array | null = null;
  #status: Uint8Array | null = null;
  /** Bytes of finished frames, and of the one on its way. */
  #finishedBytes = 0;
  #flushing = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#counters = options.counters;
    this.#writer = new FrameWriter(options.identity);
    this.#gate = new Gate(options, options.congestion);
  }

  get congested(): boolean {
    return this.#gate.congested;
  }

  get waitingBytes(): number {
    return this.#finishedBytes + (this.#writer.count === 0 ? 0 : this.#writer.approximateBytes);
  }

  get address(): string | null {
    return this.#lane?.link.address ?? null;
  }

  /** From now on frames go by this link; the one before is closed by the caller. */
  attach(link: PushLink, connection: number): void {
    this.#lane = { link, connection, sequence: 0, busy: false, flightBytes: 0 };
    this.#run();
  }

  /** The link that no longer serves; what was on its way by it is given up. */
  detach(): PushLink | null {
    const lane = this.#lane;
    if (lane === null) return null;
    this.#lane = null;
    this.#finishedBytes -= lane.flightBytes;
    this.#gate.weigh(this.waitingBytes);
    return lane.link;
  }

  append(
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
    const writer = this.#writer;
    writer.append(targetTask, sourceTask, stream, rootHi, rootLo, edgeHi, edgeLo, more, values);
    this.#counters.tuplesSent++;
    if (writer.approximateBytes >= this.#options.frameBytes || writer.count >= this.#options.frameTuples) {
      this.#finish();
      this.#run();
    }
    this.#gate.weigh(this.#finishedBytes + writer.approximateBytes);
  }

  flush(): void {
    if (this.#writer.count === 0 || this.#flushing) return;
    this.#flushing = true;
    this.#run();
  }

  /** The frame says what there is to say now; one that still waits is forgotten. */
  sendStatus(frame: Uint8Array): void {
    this.#status = frame;
    this.#run();
  }

  sendHello(frame: Uint8Array): void {
    this.#hello = frame;
    this.#run();
  }

  /** Resolves when nothing waits any more; at most one call. */
  emptied(): Promise<void> {
    assert(this.#onEmpty === null, "one waits for an outbox to be empty");
    this.flush();
    if (this.#empty()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #finish(): void {
    const frame = this.#writer.finish();
    this.#flushing = false;
    this.#finishedBytes += frame.length;
    const taken = this.#frames.push(frame);
    assert(taken, "an outbox holds fewer frames than its slots");
  }

  #run(): void {
    const lane = this.#lane;
    if (lane === null || lane.busy) return;
    lane.busy = true;
    this.#pump(lane).catch((cause: unknown) => {
      if (this.#lane === lane) this.#options.broken(cause);
    });
  }

  /** One promise a frame. Ends when nothing waits, or when another lane has taken over. */
  async #pump(lane: Lane): Promise<void> {
    const counters = this.#counters;
    for (;;) {
      const urgent = this.#urgent();
      const frame = urgent ?? this.#next();
      if (frame === null) break;
      stampFrame(frame, lane.connection, urgent === null ? lane.sequence++ : lane.sequence);
      counters.framesSent++;
      counters.bytesSent += frame.length;
      if (urgent === null) lane.flightBytes = frame.length;
      await lane.link.send(frame);
      if (this.#lane !== lane) return;
      this.#finishedBytes -= lane.flightBytes;
      lane.flightBytes = 0;
      this.#gate.weigh(this.waitingBytes);
    }
    lane.busy = false;
    if (this.#onEmpty !== null && this.#empty()) this.#onEmpty();
  }

  #urgent(): Uint8Array | null {
    const hello = this.#hello;
    if (hello !== null) {
      this.#hello = null;
      return hello;
    }
    const status = this.#status;
    this.#status = null;
    return status;
  }

  #next(): Uint8Array | null {
    if (this.#frames.size === 0 && this.#flushing) this.#finish();
    return this.#frames.shift() ?? null;
  }

  #empty(): boolean {
    return this.#finishedBytes === 0 && this.#writer.count === 0 && this.#status === null && this.#hello === null;
  }
}

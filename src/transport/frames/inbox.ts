/** The receiving side: checks every frame, hands its tuples on, and lets the rest of the process have its turn. */
import { isStormLabError, type PullLink, type StormLabError, type Timers } from "../../base/index.ts";
import { type FrameHeader, FrameReader, readHeader, readPressure, type TupleSink } from "../../wire/tuple/index.ts";
import type { Counters } from "../counters.ts";
import { foreignFrame } from "../faults.ts";
import type { Senders } from "./senders.ts";

/** After so many bytes of frames the next turn of the event loop begins: some 10,000 small tuples, about 2 ms. */
const turnBytes = 256 * 1024;

export interface InboxOptions {
  readonly topology: number;
  readonly timers: Timers;
  readonly counters: Counters;
  readonly senders: Senders;
  readonly sink: TupleSink;
  pressure(peer: number, tasks: readonly number[]): void;
  hello(peer: number): void;
  problem(error: StormLabError): void;
}

export class Inbox {
  readonly #options: InboxOptions;
  readonly #reader = new FrameReader();
  #link: PullLink | null = null;
  #bytesThisTurn = 0;
  #closed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  attach(link: PullLink): void {
    this.#link = link;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#link?.close();
  }

  receive(frame: Uint8Array): void {
    if (this.#closed) return;
    this.#pace(frame.length);
    try {
      this.#accept(frame);
    } catch (thrown) {
      if (!isStormLabError(thrown, "SL-TUPLE-FRAME")) throw thrown;
      this.#refuse(thrown);
    }
  }

  #accept(frame: Uint8Array): void {
    const { counters, senders, topology } = this.#options;
    const header = readHeader(frame);
    if (header.topology !== topology) {
      this.#refuse(foreignFrame(header.sender));
      return;
    }
    if (senders.arrive(header) === "late") {
      counters.framesRefused++;
      return;
    }
    counters.framesReceived++;
    counters.bytesReceived += frame.length;
    this.#deliver(header, frame);
  }

  #deliver(header: FrameHeader, frame: Uint8Array): void {
    switch (header.kind) {
      case "tuples":
        this.#reader.read(frame, this.#options.sink);
        this.#options.counters.tuplesReceived += header.count;
        break;
      case "pressure":
        this.#options.pressure(header.sender, readPressure(frame));
        break;
      case "hello":
        this.#options.hello(header.sender);
        break;
    }
  }

  /** Reports the 1st, 2nd, 4th, 8th … refusal: a flood of them must not become a flood of reports. */
  #refuse(error: StormLabError): void {
    const refused = ++this.#options.counters.framesRefused;
    if ((refused & (refused - 1)) === 0) this.#options.problem(error);
  }

  #pace(bytes: number): void {
    if (this.#bytesThisTurn === 0) {
      this.#options.timers.soon(() => {
        if (this.#bytesThisTurn >= turnBytes && !this.#closed) this.#link?.resume();
        this.#bytesThisTurn = 0;
      });
    }
    const before = this.#bytesThisTurn;
    this.#bytesThisTurn += bytes;
    if (before < turnBytes && this.#bytesThisTurn >= turnBytes) this.#link?.pause();
  }
}

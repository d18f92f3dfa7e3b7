/** One end of a simulated TCP connection: the kernel's half (windows, resets) and the process's half (handlers). */

import { must } from "../../assert.ts";
import { BoundedQueue } from "../../queue.ts";
import { NetError, type Socket, type SocketHandlers } from "../runtime.ts";
import { Flow } from "./flow.ts";
import type { Kernel } from "./kernel.ts";
import type { EndKind, Holding, SimulatedProcess } from "./process.ts";
import { hashBytes, traced } from "./trace.ts";

export interface Addresses {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** Above it `write` says false; Node's mark for sockets. */
const highWaterMarkBytes = 64 * 1024;
/** The most that one `data` call brings; Node's read buffer. */
const readBytes = 64 * 1024;
/** Segments and writes that wait at one end; the windows bound their bytes. */
const waitingItems = 1 << 20;

/** `null` is the end of the stream. */
type Segment = Uint8Array | null;

export class SimulatedSocket implements Socket, Holding {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly process: SimulatedProcess;
  readonly #kernel: Kernel;
  #peer!: SimulatedSocket;
  #flow!: Flow<Segment>;
  #handlers: SocketHandlers | null = null;
  /** The process has been given this socket. */
  #opened = false;
  readonly #out = new BoundedQueue<Uint8Array>(waitingItems);
  /** Bytes of the first that waits which have been sent already. */
  #sentOfFirst = 0;
  #bufferedBytes = 0;
  /** Sent, and not yet read by the peer's process. */
  #unreadBytes = 0;
  readonly #inbox = new BoundedQueue<Segment>(waitingItems);
  #readPlanned = false;
  #paused = false;
  #wantsDrain = false;
  #ended = false;
  #endSent = false;
  #endReceived = false;
  #closed = false;

  constructor(kernel: Kernel, process: SimulatedProcess, addresses: Addresses) {
    this.#kernel = kernel;
    this.process = process;
    this.localAddress = addresses.localAddress;
    this.localPort = addresses.localPort;
    this.remoteAddress = addresses.remoteAddress;
    this.remotePort = addresses.remotePort;
    process.hold(this);
  }

  /** Two ends that have not been given to their processes. */
  static pair(kernel: Kernel, client: SimulatedProcess, server: SimulatedProcess, addresses: Addresses) {
    const dialled = new SimulatedSocket(kernel, client, addresses);
    const accepted = new SimulatedSocket(kernel, server, {
      localAddress: addresses.remoteAddress,
      localPort: addresses.remotePort,
      remoteAddress: addresses.localAddress,
      remotePort: addresses.localPort,
    });
    dialled.#join(accepted);
    accepted.#join(dialled);
    return { dialled, accepted };
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Called in the turn that gives the socket to its process, after the process has it. */
  opened(): void {
    this.#opened = true;
    this.#planRead();
  }

  handle(handlers: SocketHandlers): void {
    if (this.#handlers !== null) throw new Error("Socket.handle was called twice");
    this.#handlers = handlers;
  }

  write(bytes: Uint8Array): boolean {
    if (!this.process.act() || this.#closed || this.#ended || bytes.length === 0) return true;
    this.#out.push(bytes);
    this.#bufferedBytes += bytes.length;
    this.#pump();
    if (this.#bufferedBytes <= highWaterMarkBytes) return true;
    this.#wantsDrain = true;
    return false;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.process.act()) return;
    this.#paused = false;
    this.#planRead();
  }

  end(): void {
    if (!this.process.act() || this.#closed || this.#ended) return;
    this.#ended = true;
    this.#pump();
  }

  destroy(): void {
    if (!this.process.act() || this.#closed) return;
    const reset = this.#hasUnreadBytes();
    this.#leave(reset);
    this.#close(undefined);
  }

  ownerEnded(how: EndKind): void {
    if (this.#closed) return;
    this.#closed = true;
    if (how === "power off") this.#flow.close();
    else
      this.#leave(
        this.#hasUnreadBytes() ||
          (how === "kill" && this.#kernel.network.random.chance(this.#kernel.profile.network.resetOnKill)),
      );
  }

  /** The other side says that this connection does not exist. */
  reset(code: string): void {
    if (this.#closed) return;
    this.#kernel.note(this.process, traced.reset, this.localPort, () => `${this.#route()} closed: ${code}`);
    this.#flow.close();
    this.#close(new NetError(code, `${code}: connection to ${this.remoteAddress}:${this.remotePort}`));
  }

  #join(peer: SimulatedSocket): void {
    this.#peer = peer;
    this.#flow = new Flow<Segment>(
      this.#kernel.network,
      this.process.host,
      peer.process.host,
      (segment) => peer.#arrive(segment),
      (how) => this.reset(how),
    );
  }

  /** Hands to the network what its window lets through. */
  #pump(): void {
    const { profile, random } = this.#kernel.network;
    for (let bytes = this.#out.peek(); bytes !== undefined; bytes = this.#out.peek()) {
      const room = profile.windowBytes - this.#unreadBytes;
      if (room <= 0) return;
      const rest = this.#sentOfFirst === 0 ? bytes : bytes.subarray(this.#sentOfFirst);
      if (rest.length > room) {
        this.#sentOfFirst += room;
        this.#sendPieces(rest.subarray(0, room), random.chance(profile.split));
        return;
      }
      this.#out.shift();
      this.#sentOfFirst = 0;
      this.#sendPieces(rest, random.chance(profile.split));
    }
    if (this.#wantsDrain) {
      this.#wantsDrain = false;
      this.process.dispatch(() => {
        if (!this.#closed) this.#handlers?.drain?.();
      });
    }
    if (this.#ended && !this.#endSent) {
      this.#endSent = true;
      this.#flow.send(null, this.process.nowUs);
      this.#closeIfDone();
    }
  }

  #sendPieces(bytes: Uint8Array, split: boolean): void {
    this.#bufferedBytes -= bytes.length;
    this.#unreadBytes += bytes.length;
    const { nowUs } = this.process;
    const cut = split && bytes.length > 1 ? 1 + this.#kernel.network.random.below(bytes.length - 1) : bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const to = at < cut ? Math.min(cut, at + readBytes) : Math.min(bytes.length, at + readBytes);
      this.#flow.send(at === 0 && to === bytes.length ? bytes : bytes.subarray(at, to), nowUs);
      at = to;
    }
  }

  #arrive(segment: Segment): void {
    if (this.#closed) {
      if (segment !== null) this.#answerReset();
      return;
    }
    this.#inbox.push(segment);
    this.#planRead();
  }

  #planRead(): void {
    if (this.#readPlanned || this.#paused || !this.#opened || this.#closed || this.#inbox.size === 0) return;
    this.#readPlanned = true;
    this.process.dispatch(() => this.#read());
  }

  /** One `data` or `end`. */
  #read(): void {
    this.#readPlanned = false;
    if (this.#paused || this.#closed || this.#inbox.size === 0) return;
    const handlers = must(this.#handlers, "Socket.handle has to be called in the turn in which the socket came");
    const segment = this.#inbox.shift() as Segment;
    if (segment === null) {
      this.#endReceived = true;
      if (handlers.end === undefined) this.end();
      else handlers.end();
      this.#closeIfDone();
      return;
    }
    const bytes = this.#merge(segment);
    this.#kernel.note(
      this.process,
      traced.segment,
      hashBytes(bytes),
      () => `${this.#route()} received ${bytes.length} bytes`,
    );
    this.#peer.#wasRead(bytes.length);
    this.#planRead();
    handlers.data(bytes);
  }

  /** With what arrived behind it, sometimes. */
  #merge(first: Uint8Array): Uint8Array {
    const next = this.#inbox.peek();
    const { profile, random } = this.#kernel.network;
    if (next === undefined || next === null || !random.chance(profile.merge)) return first;
    const parts = [first];
    let length = first.length;
    for (
      let part = this.#inbox.peek();
      part !== undefined && part !== null && length + part.length <= readBytes;
      part = this.#inbox.peek()
    ) {
      parts.push(part);
      length += part.length;
      this.#inbox.shift();
    }
    if (parts.length === 1) return first;
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** The peer's process has taken bytes: the window opens once word of it is back. */
  #wasRead(count: number): void {
    this.#unreadBytes -= count;
    if (!this.#closed && this.#out.size > 0) this.#acknowledgeLater();
  }

  #acknowledgeLater(): void {
    const { network, scheduler } = this.#kernel;
    const { host } = this.process;
    const peerHost = this.#peer.process.host;
    if (network.passes(peerHost, host)) {
      scheduler.at(scheduler.nowUs + network.delayUs(peerHost, host), () => {
        if (!this.#closed) this.#pump();
      });
      return;
    }
    scheduler.at(scheduler.nowUs + network.profile.retransmitMs * 1000, () => {
      if (!this.#closed) this.#acknowledgeLater();
    });
  }

  /** The kernel's part of closing: the peer learns it by a reset, or by the end of the stream and a reset to what it sends then. */
  #leave(reset: boolean): void {
    if (reset) this.#answerReset();
    else if (!this.#endSent) this.#flow.send(null, this.process.nowUs);
    this.#endSent = true;
    if (reset) this.#flow.close();
    this.#inbox.clear();
  }

  #answerReset(): void {
    const peer = this.#peer;
    this.#kernel.network.sendOnce(this.process.host, peer.process.host, () => peer.reset("ECONNRESET"));
  }

  #hasUnreadBytes(): boolean {
    for (const segment of this.#inbox) if (segment !== null) return true;
    return false;
  }

  #closeIfDone(): void {
    if (this.#endSent && this.#endReceived && !this.#closed) this.#close(undefined);
  }

  #close(error: NetError | undefined): void {
    this.#closed = true;
    this.#bufferedBytes = 0;
    this.#out.clear();
    this.#inbox.clear();
    this.process.release(this);
    this.process.dispatch(() => {
      if (error === undefined) this.#handlers?.close();
      else this.#handlers?.close(error);
    });
  }

  #route(): string {
    return `tcp ${this.localAddress}:${this.localPort} ⇄ ${this.remoteAddress}:${this.remotePort}`;
  }
}

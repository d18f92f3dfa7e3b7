/**
 * One connection between leader and learner. While they find each other, code reads packet by packet (`receive`);
 * afterwards packets are delivered as they come (`deliver`). What is sent in one turn leaves in one write.
 */
import type { NetError, Runtime, Socket, SocketHandlers, Timer } from "../../../base/index.ts";
import { JuteError } from "../../../wire/zookeeper/index.ts";
import { encodeQuorumPacket, type QuorumPacket, QuorumStream } from "../../../wire/zookeeper/quorum/index.ts";

/** The other side is gone, silent for too long, or breaks the protocol: an expected end of a role. */
export class QuorumConnectionEnded extends Error {
  override readonly name = "QuorumConnectionEnded";
}

/** Above this, what arrived and nobody has asked for stays in the network. */
const unreadMaxBytes = 0x10_0000;
/** A peer that lets so much pile up is given up. */
const unsentMaxBytes = 0x1000_0000;

export class QuorumConnection {
  readonly remote: string;
  /** Monotonic time of the last bytes that arrived. */
  lastHeardMs: number;
  readonly #runtime: Runtime;
  readonly #socket: Socket;
  readonly #stream: QuorumStream;
  #outbox: Uint8Array[] = [];
  #unreadBytes = 0;
  #paused = false;
  #ended: QuorumConnectionEnded | null = null;
  #onPacket: ((packet: QuorumPacket) => void) | null = null;
  #onEnd: ((reason: QuorumConnectionEnded) => void) | null = null;
  #wake: (() => void) | null = null;
  #drained: (() => void)[] = [];
  #watchdog: Timer | null = null;
  #readTimeoutMs = Number.POSITIVE_INFINITY;

  /** Takes over the socket; to be called in the turn in which the socket was received. `maxFieldBytes`: see `QuorumStream`. */
  constructor(runtime: Runtime, socket: Socket, maxFieldBytes: number) {
    this.#stream = new QuorumStream(maxFieldBytes);
    this.#runtime = runtime;
    this.#socket = socket;
    this.remote = `/${socket.remoteAddress}:${socket.remotePort}`;
    this.lastHeardMs = runtime.clock.monotonicMs();
    const handlers: SocketHandlers = {
      data: (bytes) => this.#arrived(bytes),
      drain: () => this.#drain(),
      close: (error?: NetError) => this.close(error?.message ?? "the connection was closed by the other side"),
    };
    socket.handle(handlers);
  }

  get isOpen(): boolean {
    return this.#ended === null;
  }

  /** Silence of this length, from now on, ends the connection. */
  setReadTimeout(timeoutMs: number): void {
    this.lastHeardMs = this.#runtime.clock.monotonicMs();
    this.#readTimeoutMs = timeoutMs;
    this.#watch();
  }

  /** The next packet. Rejects with `QuorumConnectionEnded`. */
  receive(): Promise<QuorumPacket> {
    return this.#read(() => this.#stream.next());
  }

  /** A string between two packets. */
  receiveString(): Promise<string> {
    return this.#read(() => this.#stream.nextString());
  }

  /** All bytes that have arrived, at least one. */
  receiveBytes(): Promise<Buffer> {
    return this.#read(() => {
      const rest = this.#stream.takeRest();
      return rest.length === 0 ? null : rest;
    });
  }

  /** Gives back what `receiveBytes` brought too much. */
  unread(bytes: Uint8Array): void {
    this.#stream.push(bytes);
  }

  /** From now on every packet goes to `onPacket`, the waiting ones first; `onEnd` is called once. */
  deliver(onPacket: (packet: QuorumPacket) => void, onEnd: (reason: QuorumConnectionEnded) => void): void {
    this.#onPacket = onPacket;
    this.#onEnd = onEnd;
    if (this.#ended !== null) {
      onEnd(this.#ended);
      return;
    }
    this.#dispatch();
  }

  send(packet: QuorumPacket): void {
    this.sendBytes(encodeQuorumPacket(packet));
  }

  /** Bytes that are not changed any more. */
  sendBytes(bytes: Uint8Array): void {
    if (this.#ended !== null) return;
    if (this.#outbox.length === 0) this.#runtime.timers.soon(() => this.flush());
    this.#outbox.push(bytes);
  }

  /** Hands everything to the socket. False: it is full, see `drained`. */
  flush(): boolean {
    if (this.#ended !== null || this.#outbox.length === 0) return true;
    const bytes = Buffer.concat(this.#outbox);
    this.#outbox = [];
    const behindBytes = this.#socket.bufferedBytes;
    const room = this.#socket.write(bytes);
    if (behindBytes > unsentMaxBytes) this.close("the other side does not read");
    return room;
  }

  /** Resolves when the socket has room again, or is closed. */
  drained(): Promise<void> {
    if (this.#ended !== null || this.#socket.bufferedBytes === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  close(reason: string): void {
    if (this.#ended !== null) return;
    this.flush();
    this.#ended = new QuorumConnectionEnded(reason);
    this.#watchdog?.cancel();
    this.#socket.destroy();
    this.#drain();
    this.#wake?.();
    this.#onEnd?.(this.#ended);
  }

  #arrived(bytes: Uint8Array): void {
    if (this.#ended !== null) return;
    this.lastHeardMs = this.#runtime.clock.monotonicMs();
    this.#stream.push(bytes);
    if (this.#onPacket !== null) {
      this.#dispatch();
      return;
    }
    this.#unreadBytes += bytes.length;
    if (this.#unreadBytes > unreadMaxBytes && !this.#paused) {
      this.#paused = true;
      this.#socket.pause();
    }
    this.#wake?.();
  }

  #dispatch(): void {
    this.#resume();
    try {
      while (this.#ended === null) {
        const packet = this.#stream.next();
        if (packet === null) return;
        this.#onPacket?.(packet);
      }
    } catch (error) {
      if (!(error instanceof JuteError)) throw error;
      this.close(`a packet cannot be read: ${error.message}`);
    }
  }

  async #read<T>(take: () => T | null): Promise<T> {
    for (;;) {
      if (this.#ended !== null) throw this.#ended;
      const value = this.#parse(take);
      if (value !== null) return value;
      this.#resume();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  #parse<T>(take: () => T | null): T | null {
    try {
      return take();
    } catch (error) {
      if (!(error instanceof JuteError)) throw error;
      this.close(`a packet cannot be read: ${error.message}`);
      throw new QuorumConnectionEnded(error.message);
    }
  }

  #resume(): void {
    this.#unreadBytes = 0;
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }

  #drain(): void {
    const waiting = this.#drained;
    this.#drained = [];
    for (const resolve of waiting) resolve();
  }

  #watch(): void {
    this.#watchdog?.cancel();
    if (this.#ended !== null || this.#readTimeoutMs === Number.POSITIVE_INFINITY) return;
    const leftMs = this.lastHeardMs + this.#readTimeoutMs - this.#runtime.clock.monotonicMs();
    this.#watchdog = this.#runtime.timers.after(Math.max(leftMs, 0), () => {
      // After a pause of the whole process, what has arrived meanwhile is still to be read.
      this.#runtime.timers.soon(() => {
        const silentMs = this.#runtime.clock.monotonicMs() - this.lastHeardMs;
        if (silentMs >= this.#readTimeoutMs) this.close(`Read timed out after ${Math.round(silentMs)} ms`);
        else this.#watch();
      });
    });
  }
}

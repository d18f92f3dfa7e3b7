/**
 * A connection that a gate stands on: while it is cut, what either side says waits, and neither learns that the other has gone; with a
 * delay everything comes later, in order. Only the side that connected has a gate, for both directions.
 */
import type { NetError, Socket, SocketHandlers, Timer, Timers } from "../runtime.ts";
import type { Gate } from "./gates.ts";

/** Above it `write` asks its caller to wait. */
const queuedBytesMax = 64 * 1024;

interface Waiting {
  readonly dueMs: number;
  readonly bytes: number;
  go(): void;
}

/** Things in their order, each when its time has come and the gate is open. */
class Lane {
  bytes = 0;
  readonly #gate: Gate;
  readonly #timers: Timers;
  readonly #nowMs: () => number;
  readonly #moved: () => void;
  #waiting: Waiting[] = [];
  #timer: Timer | null = null;

  /** `moved`: something has passed after it had waited. */
  constructor(gate: Gate, timers: Timers, nowMs: () => number, moved: () => void) {
    this.#gate = gate;
    this.#timers = timers;
    this.#nowMs = nowMs;
    this.#moved = moved;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** At once where nothing stands in the way. */
  pass(bytes: number, go: () => void): void {
    const { cut, delayMs } = this.#gate.state;
    if (!cut && delayMs === 0 && this.isEmpty) {
      go();
      return;
    }
    this.#waiting.push({ dueMs: this.#nowMs() + delayMs, bytes, go });
    this.bytes += bytes;
    this.flush();
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    while (!this.#gate.state.cut) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const leftMs = first.dueMs - this.#nowMs();
      if (leftMs > 0) {
        this.#timer = this.#timers.after(leftMs, () => this.flush());
        return;
      }
      this.#waiting.shift();
      this.bytes -= first.bytes;
      first.go();
      this.#moved();
    }
  }

  drop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#waiting = [];
    this.bytes = 0;
  }
}

export class HeldSocket implements Socket {
  readonly #socket: Socket;
  readonly #timers: Timers;
  readonly #out: Lane;
  readonly #in: Lane;
  readonly #forget: () => void;
  #handlers: SocketHandlers | null = null;
  #paused = false;
  #owesDrain = false;
  #destroyed = false;
  #closedBehind = false;
  #over = false;

  constructor(socket: Socket, gate: Gate, timers: Timers, nowMs: () => number) {
    this.#socket = socket;
    this.#timers = timers;
    this.#out = new Lane(gate, timers, nowMs, () => this.#drained());
    this.#in = new Lane(gate, timers, nowMs, () => this.#settleReading());
    this.#forget = gate.onChange(() => this.#flush());
  }

  get localAddress(): string {
    return this.#socket.localAddress;
  }

  get localPort(): number {
    return this.#socket.localPort;
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number {
    return this.#socket.remotePort;
  }

  get bufferedBytes(): number {
    return this.#out.bytes + this.#socket.bufferedBytes;
  }

  handle(handlers: SocketHandlers): void {
    this.#handlers = handlers;
    this.#socket.handle({
      data: (bytes) => {
        this.#in.pass(bytes.length, () => handlers.data(bytes));
        this.#settleReading();
      },
      drain: () => this.#drained(),
      end: () => this.#in.pass(0, () => (handlers.end === undefined ? this.end() : handlers.end())),
      // The other side's word of its end may wait at the gate; this side knows of its own.
      close: (error) => {
        this.#closedBehind = true;
        if (this.#destroyed) this.#close(error);
        else this.#in.pass(0, () => this.#close(error));
      },
    });
  }

  write(bytes: Uint8Array): boolean {
    if (this.#over || this.#destroyed) return true;
    let taken = true;
    this.#out.pass(bytes.length, () => {
      taken = this.#socket.write(bytes);
    });
    if (taken && this.#out.bytes <= queuedBytesMax) return true;
    this.#owesDrain = true;
    return false;
  }

  pause(): void {
    this.#paused = true;
    this.#settleReading();
  }

  resume(): void {
    this.#paused = false;
    this.#settleReading();
  }

  end(): void {
    this.#out.pass(0, () => this.#socket.end());
  }

  destroy(): void {
    this.#destroyed = true;
    this.#out.drop();
    this.#in.drop();
    this.#socket.destroy();
    // It may have closed before, behind the gate.
    if (this.#closedBehind) this.#timers.soon(() => this.#close());
  }

  #flush(): void {
    this.#out.flush();
    this.#in.flush();
  }

  /** What waits at the gate is bounded by no longer reading. */
  #settleReading(): void {
    if (this.#paused || !this.#in.isEmpty) this.#socket.pause();
    else this.#socket.resume();
  }

  #drained(): void {
    if (!this.#owesDrain || this.#out.bytes > 0 || this.#socket.bufferedBytes > 0) return;
    this.#owesDrain = false;
    this.#handlers?.drain?.();
  }

  #close(error?: NetError): void {
    if (this.#over) return;
    this.#over = true;
    this.#forget();
    const handlers = this.#handlers;
    if (error === undefined) handlers?.close();
    else handlers?.close(error);
  }
}

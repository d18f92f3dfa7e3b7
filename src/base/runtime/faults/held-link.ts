/** A push link that a gate stands on: while it is cut, frames wait; with a delay they come later, in order. */
import type { PushLink, Timer, Timers } from "../runtime.ts";
import type { Gate } from "./gates.ts";

/** Frames under way through a delay: as many as ZeroMQ would hold. */
const framesMax = 16;

interface Frame {
  readonly dueMs: number;
  readonly bytes: Uint8Array;
}

export class HeldPushLink implements PushLink {
  readonly #link: PushLink;
  readonly #gate: Gate;
  readonly #timers: Timers;
  readonly #nowMs: () => number;
  readonly #forget: () => void;
  readonly #frames: Frame[] = [];
  #timer: Timer | null = null;
  #sending = false;
  #closed = false;
  #room: (() => void) | null = null;
  #empty: (() => void) | null = null;

  constructor(link: PushLink, gate: Gate, timers: Timers, nowMs: () => number) {
    this.#link = link;
    this.#gate = gate;
    this.#timers = timers;
    this.#nowMs = nowMs;
    this.#forget = gate.onChange(() => this.#flush());
  }

  get address(): string {
    return this.#link.address;
  }

  send(bytes: Uint8Array): Promise<void> {
    const { cut, delayMs } = this.#gate.state;
    if (!cut && delayMs === 0 && this.#frames.length === 0 && !this.#sending) return this.#link.send(bytes);
    this.#frames.push({ dueMs: this.#nowMs() + delayMs, bytes });
    this.#flush();
    if (this.#frames.length < framesMax) return Promise.resolve();
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  async close(lingerMs = 0): Promise<void> {
    this.#closed = true;
    const startMs = this.#nowMs();
    if (lingerMs > 0 && (this.#frames.length > 0 || this.#sending)) await this.#emptied(lingerMs);
    this.#forget();
    this.#timer?.cancel();
    this.#room?.();
    await this.#link.close(Math.max(0, lingerMs - (this.#nowMs() - startMs)));
  }

  #emptied(lingerMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#timers.after(lingerMs, resolve);
      this.#empty = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const [first] = this.#frames;
    if (this.#sending || this.#gate.state.cut) return;
    if (first === undefined) {
      this.#empty?.();
      return;
    }
    const leftMs = first.dueMs - this.#nowMs();
    if (leftMs > 0) {
      this.#timer = this.#timers.after(leftMs, () => this.#flush());
      return;
    }
    this.#sending = true;
    this.#frames.shift();
    this.#link
      .send(first.bytes)
      .then(() => {
        this.#sending = false;
        this.#room?.();
        this.#room = null;
        this.#flush();
      })
      .catch(() => {
        // A link fails only when it is closed.
        this.#sending = this.#closed;
      });
  }
}

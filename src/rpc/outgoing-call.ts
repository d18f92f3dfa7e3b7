/** A call that waits for its answer on a client's connection. */
import type { Method } from "../wire/thrift/index.ts";

export interface CallOptions {
  /** Default: the connection's. */
  readonly timeoutMs?: number;
  /** Gives the call up: it rejects at once, and its answer is dropped when it comes. The server does not learn of it. */
  readonly signal?: AbortSignal;
}

export class OutgoingCall {
  readonly method: Method<unknown, unknown>;
  readonly timeoutMs: number;
  /** On the monotonic clock. */
  readonly dueMs: number;
  readonly #resolve: (result: unknown) => void;
  readonly #reject: (error: unknown) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: (() => void) | undefined;

  constructor(parts: {
    readonly method: Method<unknown, unknown>;
    readonly timeoutMs: number;
    readonly dueMs: number;
    readonly resolve: (result: unknown) => void;
    readonly reject: (error: unknown) => void;
    readonly signal: AbortSignal | undefined;
    readonly onAbort: (() => void) | undefined;
  }) {
    this.method = parts.method;
    this.timeoutMs = parts.timeoutMs;
    this.dueMs = parts.dueMs;
    this.#resolve = parts.resolve;
    this.#reject = parts.reject;
    this.#signal = parts.signal;
    this.#onAbort = parts.onAbort;
    if (parts.onAbort !== undefined) parts.signal?.addEventListener("abort", parts.onAbort, { once: true });
  }

  resolve(result: unknown): void {
    this.#settle();
    this.#resolve(result);
  }

  reject(error: unknown): void {
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}

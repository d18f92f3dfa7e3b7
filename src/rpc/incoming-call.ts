/** A call as its handler sees it beside the arguments: from whom it is, and whether anybody still waits for the answer. */
import type { MessageHead, Method } from "../wire/thrift/index.ts";

export interface IncomingCall {
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The same object for all calls of one connection. */
  readonly connection: CallerConnection;
  /** The connection is over: no answer will be read. */
  readonly isClientGone: boolean;
  /** Runs once when the client goes before it is answered; at once if it has gone already. One listener a call. */
  onClientGone(listener: () => void): void;
}

/** Who called, as long as it is connected; for what outlives the answer of a call. */
export interface CallerConnection {
  readonly isOver: boolean;
  /** Runs once when the connection is over, after what its calls asked for; at once if it is. */
  onGone(listener: () => void): void;
}

/** What a call needs of its connection. */
interface Caller extends CallerConnection {
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** One that is answered at once is never seen by anybody but its handler. */
export class ReceivedCall implements IncomingCall {
  readonly #caller: Caller;
  readonly method: Method<unknown, unknown>;
  readonly head: MessageHead;
  /** Of its frame. */
  readonly bytes: number;
  #listener: (() => void) | null = null;

  constructor(caller: Caller, method: Method<unknown, unknown>, head: MessageHead, bytes: number) {
    this.#caller = caller;
    this.method = method;
    this.head = head;
    this.bytes = bytes;
  }

  get remoteAddress(): string {
    return this.#caller.remoteAddress;
  }

  get remotePort(): number {
    return this.#caller.remotePort;
  }

  get connection(): CallerConnection {
    return this.#caller;
  }

  get isClientGone(): boolean {
    return this.#caller.isOver;
  }

  onClientGone(listener: () => void): void {
    if (this.isClientGone) listener();
    else this.#listener = listener;
  }

  clientGone(): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.();
  }
}

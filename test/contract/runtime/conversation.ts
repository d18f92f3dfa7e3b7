/** A socket whose every call is written down, for suites that look at the order of things. */
import type { NetError, Runtime, Socket } from "../../../src/base/index.ts";

export class Conversation {
  readonly socket: Socket;
  /** `data` (merged with the one before), `end`, `drain`, `close` or `close CODE`. */
  readonly events: string[] = [];
  readonly closed: Promise<NetError | undefined>;
  #chunks: Uint8Array[] = [];
  #length = 0;
  #waiting: (() => void)[] = [];

  /** `answersEnd`: without it the conversation has an `end` handler of its own and stays half open. */
  constructor(socket: Socket, options: { readonly answersEnd: boolean } = { answersEnd: true }) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.handle({
        data: (bytes) => {
          this.#chunks.push(bytes.slice());
          this.#length += bytes.length;
          if (this.events.at(-1) !== "data") this.#note("data");
          else this.#wake();
        },
        drain: () => this.#note("drain"),
        ...(options.answersEnd ? {} : { end: () => this.#note("end") }),
        close: (error) => {
          this.#note(error === undefined ? "close" : `close ${error.code}`);
          resolve(error);
        },
      });
    });
  }

  get received(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  get receivedBytes(): number {
    return this.#length;
  }

  get text(): string {
    return new TextDecoder().decode(this.received);
  }

  /** Resolves when the condition holds, which is asked at each event. */
  async when(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #note(event: string): void {
    this.events.push(event);
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

export function text(words: string): Uint8Array {
  return new TextEncoder().encode(words);
}

export function pause(runtime: Runtime, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    runtime.timers.after(delayMs, resolve);
  });
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "no error";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

/** One client over HTTP: its requests one after the other, each answered before the next is read. */
import type { Socket } from "../base/index.ts";
import {
  type HttpFault,
  type HttpRequest,
  HttpRequestReader,
  httpContinue,
  httpHead,
  httpResponse,
} from "../wire/http/index.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer without an end: it goes on until the client goes, or does not read what it is sent. */
export interface HttpStream {
  readonly status: number;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What it returns runs when the client has gone. */
  readonly begin: (write: (text: string) => void) => () => void;
}

/** An answer of bytes that are read as they are sent: only so many at a time are in memory. */
export interface HttpBytes {
  readonly status: number;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly length: number;
  /** From `position` on, `max` bytes or fewer; none: there are no more. */
  readonly read: (position: number, max: number) => Promise<Uint8Array>;
  /** Once, at the end or when the client has gone. */
  readonly close: () => void;
}

/** Answers once, perhaps later. What it returns runs when the client goes before that. */
export type HttpHandler = (
  request: HttpRequest,
  answer: (answer: HttpAnswer | HttpStream | HttpBytes) => void,
) => () => void;

/** What a connection needs of its server. */
export interface HttpHost {
  readonly bodyBytesMax: number;
  /** Counts the server's looks at its connections. */
  readonly tick: number;
  readonly handler: HttpHandler;
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  forget(connection: HttpConnection): void;
}

/** Looks within the time in which a request has to be complete, an answer read, and a further request begun. */
export const patienceTicks = 6;
/** Read while a request is answered: only a stream that is read shows its end. */
const readAheadBytes = 64 * 1024;
/** Of a file, at a time. */
const pieceBytes = 64 * 1024;
/** A stream whose client has not read so much is ended: it may come back and ask what it missed. */
const unreadBytesMax = 4 * 1024 * 1024;

export class HttpConnection {
  readonly #host: HttpHost;
  readonly #socket: Socket;
  readonly #reader: HttpRequestReader;
  /** Of the request that is answered; null: none is. */
  #clientGone: (() => void) | null = null;
  /** Goes on with an answer of bytes. */
  #drained: (() => void) | null = null;
  #isPumping = false;
  #isOver = false;
  /** The tick since which it waits for its client, and what was unsent then. */
  #tick: number;
  #unsentBytes = 0;

  constructor(host: HttpHost, socket: Socket) {
    this.#host = host;
    this.#socket = socket;
    this.#reader = new HttpRequestReader(host.bodyBytesMax);
    this.#tick = host.tick;
    socket.handle({
      data: (bytes) => this.#received(bytes),
      drain: () => this.#drained?.(),
      end: () => this.end(),
      close: () => {
        this.#over();
        host.forget(this);
      },
    });
  }

  /** A look of the server: ends one whose client does nothing. */
  look(): void {
    const { tick } = this.#host;
    const unsentBytes = this.#socket.bufferedBytes;
    const isMoving = this.#isOver ? unsentBytes < this.#unsentBytes : this.#clientGone !== null && unsentBytes === 0;
    if (isMoving || unsentBytes < this.#unsentBytes) this.#tick = tick;
    this.#unsentBytes = unsentBytes;
    if (tick - this.#tick <= patienceTicks) return;
    if (this.#isOver || unsentBytes > 0) this.destroy();
    else if (this.#reader.isInRequest) this.refuse({ status: 408, message: "the request did not end" });
    else this.end();
  }

  refuse({ status, message }: HttpFault): void {
    this.#write(faultAnswer(status, message), false);
    this.end();
  }

  /** In good order: what was answered is sent. */
  end(): void {
    this.#over();
    this.#socket.end();
    this.#socket.resume();
  }

  destroy(): void {
    this.#over();
    this.#socket.destroy();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tick = this.#host.tick;
    const gone = this.#clientGone;
    this.#clientGone = null;
    gone?.();
  }

  #received(bytes: Uint8Array): void {
    if (this.#isOver) return;
    if (!this.#reader.isInRequest) this.#tick = this.#host.tick;
    this.#reader.push(bytes);
    this.#pump();
    if (this.#clientGone !== null && this.#reader.heldBytes > readAheadBytes) this.#socket.pause();
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (!this.#isOver && this.#clientGone === null) {
      const read = this.#reader.read();
      if (read === null) break;
      if (read === "continue") this.#socket.write(httpContinue);
      else if ("status" in read) this.refuse(read);
      else this.#run(read);
    }
    this.#isPumping = false;
  }

  #run(request: HttpRequest): void {
    let isAnswered = false;
    this.#clientGone = nothing;
    const gone = this.#host.handler(request, (answer) => {
      if (isAnswered || this.#isOver) {
        if ("close" in answer) answer.close();
        return;
      }
      isAnswered = true;
      this.#answered(answer, request.keepsAlive);
    });
    if (!isAnswered) this.#clientGone = gone;
  }

  #answered(answer: HttpAnswer | HttpStream | HttpBytes, keepsAlive: boolean): void {
    this.#clientGone = null;
    this.#tick = this.#host.tick;
    if ("begin" in answer) {
      this.#stream(answer);
      return;
    }
    if ("read" in answer) {
      void this.#send(answer, keepsAlive);
      return;
    }
    this.#write(answer, keepsAlive);
    this.#next(keepsAlive);
  }

  #next(keepsAlive: boolean): void {
    if (!keepsAlive) this.end();
    else {
      this.#socket.resume();
      this.#pump();
    }
  }

  async #send({ read, close, length, ...head }: HttpBytes, keepsAlive: boolean): Promise<void> {
    this.#clientGone = () => this.#drained?.();
    const headers = { ...this.#host.headers, ...head.headers, "Content-Length": `${length}` };
    this.#socket.write(httpHead({ ...head, headers, keepsAlive }));
    let sent = 0;
    try {
      while (sent < length && !this.#isOver) {
        const piece = await read(sent, Math.min(pieceBytes, length - sent));
        if (piece.length === 0) break;
        sent += piece.length;
        if (!this.#isOver && !this.#socket.write(piece)) await this.#untilDrained();
      }
    } catch {
      // The client sees by the length that something is missing.
    }
    close();
    if (this.#isOver) return;
    this.#clientGone = null;
    this.#tick = this.#host.tick;
    if (sent < length) this.destroy();
    else this.#next(keepsAlive);
  }

  /** Or until the client has gone. */
  #untilDrained(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained = () => {
        this.#drained = null;
        resolve();
      };
      if (this.#isOver) this.#drained();
    });
  }

  #stream({ begin, ...head }: HttpStream): void {
    this.#socket.write(httpHead({ ...head, headers: { ...this.#host.headers, ...head.headers } }));
    this.#clientGone = begin((text) => {
      if (this.#isOver) return;
      this.#socket.write(Buffer.from(text));
      if (this.#socket.bufferedBytes > unreadBytesMax) this.destroy();
    });
  }

  #write(answer: HttpAnswer, keepsAlive: boolean): void {
    const headers = { ...this.#host.headers, ...answer.headers };
    this.#socket.write(httpResponse({ ...answer, headers, keepsAlive }));
  }
}

/** As Storm's: two words in JSON. */
export function faultAnswer(status: number, errorMessage: string, error = "Bad request"): HttpAnswer {
  return { status, contentType: "application/json", body: JSON.stringify({ error, errorMessage }) };
}

const nothing = (): void => {};

/**
 * Cuts the answer to one request out of a byte stream (RFC 9112) and hands its body on piece by piece as it comes, so that an answer
 * without an end can be read too. The body's end is told by its length, by its chunks, or by that of the connection.
 */
import { GrowingBytes } from "./growing-bytes.ts";

export interface HttpResponseHead {
  readonly status: number;
  /** By name in small letters. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Gets the parts in their order, each once but pieces of the body. */
export interface ResponseParts {
  head(head: HttpResponseHead): void;
  body(piece: Uint8Array): void;
  end(): void;
  /** It cannot be read; nothing more is told. */
  fault(message: string): void;
}

const headBytesMax = 64 * 1024;
const chunkLineBytesMax = 1024;

/** Where in the answer the next byte is. `length`: so many of the body to come; `until end`: all up to the connection's. */
type Position = "head" | "length" | "until end" | "chunk line" | "chunk" | "chunk end" | "trailer" | "over";

export class HttpResponseReader {
  readonly #parts: ResponseParts;
  readonly #bytes = new GrowingBytes();
  #position: Position = "head";
  /** Of the body, or of the chunk. */
  #left = 0;

  constructor(parts: ResponseParts) {
    this.#parts = parts;
  }

  push(piece: Uint8Array): void {
    if (this.#position === "over") return;
    this.#bytes.push(piece);
    while (this.#step());
  }

  /** The connection has ended. */
  closed(): void {
    if (this.#position === "until end") this.#over();
    else if (this.#position !== "over") this.#fail("the connection ended before the answer did");
  }

  /** False: more bytes have to come, or none are wanted. */
  #step(): boolean {
    switch (this.#position) {
      case "head":
        return this.#readHead();
      case "length":
      case "until end":
      case "chunk":
        return this.#readBody();
      case "chunk line":
        return this.#readLine((line) => this.#chunkBegins(line));
      case "chunk end":
        return this.#readLine((line) => {
          if (line === "") this.#position = "chunk line";
          else this.#fail("a chunk is longer than its size");
        });
      case "trailer":
        return this.#readLine((line) => {
          if (line === "") this.#over();
        });
      case "over":
        return false;
    }
  }

  #readHead(): boolean {
    const end = this.#bytes.indexOf("\r\n\r\n");
    if (end > headBytesMax || (end < 0 && this.#bytes.length > headBytesMax)) return this.#fail("the head is too long");
    if (end < 0) return false;
    const head = headOf(this.#bytes.take(end + 4).toString("latin1", 0, end));
    if (head === null) return this.#fail("it is no answer of HTTP");
    // 1xx: the answer proper follows.
    if (head.status < 200) return true;
    const { headers } = head;
    const length = headers.get("content-length");
    if (headers.get("transfer-encoding")?.toLowerCase() === "chunked") this.#position = "chunk line";
    else if (length === undefined) this.#position = "until end";
    else if (/^\d{1,15}$/.test(length)) {
      this.#position = "length";
      this.#left = Number(length);
    } else return this.#fail("its length is no number");
    this.#parts.head(head);
    if (this.#position === "length" && this.#left === 0) this.#over();
    return true;
  }

  #readBody(): boolean {
    const { length } = this.#bytes;
    if (length === 0) return false;
    const count = this.#position === "until end" ? length : Math.min(length, this.#left);
    const piece = this.#bytes.take(count);
    this.#left -= count;
    this.#parts.body(piece);
    if (this.#left === 0 && this.#position === "length") this.#over();
    else if (this.#left === 0 && this.#position === "chunk") this.#position = "chunk end";
    return true;
  }

  #readLine(use: (line: string) => void): boolean {
    const end = this.#bytes.indexOf("\r\n");
    if (end > chunkLineBytesMax || (end < 0 && this.#bytes.length > chunkLineBytesMax))
      return this.#fail("a line between chunks is too long");
    if (end < 0) return false;
    use(this.#bytes.take(end + 2).toString("latin1", 0, end));
    return true;
  }

  #chunkBegins(line: string): void {
    const [, digits] = /^([0-9a-fA-F]{1,8})[ \t]*(?:;|$)/.exec(line) ?? [];
    if (digits === undefined) {
      this.#fail("a chunk has no size");
      return;
    }
    this.#left = Number.parseInt(digits, 16);
    this.#position = this.#left === 0 ? "trailer" : "chunk";
  }

  #over(): void {
    this.#position = "over";
    this.#parts.end();
  }

  #fail(message: string): false {
    this.#position = "over";
    this.#parts.fault(message);
    return false;
  }
}

function headOf(text: string): HttpResponseHead | null {
  const [first = "", ...lines] = text.split("\r\n");
  const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first) ?? [];
  if (status === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined) return null;
    headers.set(name.toLowerCase(), value);
  }
  return { status: Number(status), headers };
}

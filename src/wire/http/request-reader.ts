/**
 * Cuts a byte stream into requests (RFC 9112). Strict where leniency would let two readers see two different requests: lines end in CRLF, a
 * length is told once and in one way.
 */
import { GrowingBytes } from "./growing-bytes.ts";

export interface HttpRequest {
  readonly method: string;
  /** As it came: path and query, percent-encoded. */
  readonly target: string;
  /** By name in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** The connection goes on after the answer. */
  readonly keepsAlive: boolean;
}

/** What cannot be read on this connection, and the status that says so. */
export interface HttpFault {
  readonly status: number;
  readonly message: string;
}

interface Head extends Omit<HttpRequest, "body"> {
  /** Null: in chunks. */
  readonly length: number | null;
  readonly expectsContinue: boolean;
}

const headBytesMax = 16 * 1024;
const chunkLineBytesMax = 1024;
const lineEnd = "\r\n";

export class HttpRequestReader {
  readonly #bodyBytesMax: number;
  readonly #bytes = new GrowingBytes();
  /** Of the request whose body is awaited. */
  #head: Head | null = null;
  #isAskedToContinue = false;
  /** Where the end of the head was not found yet. */
  #searched = 0;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  /** The body has ended; lines may follow that nobody reads. */
  #isInTrailer = false;
  #fault: HttpFault | null = null;

  constructor(bodyBytesMax: number) {
    this.#bodyBytesMax = bodyBytesMax;
  }

  /** Of a request that is not complete, or of later ones. */
  get heldBytes(): number {
    return this.#bytes.length + this.#chunkBytes;
  }

  get isInRequest(): boolean {
    return this.#head !== null || this.#bytes.length > 0;
  }

  push(piece: Uint8Array): void {
    if (this.#fault === null) this.#bytes.push(piece);
  }

  /** `continue`: the client waits for a word before it sends the body. Null: more has to come. */
  read(): HttpRequest | HttpFault | "continue" | null {
    if (this.#fault !== null) return this.#fault;
    const read = this.#read();
    if (read !== null && typeof read === "object" && "status" in read) this.#fault = read;
    return read;
  }

  #read(): HttpRequest | HttpFault | "continue" | null {
    const head = this.#head ?? this.#readHead();
    if (head === null || "status" in head) return head;
    this.#head = head;
    const { length } = head;
    if (length !== null && length > this.#bodyBytesMax) return this.#tooLong();
    if (head.expectsContinue && !this.#isAskedToContinue && this.#bytes.length === 0) {
      this.#isAskedToContinue = true;
      return "continue";
    }
    const body = length === null ? this.#readChunks() : this.#bytes.length < length ? null : this.#bytes.take(length);
    if (body === null || "status" in body) return body;
    this.#head = null;
    this.#isAskedToContinue = false;
    const { method, target, headers, keepsAlive } = head;
    return { method, target, headers, keepsAlive, body };
  }

  #readHead(): Head | HttpFault | null {
    // A line end too many after a body is passed over.
    while (this.#searched === 0 && this.#bytes.indexOf(lineEnd) === 0) this.#bytes.take(lineEnd.length);
    const end = this.#bytes.indexOf("\r\n\r\n", this.#searched);
    if (end < 0 ? this.#bytes.length > headBytesMax : end > headBytesMax)
      return { status: 431, message: `the head of a request has more than ${headBytesMax} bytes` };
    if (end < 0) {
      this.#searched = Math.max(0, this.#bytes.length - 3);
      return null;
    }
    this.#searched = 0;
    return headOf(this.#bytes.take(end + 4).toString("latin1", 0, end));
  }

  #readChunks(): Buffer | HttpFault | null {
    for (;;) {
      const end = this.#bytes.indexOf(lineEnd);
      if (end < 0 && this.#bytes.length > chunkLineBytesMax) return badRequest("a chunk has no size");
      if (end < 0) return null;
      if (this.#isInTrailer) {
        if (end > headBytesMax) return badRequest("the trailer is too long");
        this.#bytes.take(end + lineEnd.length);
        if (end > 0) continue;
        return this.#endOfChunks();
      }
      const [, digits] = /^([0-9a-fA-F]{1,8})[ \t]*(?:;|$)/.exec(this.#peekLine(end)) ?? [];
      if (digits === undefined) return badRequest("a chunk has no size");
      const size = Number.parseInt(digits, 16);
      if (this.#chunkBytes + size > this.#bodyBytesMax) return this.#tooLong();
      if (size === 0) {
        this.#bytes.take(end + lineEnd.length);
        this.#isInTrailer = true;
        continue;
      }
      if (this.#bytes.length < end + size + 2 * lineEnd.length) return null;
      this.#bytes.take(end + lineEnd.length);
      this.#chunks.push(this.#bytes.take(size));
      this.#chunkBytes += size;
      if (this.#bytes.take(lineEnd.length).toString("latin1") !== lineEnd)
        return badRequest("a chunk is longer than its size");
    }
  }

  #peekLine(end: number): string {
    return this.#bytes.text(Math.min(end, chunkLineBytesMax));
  }

  #endOfChunks(): Buffer {
    const body = Buffer.concat(this.#chunks, this.#chunkBytes);
    this.#chunks = [];
    this.#chunkBytes = 0;
    this.#isInTrailer = false;
    return body;
  }

  #tooLong(): HttpFault {
    return { status: 413, message: `a body may have ${this.#bodyBytesMax} bytes` };
  }
}

function headOf(text: string): Head | HttpFault {
  const [first = "", ...lines] = text.split(lineEnd);
  const [, method = "", target = "", major, minor] = /^([A-Z]+) ([!-~]+) HTTP\/(\d)\.(\d)$/.exec(first) ?? [];
  if (major === undefined) return badRequest("the first line is no request of HTTP");
  if (major !== "1") return { status: 505, message: "only HTTP/1 is spoken here" };
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined) return badRequest("a header has no name");
    const key = name.toLowerCase();
    const before = headers.get(key);
    if (before !== undefined && key === "content-length" && before !== value)
      return badRequest("there are two lengths");
    headers.set(key, before === undefined || key === "content-length" ? value : `${before}, ${value}`);
  }
  const length = lengthOf(headers);
  if (typeof length === "object" && length !== null) return length;
  const connection = (headers.get("connection") ?? "").toLowerCase();
  const keepsAlive = minor === "0" ? false : !connection.split(/[ ,]+/).includes("close");
  const expectsContinue = minor !== "0" && (headers.get("expect") ?? "").toLowerCase() === "100-continue";
  return { method, target, headers, keepsAlive, length, expectsContinue };
}

function lengthOf(headers: ReadonlyMap<string, string>): number | null | HttpFault {
  const coding = headers.get("transfer-encoding")?.toLowerCase();
  const length = headers.get("content-length");
  if (coding === undefined) {
    if (length === undefined) return 0;
    return /^\d{1,15}$/.test(length) ? Number(length) : badRequest("the length is no number");
  }
  if (length !== undefined) return badRequest("there are two lengths");
  return coding === "chunked" ? null : { status: 501, message: `${coding} is no transfer coding that is known here` };
}

function badRequest(message: string): HttpFault {
  return { status: 400, message };
}

/**
 * Cuts the byte stream of a client into packets: four bytes of length, then the body. Holds at most one unfinished packet
 * and what arrived with it.
 */
import { JuteError } from "../../wire/zookeeper/index.ts";

const lengthBytes = 4;
const none = Buffer.alloc(0);

export class Frames {
  readonly #maxBytes: number;
  #bytes: Buffer = none;
  #offset = 0;
  /** Pieces after `#bytes` that do not complete a packet yet, so that a large packet is copied once. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(bytes: Buffer): void {
    if (this.#offset === this.#bytes.length && this.#pieces.length === 0) {
      this.#bytes = bytes;
      this.#offset = 0;
      return;
    }
    this.#pieces.push(bytes);
    this.#pieceBytes += bytes.length;
  }

  get bufferedBytes(): number {
    return this.#bytes.length - this.#offset + this.#pieceBytes;
  }

  /** The first four bytes of the stream, or null while they have not arrived; they stay in place. */
  peekInt(): number | null {
    if (this.bufferedBytes < lengthBytes) return null;
    if (this.#bytes.length - this.#offset < lengthBytes) this.#join();
    return this.#bytes.readInt32BE(this.#offset);
  }

  /** The next packet's body as a view that is valid until the next `push`; null: incomplete. Throws `JuteError` ("Len error"). */
  next(): Buffer | null {
    const length = this.peekInt();
    if (length === null) return null;
    if (length < 0 || length > this.#maxBytes) throw new JuteError(`Len error ${length}`);
    if (this.bufferedBytes < lengthBytes + length) return null;
    if (this.#bytes.length - this.#offset < lengthBytes + length) this.#join();
    const start = this.#offset + lengthBytes;
    this.#offset = start + length;
    return this.#bytes.subarray(start, this.#offset);
  }

  /** Lets go of a buffer that is read to its end: idle connections hold nothing. */
  release(): void {
    if (this.#offset === this.#bytes.length && this.#pieces.length === 0) {
      this.#bytes = none;
      this.#offset = 0;
    }
  }

  #join(): void {
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#offset), ...this.#pieces]);
    this.#offset = 0;
    this.#pieces = [];
    this.#pieceBytes = 0;
  }
}

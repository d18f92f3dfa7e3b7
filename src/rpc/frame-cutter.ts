/**
 * Cuts a byte stream into Thrift's frames: four bytes of length, then the body. Holds at most one unfinished frame and what
 * arrived with it; a frame stays where it arrived, unless it came in pieces.
 */

export class FrameCutter {
  readonly #maxBytes: number;
  /** A complete frame's body, after `find` returned true: `bytes` from `start` to `end`. */
  bytes: Buffer = none;
  start = 0;
  end = 0;
  /** Why the stream cannot go on. */
  fault: string | null = null;
  #at = 0;
  /** Pieces behind `bytes` that do not complete a frame yet, so that a large frame is copied once. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(bytes: Uint8Array): void {
    const piece = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#at === this.bytes.length && this.#pieces.length === 0) {
      this.bytes = piece;
      this.#at = 0;
      return;
    }
    if (this.#pieces.length >= piecesMax) this.#pieces = [Buffer.concat(this.#pieces, this.#pieceBytes)];
    this.#pieces.push(piece);
    this.#pieceBytes += piece.length;
  }

  /** Bytes that arrived and were not taken. */
  get heldBytes(): number {
    return this.bytes.length - this.#at + this.#pieceBytes;
  }

  /** Whether a whole frame is there. It stays until `take`. With an impossible length it is false, and `fault` says so. */
  find(): boolean {
    const held = this.heldBytes;
    if (held < lengthBytes) return false;
    if (this.bytes.length - this.#at < lengthBytes) this.#join();
    const length = this.bytes.readInt32BE(this.#at);
    if (length < 0 || length > this.#maxBytes) {
      this.fault = `announces a frame of ${length >>> 0} bytes, and at most ${this.#maxBytes} are taken`;
      return false;
    }
    if (held < lengthBytes + length) return false;
    if (this.bytes.length - this.#at < lengthBytes + length) this.#join();
    this.start = this.#at + lengthBytes;
    this.end = this.start + length;
    return true;
  }

  /** The frame that was found is done with. */
  take(): void {
    this.#at = this.end;
  }

  /** Lets go of a buffer that is read to its end: idle connections hold nothing. */
  release(): void {
    if (this.#at < this.bytes.length || this.#pieces.length > 0) return;
    this.bytes = none;
    this.#at = 0;
  }

  #join(): void {
    this.bytes = Buffer.concat([this.bytes.subarray(this.#at), ...this.#pieces]);
    this.#at = 0;
    this.#pieces = [];
    this.#pieceBytes = 0;
  }
}

const lengthBytes = 4;
/** A frame that comes byte by byte must not cost an object for each. */
const piecesMax = 64;
const none = Buffer.alloc(0);

/** Cuts length-prefixed frames out of the election connections. */

const lengthBytes = 4;

export class FrameReader {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #available = 0;
  /** Until so many bytes are here, joining them would be for nothing. */
  #needed = lengthBytes;

  /** A frame longer than `maxBytes`, or shorter than 1, ends the stream. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Calls `onFrame` for each frame that is complete. False: the stream is broken. */
  push(bytes: Uint8Array, onFrame: (payload: Uint8Array) => void): boolean {
    this.#chunks.push(bytes);
    this.#available += bytes.length;
    if (this.#available < this.#needed) return true;
    const all = Buffer.concat(this.#chunks);
    let offset = 0;
    this.#needed = lengthBytes;
    while (all.length - offset >= lengthBytes) {
      const length = all.readInt32BE(offset);
      if (length <= 0 || length > this.#maxBytes) return false;
      this.#needed = lengthBytes + length;
      if (all.length - offset < this.#needed) break;
      onFrame(all.subarray(offset + lengthBytes, offset + this.#needed));
      offset += this.#needed;
      this.#needed = lengthBytes;
    }
    this.#available = all.length - offset;
    this.#chunks = this.#available === 0 ? [] : [all.subarray(offset)];
    return true;
  }
}

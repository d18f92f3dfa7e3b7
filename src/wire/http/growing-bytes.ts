/** Bytes that come in pieces of any size, each copied once or twice however many there are. */

export class GrowingBytes {
  #bytes = none;
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  push(piece: Uint8Array): void {
    if (this.#end + piece.length > this.#bytes.length) this.#makeRoom(piece.length);
    this.#bytes.set(piece, this.#end);
    this.#end += piece.length;
  }

  /** From the first byte that was not taken; -1: not there yet. */
  indexOf(text: string, from = 0): number {
    return this.#bytes.subarray(this.#start, this.#end).indexOf(text, from, "latin1");
  }

  /** The first of them, as they are. */
  text(count: number): string {
    return this.#bytes.toString("latin1", this.#start, this.#start + count);
  }

  /** A copy of its own. */
  take(count: number): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(this.#start, this.#start + count));
    this.#start += count;
    if (this.#start === this.#end) this.#letGo();
    return taken;
  }

  #makeRoom(more: number): void {
    const grown = Buffer.allocUnsafe(Math.max(smallest, 2 * (this.length + more)));
    grown.set(this.#bytes.subarray(this.#start, this.#end));
    this.#end = this.length;
    this.#start = 0;
    this.#bytes = grown;
  }

  /** An idle connection holds nothing. */
  #letGo(): void {
    this.#bytes = none;
    this.#start = 0;
    this.#end = 0;
  }
}

const none = Buffer.alloc(0);
const smallest = 1024;

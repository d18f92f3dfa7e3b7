/**
 * Jute, ZooKeeper's record format: big-endian integers, length-prefixed strings and buffers, counted vectors, no tags.
 * Read by every ZooKeeper socket and file of ours; a reader works on one complete packet or record.
 */

/** The bytes do not hold what the format promises (ZooKeeper's MARSHALLINGERROR). */
export class JuteError extends Error {
  override readonly name = "JuteError";
}

/** The bytes end before the record does: with more bytes it may parse. */
export class JuteUnderflow extends JuteError {}

/** zookeeper.jute.maxbuffer, bytes; a longer string or buffer is refused, as is a longer packet. */
export const defaultMaxBufferBytes = 0xfffff;

const emptyBuffer = Buffer.alloc(0);
const initialWriterBytes = 256;
const twoTo32 = 0x1_0000_0000;

export class JuteReader {
  readonly #bytes: Buffer;
  readonly #maxLength: number;
  offset: number;

  /** `maxLength`: the longest string or buffer accepted; ZooKeeper grants jute.maxbuffer and as much again. */
  constructor(bytes: Buffer, offset = 0, maxLength = 2 * defaultMaxBufferBytes) {
    this.#bytes = bytes;
    this.#maxLength = maxLength;
    this.offset = offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.offset;
  }

  #take(count: number): number {
    const start = this.offset;
    if (start + count > this.#bytes.length) throw new JuteUnderflow(`${count} bytes wanted, ${this.remaining} left`);
    this.offset = start + count;
    return start;
  }

  byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  boolean(): boolean {
    return this.byte() !== 0;
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** A long that is an id: kept exactly. */
  long(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  /** A long that is a zxid or a time: refused outside ±2⁵³ (an epoch above 2²¹). */
  number(): number {
    const at = this.#take(8);
    const value = this.#bytes.readInt32BE(at) * twoTo32 + this.#bytes.readUInt32BE(at + 4);
    if (!Number.isSafeInteger(value)) throw new JuteError(`long ${this.#bytes.readBigInt64BE(at)} is out of range`);
    return value;
  }

  /** Length of a string or buffer, −1 for null. */
  #length(): number {
    const length = this.int();
    if (length < -1 || length > this.#maxLength) throw new JuteError(`Unreasonable length = ${length}`);
    return length;
  }

  /** A copy, so that a small value does not keep a whole packet alive. */
  buffer(): Buffer | null {
    const length = this.#length();
    if (length < 0) return null;
    if (length === 0) return emptyBuffer;
    const at = this.#take(length);
    const copy = Buffer.allocUnsafe(length);
    this.#bytes.copy(copy, 0, at, at + length);
    return copy;
  }

  /** A buffer as a string of its bytes (Latin-1): a small one costs a third of the memory of a Buffer. */
  byteString(): string | null {
    const length = this.#length();
    if (length < 0) return null;
    const at = this.#take(length);
    return this.#bytes.toString("latin1", at, at + length);
  }

  ustring(): string | null {
    const length = this.#length();
    if (length < 0) return null;
    const at = this.#take(length);
    return this.#bytes.toString("utf8", at, at + length);
  }

  /** A string that may not be null. */
  string(what: string): string {
    const value = this.ustring();
    if (value === null) throw new JuteError(`${what} is null`);
    return value;
  }

  /** Element count of a vector, −1 for null. An element takes at least `elementBytesMin`, which bounds the count. */
  count(elementBytesMin: number): number {
    const count = this.int();
    if (count < -1) throw new JuteError(`Unreasonable count = ${count}`);
    if (count * elementBytesMin > this.remaining) throw new JuteUnderflow(`${count} elements announced`);
    return count;
  }

  vector<T>(elementBytesMin: number, read: (reader: JuteReader) => T): T[] {
    const count = this.count(elementBytesMin);
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(read(this));
    return items;
  }

  /** What has not been read, without copying. */
  rest(): Buffer {
    return this.#bytes.subarray(this.offset);
  }
}

export class JuteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(initialBytes = initialWriterBytes) {
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  #grow(count: number): number {
    const start = this.#length;
    const end = start + count;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, this.#bytes.length * 2, initialWriterBytes));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    this.#length = end;
    return start;
  }

  byte(value: number): this {
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  boolean(value: boolean): this {
    return this.byte(value ? 1 : 0);
  }

  int(value: number): this {
    const at = this.#grow(4);
    this.#bytes.writeInt32BE(value | 0, at);
    return this;
  }

  long(value: bigint): this {
    const at = this.#grow(8);
    this.#bytes.writeBigInt64BE(BigInt.asIntN(64, value), at);
    return this;
  }

  /** A zxid or a time. */
  number(value: number): this {
    const at = this.#grow(8);
    this.#bytes.writeInt32BE(Math.floor(value / twoTo32), at);
    this.#bytes.writeUInt32BE(value >>> 0, at + 4);
    return this;
  }

  buffer(value: Uint8Array | null): this {
    if (value === null) return this.int(-1);
    this.int(value.length);
    return this.raw(value);
  }

  /** A buffer that is held as a string of its bytes. */
  byteString(value: string | null): this {
    if (value === null) return this.int(-1);
    this.int(value.length);
    const at = this.#grow(value.length);
    this.#bytes.write(value, at, value.length, "latin1");
    return this;
  }

  ustring(value: string | null): this {
    if (value === null) return this.int(-1);
    const lengthAt = this.#grow(4);
    const byteLength = Buffer.byteLength(value, "utf8");
    const at = this.#grow(byteLength);
    this.#bytes.writeInt32BE(byteLength, lengthAt);
    this.#bytes.write(value, at, byteLength, "utf8");
    return this;
  }

  vector<T>(items: readonly T[] | null, write: (writer: JuteWriter, item: T) => void): this {
    if (items === null) return this.int(-1);
    this.int(items.length);
    for (const item of items) write(this, item);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** Writes over four bytes that were written before. */
  patchInt(at: number, value: number): void {
    this.#bytes.writeInt32BE(value | 0, at);
  }

  /** Takes back what was written after `length`. */
  truncate(length: number): void {
    if (length < this.#length) this.#length = length;
  }

  /** Bytes it holds on to, written or not. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** What was written; the writer must not be used afterwards. */
  take(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A copy of exactly what was written; the writer starts empty again. */
  flush(): Buffer {
    const copy = Buffer.allocUnsafe(this.#length);
    this.#bytes.copy(copy, 0, 0, this.#length);
    this.#length = 0;
    return copy;
  }
}

/** Writes Thrift's binary protocol into one buffer that grows, and is used again. */
import { shown, thriftValueFault } from "./faults.ts";
import { wireType } from "./wire-types.ts";

const initialBytes = 256;
const twoTo32 = 0x1_0000_0000;
/** Up to here a loop over characters is faster than a call of Node's encoder. */
const shortStringLength = 24;
/** A code unit takes at most three bytes; a pair of two takes four. */
const bytesPerUnitMax = 3;

export class ThriftWriter {
  #bytes: Buffer;
  #length = 0;
  /** The struct and field that is being written: an error names it. */
  structName = "";
  fieldName = "";

  constructor(capacity = initialBytes) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes that it holds on to, written or not. */
  get capacity(): number {
    return this.#bytes.length;
  }

  byte(value: number): void {
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  field(type: number, id: number): void {
    const at = this.#grow(3);
    const bytes = this.#bytes;
    bytes[at] = type;
    bytes[at + 1] = id >> 8;
    bytes[at + 2] = id;
  }

  stop(): void {
    this.byte(wireType.stop);
  }

  bool(value: boolean): void {
    if (typeof value !== "boolean") throw this.fault(value, "a boolean");
    this.byte(value ? 1 : 0);
  }

  i32(value: number): void {
    if (value !== (value | 0)) throw this.fault(value, "an integer of 32 bits");
    this.#int(value);
  }

  /** Outside ±2⁵³ a number is no longer exact, so it is refused. */
  i64(value: number): void {
    if (!Number.isSafeInteger(value)) throw this.fault(value, "an integer within ±2^53");
    const high = Math.floor(value / twoTo32);
    this.#int(high);
    this.#int(value - high * twoTo32);
  }

  exactI64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw this.fault(value, "a bigint of 64 bits");
    const at = this.#grow(8);
    this.#bytes.writeBigInt64BE(value, at);
  }

  double(value: number): void {
    if (typeof value !== "number") throw this.fault(value, "a number");
    const at = this.#grow(8);
    this.#bytes.writeDoubleBE(value, at);
  }

  string(value: string): void {
    if (typeof value !== "string") throw this.fault(value, "a string");
    const { length } = value;
    const at = this.#grow(4 + length * bytesPerUnitMax);
    if (length > shortStringLength || !this.#ascii(value, at + 4)) {
      this.#length = at + 4 + this.#bytes.write(value, at + 4, "utf8");
    } else this.#length = at + 4 + length;
    this.patchI32(at, this.#length - at - 4);
  }

  binary(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw this.fault(value, "a Uint8Array");
    const at = this.#grow(4 + value.length);
    this.patchI32(at, value.length);
    this.#bytes.set(value, at + 4);
  }

  /** Bytes as they are. */
  raw(value: Uint8Array): void {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
  }

  /** Writes over four bytes that were written before. */
  patchI32(at: number, value: number): void {
    const bytes = this.#bytes;
    bytes[at] = value >> 24;
    bytes[at + 1] = value >> 16;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value;
  }

  /** Takes back what was written after `length`. */
  truncate(length: number): void {
    if (length < this.#length) this.#length = length;
  }

  /** A copy of exactly what was written; the writer starts empty again, and gives a buffer back that grew beyond `keptBytes`. */
  flush(keptBytes = Number.POSITIVE_INFINITY): Buffer<ArrayBuffer> {
    const copy = Buffer.allocUnsafe(this.#length);
    this.#bytes.copy(copy, 0, 0, this.#length);
    this.#length = 0;
    if (this.#bytes.length > keptBytes) this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
    return copy;
  }

  fault(value: unknown, wanted: string): Error {
    const where = this.structName === "" ? "" : `${this.structName}.${this.fieldName}`;
    return thriftValueFault(where, `${shown(value)} is not ${wanted}`);
  }

  #int(value: number): void {
    const at = this.#grow(4);
    this.patchI32(at, value);
  }

  /** False, with nothing to keep, when some character is not ASCII. */
  #ascii(value: string, at: number): boolean {
    const bytes = this.#bytes;
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) return false;
      bytes[at + index] = unit;
    }
    return true;
  }

  #grow(count: number): number {
    const start = this.#length;
    const end = start + count;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    this.#length = end;
    return start;
  }
}

/**
 * Reads Thrift's binary protocol from one complete struct or message. Nothing is allocated that the bytes do not bring:
 * a length or a count beyond them is refused first.
 */
import type { StormLabError } from "../../base/index.ts";
import { thriftBytesFault } from "./faults.ts";
import { fixedBytes, leastBytes, wireType } from "./wire-types.ts";

const twoTo32 = 0x1_0000_0000;
/** Structs and containers within each other, as Thrift's own recursion limit (TConfiguration). Ours of Storm have far fewer. */
const depthMax = 64;
const nothing = Buffer.alloc(0);

export class ThriftReader {
  #bytes: Buffer;
  #at = 0;
  #end: number;
  /** The struct and field that is being read: an error names it. */
  structName = "";
  fieldName = "";
  /** The element types of the map that was begun last. */
  keyType = 0;
  valueType = 0;

  constructor(bytes: Uint8Array = nothing) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  /** From now on it reads what lies between the two places of `bytes`. Without arguments it lets go of what it had. */
  reset(bytes: Buffer = nothing, start = 0, end = bytes.length): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.structName = "";
    this.fieldName = "";
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  bool(): boolean {
    return this.byte() === 1;
  }

  i8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  i16(): number {
    const at = this.#take(2);
    return ((this.#bytes[at]! << 24) >> 16) | this.#bytes[at + 1]!;
  }

  i32(): number {
    const at = this.#take(4);
    const bytes = this.#bytes;
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }

  /** Outside ±2⁵³ a number would not be exact, so it is refused. */
  i64(): number {
    const high = this.i32();
    const value = high * twoTo32 + (this.i32() >>> 0);
    if (!Number.isSafeInteger(value)) {
      const exact = this.#bytes.readBigInt64BE(this.#at - 8);
      throw this.fault(`the integer ${exact} is beyond 2^53`);
    }
    return value;
  }

  exactI64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  string(): string {
    return this.stringOf(this.i32());
  }

  /** A string whose length was read already. */
  stringOf(length: number): string {
    this.#checkLength(length);
    if (length === 0) return "";
    const at = this.#take(length);
    return this.#bytes.toString("utf8", at, at + length);
  }

  /** A copy, so that a small value does not keep a whole frame alive. */
  binary(): Uint8Array {
    const length = this.#length();
    const at = this.#take(length);
    const copy = new Uint8Array(length);
    copy.set(this.#bytes.subarray(at, at + length));
    return copy;
  }

  /** The count of a list or set whose elements must be of this type. */
  count(elementType: number): number {
    const type = this.byte();
    const count = this.#countOf(type, 0);
    if (count > 0 && type !== elementType) throw this.fault(`elements of type ${type} instead of ${elementType}`);
    return count;
  }

  /** The count of a map whose keys and values must be of these types. */
  mapCount(keyType: number, valueType: number): number {
    const count = this.anyMapCount();
    if (count > 0 && (this.keyType !== keyType || this.valueType !== valueType))
      throw this.fault(`a map of ${this.keyType} to ${this.valueType} instead of ${keyType} to ${valueType}`);
    return count;
  }

  /** The count of a list or set of any type, which `valueType` says afterwards. */
  anyCount(): number {
    this.valueType = this.byte();
    return this.#countOf(this.valueType, 0);
  }

  /** The count of a map of any types, which `keyType` and `valueType` say afterwards. */
  anyMapCount(): number {
    const keyType = this.byte();
    const valueType = this.byte();
    const count = this.#countOf(keyType, valueType);
    this.keyType = keyType;
    this.valueType = valueType;
    return count;
  }

  /** Passes over a value that nobody asked for: a field of a later version. */
  skip(type: number, depth = 0): void {
    if (depth > depthMax) throw this.fault(`more than ${depthMax} levels`);
    const size = fixedBytes(type);
    if (size > 0) this.#take(size);
    else if (type === wireType.string) this.#take(this.#length());
    else if (type === wireType.struct) this.#skipStruct(depth);
    else if (type === wireType.map) this.#skipMap(depth);
    else if (type === wireType.list || type === wireType.set) this.#skipList(depth);
    else throw this.fault(`unknown type ${type}`);
  }

  fault(detail: string): StormLabError {
    return thriftBytesFault(this.structName === "" ? "" : `${this.structName}.${this.fieldName}`, detail);
  }

  #skipStruct(depth: number): void {
    for (let type = this.byte(); type !== wireType.stop; type = this.byte()) {
      this.#take(2);
      this.skip(type, depth + 1);
    }
  }

  #skipList(depth: number): void {
    const count = this.anyCount();
    this.#skipElements(count, 0, this.valueType, depth);
  }

  #skipMap(depth: number): void {
    const count = this.anyMapCount();
    this.#skipElements(count, this.keyType, this.valueType, depth);
  }

  #skipElements(count: number, keyType: number, valueType: number, depth: number): void {
    const size = fixedBytes(valueType);
    if (size > 0 && (keyType === 0 || fixedBytes(keyType) > 0)) {
      this.#take(count * (size + fixedBytes(keyType)));
      return;
    }
    for (let left = count; left > 0; left--) {
      if (keyType !== 0) this.skip(keyType, depth + 1);
      this.skip(valueType, depth + 1);
    }
  }

  /** Key type 0: a list or set. An empty container may name any types. */
  #countOf(type: number, otherType: number): number {
    const count = this.i32();
    if (count === 0) return 0;
    const least = leastBytes(type) + leastBytes(otherType);
    if (leastBytes(type) === 0 || (otherType !== 0 && leastBytes(otherType) === 0))
      throw this.fault(`unknown type ${leastBytes(type) === 0 ? type : otherType}`);
    if (count < 0 || count * least > this.remaining) throw this.fault(`${count} elements in ${this.remaining} bytes`);
    return count;
  }

  #length(): number {
    const length = this.i32();
    this.#checkLength(length);
    return length;
  }

  #checkLength(length: number): void {
    if (length < 0 || length > this.remaining) throw this.fault(`a length of ${length} in ${this.remaining} bytes`);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#end) throw this.fault(`${count} bytes wanted, ${this.remaining} left`);
    this.#at = at + count;
    return at;
  }
}

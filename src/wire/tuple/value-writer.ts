/** Writes values one after another into a buffer that grows. The hot half of the tuple codec: no allocation per value. */
import { maxTupleBytes } from "./frame.ts";
import { isPlainObject, Refusal } from "./refusal.ts";
import { maxBigintBytes, maxDepth, shortStringLimit, tags } from "./value-tags.ts";

/** Up to here a loop over characters beats the call into native code (measured: 24 characters). */
const loopLimit = 24;
/** Up to here three bytes a character are reserved, to find out by writing whether the string is ASCII. */
const probeLimit = 4096;
const beyondLatin1 = /[\u0100-\uffff]/;

export class ValueWriter {
  bytes: Buffer;
  view: DataView;
  position: number;
  /** The position that may not be passed: set for each tuple, so that a tuple alone is bounded. */
  limit = 0;

  constructor(capacity: number, position: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.view = viewOf(this.bytes);
    this.position = position;
  }

  /** Makes room for `more` bytes. */
  ensure(more: number): void {
    if (this.position + more > this.bytes.length) this.#grow(this.position + more);
  }

  /** Starts over in a new buffer; the old one belongs to whoever holds it. */
  restart(capacity: number, position: number): void {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.view = viewOf(this.bytes);
    this.position = position;
  }

  /** Throws `Refusal` on what cannot travel; the bytes from the old position on are then rubbish. */
  write(value: unknown, depth: number): void {
    switch (typeof value) {
      case "string":
        this.#string(value);
        break;
      case "number":
        this.#number(value);
        break;
      case "boolean":
        this.#tag(value ? tags.true : tags.false);
        break;
      case "undefined":
        this.#tag(tags.undefined);
        break;
      case "bigint":
        this.#bigint(value);
        break;
      case "object":
        if (value === null) this.#tag(tags.null);
        else this.#object(value, depth);
        break;
      default:
        throw new Refusal(typeof value);
    }
  }

  #tag(tag: number): void {
    this.ensure(1);
    this.bytes[this.position++] = tag;
  }

  #sized(tag: number, size: number, room: number): void {
    this.ensure(5 + room);
    this.bytes[this.position] = tag;
    this.view.setUint32(this.position + 1, size, true);
    this.position += 5;
  }

  #number(value: number): void {
    this.ensure(9);
    const int = value | 0;
    if (int !== value || (int === 0 && 1 / value < 0)) {
      this.bytes[this.position] = tags.float64;
      this.view.setFloat64(this.position + 1, value, true);
      this.position += 9;
    } else if (int >= 0 && int < tags.shortString) {
      this.bytes[this.position++] = int;
    } else {
      this.bytes[this.position] = tags.int32;
      this.view.setInt32(this.position + 1, int, true);
      this.position += 5;
    }
  }

  #string(value: string): void {
    const length = value.length;
    if (length > loopLimit) {
      this.#longString(value, length);
      return;
    }
    this.ensure(1 + length);
    const { bytes, position } = this;
    bytes[position] = tags.shortString + length;
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 0xff) {
        this.#wideString(value);
        return;
      }
      bytes[position + 1 + i] = unit;
    }
    this.position = position + 1 + length;
  }

  #longString(value: string, length: number): void {
    const prefix = length < shortStringLimit ? 1 : 5;
    let written = false;
    if (length <= probeLimit) {
      this.ensure(prefix + 3 * length);
      // As many UTF-8 bytes as characters: all of it is ASCII, and already in place.
      written = this.bytes.write(value, this.position + prefix) === length;
    }
    if (!written) {
      if (beyondLatin1.test(value)) {
        this.#wideString(value);
        return;
      }
      this.ensure(prefix + length);
      this.bytes.write(value, this.position + prefix, "latin1");
    }
    this.#prefix(length, prefix);
  }

  /** Puts tag and length before the `length` bytes that are already written. */
  #prefix(length: number, prefix: number): void {
    if (prefix === 1) {
      this.bytes[this.position] = tags.shortString + length;
    } else {
      this.bytes[this.position] = tags.latin1;
      this.view.setUint32(this.position + 1, length, true);
    }
    this.position += prefix + length;
  }

  #wideString(value: string): void {
    this.#sized(tags.utf16, value.length, 2 * value.length);
    this.position += this.bytes.write(value, this.position, "utf16le");
  }

  #bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) {
      this.ensure(9);
      this.bytes[this.position] = tags.bigint64;
      this.view.setBigInt64(this.position + 1, value, true);
      this.position += 9;
      return;
    }
    const digits = (value < 0n ? -value : value).toString(16);
    const length = (digits.length + 1) >> 1;
    if (length > maxBigintBytes) throw new Refusal("a huge bigint");
    this.ensure(6 + length);
    this.bytes[this.position] = tags.bigint;
    this.bytes[this.position + 1] = value < 0n ? 1 : 0;
    this.view.setUint32(this.position + 2, length, true);
    this.bytes.write(digits.padStart(2 * length, "0"), this.position + 6, "hex");
    this.position += 6 + length;
  }

  #object(value: object, depth: number): void {
    if (value instanceof Uint8Array) {
      this.#sized(tags.bytes, value.length, value.length);
      this.bytes.set(value, this.position);
      this.position += value.length;
    } else if (value instanceof Date) {
      this.ensure(9);
      this.bytes[this.position] = tags.date;
      this.view.setFloat64(this.position + 1, value.getTime(), true);
      this.position += 9;
    } else {
      if (depth >= maxDepth) throw new Refusal("nested too deep");
      this.#container(value, depth + 1);
    }
  }

  #container(value: object, depth: number): void {
    if (Array.isArray(value)) {
      this.#sized(tags.array, value.length, 0);
      for (let i = 0; i < value.length; i++) this.write(value[i], depth);
    } else if (value instanceof Map) {
      this.#sized(tags.map, value.size, 0);
      for (const [key, inner] of value) {
        this.write(key, depth);
        this.write(inner, depth);
      }
    } else if (value instanceof Set) {
      this.#sized(tags.set, value.size, 0);
      for (const inner of value) this.write(inner, depth);
    } else if (isPlainObject(value)) {
      const keys = Object.keys(value);
      this.#sized(tags.object, keys.length, 0);
      for (const key of keys) {
        this.#string(key);
        this.write(value[key], depth);
      }
    } else {
      throw new Refusal("an instance of a class");
    }
  }

  #grow(needed: number): void {
    if (needed > this.limit) throw new Refusal(`larger than ${maxTupleBytes} bytes`);
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(2 * this.bytes.length, this.limit)));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
    this.view = viewOf(grown);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

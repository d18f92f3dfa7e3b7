/**
 * Reads what `ValueWriter` wrote. The bytes may be anyone's: every length is checked against what is left before anything
 * is allocated for it, so a frame costs memory in proportion to its own size.
 */
import { tupleFrameFault } from "./faults.ts";
import { ShortStrings, shortStringTableLimit } from "./short-strings.ts";
import { maxBigintBytes, maxDepth, tags } from "./value-tags.ts";

const nothing = Buffer.alloc(0);

export class ValueReader {
  bytes: Buffer = nothing;
  view: DataView = new DataView(new ArrayBuffer(0));
  position = 0;
  end = 0;
  readonly #strings = new ShortStrings();

  open(frame: Uint8Array, position: number): void {
    this.bytes = Buffer.isBuffer(frame) ? frame : Buffer.from(frame.buffer, frame.byteOffset, frame.length);
    this.view = new DataView(frame.buffer, frame.byteOffset, frame.length);
    this.position = position;
    this.end = frame.length;
  }

  /** Lets the frame go. */
  close(): void {
    this.bytes = nothing;
  }

  read(depth: number): unknown {
    const tag = this.#byte();
    if (tag < tags.shortString) return tag;
    if (tag < tags.null) return this.#latin1(tag - tags.shortString);
    switch (tag) {
      case tags.null:
        return null;
      case tags.undefined:
        return undefined;
      case tags.false:
        return false;
      case tags.true:
        return true;
      case tags.int32:
        return this.view.getInt32(this.take(4), true);
      case tags.float64:
        return this.view.getFloat64(this.take(8), true);
      case tags.latin1:
        return this.#latin1(this.#size());
      case tags.utf16:
        return this.#utf16(this.#size());
      case tags.bigint64:
        return this.view.getBigInt64(this.take(8), true);
      case tags.bigint:
        return this.#bigint();
      case tags.bytes:
        return this.#bytes(this.#size());
      case tags.date:
        return new Date(this.view.getFloat64(this.take(8), true));
      default:
        if (depth >= maxDepth) throw tupleFrameFault(`a value is nested more than ${maxDepth} deep`);
        return this.#container(tag, depth + 1);
    }
  }

  /** The position of the next `count` bytes, which are there; steps over them. */
  take(count: number): number {
    const position = this.position;
    if (count > this.end - position) throw tupleFrameFault(`it ends early, at byte ${this.end}`);
    this.position = position + count;
    return position;
  }

  #byte(): number {
    return this.bytes[this.take(1)]!;
  }

  #size(): number {
    return this.view.getUint32(this.take(4), true);
  }

  #latin1(length: number): string {
    const position = this.take(length);
    if (length <= shortStringTableLimit) return this.#strings.at(this.bytes, position, length);
    return this.bytes.toString("latin1", position, position + length);
  }

  #utf16(length: number): string {
    const position = this.take(2 * length);
    return this.bytes.toString("utf16le", position, position + 2 * length);
  }

  #bigint(): bigint {
    const sign = this.#byte();
    const length = this.#size();
    if (length === 0 || length > maxBigintBytes || sign > 1) throw tupleFrameFault("a bigint in it is malformed");
    const position = this.take(length);
    const magnitude = BigInt(`0x${this.bytes.toString("hex", position, position + length)}`);
    return sign === 1 ? -magnitude : magnitude;
  }

  /** A copy, unless it is most of the frame: a small view would keep the whole frame alive. */
  #bytes(length: number): Uint8Array {
    const position = this.take(length);
    const { buffer, byteOffset } = this.bytes;
    const view = new Uint8Array(buffer, byteOffset + position, length);
    return 2 * length >= this.end ? view : new Uint8Array(view);
  }

  #container(tag: number, depth: number): unknown {
    switch (tag) {
      case tags.array: {
        const array: unknown[] = [];
        for (let left = this.#items(1); left > 0; left--) array.push(this.read(depth));
        return array;
      }
      case tags.object:
        return this.#object(depth);
      case tags.map: {
        const map = new Map<unknown, unknown>();
        for (let left = this.#items(2); left > 0; left--) {
          const key = this.read(depth);
          map.set(key, this.read(depth));
        }
        return map;
      }
      case tags.set: {
        const set = new Set<unknown>();
        for (let left = this.#items(1); left > 0; left--) set.add(this.read(depth));
        return set;
      }
      default:
        throw tupleFrameFault(`a value in it has the unknown tag ${tag}`);
    }
  }

  #object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (let left = this.#items(2); left > 0; left--) {
      const key = this.read(maxDepth);
      if (typeof key !== "string") throw tupleFrameFault("an object in it has a key that is no string");
      const value = this.read(depth);
      if (key === "__proto__") define(object, key, value);
      else object[key] = value;
    }
    return object;
  }

  #items(bytesEach: number): number {
    const count = this.#size();
    if (count > (this.end - this.position) / bytesEach) throw tupleFrameFault(`it ends early, at byte ${this.end}`);
    return count;
  }
}

/** Assignment to `__proto__` would change the prototype instead. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
}

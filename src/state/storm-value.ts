/**
 * What Storm keeps in its znodes, made readable: by its own definitions where the path says which struct it is, and as any
 * Thrift struct in the binary protocol, with field numbers for names, elsewhere.
 */
import { isStormLabError } from "../base/index.ts";
import {
  Assignment,
  ClusterWorkerHeartbeat,
  Credentials,
  ErrorInfo,
  LogConfig,
  NimbusSummary,
  ProfileRequest,
  StormBase,
  type StructType,
  SupervisorInfo,
} from "../wire/thrift/index.ts";

export type Readable = string | number | boolean | readonly Readable[] | { readonly [name: string]: Readable };

/** Null: the bytes are no Thrift struct. `path` is the znode's, under whatever root. */
export function stormValue(path: string, bytes: Buffer): Readable | null {
  const struct = structsByPath.find(([pattern]) => pattern.test(path))?.[1];
  const known = struct === undefined ? null : knownValue(struct, bytes);
  return known ?? anyStruct(bytes);
}

const structsByPath: readonly (readonly [path: RegExp, struct: StructType<object>])[] = [
  [/\/nimbuses\/[^/]+$/, NimbusSummary],
  [/\/supervisors\/[^/]+$/, SupervisorInfo],
  [/\/storms\/[^/]+$/, StormBase],
  [/\/assignments\/[^/]+$/, Assignment],
  [/\/workerbeats\/[^/]+\/[^/]+$/, ClusterWorkerHeartbeat],
  [/\/errors\/[^/]+\/[^/]+\/e\d+$|\/errors\/[^/]+\/[^/]+-last-error$/, ErrorInfo],
  [/\/credentials\/[^/]+$/, Credentials],
  [/\/logconfigs\/[^/]+$/, LogConfig],
  [/\/profilerconfigs\/[^/]+\/[^/]+$/, ProfileRequest],
];

function knownValue(struct: StructType<object>, bytes: Buffer): Readable | null {
  try {
    return readable(struct.decode(bytes));
  } catch (error) {
    if (isStormLabError(error)) return null;
    throw error;
  }
}

/** Maps become objects. */
function readable(value: unknown): Readable {
  if (value instanceof Map) return entries([...value]);
  if (value instanceof Set) return [...value].map(readable);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.length > 0 && value.every(isPair) ? entries(value) : value.map(readable);
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return Object.fromEntries(fields.map(([name, field]) => [name, readable(field)]));
  }
  return typeof value === "bigint" ? readableLong(value) : (value as Readable);
}

/** A map whose keys are no text is a list of pairs. None of Storm's values is a list of lists. */
function isPair(value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "object";
}

/** Keys that are no text are written as JSON: `[1,1]` is an executor. */
function entries(pairs: readonly (readonly [key: unknown, value: unknown])[]): Readable {
  return Object.fromEntries(pairs.map(([key, value]) => [keyText(key), readable(value)]));
}

function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  const value = readable(key);
  const executor = typeof value === "object" && "task_start" in value && "task_end" in value;
  return JSON.stringify(executor ? [value.task_start, value.task_end] : value);
}

function anyStruct(bytes: Buffer): Readable | null {
  try {
    const reader = new StructReader(bytes);
    const value = reader.struct(0);
    return reader.atEnd && Object.keys(value).length > 0 ? value : null;
  } catch (error) {
    if (error instanceof NoStruct) return null;
    throw error;
  }
}

class NoStruct extends Error {}

/** Types of Thrift's binary protocol. */
const type = {
  stop: 0,
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  string: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
} as const;
const depthMax = 32;

class StructReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  struct(depth: number): { readonly [name: string]: Readable } {
    const fields: Record<string, Readable> = {};
    for (;;) {
      const fieldType = this.#bytes[this.#take(1)];
      if (fieldType === type.stop) return fields;
      const id = this.#bytes.readInt16BE(this.#take(2));
      fields[id] = this.#value(fieldType, depth + 1);
    }
  }

  #value(valueType: number | undefined, depth: number): Readable {
    if (depth > depthMax) throw new NoStruct();
    switch (valueType) {
      case type.bool:
        return this.#bytes[this.#take(1)] !== 0;
      case type.byte:
        return this.#bytes.readInt8(this.#take(1));
      case type.double:
        return this.#bytes.readDoubleBE(this.#take(8));
      case type.i16:
        return this.#bytes.readInt16BE(this.#take(2));
      case type.i32:
        return this.#bytes.readInt32BE(this.#take(4));
      case type.i64:
        return readableLong(this.#bytes.readBigInt64BE(this.#take(8)));
      case type.string:
        return this.#text();
      case type.struct:
        return this.struct(depth);
      case type.set:
      case type.list:
        return this.#list(depth);
      case type.map:
        return this.#map(depth);
      default:
        throw new NoStruct();
    }
  }

  #list(depth: number): Readable[] {
    const elementType = this.#bytes[this.#take(1)];
    const list: Readable[] = [];
    for (let left = this.#count(); left > 0; left--) list.push(this.#value(elementType, depth + 1));
    return list;
  }

  #map(depth: number): Readable {
    const keyType = this.#bytes[this.#take(1)];
    const valueType = this.#bytes[this.#take(1)];
    const found: Record<string, Readable> = {};
    for (let left = this.#count(); left > 0; left--) {
      const key = this.#value(keyType, depth + 1);
      found[keyText(key)] = this.#value(valueType, depth + 1);
    }
    return found;
  }

  #text(): string {
    const length = this.#count();
    const at = this.#take(length);
    const bytes = this.#bytes.subarray(at, at + length);
    const text = bytes.toString("utf8");
    return text.includes("\ufffd") ? bytes.toString("base64") : text;
  }

  /** Each element takes at least a byte. */
  #count(): number {
    const count = this.#bytes.readInt32BE(this.#take(4));
    if (count < 0 || count > this.#bytes.length - this.#at) throw new NoStruct();
    return count;
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw new NoStruct();
    this.#at = at + count;
    return at;
  }
}

function readableLong(value: bigint): Readable {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

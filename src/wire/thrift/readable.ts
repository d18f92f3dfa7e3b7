/**
 * Any struct for a person to read, also one of which nothing is known: fields by name where a description is at hand, by
 * number elsewhere. Nothing that the bytes hold is left out.
 */
import { isStormLabError } from "../../base/index.ts";
import { ThriftReader } from "./reader.ts";
import { StructType } from "./struct.ts";
import type { Type } from "./types.ts";
import { wireType } from "./wire-types.ts";

/** Maps are objects; keys that are no text are their JSON: `[1,1]` is an executor. Bytes that are no text are in base64. */
export type Readable = string | number | boolean | readonly Readable[] | { readonly [name: string]: Readable };

/** Null: the bytes are no struct, or an empty one. */
export function readableStruct(bytes: Uint8Array, type?: StructType<unknown>): Readable | null {
  const reader = new ThriftReader(bytes);
  try {
    const value = struct(reader, type, 0);
    return reader.remaining === 0 && Object.keys(value).length > 0 ? value : null;
  } catch (error) {
    if (isStormLabError(error, "SL-THRIFT-BYTES")) return null;
    throw error;
  }
}

/** Ours are not half as deep. */
const depthMax = 32;

type Known = Type<unknown> | undefined;

function struct(reader: ThriftReader, known: Known, depth: number): { readonly [name: string]: Readable } {
  const fields: [string, Readable][] = [];
  for (let type = reader.byte(); type !== wireType.stop; type = reader.byte()) {
    const id = reader.i16();
    const field = known instanceof StructType ? known.field(id) : undefined;
    fields.push([field?.name ?? String(id), value(reader, type, field?.type, depth + 1)]);
  }
  return Object.fromEntries(fields);
}

function value(reader: ThriftReader, type: number, known: Known, depth: number): Readable {
  if (depth > depthMax) throw reader.fault("too deep");
  switch (type) {
    case wireType.bool:
      return reader.byte() !== 0;
    case wireType.byte:
      return reader.i8();
    case wireType.double:
      return reader.double();
    case wireType.i16:
      return reader.i16();
    case wireType.i32:
      return constant(reader.i32(), known);
    case wireType.i64:
      return long(reader.exactI64());
    case wireType.string:
      return text(reader.binary());
    case wireType.struct:
      return struct(reader, known, depth);
    case wireType.set:
    case wireType.list:
      return list(reader, known, depth);
    case wireType.map:
      return map(reader, known, depth);
    default:
      throw reader.fault(`unknown type ${type}`);
  }
}

function list(reader: ThriftReader, known: Known, depth: number): Readable {
  const count = reader.anyCount();
  const { valueType } = reader;
  return Array.from({ length: count }, () => value(reader, valueType, known?.element, depth + 1));
}

function map(reader: ThriftReader, known: Known, depth: number): Readable {
  const entries: [string, Readable][] = [];
  const count = reader.anyMapCount();
  const { keyType, valueType } = reader;
  for (let left = count; left > 0; left--) {
    const key = value(reader, keyType, known?.key, depth + 1);
    const item = value(reader, valueType, known?.element, depth + 1);
    entries.push([typeof key === "string" ? key : JSON.stringify(key), item]);
  }
  return Object.fromEntries(entries);
}

function constant(number: number, known: Known): Readable {
  return known?.nameOf?.(number) ?? number;
}

function long(exact: bigint): Readable {
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : String(exact);
}

function text(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoded = buffer.toString("utf8");
  return decoded.includes("\ufffd") ? buffer.toString("base64") : decoded;
}

/**
 * Thrift's types as values: each reads and writes itself, and carries the TypeScript type that it stands for, so that a
 * struct is described once. What they are in TypeScript:
 *
 *   bool, i32, double, string   boolean, number, number, string
 *   i64                         number; beyond ±2⁵³ it is refused, both ways
 *   exactI64                    bigint, for the one field that may hold any long (JavaObjectArg.long_arg)
 *   binary                      Uint8Array
 *   enumeration                 the constant's name; a number that has no name reads as an absent field, as in Java
 *   list, set                   readonly array, ReadonlySet
 *   map                         ReadonlyMap, in the order of the bytes; keys are strings or numbers
 *   pairs                       a map whose keys are structs or lists: readonly [key, value] pairs
 */
import type { ThriftReader } from "./reader.ts";
import { type WireType, wireType } from "./wire-types.ts";
import type { ThriftWriter } from "./writer.ts";

export interface Type<T> {
  readonly wireType: WireType;
  /** Undefined: a value that this version does not know; the field counts as absent. */
  read(reader: ThriftReader): T | undefined;
  write(writer: ThriftWriter, value: T): void;
}

/** The TypeScript type of a description: `type KillOptions = TypeOf<typeof KillOptions>`. */
export type TypeOf<D> = D extends Type<infer T> ? T : never;

export const bool: Type<boolean> = {
  wireType: wireType.bool,
  read: (reader) => reader.bool(),
  write: (writer, value) => writer.bool(value),
};

export const i32: Type<number> = {
  wireType: wireType.i32,
  read: (reader) => reader.i32(),
  write: (writer, value) => writer.i32(value),
};

export const i64: Type<number> = {
  wireType: wireType.i64,
  read: (reader) => reader.i64(),
  write: (writer, value) => writer.i64(value),
};

export const exactI64: Type<bigint> = {
  wireType: wireType.i64,
  read: (reader) => reader.exactI64(),
  write: (writer, value) => writer.exactI64(value),
};

export const double: Type<number> = {
  wireType: wireType.double,
  read: (reader) => reader.double(),
  write: (writer, value) => writer.double(value),
};

export const string: Type<string> = {
  wireType: wireType.string,
  read: (reader) => reader.string(),
  write: (writer, value) => writer.string(value),
};

export const binary: Type<Uint8Array> = {
  wireType: wireType.string,
  read: (reader) => reader.binary(),
  write: (writer, value) => writer.binary(value),
};

/** `enumeration({ ACTIVE: 1, INACTIVE: 2 })`. */
export function enumeration<const N extends Readonly<Record<string, number>>>(numbers: N): Type<keyof N & string> {
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  return {
    wireType: wireType.i32,
    read: (reader) => names.get(reader.i32()),
    write: (writer, value) => {
      const number = Object.hasOwn(numbers, value) ? numbers[value] : undefined;
      if (number === undefined) throw writer.fault(value, `one of ${Object.keys(numbers).join(", ")}`);
      writer.i32(number);
    },
  };
}

/** Lists, sets and maps. Order is kept, so what was read is written again to the same bytes. */
import type { ThriftReader } from "./reader.ts";
import type { Type } from "./types.ts";
import { wireType } from "./wire-types.ts";
import type { ThriftWriter } from "./writer.ts";

export function list<T>(element: Type<T>): Type<readonly T[]> {
  return {
    wireType: wireType.list,
    read: (reader) => readElements(reader, element),
    write: (writer, value) => {
      if (!Array.isArray(value)) throw writer.fault(value, "an array");
      writeCount(writer, element.wireType, value.length);
      for (let index = 0; index < value.length; index++) element.write(writer, value[index]);
    },
  };
}

export function set<T extends string | number>(element: Type<T>): Type<ReadonlySet<T>> {
  return {
    wireType: wireType.set,
    read: (reader) => new Set(readElements(reader, element)),
    write: (writer, value) => {
      if (!(value instanceof Set)) throw writer.fault(value, "a Set");
      writeCount(writer, element.wireType, value.size);
      for (const item of value) element.write(writer, item);
    },
  };
}

/** Of two entries with one key the later counts, as in Java. */
export function map<K extends string | number, V>(key: Type<K>, value: Type<V>): Type<ReadonlyMap<K, V>> {
  return {
    wireType: wireType.map,
    read: (reader) => {
      const entries = new Map<K, V>();
      for (let left = reader.mapCount(key.wireType, value.wireType); left > 0; left--) {
        const name = known(reader, key.read(reader));
        entries.set(name, known(reader, value.read(reader)));
      }
      return entries;
    },
    write: (writer, entries) => {
      if (!(entries instanceof Map)) throw writer.fault(entries, "a Map");
      writeMapHead(writer, key, value, entries.size);
      for (const [name, item] of entries) {
        key.write(writer, name);
        value.write(writer, item);
      }
    },
  };
}

/** A map whose keys have no identity in JavaScript. Nothing looks for keys that are there twice. */
export function pairs<K, V>(key: Type<K>, value: Type<V>): Type<readonly (readonly [K, V])[]> {
  return {
    wireType: wireType.map,
    read: (reader) => {
      const entries: (readonly [K, V])[] = [];
      for (let left = reader.mapCount(key.wireType, value.wireType); left > 0; left--) {
        const name = known(reader, key.read(reader));
        entries.push([name, known(reader, value.read(reader))]);
      }
      return entries;
    },
    write: (writer, entries) => {
      if (!Array.isArray(entries)) throw writer.fault(entries, "an array of pairs");
      writeMapHead(writer, key, value, entries.length);
      for (const [name, item] of entries) {
        key.write(writer, name);
        value.write(writer, item);
      }
    },
  };
}

function readElements<T>(reader: ThriftReader, element: Type<T>): T[] {
  const count = reader.count(element.wireType);
  const items: T[] = [];
  for (let index = 0; index < count; index++) items.push(known(reader, element.read(reader)));
  return items;
}

/** A container has no room for "absent". */
function known<T>(reader: ThriftReader, value: T | undefined): T {
  if (value === undefined) throw reader.fault("an enumeration's number that has no name");
  return value;
}

function writeCount(writer: ThriftWriter, type: number, count: number): void {
  writer.byte(type);
  writer.i32(count);
}

function writeMapHead<K, V>(writer: ThriftWriter, key: Type<K>, value: Type<V>, count: number): void {
  writer.byte(key.wireType);
  writer.byte(value.wireType);
  writer.i32(count);
}

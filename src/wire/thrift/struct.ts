/**
 * Structs, described once: `struct("KillOptions", { wait_secs: optional(1, i32) })` reads, writes, and is the TypeScript
 * type. Read as Java reads: unknown fields and fields of another type are passed over, a required field must be there.
 * Written as Java writes: in the order of the ids, absent fields left out.
 */
import { ThriftReader } from "./reader.ts";
import type { Type } from "./types.ts";
import { wireType } from "./wire-types.ts";
import { ThriftWriter } from "./writer.ts";

export interface Field<T, P extends Presence = Presence> {
  readonly id: number;
  readonly type: Type<T>;
  readonly presence: P;
  /** Only of a defaulted field. */
  readonly initial?: () => T;
}

/** `defaulted`: read as its default where it is absent; the writer always gives it, as Java does. */
export type Presence = "required" | "optional" | "defaulted";

export type Fields = Readonly<Record<string, Field<unknown>>>;

type Value<F> = F extends Field<infer T> ? T : never;
type OptionalNames<F extends Fields> = {
  [N in keyof F]: F[N] extends Field<unknown, "optional"> ? N : never;
}[keyof F];

export type StructValue<F extends Fields> = {
  readonly [N in Exclude<keyof F, OptionalNames<F>>]: Value<F[N]>;
} & { readonly [N in OptionalNames<F>]?: Value<F[N]> | undefined } extends infer S
  ? { [N in keyof S]: S[N] }
  : never;

export function required<T>(id: number, type: Type<T>): Field<T, "required"> {
  return { id, type, presence: "required" };
}

export function optional<T>(id: number, type: Type<T>): Field<T, "optional"> {
  return { id, type, presence: "optional" };
}

export function defaulted<T>(id: number, type: Type<T>, initial: () => T): Field<T, "defaulted"> {
  return { id, type, presence: "defaulted", initial };
}

export function struct<const F extends Fields>(name: string, fields: F): StructType<StructValue<F>> {
  return new StructType(name, fields);
}

export interface NamedField extends Field<unknown> {
  readonly name: string;
}

export class StructType<V> implements Type<V> {
  readonly wireType = wireType.struct;
  readonly name: string;
  /** In the order of their ids, which is the order of the bytes. */
  readonly fields: readonly NamedField[];
  readonly #byId: ReadonlyMap<number, NamedField>;
  readonly #obliged: readonly NamedField[];

  constructor(name: string, fields: Fields) {
    this.name = name;
    this.fields = fieldsInOrder(fields);
    this.#byId = new Map(this.fields.map((field) => [field.id, field]));
    this.#obliged = this.fields.filter(({ presence }) => presence !== "optional");
  }

  /** The struct's bytes; throws `SL-THRIFT-VALUE`. */
  encode(value: V): Uint8Array<ArrayBuffer> {
    sharedWriter.truncate(0);
    this.write(sharedWriter, value);
    return sharedWriter.flush(keptWriterBytes);
  }

  /** The value of bytes that are this struct and nothing else; throws `SL-THRIFT-BYTES`. */
  decode(bytes: Uint8Array): V {
    const reader = new ThriftReader(bytes);
    const value = this.read(reader);
    if (reader.remaining > 0) throw reader.fault(`${reader.remaining} bytes after its end`);
    return value;
  }

  write(writer: ThriftWriter, value: V): void {
    const values = value as Readonly<Record<string, unknown>>;
    if (typeof values !== "object" || values === null) throw writer.fault(value, `a ${this.name}`);
    const { fields, name } = this;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!;
      const item = values[field.name];
      writer.structName = name;
      writer.fieldName = field.name;
      if (item === undefined || item === null) {
        if (field.presence === "required") throw writer.fault(item, "there, and it is required");
        continue;
      }
      writer.field(field.type.wireType, field.id);
      field.type.write(writer, item);
    }
    writer.stop();
  }

  read(reader: ThriftReader): V {
    const values: Record<string, unknown> = {};
    const { fields, name } = this;
    // Bytes in the order of the ids, as everybody writes them, need no look-up.
    let next = 0;
    for (let type = reader.byte(); type !== wireType.stop; type = reader.byte()) {
      const id = reader.i16();
      while (next < fields.length && fields[next]!.id < id) next++;
      const expected = fields[next];
      const field = expected?.id === id ? expected : this.#byId.get(id);
      reader.structName = name;
      reader.fieldName = field?.name ?? String(id);
      if (field === undefined || field.type.wireType !== type) {
        reader.skip(type);
        continue;
      }
      const item = field.type.read(reader);
      if (item !== undefined) values[field.name] = item;
    }
    this.#complete(reader, values);
    return values as V;
  }

  #complete(reader: ThriftReader, values: Record<string, unknown>): void {
    const obliged = this.#obliged;
    for (let index = 0; index < obliged.length; index++) {
      const field = obliged[index]!;
      if (values[field.name] !== undefined) continue;
      if (field.presence === "required") {
        reader.structName = this.name;
        reader.fieldName = field.name;
        throw reader.fault("the required field is absent");
      }
      values[field.name] = field.initial?.();
    }
  }
}

function fieldsInOrder(fields: Fields): readonly NamedField[] {
  return Object.entries(fields)
    .map(([name, field]) => ({ name, ...field }))
    .sort((a, b) => a.id - b.id);
}

/** Encoding never yields, so one writer serves everybody. */
const sharedWriter = new ThriftWriter();
/** A write buffer that grew beyond this is let go after use. */
const keptWriterBytes = 64 * 1024;

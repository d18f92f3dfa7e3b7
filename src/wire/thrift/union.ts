/**
 * Unions: an object with the one property that is set, such as `{ shell: { … } }`. The others are typed as absent, so both
 * `object.shell !== undefined` and `"shell" in object` tell which it is.
 */
import type { ThriftReader } from "./reader.ts";
import { type Field, type NamedField, StructType } from "./struct.ts";
import type { ThriftWriter } from "./writer.ts";

type Members = Readonly<Record<string, Field<unknown, "optional">>>;

export type UnionValue<M extends Members> = {
  [N in keyof M]: {
    readonly [O in N]: M[O] extends Field<infer T> ? T : never;
  } & { readonly [O in Exclude<keyof M, N>]?: undefined } extends infer S
    ? { [O in keyof S]: S[O] }
    : never;
}[keyof M];

export function union<const M extends Members>(name: string, members: M): StructType<UnionValue<M>> {
  return new UnionType(name, members);
}

class UnionType<V> extends StructType<V> {
  override write(writer: ThriftWriter, value: V): void {
    if (setMembers(this.fields, value) !== 1)
      throw writer.fault(JSON.stringify(Object.keys(value as object)), `a ${this.name} with one member`);
    super.write(writer, value);
  }

  override read(reader: ThriftReader): V {
    const value = super.read(reader);
    const count = setMembers(this.fields, value);
    if (count !== 1) throw reader.fault(`a ${this.name} with ${count} known members instead of one`);
    return value;
  }
}

function setMembers(fields: readonly NamedField[], value: unknown): number {
  const values = value as Readonly<Record<string, unknown>>;
  let count = 0;
  for (const { name } of fields) if (values[name] !== undefined) count++;
  return count;
}

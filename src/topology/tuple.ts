/** What a bolt receives. */
import type { Fields } from "./fields.ts";

/** Field name → type of its value, for authors who want their bolt's input checked: `Tuple<{ word: string; num: number }>`. */
export type Shape = Readonly<Record<string, unknown>>;

/**
 * An ordered list of values with field names and its origin. Values are immutable after emit.
 * Typed getters throw SL-TUPLE-TYPE when the value is of another type, and every getter throws SL-TUPLE-FIELD
 * for a field or index that the stream does not declare.
 */
export interface Tuple<S extends Shape = Shape> {
  readonly size: number;
  getFields(): Fields;
  getValues(): readonly unknown[];
  getValue(index: number): unknown;
  getValueByField<F extends keyof S & string>(field: F): S[F];
  contains(field: string): boolean;
  getString(index: number): string;
  getStringByField(field: keyof S & string): string;
  getNumber(index: number): number;
  getNumberByField(field: keyof S & string): number;
  getBoolean(index: number): boolean;
  getBooleanByField(field: keyof S & string): boolean;
  getBinary(index: number): Uint8Array;
  getBinaryByField(field: keyof S & string): Uint8Array;
  /** The values of the given fields, in their order. */
  select(fields: Fields): unknown[];
  getSourceComponent(): string;
  getSourceStreamId(): string;
  getSourceTask(): number;
  /** The tuple's tree roots and edges: 64-bit ids as signed decimal strings. Empty for an untracked tuple. */
  getMessageId(): ReadonlyMap<string, string>;
}

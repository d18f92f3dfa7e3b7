/** What a byte before a value says of it, in Thrift's binary protocol (TType). */

export const wireType = {
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

export type WireType = (typeof wireType)[keyof typeof wireType];

const bytesByType: readonly number[] = [0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 0, 0, 0, 0, 0];
const leastBytesByType: readonly number[] = [0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 4, 1, 6, 5, 5];

/** Bytes of a value whose size is fixed; 0 for the others. */
export function fixedBytes(type: number): number {
  return bytesByType[type] ?? 0;
}

/** Bytes that a value of this type takes at least; 0: there is no such type. */
export function leastBytes(type: number): number {
  return leastBytesByType[type] ?? 0;
}

/**
 * Java's hash codes, because Storm's fields grouping is `floorMod(Arrays.deepHashCode(values), tasks)` and a key must
 * land on the task index that it has in Storm. A JavaScript number counts as what Storm's own multilang adapter makes of it: a Long when
 * it is a whole number (within ±2^53, where it is exact; −0 is 0, as in JSON), else a Double.
 */

/** Index of the task for these key values. `taskCount` ≥ 1. */
export function fieldsTaskIndex(values: readonly unknown[], indexes: readonly number[], taskCount: number): number {
  let hash = 1;
  for (let i = 0; i < indexes.length; i++) {
    const value = values[indexes[i] as number];
    hash = (Math.imul(31, hash) + (typeof value === "string" ? stringHash(value) : javaHash(value))) | 0;
  }
  // A power of two needs no division.
  if ((taskCount & (taskCount - 1)) === 0) return hash & (taskCount - 1);
  // The remainder of a negative hash may be −0, which is no index.
  const remainder = (hash % taskCount) | 0;
  return remainder < 0 ? remainder + taskCount : remainder;
}

/** `Object.hashCode` of the value that Java would hold; a list hashes as `Arrays.deepHashCode`. */
export function javaHash(value: unknown): number {
  switch (typeof value) {
    case "string":
      return stringHash(value);
    case "number":
      return numberHash(value);
    case "boolean":
      return value ? 1231 : 1237;
    case "bigint":
      return longHash(value);
    case "object":
      return objectHash(value);
    default:
      return 0;
  }
}

/** `String.hashCode`: 31·h + UTF-16 unit. */
export function stringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

const doubleView = new DataView(new ArrayBuffer(8));

function numberHash(value: number): number {
  if (value === (value | 0)) return value >= 0 ? value | 0 : ~value;
  if (Number.isSafeInteger(value)) return longHash(BigInt(value));
  doubleView.setFloat64(0, value);
  if (Number.isNaN(value)) doubleView.setBigInt64(0, 0x7ff8000000000000n);
  return doubleView.getInt32(0) ^ doubleView.getInt32(4);
}

/** `Long.hashCode`; a value beyond 64 bits hashes as `BigInteger`. */
function longHash(value: bigint): number {
  if (BigInt.asIntN(64, value) !== value) return bigIntegerHash(value);
  const bits = BigInt.asUintN(64, value);
  return Number(BigInt.asIntN(32, bits ^ (bits >> 32n)));
}

function bigIntegerHash(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const words = Math.ceil(magnitude.toString(16).length / 8);
  let hash = 0;
  for (let word = words - 1; word >= 0; word--) {
    hash = (Math.imul(31, hash) + Number(BigInt.asIntN(32, magnitude >> BigInt(word * 32)))) | 0;
  }
  return value < 0n ? -hash | 0 : hash;
}

function objectHash(value: object | null): number {
  if (value === null) return 0;
  if (value instanceof Uint8Array) return foldBytes(value);
  if (value instanceof Date) return numberHash(value.getTime());
  if (Array.isArray(value)) return foldList(value);
  if (value instanceof Set) return foldSum(value, javaHash);
  if (value instanceof Map) return foldSum(value, ([key, item]) => javaHash(key) ^ javaHash(item));
  return foldSum(Object.entries(value), ([key, item]) => stringHash(key) ^ javaHash(item));
}

function foldList(list: readonly unknown[]): number {
  let hash = 1;
  for (const item of list) hash = (Math.imul(31, hash) + javaHash(item)) | 0;
  return hash;
}

/** `Arrays.hashCode(byte[])`: bytes are signed in Java. */
function foldBytes(bytes: Uint8Array): number {
  let hash = 1;
  for (const byte of bytes) hash = (Math.imul(31, hash) + ((byte << 24) >> 24)) | 0;
  return hash;
}

function foldSum<T>(items: Iterable<T>, hashOf: (item: T) => number): number {
  let hash = 0;
  for (const item of items) hash = (hash + hashOf(item)) | 0;
  return hash;
}

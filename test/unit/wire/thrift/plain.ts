/** Values of Thrift as JSON has them: maps as lists of pairs, bytes in base64, and as text what JSON cannot say. */

export function plain(value: unknown): unknown {
  if (typeof value === "bigint" || Object.is(value, -0)) return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Map || value instanceof Set || Array.isArray(value)) return [...value].map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

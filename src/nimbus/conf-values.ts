/** Reading values of a conf that came over the wire: JSON objects, and numbers that may be missing. */

export type ConfObject = Readonly<Record<string, unknown>>;

/** Throws `SyntaxError` for what is no JSON object. */
export function jsonObject(text: string): ConfObject {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new SyntaxError("it is no JSON object");
  }
  return parsed as ConfObject;
}

/** `missing` where the key is absent, null or no number. */
export function numberOf(conf: ConfObject, key: string, missing: number): number {
  const value = Object.hasOwn(conf, key) ? conf[key] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : missing;
}

/** Finds out, after the writer has refused a tuple, which value it was: the hot path keeps no paths. */
import type { StormLabError } from "../../base/index.ts";
import { tupleValueFault } from "./faults.ts";
import { maxBigintBytes, maxDepth } from "./value-tags.ts";

/** What the writer throws inside; it never leaves the codec. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** The error for a tuple with these values, which the writer has refused. */
export function explainRefusal(values: readonly unknown[], refusal: Refusal): StormLabError {
  for (const [index, value] of values.entries()) {
    const found = search(value, "", 0);
    if (found !== null) {
      const where = found.path === "" ? `value ${index}` : `value ${index} at ${found.path}`;
      return tupleValueFault(where, found.kind);
    }
  }
  return tupleValueFault("the whole of its values", refusal.message);
}

interface Found {
  readonly path: string;
  readonly kind: string;
}

function search(value: unknown, path: string, depth: number): Found | null {
  if (typeof value === "function") return { path, kind: `a function${value.name === "" ? "" : ` (${value.name})`}` };
  if (typeof value === "symbol") return { path, kind: `a symbol (${String(value)})` };
  if (typeof value === "bigint")
    return isHuge(value) ? { path, kind: `a bigint of more than ${maxBigintBytes} bytes` } : null;
  if (typeof value !== "object" || value === null) return null;
  if (isLeaf(value)) return null;
  if (depth >= maxDepth) return { path: shorten(path), kind: `nested more than ${maxDepth} deep, or contains itself` };
  for (const [step, inner] of contents(value)) {
    const found = search(inner, path + step, depth + 1);
    if (found !== null) return found;
  }
  return isContainer(value) ? null : { path, kind: `an instance of ${className(value)}` };
}

function* contents(value: object): Generator<[string, unknown]> {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield [`[${index}]`, inner];
  } else if (value instanceof Map) {
    for (const [key, inner] of value) {
      yield [".key", key];
      yield [`.get(${typeof key === "string" ? JSON.stringify(key) : typeof key})`, inner];
    }
  } else if (value instanceof Set) {
    for (const inner of value) yield [".member", inner];
  } else if (isPlainObject(value)) {
    for (const [key, inner] of Object.entries(value)) yield [`.${key}`, inner];
  }
}

export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isLeaf(value: object): boolean {
  return value instanceof Uint8Array || value instanceof Date;
}

function isContainer(value: object): boolean {
  return Array.isArray(value) || value instanceof Map || value instanceof Set || isPlainObject(value);
}

function isHuge(value: bigint): boolean {
  return BigInt.asIntN(maxBigintBytes * 8, value) !== value;
}

function className(value: object): string {
  const maker: unknown = value.constructor;
  return typeof maker === "function" && maker.name !== "" ? maker.name : "an unnamed class";
}

function shorten(path: string): string {
  return path.length <= 60 ? path : `${path.slice(0, 57)}…`;
}

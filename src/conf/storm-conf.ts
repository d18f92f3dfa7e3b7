/** Storm's configuration as a daemon or a client has it: every key checked once, then read by name. */
import { assert, exitCodes, nearestWord, StormLabError } from "../base/index.ts";
import type { Conf } from "../topology/index.ts";
import { knownKeys } from "./known-keys.ts";

/** Where a value stands, in words, such as `conf/storm.yaml:7`. */
export type PlaceOf = (key: string) => string;

/** Immutable. Asking for a key that is no key of Storm's, or that holds another kind of value, is a mistake of the caller. */
export class StormConf {
  /** Every known key with its value, and the author's own keys. */
  readonly values: Conf;

  constructor(values: Conf) {
    this.values = Object.freeze({ ...defaults, ...values });
  }

  number(key: string): number {
    const value = this.get(key);
    assert(typeof value === "number", `${key} is a number`);
    return value;
  }

  text(key: string): string {
    const value = this.get(key);
    assert(typeof value === "string", `${key} is a text`);
    return value;
  }

  flag(key: string): boolean {
    const value = this.get(key);
    assert(typeof value === "boolean", `${key} is true or false`);
    return value;
  }

  texts(key: string): readonly string[] {
    const value = this.get(key);
    assert(Array.isArray(value), `${key} is a list`);
    return value as readonly string[];
  }

  numbers(key: string): readonly number[] {
    const value = this.get(key);
    assert(Array.isArray(value), `${key} is a list`);
    return value as readonly number[];
  }

  /** Null when the key has no value. */
  optional<T>(read: (conf: StormConf) => T, key: string): T | null {
    return this.get(key) === null ? null : read(this);
  }

  /** The value as it is. */
  get(key: string): unknown {
    assert(Object.hasOwn(knownKeys, key), `${key} is a known key`);
    return this.values[key] ?? null;
  }
}

/** By Storm's names: every key that has one. */
const defaults: Conf = Object.freeze(
  Object.fromEntries(
    Object.entries(knownKeys).flatMap(([key, spec]) => (spec.default === undefined ? [] : [[key, spec.default]])),
  ),
);

/** The first words of Storm's keys. */
const families = new Set(Object.keys(knownKeys).map(familyOf));

function familyOf(key: string): string {
  return key.split(".")[0] ?? key;
}

export interface CheckedConf {
  /** One sentence each: keys that are probably misspelt, keys of which nothing comes. */
  readonly warnings: readonly string[];
}

/** Throws SL-CONF-VALUE, SL-CONF-REFUSED for the first value that cannot be had. */
export function checkConf(values: Conf, placeOf: PlaceOf): CheckedConf {
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const spec = Object.hasOwn(knownKeys, key) ? knownKeys[key] : undefined;
    if (spec === undefined) {
      const guess = nearestWord(key, Object.keys(knownKeys), Math.max(1, Math.floor(key.length / 5)));
      if (guess !== null) warnings.push(`${placeOf(key)} ${key} is no key of Storm's; is ${guess} meant?`);
      else if (families.has(familyOf(key)))
        warnings.push(`${placeOf(key)} nothing comes of ${key}: no daemon here knows it`);
      continue;
    }
    if (same(value, spec.default)) continue;
    if (!spec.rule.holds(value))
      throw badValue(`${placeOf(key)} ${key} is ${shown(value)}`, key, spec.rule.wants, spec.default);
    if (spec.honoured === "refused")
      throw refusedValue(`${placeOf(key)} ${key} is ${shown(value)}`, spec.why, spec.default);
    if (spec.honoured === "no") warnings.push(`${placeOf(key)} nothing comes of ${key}: ${spec.why}`);
  }
  return { warnings };
}

/** Nothing is the same as null. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}

const shownMax = 100;

function badValue(what: string, key: string, wants: string, byDefault: unknown): StormLabError {
  return new StormLabError({
    code: "SL-CONF-VALUE",
    what,
    why: `${key} must be ${wants}`,
    hint: `set it to ${wants}; ${byDefault === undefined ? "Storm does not set it" : `Storm's default is ${shown(byDefault)}`}`,
    exitCode: exitCodes.usage,
  });
}

function refusedValue(what: string, why: string, byDefault: unknown): StormLabError {
  return new StormLabError({
    code: "SL-CONF-REFUSED",
    what: `${what}, which storm-lab cannot do`,
    why,
    hint: `leave the line out${byDefault === undefined ? "" : `; the value that works is ${shown(byDefault)}`}`,
    exitCode: exitCodes.unsupported,
  });
}

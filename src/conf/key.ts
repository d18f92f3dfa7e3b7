/** What is known of one key of storm.yaml. */
import type { ConfRule as Rule } from "../topology/index.ts";

/** `yes`: a daemon acts by it. `no`: it can be set, and nothing comes of it: `why` tells. `refused`: only its default can be had. */
export type Honoured = "yes" | "no" | "refused";

export interface KeySpec {
  /** Undefined: Storm's defaults.yaml does not set it. */
  readonly default: unknown;
  readonly rule: Rule;
  readonly meaning: string;
  readonly honoured: Honoured;
  /** Empty for a key that is honoured. */
  readonly why: string;
}

export type Keys = Readonly<Record<string, KeySpec>>;

export function honoured(byDefault: unknown, rule: Rule, meaning: string): KeySpec {
  return { default: byDefault, rule, meaning, honoured: "yes", why: "" };
}

export function without(byDefault: unknown, rule: Rule, meaning: string, why: string): KeySpec {
  return { default: byDefault, rule, meaning, honoured: "no", why };
}

export function refused(byDefault: unknown, rule: Rule, meaning: string, why: string): KeySpec {
  return { default: byDefault, rule, meaning, honoured: "refused", why };
}

export const anything: Rule = { wants: "a value", holds: () => true };
export const text: Rule = { wants: "a text", holds: (value) => typeof value === "string" };
export const flag: Rule = { wants: "true or false", holds: (value) => typeof value === "boolean" };
export const positive: Rule = {
  wants: "a number above 0",
  holds: (value) => typeof value === "number" && Number.isFinite(value) && value > 0,
};
export const notNegative: Rule = {
  wants: "a number, 0 or more",
  holds: (value) => typeof value === "number" && Number.isFinite(value) && value >= 0,
};
export const count: Rule = {
  wants: "a whole number, 0 or more",
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};
export const atLeastOne: Rule = {
  wants: "a whole number, 1 or more",
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
};
const isPort = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535;
/** 0 picks a free one. */
export const port: Rule = { wants: "a port, 0 to 65535", holds: isPort };
export const portOrOff: Rule = { wants: "a port, or -1 for none", holds: (value) => value === -1 || isPort(value) };
/** Nobody could find one that is picked. */
export const fixedPortOrOff: Rule = {
  wants: "a port, 1 to 65535, or -1 for none",
  holds: (value) => value !== 0 && portOrOff.holds(value),
};
export const ports: Rule = {
  wants: "a list of different ports",
  holds: (value) => Array.isArray(value) && value.every(isPort) && new Set(value).size === value.length,
};
export const texts: Rule = {
  wants: "a list of texts",
  holds: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string" && one !== ""),
};
export const mapping: Rule = {
  wants: "a mapping",
  holds: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
export const textOrTexts: Rule = {
  wants: "a text or a list of texts",
  holds: (value) => text.holds(value) || texts.holds(value),
};

export function orNothing(rule: Rule): Rule {
  return { wants: `${rule.wants}, or null`, holds: (value) => value === null || rule.holds(value) };
}

/** A value of the same kind. */
export function like(example: unknown): Rule {
  if (typeof example === "number") return notNegative;
  if (typeof example === "boolean") return flag;
  if (typeof example === "string") return text;
  return Array.isArray(example) ? { wants: "a list", holds: Array.isArray } : mapping;
}

export function oneOf(...words: readonly string[]): Rule {
  return { wants: `one of ${words.join(", ")}`, holds: (value) => words.includes(value as string) };
}

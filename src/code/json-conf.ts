/** A conf as JSON, which is how Storm carries it. What JSON would lose or change is refused, because a worker would get another value. */
import { exitCodes, messageOf, StormLabError } from "../base/index.ts";
import type { Conf } from "../topology/index.ts";

/** `where`: for people, such as `the topology's conf`. Throws SL-CONF-JSON. */
export function jsonConf(conf: Conf, where: string): string {
  for (const [key, value] of Object.entries(conf)) check(value, key, where, []);
  return JSON.stringify(conf);
}

/** Throws SL-CONF-JSON. */
export function confFromJson(text: string, where: string): Conf {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw confJson(where, messageOf(error));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw confJson(where, "it is no object");
  return Object.freeze(value as Conf);
}

function check(value: unknown, path: string, where: string, above: readonly unknown[]): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  // JSON leaves such a key out, which says the same; in a list it would become null.
  if (value === undefined && !Array.isArray(above.at(-1))) return;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw confJson(where, `${path} is ${value}`);
    return;
  }
  if (typeof value !== "object") throw confJson(where, `${path} is of type ${typeof value}`);
  if (above.includes(value)) throw confJson(where, `${path} contains itself`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null)
    throw confJson(where, `${path} is a ${(prototype as object).constructor.name}`);
  for (const [key, item] of Object.entries(value)) check(item, `${path}.${key}`, where, [...above, value]);
}

function confJson(where: string, reason: string): StormLabError {
  return new StormLabError({
    code: "SL-CONF-JSON",
    what: `${where} cannot be carried as JSON: ${reason}`,
    why: "a conf reaches the workers as JSON: texts, finite numbers, true, false, null, lists and plain objects",
    hint: "give a value of these kinds, or make the object in open or prepare",
    exitCode: exitCodes.usage,
  });
}

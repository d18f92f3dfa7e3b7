/**
 * One component object, many tasks: each task gets its own copy, as Storm's serialisation gives each its own. What cannot be copied
 * faithfully is refused, because two tasks that share a member silently would be worse.
 */
import { exitCodes, StormLabError } from "../base/index.ts";

/** A deep copy with prototypes kept. Throws SL-COMPONENT-COPY for functions, symbols, private members and handles. */
export function copyComponent<T extends object>(component: T, owner: string): T {
  return copyValue(component, owner, new Map()) as T;
}

function copyValue(value: unknown, path: string, seen: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw refusal(path, `it is a ${typeof value}`);
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Map.prototype) return copyMap(value as Map<unknown, unknown>, path, seen);
  if (prototype === Set.prototype) return copySet(value as Set<unknown>, path, seen);
  if (prototype === Date.prototype) return new Date(value as Date);
  if (ArrayBuffer.isView(value) || prototype === ArrayBuffer.prototype || prototype === RegExp.prototype) {
    // A clone of a Buffer would be a bare Uint8Array.
    const clone: object = Object.setPrototypeOf(structuredClone(value), prototype as object);
    seen.set(value, clone);
    return clone;
  }
  return copyObject(value, path, seen);
}

function copyMap(map: Map<unknown, unknown>, path: string, seen: Map<object, unknown>): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>();
  seen.set(map, copy);
  for (const [key, item] of map) copy.set(copyValue(key, path, seen), copyValue(item, `${path}.${String(key)}`, seen));
  return copy;
}

function copySet(set: Set<unknown>, path: string, seen: Map<object, unknown>): Set<unknown> {
  const copy = new Set<unknown>();
  seen.set(set, copy);
  for (const item of set) copy.add(copyValue(item, path, seen));
  return copy;
}

function copyObject(value: object, path: string, seen: Map<object, unknown>): unknown {
  refuseHiddenState(value, path);
  const copy: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  seen.set(value, copy);
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
    const where = `${path}.${String(key)}`;
    if (property.get !== undefined || property.set !== undefined) throw refusal(where, "it is an accessor");
    Object.defineProperty(copy, key, { ...property, value: copyValue(property.value, where, seen) });
  }
  return copy;
}

/**
 * What a copy made from outside a class cannot carry: `#private` members, whose declarations show in the class's source, and the inner
 * state of what the platform itself makes (sockets, promises, weak maps, subclasses of Map …).
 */
function refuseHiddenState(value: object, path: string): void {
  let prototype: unknown = Object.getPrototypeOf(value);
  while (typeof prototype === "object" && prototype !== null && prototype !== Object.prototype) {
    const maker = prototype.constructor;
    const source = typeof maker === "function" ? Function.prototype.toString.call(maker) : "";
    const member = /(?:^|[\s;{])(?:static\s+)?(#[A-Za-z_$][\w$]*)\s*(?:[=;(}]|$)/m.exec(source)?.[1];
    if (member !== undefined) throw refusal(`${path}.${member}`, "a private member cannot be copied");
    if (source.endsWith("{ [native code] }") && prototype !== Array.prototype) {
      throw refusal(path, `it is a ${maker.name}`);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
}

function refusal(path: string, reason: string): StormLabError {
  return new StormLabError({
    code: "SL-COMPONENT-COPY",
    what: `${path} cannot be copied for each task: ${reason}`,
    why: "a component with more than one task is copied, as Storm serialises it; only data can be copied",
    hint: "make it in open or prepare, or give the builder a function: setBolt(id, () => new MyBolt(), 4)",
    exitCode: exitCodes.usage,
  });
}

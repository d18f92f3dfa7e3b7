/**
 * One component object, many tasks: each task gets its own copy, as Storm's serialisation gives each its own. What cannot be copied
 * faithfully is refused, because two tasks that share a member silently would be worse.
 */
import { exitCodes, StormLabError } from "../base/index.ts";
import type { AnyComponent } from "./components.ts";
import type { CustomStreamGrouping } from "./groupings.ts";

/** A deep copy with prototypes kept. Throws SL-COMPONENT-COPY for functions, symbols, private members and handles. */
export function copyComponent<T extends AnyComponent | CustomStreamGrouping>(component: T, owner: string): T {
  refusePrivateMembers(component, owner);
  return copyValue(component, owner, new Map()) as T;
}

function copyValue(value: unknown, path: string, seen: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw refusal(path, `it is a ${typeof value}`);
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (value instanceof Date) return new Date(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof RegExp)
    return structuredClone(value);
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    seen.set(value, copy);
    for (const [key, item] of value)
      copy.set(copyValue(key, path, seen), copyValue(item, `${path}.${String(key)}`, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    seen.set(value, copy);
    for (const item of value) copy.add(copyValue(item, path, seen));
    return copy;
  }
  return copyObject(value, path, seen);
}

function copyObject(value: object, path: string, seen: Map<object, unknown>): unknown {
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
    throw refusal(path, `it is a ${value.constructor.name}`);
  }
  const copy: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  seen.set(value, copy);
  for (const key of Object.keys(value)) {
    const item: unknown = (value as Record<string, unknown>)[key];
    Object.defineProperty(copy, key, {
      value: copyValue(item, `${path}.${key}`, seen),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return copy;
}

/** A copy made from outside a class cannot carry its `#private` members; their declarations show in the class's source. */
function refusePrivateMembers(component: object, owner: string): void {
  let prototype: unknown = Object.getPrototypeOf(component);
  while (typeof prototype === "object" && prototype !== null && prototype !== Object.prototype) {
    const source = Function.prototype.toString.call(prototype.constructor);
    const member = /(?:^|[\s;{])(?:static\s+)?(#[A-Za-z_$][\w$]*)\s*(?:[=;(]|$)/m.exec(source)?.[1];
    if (member !== undefined) throw refusal(`${owner}.${member}`, "a private member cannot be copied");
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

/** What tasks publish, merged over tasks and workers. */
import { type ComponentMetrics, componentMetrics, type TaskMetrics } from "../executor/index.ts";
import type { Published } from "../topology/index.ts";

/** What JSON can hold: maps have become objects. */
export type ResultValue = null | boolean | number | string | ResultValue[] | { [key: string]: ResultValue };

/** One worker's published values and counters, as plain data. */
export interface WorkerReport {
  readonly results: Readonly<Record<string, readonly ResultValue[]>>;
  readonly tasks: readonly TaskMetrics[];
}

export interface TopologyReport {
  /** Published name → merged value. */
  readonly results: Readonly<Record<string, ResultValue>>;
  /** Component id → its counters over all tasks. */
  readonly components: Readonly<Record<string, ComponentMetrics>>;
}

export function workerReport(
  results: ReadonlyMap<string, readonly Published[]>,
  tasks: readonly TaskMetrics[],
): WorkerReport {
  const plain = [...results].map(([name, values]): [string, ResultValue[]] => [name, values.map(toPlain)]);
  return { results: Object.fromEntries(plain), tasks };
}

export function mergeReports(reports: readonly WorkerReport[], uptimeMs: number): TopologyReport {
  const results = copyOf({});
  for (const report of reports) {
    for (const [name, values] of Object.entries(report.results)) {
      for (const value of values)
        results[name] = Object.hasOwn(results, name) ? mergeValues(results[name] as ResultValue, value) : value;
    }
  }
  const tasks = reports.flatMap((report) => report.tasks);
  return { results, components: componentMetrics(tasks, uptimeMs) };
}

/** Numbers add, lists are joined, objects merge key by key; of anything else the later value counts. */
function mergeValues(a: ResultValue, b: ResultValue): ResultValue {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (!isObject(a) || !isObject(b)) return b;
  const merged = copyOf(a);
  for (const [key, value] of Object.entries(b))
    merged[key] = Object.hasOwn(merged, key) ? mergeValues(merged[key] as ResultValue, value) : value;
  return merged;
}

function toPlain(value: unknown): ResultValue {
  if (value instanceof Map) {
    const object = copyOf({});
    for (const [key, item] of value) object[key] = toPlain(item);
    return object;
  }
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  // What JSON cannot hold is nothing, as JSON has it in a list.
  if (typeof value !== "object" || value === null) return null;
  const object = copyOf({});
  for (const [key, item] of Object.entries(value)) object[key] = toPlain(item);
  return object;
}

/** Without a prototype: a word such as "constructor" or "__proto__" is a key like any other. */
function copyOf(object: { [key: string]: ResultValue }): { [key: string]: ResultValue } {
  return Object.assign(Object.create(null), object);
}

function isObject(value: ResultValue): value is { [key: string]: ResultValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A topology's report in words. Knows nothing of what the topology computes: results are shown by their shape. */
import { visibleText } from "../../../base/index.ts";
import type { ResultValue, TopologyReport } from "../../../local/index.ts";
import { leftTable, type Row, table } from "./columns.ts";

export type Components = TopologyReport["components"];
type Metrics = Components[string];

const shownEntries = 8;

interface Column {
  readonly head: string;
  /** Left out where the line would not fit. */
  readonly spare?: boolean;
  cell(metrics: Metrics, rate: number): string;
}

const columns: readonly Column[] = [
  { head: "tasks", cell: (metrics) => count(metrics.tasks) },
  { head: "emitted", cell: (metrics) => count(metrics.emitted) },
  { head: "executed", cell: (metrics) => (metrics.kind === "spout" ? "" : count(metrics.executed)) },
  { head: "acked", cell: (metrics) => count(metrics.acked) },
  { head: "failed", cell: (metrics) => count(metrics.failed) },
  { head: "tuples/s", cell: (_metrics, rate) => count(Math.round(rate)) },
  {
    head: "execute ms",
    spare: true,
    cell: (metrics) => (metrics.kind === "spout" ? "" : metrics.executeLatencyMs.toFixed(3)),
  },
  {
    head: "complete ms",
    spare: true,
    cell: (metrics) => (metrics.completeLatencyMs > 0 ? metrics.completeLatencyMs.toFixed(1) : ""),
  },
  { head: "capacity", cell: (metrics) => (metrics.kind === "spout" ? "" : metrics.capacity.toFixed(2)) },
];

/** `flow`: ids in the order of the rows. `rateOf`: tuples a second of a component. */
export function componentTable(
  components: Components,
  flow: readonly string[],
  rateOf: (id: string) => number,
  terminalColumns: number,
): string[] {
  const lines = tableOf(columns, components, flow, rateOf);
  if (lines.every((line) => line.length < terminalColumns)) return lines;
  return tableOf(
    columns.filter(({ spare }) => spare !== true),
    components,
    flow,
    rateOf,
  );
}

function tableOf(
  shown: readonly Column[],
  components: Components,
  flow: readonly string[],
  rateOf: (id: string) => number,
): string[] {
  const rows: Row[] = [["component", ...shown.map((column) => column.head)]];
  for (const id of flow) {
    const metrics = components[id];
    if (metrics !== undefined) rows.push([visibleText(id), ...shown.map((column) => column.cell(metrics, rateOf(id)))]);
  }
  return table(rows);
}

/** What a component has worked on: a spout emits, a bolt executes. */
export function handled(metrics: Metrics | undefined): number {
  if (metrics === undefined) return 0;
  return metrics.kind === "spout" ? metrics.emitted : metrics.executed;
}

export function progressLine(components: Components, flow: readonly string[], seconds: number): string {
  const parts = flow.map((id) => `${visibleText(id)} ${count(handled(components[id]))}`);
  return `${seconds.toFixed(0).padStart(4)} s  ${parts.join("  ")}`;
}

/** Each published result: a number, a map's sum, size and largest entries, or JSON. */
export function resultLines({ results }: Pick<TopologyReport, "results">): string[] {
  return Object.entries(results).flatMap(([name, value]) => resultOf(visibleText(name), value));
}

function resultOf(name: string, value: ResultValue): string[] {
  const entries = numbersOf(value);
  if (entries === null)
    return [`${name}: ${typeof value === "number" ? count(value) : visibleText(JSON.stringify(value))}`];
  const total = entries.reduce((sum, [, number]) => sum + number, 0);
  const top = entries.sort((a, b) => b[1] - a[1]).slice(0, shownEntries);
  const rows = top.map(([key, number]) => [`  ${visibleText(key)}`, count(number)]);
  return [`${name}: ${count(total)} in all, ${count(entries.length)} different`, ...table(rows)];
}

/** What components have registered: a counter's sum, and a gauge's reading of each task. */
export function metricLines(components: Components, flow: readonly string[]): string[] {
  const rows: Row[] = [];
  for (const id of flow) {
    for (const [name, sum] of Object.entries(components[id]?.counters ?? {})) rows.push([id, name, count(sum)]);
    for (const [name, readings] of Object.entries(components[id]?.gauges ?? {}))
      rows.push([id, name, gaugeText(readings)]);
  }
  if (rows.length === 0) return [];
  return ["metrics:", ...leftTable(rows.map((row) => row.map(visibleText))).map((line) => `  ${line}`)];
}

function gaugeText(readings: Readonly<Record<number, number>>): string {
  const entries = Object.entries(readings);
  const shown = entries.slice(0, shownEntries).map(([taskId, value]) => `${count(value)} (task ${taskId})`);
  return [...shown, ...(entries.length > shown.length ? ["…"] : [])].join(", ");
}

function numbersOf(value: ResultValue): Array<[string, number]> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value);
  const numbers = entries.every((entry): entry is [string, number] => typeof entry[1] === "number");
  return numbers ? entries : null;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

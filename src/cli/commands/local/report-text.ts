/** A topology's report in words and columns. Knows nothing of what the topology computes: results are shown by their shape. */
import type { ResultValue, TopologyReport } from "../../../local/index.ts";
import type { Terminal } from "../../command.ts";

export type Row = readonly string[];

const topEntries = 10;

export const componentHeader: Row = [
  "component",
  "tasks",
  "emitted",
  "executed",
  "acked",
  "failed",
  "tuples/s",
  "execute ms",
  "complete ms",
  "capacity",
];

export function componentRows({ components }: TopologyReport, seconds: number): Row[] {
  return Object.entries(components).map(([id, metrics]) => {
    const handled = metrics.kind === "spout" ? metrics.emitted : metrics.executed;
    return [
      id,
      count(metrics.tasks),
      count(metrics.emitted),
      metrics.kind === "spout" ? "" : count(metrics.executed),
      count(metrics.acked),
      count(metrics.failed),
      count(Math.round(handled / Math.max(seconds, 0.001))),
      metrics.kind === "spout" ? "" : metrics.executeLatencyMs.toFixed(3),
      metrics.kind === "spout" && metrics.completeLatencyMs > 0 ? metrics.completeLatencyMs.toFixed(1) : "",
      metrics.kind === "spout" ? "" : metrics.capacity.toFixed(2),
    ];
  });
}

/** One line for each published result: a number, a map's size, sum and largest entries, or JSON. */
export function resultLines({ results }: TopologyReport): string[] {
  return Object.entries(results).flatMap(([name, value]) => resultOf(name, value));
}

export function progressLine(report: TopologyReport, seconds: number): string {
  const parts = Object.entries(report.components).map(([id, metrics]) => {
    const handled = metrics.kind === "spout" ? metrics.emitted : metrics.executed;
    return `${id} ${count(handled)}`;
  });
  return `${seconds.toFixed(0).padStart(4)} s  ${parts.join("  ")}\n`;
}

export function finalText(
  report: TopologyReport,
  seconds: number,
  terminal: Terminal,
  next: readonly string[],
): string {
  const lines = [
    ...(terminal.interactive ? [] : [...table([componentHeader, ...componentRows(report, seconds)]), ""]),
    ...resultLines(report),
    `done in ${seconds.toFixed(1)} s`,
    "",
    "next:",
    ...next.map((command) => `  ${command}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** Columns: the first to the left, numbers to the right. */
export function table(rows: readonly Row[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? padEnd(cell, widths[column] ?? 0) : padStart(cell, widths[column] ?? 0)))
      .join("  "),
  );
}

/** Entries of a map of numbers, largest first. */
export function largest(value: ResultValue): Array<[string, number]> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value);
  if (entries.length === 0 || !entries.every((entry): entry is [string, number] => typeof entry[1] === "number"))
    return null;
  return entries.sort((a, b) => b[1] - a[1]);
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

function resultOf(name: string, value: ResultValue): string[] {
  const entries = largest(value);
  if (entries === null) return [`${name}: ${typeof value === "number" ? count(value) : JSON.stringify(value)}`];
  const total = entries.reduce((sum, [, number]) => sum + number, 0);
  const top = entries.slice(0, topEntries).map(([key, number]) => `${key} ${count(number)}`);
  return [`${name}: ${count(total)} in all, ${count(entries.length)} different`, `  ${top.join("  ")}`];
}

function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}

function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - width(text))) + text;
}

/** Terminal columns of a text: wide characters (CJK and the like) take two. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1;
  return columns;
}

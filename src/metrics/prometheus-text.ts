/**
 * Metrics as Prometheus reads them, in an order that does not change. Source: Prometheus, Exposition formats, text-based format 0.0.4.
 * Label values are hostile: topologies, components and functions have any name that their authors like.
 */
import { assert } from "../base/index.ts";
import type { Labels, MetricFamily, Series } from "./families.ts";
import type { Distribution } from "./histogram.ts";

export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

/** Families without a number are left out. */
export function prometheusText(families: readonly MetricFamily[]): string {
  const told = families.filter(({ series }) => series.length > 0).sort((a, b) => compare(a.name, b.name));
  return told.map((family, index) => familyText(family, told[index - 1])).join("");
}

function familyText({ name, help, type, series }: MetricFamily, before: MetricFamily | undefined): string {
  assert(name !== before?.name, `the metric ${name} is told twice`);
  const texts = series.map(({ labels, value }): [string, Series["value"]] => [labelsText(labels), value]);
  texts.sort(([a], [b]) => compare(a, b));
  const lines = texts.flatMap(([labels, value]) =>
    typeof value === "number" ? [line(name, labels, value)] : distributionLines(name, labels, value, type),
  );
  return `# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function distributionLines(
  name: string,
  labels: string,
  { buckets, sum, count }: Distribution,
  type: MetricFamily["type"],
): string[] {
  const bounds = type === "histogram" ? [...buckets, [Number.POSITIVE_INFINITY, count] as const] : [];
  const within = (bound: number) => (labels === "" ? "" : `${labels},`) + labelText("le", numberText(bound));
  return [
    ...bounds.map(([bound, each]) => line(`${name}_bucket`, within(bound), each)),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ];
}

function line(name: string, labels: string, value: number): string {
  return `${name}${labels === "" ? "" : `{${labels}}`} ${numberText(value)}\n`;
}

function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => labelText(name, value))
    .join(",");
}

function labelText(name: string, value: string): string {
  return `${name}="${value.replace(/[\\\n"]/g, escaped)}"`;
}

function escaped(character: string): string {
  return character === "\n" ? "\\n" : `\\${character}`;
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** What a daemon measures: families of numbers, each told apart by its labels. Source: the data model of Prometheus. */
import type { Distribution, Histogram } from "./histogram.ts";

export type Labels = Readonly<Record<string, string>>;

export interface MetricFamily {
  readonly name: string;
  /** One sentence. */
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  readonly series: readonly Series[];
}

export interface Series {
  readonly labels: Labels;
  readonly value: number | Distribution;
}

/** One number, or one for each set of labels. */
export type Numbers = number | Iterable<readonly [Labels, number]>;

/** It only grows, until its daemon begins again at 0. By custom its name ends in `_total`. */
export function counter(name: string, help: string, numbers: Numbers): MetricFamily {
  return { name, help, type: "counter", series: seriesOf(numbers) };
}

export function gauge(name: string, help: string, numbers: Numbers): MetricFamily {
  return { name, help, type: "gauge", series: seriesOf(numbers) };
}

export function histogram(name: string, help: string, each: Iterable<readonly [Labels, Histogram]>): MetricFamily {
  const series = [...each].map(([labels, { distribution }]) => ({ labels, value: distribution }));
  return { name, help, type: "histogram", series };
}

/** Only how many there were, and their sum. */
export function summary(name: string, help: string, of: Pick<Distribution, "sum" | "count">): MetricFamily {
  const value = { buckets: [], sum: of.sum, count: of.count };
  return { name, help, type: "summary", series: [{ labels: {}, value }] };
}

function seriesOf(numbers: Numbers): Series[] {
  if (typeof numbers === "number") return [{ labels: {}, value: numbers }];
  return [...numbers].map(([labels, value]) => ({ labels, value }));
}

/** How often each method of nimbus' service was called: what Storm tells as `nimbus:num-METHOD-calls`. */
import { counter, type MetricFamily } from "../../metrics/index.ts";

type AnyHandler = (args: never, call: never) => unknown;

export interface CountedCalls<H> {
  /** Which count. */
  readonly handlers: H;
  readonly family: () => MetricFamily;
}

export function countCalls<H extends object>(handlers: H): CountedCalls<H> {
  const counts = new Map<string, number>(Object.keys(handlers).map((method) => [method, 0]));
  const counting = Object.entries(handlers as Record<string, AnyHandler>).map(([method, handler]) => [
    method,
    (args: never, call: never) => {
      counts.set(method, (counts.get(method) ?? 0) + 1);
      return handler(args, call);
    },
  ]);
  return {
    handlers: Object.fromEntries(counting) as H,
    family: () =>
      counter(
        "storm_nimbus_calls_total",
        "Calls of nimbus by Thrift, by method.",
        [...counts].map(([method, count]) => [{ method }, count] as const),
      ),
  };
}

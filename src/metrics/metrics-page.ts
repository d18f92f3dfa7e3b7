/** What a daemon answers at `/metrics`: its own numbers, and those of every process. */
import type { Runtime } from "../base/index.ts";
import { counter, gauge, type MetricFamily } from "./families.ts";
import { prometheusContentType, prometheusText } from "./prometheus-text.ts";

/** As HTTP answers. */
export interface MetricsAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * Made when the daemon starts; what is returned answers a request. `own`: read for each answer, and for two that are asked at once only
 * once.
 */
export function metricsPage(
  runtime: Runtime,
  own: () => readonly MetricFamily[] | Promise<readonly MetricFamily[]>,
): () => Promise<MetricsAnswer> {
  const { clock } = runtime;
  const started = { nowMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
  const read = async (): Promise<MetricsAnswer> => {
    const body = prometheusText([...(await own()), ...processFamilies(runtime, started)]);
    return { status: 200, contentType: prometheusContentType, body };
  };
  let underWay: Promise<MetricsAnswer> | null = null;
  return () => {
    underWay ??= read().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

interface Moment {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/** By the names that Prometheus' own client libraries give them. What the system does not tell is left out. */
function processFamilies({ clock, processes }: Runtime, started: Moment): MetricFamily[] {
  const cpuMs = processes.cpuMs(processes.pid);
  const residentBytes = processes.residentBytes(processes.pid);
  return [
    gauge("process_start_time_seconds", "When the daemon started, since 1970-01-01 UTC.", started.nowMs / 1000),
    gauge(
      "storm_lab_uptime_seconds",
      "How long the daemon has run; no change of the clock is in it.",
      (clock.monotonicMs() - started.monotonicMs) / 1000,
    ),
    counter("process_cpu_seconds_total", "Processor time taken.", told(cpuMs, 1000)),
    gauge("process_resident_memory_bytes", "Memory held.", told(residentBytes, 1)),
  ];
}

function told(value: number | null, divisor: number): number | [] {
  return value === null ? [] : value / divisor;
}

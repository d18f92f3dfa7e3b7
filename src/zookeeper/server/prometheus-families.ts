/**
 * What `mntr` tells, as Apache ZooKeeper tells it to Prometheus: the same names without `zk_`, gauges, counters that have no `_total`, and
 * summaries, of which the quantiles are not kept here. Texts, such as the version, are no metrics. A server that looks for its leader
 * has no gauges. Source: PrometheusMetricsProvider, ServerMetrics, ZooKeeperServer.registerMetrics and its subclasses', 3.8.
 */
import { counter, gauge, type MetricFamily, summary } from "../../metrics/index.ts";
import { measuredValues } from "./monitor-values.ts";
import type { ZooKeeperServer } from "./server.ts";
import { isServing } from "./server-report.ts";

/** In ServerMetrics. */
const counters: ReadonlySet<string> = new Set([
  "bytes_received_count",
  "commit_count",
  "connection_rejected",
  "connection_request_count",
  "connection_revalidate_count",
  "learner_commit_received_count",
  "learner_proposal_received_count",
  "proposal_count",
  "response_bytes",
  "sessionless_connections_expired",
  "stale_sessions_expired",
]);

export async function prometheusFamilies(server: ZooKeeperServer): Promise<MetricFamily[]> {
  const serving = isServing(server);
  return (await measuredValues(server)).flatMap(([name, value]): MetricFamily[] => {
    if (typeof value === "object") return [summary(name, name, value)];
    const number = Number(value);
    if (Number.isNaN(number)) return [];
    if (counters.has(name)) return [counter(name, name, number)];
    return serving ? [gauge(name, name, number)] : [];
  });
}

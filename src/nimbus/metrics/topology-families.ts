/**
 * What the topologies count, by component and worker, from the last heartbeats of the workers. A worker that is started again counts from
 * 0: therefore one series a worker, so that Prometheus sees it begin anew instead of a sum that falls a little. Of the system's own
 * components and streams nothing is told.
 */
import { counter, gauge, type Labels, type MetricFamily } from "../../metrics/index.ts";
import { addCounted, type Counted, countedIn, nothingCounted } from "../stats/counted.ts";
import { type ExecutorBeat, type ExecutorPlace, slotName } from "../stats/executor-beats.ts";
import { average, capacityOf } from "../stats/sums.ts";
import { isSystemId } from "../system-topology.ts";

export interface MeasuredTopology {
  readonly name: string;
  readonly places: readonly ExecutorPlace[];
  readonly beats: readonly ExecutorBeat[];
}

interface Measured {
  readonly labels: Labels;
  readonly isBolt: boolean;
  readonly allTime: Counted;
  readonly lately: Counted;
}

const latelyWindow = "600";

export function topologyFamilies(topologies: readonly MeasuredTopology[]): MetricFamily[] {
  const measured = topologies.flatMap(measure);
  const bolts = measured.filter(({ isBolt }) => isBolt);
  const spouts = measured.filter(({ isBolt }) => !isBolt);
  const of = (some: readonly Measured[], number: (measured: Measured) => number) =>
    some.map((each) => [each.labels, number(each)] as const);
  const seconds = (totalMs: number, count: number) => average(totalMs, count) / 1000;
  const ofTopologies = (number: (topology: MeasuredTopology) => number) =>
    topologies.map((each) => [{ topology: each.name }, number(each)] as const);
  return [
    gauge("storm_topology_workers", "Workers that it is assigned.", ofTopologies(workersOf)),
    gauge(
      "storm_topology_executors",
      "Executors that are assigned.",
      ofTopologies(({ places }) => places.length),
    ),
    counter(
      "storm_topology_emitted_total",
      "Tuples emitted.",
      of(measured, ({ allTime }) => allTime.emitted),
    ),
    counter(
      "storm_topology_transferred_total",
      "Tuples sent, each counted for every task that it went to.",
      of(measured, ({ allTime }) => allTime.transferred),
    ),
    counter(
      "storm_topology_acked_total",
      "Of a bolt: tuples acked; of a spout: whole trees.",
      of(measured, ({ allTime }) => allTime.acked),
    ),
    counter(
      "storm_topology_failed_total",
      "Tuples or trees failed.",
      of(measured, ({ allTime }) => allTime.failed),
    ),
    counter(
      "storm_topology_executed_total",
      "Tuples that a bolt executed.",
      of(bolts, ({ allTime }) => allTime.executed),
    ),
    gauge(
      "storm_topology_capacity",
      "Share of the last ten minutes that the busiest executor was at work; near 1 it needs more executors.",
      of(bolts, ({ lately }) => lately.capacity),
    ),
    gauge(
      "storm_topology_execute_latency_seconds",
      "Mean time of execute in the last ten minutes.",
      of(bolts, ({ lately }) => seconds(lately.executeMs, lately.executed)),
    ),
    gauge(
      "storm_topology_process_latency_seconds",
      "Mean time from execute to ack in the last ten minutes.",
      of(bolts, ({ lately }) => seconds(lately.processMs, lately.executed)),
    ),
    gauge(
      "storm_topology_complete_latency_seconds",
      "Mean time from emit until the whole tree was acked in the last ten minutes.",
      of(spouts, ({ lately }) => seconds(lately.completeMs, lately.acked)),
    ),
  ];
}

function workersOf({ places }: MeasuredTopology): number {
  return new Set(places.map(({ node, port }) => slotName(node, port))).size;
}

function measure({ name, beats }: MeasuredTopology): Measured[] {
  const found = new Map<string, Measured>();
  for (const { componentId, host, port, uptimeSecs, stats } of beats) {
    if (isSystemId(componentId)) continue;
    const labels = { topology: name, component: componentId, worker: `${host}:${port}` };
    const key = JSON.stringify([componentId, labels.worker]);
    const { bolt } = stats.specific;
    const measured = found.get(key) ?? {
      labels,
      isBolt: bolt !== undefined,
      allTime: nothingCounted(),
      lately: nothingCounted(),
    };
    found.set(key, measured);
    addCounted(measured.allTime, countedIn(stats, ":all-time", false));
    addCounted(measured.lately, countedIn(stats, latelyWindow, false));
    if (bolt !== undefined) addCounted(measured.lately, { capacity: capacityOf(bolt, uptimeSecs) });
  }
  return [...found.values()];
}

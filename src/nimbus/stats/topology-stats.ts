/** The numbers of a topology's page: each component in one window, and the whole in every window. Source: StatsUtil of Storm 2.8. */
import type { ComponentAggregateStats, TopologyStats } from "../../wire/thrift/index.ts";
import { isSystemId } from "../system-topology.ts";
import { addCounted, boltAggregate, type Counted, countedIn, nothingCounted, spoutAggregate } from "./counted.ts";
import type { ExecutorBeat } from "./executor-beats.ts";
import { average, capacityOf, Tally, windows } from "./sums.ts";

export interface TopologyNumbers {
  readonly spouts: Map<string, ComponentAggregateStats>;
  readonly bolts: Map<string, ComponentAggregateStats>;
  /** Acked, failed and latency are those of the spouts: whole trees. */
  readonly stats: TopologyStats;
}

/** `includeSys`: count components and streams of the system, too. */
export function topologyNumbers(beats: readonly ExecutorBeat[], window: string, includeSys: boolean): TopologyNumbers {
  const spouts = new Map<string, Counted>();
  const bolts = new Map<string, Counted>();
  const seen = beats.filter(({ componentId }) => includeSys || !isSystemId(componentId));
  for (const { componentId, executor, uptimeSecs, stats } of seen) {
    const { bolt } = stats.specific;
    const component = sumOf(bolt === undefined ? spouts : bolts, componentId);
    addCounted(component, { executors: 1, tasks: executor[1] - executor[0] + 1 });
    addCounted(component, countedIn(stats, window, includeSys));
    if (bolt !== undefined) addCounted(component, { capacity: capacityOf(bolt, uptimeSecs) });
  }
  return {
    spouts: new Map([...spouts].map(([id, counted]) => [id, spoutAggregate(counted)])),
    bolts: new Map([...bolts].map(([id, counted]) => [id, boltAggregate(counted)])),
    stats: inEveryWindow(seen, includeSys),
  };
}

function inEveryWindow(beats: readonly ExecutorBeat[], includeSys: boolean): TopologyStats {
  const emitted = new Tally<string>();
  const transferred = new Tally<string>();
  const acked = new Tally<string>();
  const failed = new Tally<string>();
  const completeMs = new Tally<string>();
  for (const { stats } of beats) {
    for (const window of windows) {
      const counted = { ...nothingCounted(), ...countedIn(stats, window, includeSys) };
      emitted.add(window, counted.emitted);
      transferred.add(window, counted.transferred);
      if (stats.specific.spout === undefined) continue;
      acked.add(window, counted.acked);
      failed.add(window, counted.failed);
      completeMs.add(window, counted.completeMs);
    }
  }
  const byWindow = (value: (window: string) => number) => new Map(windows.map((window) => [window, value(window)]));
  return {
    window_to_emitted: byWindow((window) => emitted.get(window)),
    window_to_transferred: byWindow((window) => transferred.get(window)),
    window_to_complete_latencies_ms: byWindow((window) => average(completeMs.get(window), acked.get(window))),
    window_to_acked: byWindow((window) => acked.get(window)),
    window_to_failed: byWindow((window) => failed.get(window)),
  };
}

function sumOf(sums: Map<string, Counted>, id: string): Counted {
  const sum = sums.get(id) ?? nothingCounted();
  sums.set(id, sum);
  return sum;
}

/** The numbers of a component's page: every window, its streams and inputs and executors in one window. Source: StatsUtil of Storm 2.8. */
import type {
  BoltStats,
  ComponentAggregateStats,
  ComponentPageInfo,
  ExecutorAggregateStats,
  ExecutorStats,
  GlobalStreamId,
  SpoutStats,
} from "../../wire/thrift/index.ts";
import { isSystemId } from "../system-topology.ts";
import { addCounted, boltAggregate, type Counted, countedIn, nothingCounted, spoutAggregate } from "./counted.ts";
import type { ExecutorBeat } from "./executor-beats.ts";
import { capacityOf, inputName, windows } from "./sums.ts";

export type ComponentNumbers = Required<
  Pick<ComponentPageInfo, "num_executors" | "num_tasks" | "window_to_stats" | "sid_to_output_stats" | "exec_stats">
> &
  Pick<ComponentPageInfo, "gsid_to_input_stats">;

/** `beats`: of the component's executors only. */
export function componentNumbers(
  beats: readonly ExecutorBeat[],
  kind: "SPOUT" | "BOLT",
  window: string,
  includeSys: boolean,
): ComponentNumbers {
  const aggregate = kind === "SPOUT" ? spoutAggregate : boltAggregate;
  const inWindow = (each: string): ComponentAggregateStats => {
    const sum = nothingCounted();
    for (const { stats } of beats) addCounted(sum, countedIn(stats, each, includeSys));
    return aggregate(sum);
  };
  const outputs = new Sums();
  const inputs = new Sums<GlobalStreamId>();
  for (const { stats } of beats) {
    addOutputs(outputs, stats, window, includeSys);
    if (stats.specific.bolt !== undefined) addInputs(inputs, stats.specific.bolt, window);
    if (stats.specific.spout !== undefined) addAcks(outputs, stats.specific.spout, window);
  }
  return {
    num_executors: beats.length,
    num_tasks: beats.reduce((sum, { executor }) => sum + executor[1] - executor[0] + 1, 0),
    window_to_stats: new Map(windows.map((each) => [each, inWindow(each)])),
    sid_to_output_stats: new Map(outputs.entries().map(([stream, counted]) => [stream, aggregate(counted)])),
    exec_stats: beats.map((beat) => executorNumbers(beat, window, includeSys)),
    ...(kind === "BOLT"
      ? { gsid_to_input_stats: inputs.entries().map(([input, counted]) => [input, boltAggregate(counted)] as const) }
      : {}),
  };
}

function executorNumbers(beat: ExecutorBeat, window: string, includeSys: boolean): ExecutorAggregateStats {
  const { executor, componentId, host, port, uptimeSecs, stats } = beat;
  const counted = nothingCounted();
  addCounted(counted, countedIn(stats, window, includeSys));
  const { bolt } = stats.specific;
  if (bolt !== undefined) addCounted(counted, { capacity: capacityOf(bolt, uptimeSecs) });
  return {
    exec_summary: {
      executor_info: { task_start: executor[0], task_end: executor[1] },
      component_id: componentId,
      host,
      port,
      uptime_secs: uptimeSecs,
    },
    stats: bolt === undefined ? spoutAggregate(counted) : boltAggregate(counted),
  };
}

function addOutputs(outputs: Sums, stats: ExecutorStats, window: string, includeSys: boolean): void {
  for (const key of ["emitted", "transferred"] as const) {
    for (const [stream, count] of stats[key].get(window) ?? []) {
      if (includeSys || !isSystemId(stream)) outputs.add(stream, stream, { [key]: count });
    }
  }
}

function addAcks(outputs: Sums, spout: SpoutStats, window: string): void {
  const acked = spout.acked.get(window);
  for (const [stream, count] of acked ?? []) outputs.add(stream, stream, { acked: count });
  for (const [stream, count] of spout.failed.get(window) ?? []) outputs.add(stream, stream, { failed: count });
  for (const [stream, average] of spout.complete_ms_avg.get(window) ?? []) {
    outputs.add(stream, stream, { completeMs: average * (acked?.get(stream) ?? 0) });
  }
}

function addInputs(inputs: Sums<GlobalStreamId>, bolt: BoltStats, window: string): void {
  const executed = new Map((bolt.executed.get(window) ?? []).map(([input, count]) => [inputName(input), count]));
  const add = (input: GlobalStreamId, more: Partial<Counted>) => inputs.add(inputName(input), input, more);
  for (const [input, count] of bolt.acked.get(window) ?? []) add(input, { acked: count });
  for (const [input, count] of bolt.failed.get(window) ?? []) add(input, { failed: count });
  for (const [input, count] of bolt.executed.get(window) ?? []) add(input, { executed: count });
  for (const [input, average] of bolt.execute_ms_avg.get(window) ?? []) {
    add(input, { executeMs: average * (executed.get(inputName(input)) ?? 0) });
  }
  for (const [input, average] of bolt.process_ms_avg.get(window) ?? []) {
    add(input, { processMs: average * (executed.get(inputName(input)) ?? 0) });
  }
}

/** Sums by key, in the order in which the keys came. */
class Sums<K = string> {
  readonly #sums = new Map<string, { readonly key: K; readonly counted: Counted }>();

  add(name: string, key: K, more: Partial<Counted>): void {
    const sum = this.#sums.get(name) ?? { key, counted: nothingCounted() };
    this.#sums.set(name, sum);
    addCounted(sum.counted, more);
  }

  entries(): (readonly [K, Counted])[] {
    return [...this.#sums.values()].map(({ key, counted }) => [key, counted] as const);
  }
}

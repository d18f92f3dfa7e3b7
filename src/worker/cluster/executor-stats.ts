/** Counters of tasks as Storm's ExecutorStats: by executor, window and stream. Pure. */
import type { ExecutorRange, InputCounters, OutputCounters, Samples, TaskCounters } from "../../executor/index.ts";
import type { BoltStats, ExecutorInfo, ExecutorStats, GlobalStreamId, SpoutStats } from "../../wire/thrift/index.ts";

/** The counters of one moment, by task. */
export type Snapshot = ReadonlyMap<number, TaskCounters>;

/** A window by its name in Storm, and the snapshot at its beginning; null: it begins with the worker. */
export type Window = readonly [name: string, before: Snapshot | null];

export interface StatsOf {
  readonly executors: readonly ExecutorRange[];
  /** Ackers count nothing: theirs are a bolt's without streams. */
  readonly now: Snapshot;
  readonly windows: readonly Window[];
  /** `topology.stats.sample.rate`. */
  readonly rate: number;
}

export function snapshotOf(counters: readonly TaskCounters[]): Snapshot {
  return new Map(counters.map((task) => [task.taskId, task]));
}

export function executorStats(of: StatsOf): (readonly [ExecutorInfo, ExecutorStats])[] {
  return of.executors.map((range) => [infoOf(range), statsOf(range, of)]);
}

export function infoOf([task_start, task_end]: ExecutorRange): ExecutorInfo {
  return { task_start, task_end };
}

function statsOf(range: ExecutorRange, { now, windows, rate }: StatsOf): ExecutorStats {
  const views = windows.map(([name, before]): View => ({ name, ...differences(range, now, before) }));
  const isSpout = now.get(range[0])?.kind === "spout";
  return {
    emitted: byWindow(views, ({ outputs }) => byStream(outputs, ({ emitted }) => emitted)),
    transferred: byWindow(views, ({ outputs }) => byStream(outputs, ({ transferred }) => transferred)),
    specific: isSpout ? { spout: spoutStats(views) } : { bolt: boltStats(views) },
    rate,
  };
}

/** What an executor counted within one window. */
interface View {
  readonly name: string;
  readonly outputs: readonly OutputCounters[];
  readonly inputs: readonly InputCounters[];
}

function spoutStats(views: readonly View[]): SpoutStats {
  const tracked = ({ outputs }: View) => outputs.filter(({ acked, failed }) => acked + failed > 0);
  return {
    acked: byWindow(views, (view) => byStream(tracked(view), ({ acked }) => acked)),
    failed: byWindow(views, (view) => byStream(tracked(view), ({ failed }) => failed)),
    complete_ms_avg: byWindow(views, (view) => byStream(tracked(view), ({ complete }) => meanMs(complete))),
  };
}

function boltStats(views: readonly View[]): BoltStats {
  return {
    acked: byWindow(views, ({ inputs }) => byInput(inputs, ({ acked }) => acked)),
    failed: byWindow(views, ({ inputs }) => byInput(inputs, ({ failed }) => failed)),
    process_ms_avg: byWindow(views, ({ inputs }) => byInput(inputs, ({ process }) => meanMs(process))),
    executed: byWindow(views, ({ inputs }) => byInput(inputs, ({ executed }) => executed)),
    execute_ms_avg: byWindow(views, ({ inputs }) => byInput(inputs, ({ execute }) => meanMs(execute))),
  };
}

function byWindow<T>(views: readonly View[], value: (view: View) => T): Map<string, T> {
  return new Map(views.map((view) => [view.name, value(view)]));
}

function byStream(outputs: readonly OutputCounters[], value: (of: OutputCounters) => number): Map<string, number> {
  return new Map(outputs.map((output) => [output.streamId, value(output)]));
}

function byInput(
  inputs: readonly InputCounters[],
  value: (of: InputCounters) => number,
): (readonly [GlobalStreamId, number])[] {
  return inputs.map((input) => [{ componentId: input.componentId, streamId: input.streamId }, value(input)]);
}

function meanMs({ count, totalUs }: Samples): number {
  return count === 0 ? 0 : totalUs / count / 1000;
}

/** Over all tasks of the executor. */
function differences([first, last]: ExecutorRange, now: Snapshot, before: Snapshot | null) {
  const outputs = new Map<string, OutputCounters>();
  const inputs = new Map<string, InputCounters>();
  for (let taskId = first; taskId <= last; taskId++) {
    for (const [sign, task] of [
      [1, now.get(taskId)],
      [-1, before?.get(taskId)],
    ] as const) {
      for (const output of task?.outputs ?? []) addOutput(outputs, output, sign);
      for (const input of task?.inputs ?? []) addInput(inputs, input, sign);
    }
  }
  return { outputs: [...outputs.values()], inputs: [...inputs.values()] };
}

function addOutput(to: Map<string, OutputCounters>, more: OutputCounters, sign: 1 | -1): void {
  const { streamId } = more;
  const sum = to.get(streamId);
  to.set(streamId, {
    streamId,
    emitted: (sum?.emitted ?? 0) + sign * more.emitted,
    transferred: (sum?.transferred ?? 0) + sign * more.transferred,
    acked: (sum?.acked ?? 0) + sign * more.acked,
    failed: (sum?.failed ?? 0) + sign * more.failed,
    complete: addSamples(sum?.complete, more.complete, sign),
  });
}

function addInput(to: Map<string, InputCounters>, more: InputCounters, sign: 1 | -1): void {
  const { componentId, streamId } = more;
  const key = JSON.stringify([componentId, streamId]);
  const sum = to.get(key);
  to.set(key, {
    componentId,
    streamId,
    executed: (sum?.executed ?? 0) + sign * more.executed,
    acked: (sum?.acked ?? 0) + sign * more.acked,
    failed: (sum?.failed ?? 0) + sign * more.failed,
    execute: addSamples(sum?.execute, more.execute, sign),
    process: addSamples(sum?.process, more.process, sign),
  });
}

function addSamples(sum: Samples | undefined, more: Samples, sign: 1 | -1): Samples {
  return { count: (sum?.count ?? 0) + sign * more.count, totalUs: (sum?.totalUs ?? 0) + sign * more.totalUs };
}

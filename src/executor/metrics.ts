/** A task's counters as plain data, and their sums for people. */
import type { BoltTask } from "./bolt-task.ts";
import type { SpoutTask } from "./spout-task.ts";
import { addLatency, type LatencySnapshot, meanMs, noLatency, quantileMs } from "./stats.ts";
import type { UserMetrics } from "./task-context.ts";

export interface TaskMetrics extends UserMetrics {
  readonly taskId: number;
  readonly componentId: string;
  readonly kind: "spout" | "bolt";
  readonly emitted: number;
  readonly transferred: number;
  readonly acked: number;
  readonly failed: number;
  /** Bolts only. */
  readonly executed: number;
  /** Spouts only: tracked and not yet acked or failed. */
  readonly pending: number;
  readonly execute: LatencySnapshot;
  readonly process: LatencySnapshot;
  readonly complete: LatencySnapshot;
  /** By stream id (emitted) and by `component:stream` (executed). System streams are left out. */
  readonly emittedByStream: Readonly<Record<string, number>>;
  readonly executedByStream: Readonly<Record<string, number>>;
}

/** A component over all its tasks, in the words and units of Storm's UI. */
export interface ComponentMetrics {
  readonly kind: "spout" | "bolt";
  readonly tasks: number;
  readonly emitted: number;
  readonly transferred: number;
  readonly acked: number;
  readonly failed: number;
  readonly executed: number;
  readonly executeLatencyMs: number;
  readonly processLatencyMs: number;
  readonly completeLatencyMs: number;
  readonly completeLatencyP99Ms: number;
  /** Share of the time that the component's busiest task spent executing; near 1 it needs more executors. */
  readonly capacity: number;
  /** The author's counters by name, summed over the tasks. */
  readonly counters: Readonly<Record<string, number>>;
  /** The author's gauges by name, then by task id: what a gauge shows, such as a size or an age, may have no sum. */
  readonly gauges: Readonly<Record<string, Readonly<Record<number, number>>>>;
}

export function spoutMetrics(task: SpoutTask): TaskMetrics {
  let acked = 0;
  let failed = 0;
  let complete: LatencySnapshot = noLatency;
  for (const { tracked: stats } of task.outputs.streams.values()) {
    acked += stats.acked;
    failed += stats.failed;
    complete = addLatency(complete, stats.complete.snapshot());
  }
  return {
    ...common(task),
    kind: "spout",
    acked,
    failed,
    executed: 0,
    pending: task.pendingCount,
    complete,
    ...noBoltTimes,
  };
}

export function boltMetrics(task: BoltTask, streamNames: readonly string[]): TaskMetrics {
  let [acked, failed, executed] = [0, 0, 0];
  let execute: LatencySnapshot = noLatency;
  let process: LatencySnapshot = noLatency;
  const executedByStream: Record<string, number> = {};
  for (const [index, stats] of Object.entries(task.inputs)) {
    const name = streamNames[Number(index)] ?? "";
    if (stats.executed === 0 || name.includes(":__")) continue;
    acked += stats.acked;
    failed += stats.failed;
    executed += stats.executed;
    executedByStream[name] = stats.executed;
    execute = addLatency(execute, stats.execute.snapshot());
    process = addLatency(process, stats.process.snapshot());
  }
  const counts = { acked, failed, executed, pending: 0 };
  return { ...common(task), kind: "bolt", ...counts, execute, process, complete: noLatency, executedByStream };
}

/** `uptimeMs`: how long the tasks have run, the window of capacity (Storm: ten minutes at most). */
export function componentMetrics(tasks: readonly TaskMetrics[], uptimeMs: number): Record<string, ComponentMetrics> {
  const byComponent = Map.groupBy(tasks, (task) => task.componentId);
  return Object.fromEntries([...byComponent].map(([id, group]) => [id, sumUp(group, uptimeMs)]));
}

function sumUp(tasks: readonly TaskMetrics[], uptimeMs: number): ComponentMetrics {
  const sum = (pick: (task: TaskMetrics) => number) => tasks.reduce((total, task) => total + pick(task), 0);
  const times = (pick: (task: TaskMetrics) => LatencySnapshot) => tasks.map(pick).reduce(addLatency, noLatency);
  const complete = times((task) => task.complete);
  const capacities = tasks.map((task) => (task.executed * meanMs(task.execute)) / Math.max(1, uptimeMs));
  return {
    kind: tasks[0]?.kind ?? "bolt",
    tasks: tasks.length,
    emitted: sum((task) => task.emitted),
    transferred: sum((task) => task.transferred),
    acked: sum((task) => task.acked),
    failed: sum((task) => task.failed),
    executed: sum((task) => task.executed),
    executeLatencyMs: meanMs(times((task) => task.execute)),
    processLatencyMs: meanMs(times((task) => task.process)),
    completeLatencyMs: meanMs(complete),
    completeLatencyP99Ms: quantileMs(complete, 0.99),
    capacity: Math.max(0, ...capacities),
    ...usersOf(tasks),
  };
}

function usersOf(tasks: readonly TaskMetrics[]): Pick<ComponentMetrics, "counters" | "gauges"> {
  const counters = new Map<string, number>();
  const gauges = new Map<string, Record<number, number>>();
  for (const task of tasks) {
    for (const [name, count] of Object.entries(task.counters)) counters.set(name, (counters.get(name) ?? 0) + count);
    for (const [name, value] of Object.entries(task.gauges))
      gauges.set(name, { ...gauges.get(name), [task.taskId]: value });
  }
  return { counters: Object.fromEntries(counters), gauges: Object.fromEntries(gauges) };
}

const noBoltTimes = { execute: noLatency, process: noLatency, executedByStream: {} };

function common(task: SpoutTask | BoltTask) {
  let [emitted, transferred] = [0, 0];
  const emittedByStream: Record<string, number> = {};
  for (const [streamId, out] of task.outputs.streams) {
    if (out.info.system) continue;
    emitted += out.emitted;
    transferred += out.transferred;
    emittedByStream[streamId] = out.emitted;
  }
  const { thisTaskId: taskId, thisComponentId: componentId } = task.context;
  return { taskId, componentId, emitted, transferred, emittedByStream, ...task.context.userMetrics() };
}

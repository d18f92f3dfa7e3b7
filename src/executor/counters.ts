/** What a task has counted by stream since its start: what Storm's statistics of an executor are made of. Plain data. */
import type { BoltTask } from "./bolt-task.ts";
import type { StreamInfo } from "./plan.ts";
import type { SpoutTask } from "./spout-task.ts";

/** Durations that were measured, one for each sampled tuple. */
export interface Samples {
  readonly count: number;
  readonly totalUs: number;
}

/** One of the streams that a task emits. `acked`, `failed` and `complete` only for a spout's tracked tuples. */
export interface OutputCounters {
  readonly streamId: string;
  readonly emitted: number;
  readonly transferred: number;
  readonly acked: number;
  readonly failed: number;
  readonly complete: Samples;
}

/** One of the streams that a bolt's task executes. */
export interface InputCounters {
  readonly componentId: string;
  readonly streamId: string;
  readonly executed: number;
  readonly acked: number;
  readonly failed: number;
  readonly execute: Samples;
  readonly process: Samples;
}

export interface TaskCounters {
  readonly taskId: number;
  readonly componentId: string;
  readonly kind: "spout" | "bolt";
  /** Without system streams. */
  readonly outputs: readonly OutputCounters[];
  readonly inputs: readonly InputCounters[];
}

export function spoutCounters(task: SpoutTask): TaskCounters {
  return { ...common(task), kind: "spout", inputs: [] };
}

/** `streams`: the plan's. */
export function boltCounters(task: BoltTask, streams: readonly StreamInfo[]): TaskCounters {
  const inputs: InputCounters[] = [];
  for (const [index, stats] of Object.entries(task.inputs)) {
    const stream = streams[Number(index)];
    if (stream === undefined || stream.system) continue;
    const { componentId, streamId } = stream;
    const { executed, acked, failed } = stats;
    const [execute, process] = [samples(stats.execute), samples(stats.process)];
    inputs.push({ componentId, streamId, executed, acked, failed, execute, process });
  }
  return { ...common(task), kind: "bolt", inputs };
}

function common(task: SpoutTask | BoltTask) {
  const outputs: OutputCounters[] = [];
  for (const [streamId, { info, emitted, transferred, tracked }] of task.outputs.streams) {
    if (info.system) continue;
    const { acked, failed } = tracked;
    outputs.push({ streamId, emitted, transferred, acked, failed, complete: samples(tracked.complete) });
  }
  return { taskId: task.context.thisTaskId, componentId: task.context.thisComponentId, outputs };
}

function samples({ count, totalUs }: Samples): Samples {
  return { count, totalUs };
}

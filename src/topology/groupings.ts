/** How a stream is divided among a bolt's tasks. Source: Storm, Concepts, "Stream groupings". */
import type { WorkerTopologyContext } from "./context.ts";

export type GroupingSpec =
  | { readonly type: "shuffle" }
  | { readonly type: "fields"; readonly fields: readonly string[] }
  | { readonly type: "partial-key"; readonly fields: readonly string[] }
  | { readonly type: "all" }
  | { readonly type: "global" }
  | { readonly type: "none" }
  | { readonly type: "direct" }
  | { readonly type: "local-or-shuffle" }
  | { readonly type: "custom" /** Name of its class, for people. */; readonly className: string };

export interface StreamId {
  readonly componentId: string;
  readonly streamId: string;
}

/** Load of tasks, 0 (idle) … 1 (its queue is full); refreshed each second. */
export interface LoadMapping {
  load(taskId: number): number;
}

/** An author's own grouping. One instance per emitting task. */
export interface CustomStreamGrouping {
  prepare(context: WorkerTopologyContext, stream: StreamId, targetTasks: readonly number[]): void;
  /** The tasks that get these values; none is allowed. */
  chooseTasks(taskId: number, values: readonly unknown[]): readonly number[];
  refreshLoad?(load: LoadMapping): void;
}

/** Task hooks: an author's view of what a task does (Storm, Hooks). Times are in milliseconds, and undefined when not sampled. */
import type { Conf } from "./config.ts";
import type { TopologyContext } from "./context.ts";
import type { Tuple } from "./tuple.ts";

export interface EmitInfo {
  readonly values: readonly unknown[];
  readonly stream: string;
  readonly taskId: number;
  readonly outTasks: readonly number[];
}

export interface SpoutAckInfo {
  readonly messageId: unknown;
  readonly spoutTaskId: number;
  readonly completeLatencyMs: number | undefined;
}

export interface SpoutFailInfo {
  readonly messageId: unknown;
  readonly spoutTaskId: number;
  readonly failLatencyMs: number | undefined;
}

export interface BoltExecuteInfo {
  readonly tuple: Tuple;
  readonly executingTaskId: number;
  readonly executeLatencyMs: number | undefined;
}

export interface BoltAckInfo {
  readonly tuple: Tuple;
  readonly ackingTaskId: number;
  readonly processLatencyMs: number | undefined;
}

export interface BoltFailInfo {
  readonly tuple: Tuple;
  readonly failingTaskId: number;
  readonly failLatencyMs: number | undefined;
}

export interface TaskHook {
  prepare?(conf: Conf, context: TopologyContext): void;
  cleanup?(): void;
  emit?(info: EmitInfo): void;
  spoutAck?(info: SpoutAckInfo): void;
  spoutFail?(info: SpoutFailInfo): void;
  boltExecute?(info: BoltExecuteInfo): void;
  boltAck?(info: BoltAckInfo): void;
  boltFail?(info: BoltFailInfo): void;
}

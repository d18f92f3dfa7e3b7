/** The collectors that a bolt emits, acks and fails through. */
import type { Anchors, BasicOutputCollector, OutputCollector, Tuple } from "../topology/index.ts";
import type { BoltTask } from "./bolt-task.ts";
import type { TaskOutputs } from "./outputs.ts";
import { TaskTuple } from "./tuple.ts";

const noAnchors: readonly TaskTuple[] = Object.freeze([]);

export class BoltCollector implements OutputCollector {
  private readonly task: BoltTask;
  private readonly outputs: TaskOutputs;

  constructor(task: BoltTask) {
    this.task = task;
    this.outputs = task.outputs;
  }

  /** `(values)`, `(anchors, values)`, `(stream, values)` or `(stream, anchors, values)`. */
  emit(first: string | Anchors | readonly unknown[], second?: unknown, third?: unknown): readonly number[] {
    // What nearly every bolt calls comes first, and without a detour.
    if (first instanceof TaskTuple) {
      const out = this.outputs.stream(null);
      out.check(second as readonly unknown[]);
      return this.outputs.anchored(out, second as readonly unknown[], first);
    }
    if (typeof first === "string") {
      return third === undefined ? this.send(first, noAnchors, second) : this.send(first, second as Anchors, third);
    }
    if (second === undefined) return this.send(null, noAnchors, first);
    return this.send(null, first as Anchors, second);
  }

  /** `(task, values)`, `(task, anchors, values)`, `(task, stream, values)` or `(task, stream, anchors, values)`. */
  emitDirect(taskId: number, second: unknown, third?: unknown, fourth?: unknown): void {
    if (typeof second !== "string") this.sendDirect(taskId, null, second, third);
    else this.sendDirect(taskId, second, third, fourth);
  }

  ack(tuple: Tuple): void {
    this.task.ack(tuple as TaskTuple);
  }

  fail(tuple: Tuple): void {
    this.task.failTuple(tuple as TaskTuple);
  }

  resetTimeout(tuple: Tuple): void {
    this.task.resetTimeout(tuple as TaskTuple);
  }

  reportError(error: Error): void {
    this.task.report(error);
  }

  /** `first`: anchors, or the values when `second` is left out. */
  private sendDirect(taskId: number, streamId: string | null, first: unknown, second: unknown): void {
    const { outputs } = this.task;
    const values = (second === undefined ? first : second) as readonly unknown[];
    const out = outputs.stream(streamId);
    out.check(values);
    const target = outputs.directTarget(out, taskId);
    if (second === undefined) outputs.directUntracked(out, values, target);
    else outputs.direct(out, values, listOf(first as Anchors), target);
  }

  private send(streamId: string | null, anchors: Anchors, values: unknown): readonly number[] {
    const { outputs } = this.task;
    const out = outputs.stream(streamId);
    out.check(values as readonly unknown[]);
    if (anchors instanceof TaskTuple) return outputs.anchored(out, values as readonly unknown[], anchors);
    const list = anchors as readonly TaskTuple[];
    if (list.length === 0) return outputs.untracked(out, values as readonly unknown[]);
    return outputs.anchoredToMany(out, values as readonly unknown[], list);
  }
}

function listOf(anchors: Anchors): readonly TaskTuple[] {
  return anchors instanceof TaskTuple ? [anchors] : (anchors as readonly TaskTuple[]);
}

/** A basic bolt's: everything is anchored to `input`. */
export class BasicCollector implements BasicOutputCollector {
  input: TaskTuple;
  private readonly task: BoltTask;

  constructor(task: BoltTask, input: TaskTuple) {
    this.task = task;
    this.input = input;
  }

  emit(first: string | readonly unknown[], second?: readonly unknown[]): readonly number[] {
    const named = typeof first === "string";
    const values = (named ? second : first) as readonly unknown[];
    const { outputs } = this.task;
    const out = outputs.stream(named ? first : null);
    out.check(values);
    return outputs.anchored(out, values, this.input);
  }

  emitDirect(taskId: number, first: string | readonly unknown[], second?: readonly unknown[]): void {
    const named = typeof first === "string";
    const values = (named ? second : first) as readonly unknown[];
    const { outputs } = this.task;
    const out = outputs.stream(named ? first : null);
    out.check(values);
    outputs.direct(out, values, [this.input], outputs.directTarget(out, taskId));
  }

  resetTimeout(): void {
    this.task.resetTimeout(this.input);
  }

  reportError(error: Error): void {
    this.task.report(error);
  }
}

/** The collectors that a bolt emits, acks and fails through. */
import type { Anchors, BasicOutputCollector, OutputCollector, Tuple } from "../topology/index.ts";
import type { BoltTask } from "./bolt-task.ts";
import { TaskTuple } from "./tuple.ts";

const noAnchors: readonly TaskTuple[] = Object.freeze([]);

export class BoltCollector implements OutputCollector {
  private readonly task: BoltTask;

  constructor(task: BoltTask) {
    this.task = task;
  }

  /** `(values)`, `(anchors, values)`, `(stream, values)` or `(stream, anchors, values)`. */
  emit(first: string | Anchors | readonly unknown[], second?: unknown, third?: unknown): readonly number[] {
    if (typeof first === "string") {
      return third === undefined ? this.send(first, noAnchors, second) : this.send(first, second as Anchors, third);
    }
    if (second === undefined && !(first instanceof TaskTuple)) return this.send(null, noAnchors, first);
    return this.send(null, first as Anchors, second);
  }

  emitDirect(taskId: number, second: unknown, third?: unknown, fourth?: unknown): void {
    const named = typeof second === "string";
    const rest = named ? [third, fourth] : [second, third];
    const [anchors, values] = rest[1] === undefined ? [noAnchors, rest[0]] : [rest[0] as Anchors, rest[1]];
    const { outputs } = this.task;
    const out = outputs.stream(named ? second : null);
    out.check(values as readonly unknown[]);
    outputs.direct(out, values as readonly unknown[], listOf(anchors), outputs.directTarget(out, taskId));
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

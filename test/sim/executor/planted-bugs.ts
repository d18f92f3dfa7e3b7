/** Bugs that a worker may not have, each put into the running code by the test alone: the seeds have to notice them. */
import { Acker } from "../../../src/executor/acker.ts";
import { Acks } from "../../../src/executor/acks.ts";
import { ExecutorQueue } from "../../../src/executor/executor-queue.ts";
import { TaskOutputs } from "../../../src/executor/outputs.ts";
import { SpoutTask } from "../../../src/executor/spout-task.ts";
import type { TaskTuple } from "../../../src/executor/tuple.ts";

export interface PlantedBug {
  readonly name: string;
  /** Whether it takes faults to see it. */
  readonly faults: boolean;
  /** Returns what takes it out again. */
  readonly plant: () => () => void;
}

export const plantedBugs: readonly PlantedBug[] = [
  { name: "an acker that drops fails", faults: false, plant: () => replace(Acker, "execute", withoutFails) },
  { name: "an acker that acks what has failed", faults: false, plant: () => replace(Acker, "execute", failsAsAcks) },
  {
    name: "a queue that drops a tuple when it is full",
    faults: false,
    plant: () => replace(ExecutorQueue, "push", dropping),
  },
  {
    name: "acks that leave the children out",
    faults: false,
    plant: () => replace(TaskOutputs, "anchored", withoutChildren),
  },
  {
    name: "acks that leave out all trees but the first",
    faults: false,
    plant: () => replace(Acks, "ack", firstTreeOnly),
  },
  {
    name: "emits that are anchored to the first alone",
    faults: true,
    plant: () => replace(TaskOutputs, "anchoredToMany", toTheFirst),
  },
  { name: "a spout without time-outs", faults: true, plant: () => replace(SpoutTask, "receive", withoutTicks) },
];

type Class<T> = { readonly prototype: T };
type Method<T, K extends keyof T> = T[K] extends (...args: infer A) => infer R ? (this: T, ...args: A) => R : never;

function replace<T, K extends keyof T>(of: Class<T>, name: K, wrap: (inner: Method<T, K>) => Method<T, K>): () => void {
  const inner = of.prototype[name];
  of.prototype[name] = wrap(inner as Method<T, K>) as T[K];
  return () => {
    of.prototype[name] = inner;
  };
}

function withoutFails(inner: Method<Acker, "execute">): Method<Acker, "execute"> {
  return function (tuple) {
    if (tuple.getSourceStreamId() !== "__ack_fail") inner.call(this, tuple);
  };
}

/** As if the failed tuple and all that it may have had below it were acked. */
function failsAsAcks(inner: Method<Acker, "execute">): Method<Acker, "execute"> {
  return function (tuple) {
    const { ledger, tell } = this as unknown as {
      ledger: { take(hi: unknown, lo: unknown): { spoutTask: number } | undefined };
      tell(task: number, stream: string, hi: unknown, lo: unknown, ms: number): void;
    };
    if (tuple.getSourceStreamId() !== "__ack_fail") return inner.call(this, tuple);
    const [hi, lo] = tuple.getValues();
    const entry = ledger.take(hi, lo);
    if (entry !== undefined) tell.call(this, entry.spoutTask, "__ack_ack", hi, lo, 0);
  };
}

function dropping(inner: Method<ExecutorQueue, "push">): Method<ExecutorQueue, "push"> {
  return function (tuple) {
    if (!this.isFull || tuple.stream.system) inner.call(this, tuple);
  };
}

function withoutChildren(inner: Method<TaskOutputs, "anchored">): Method<TaskOutputs, "anchored"> {
  return function (out, values, anchor) {
    const { root } = anchor;
    const [hi, lo] = [root?.xorHi ?? 0, root?.xorLo ?? 0];
    const tasks = inner.call(this, out, values, anchor);
    if (root !== null) Object.assign(root, { xorHi: hi, xorLo: lo });
    return tasks;
  };
}

function firstTreeOnly(inner: Method<Acks, "ack">): Method<Acks, "ack"> {
  return function (tuple, taskId) {
    tuple.more = null;
    inner.call(this, tuple, taskId);
  };
}

function toTheFirst(_inner: Method<TaskOutputs, "anchoredToMany">): Method<TaskOutputs, "anchoredToMany"> {
  return function (out, values, anchors) {
    return this.anchored(out, values, anchors[0] as TaskTuple);
  };
}

function withoutTicks(inner: Method<SpoutTask, "receive">): Method<SpoutTask, "receive"> {
  return function (tuple) {
    if (tuple.stream.streamId !== "__tick") inner.call(this, tuple);
  };
}

/**
 * Random trees of tuples over several workers, driven through the real emit and ack paths, with every message to the acker written
 * down: for the question whether the acker is told exactly what Storm's would be.
 */
import { type Random, SeededRandom, type Timers } from "../../../src/base/index.ts";
import { Acks, ackStreamsOf } from "../../../src/executor/acks.ts";
import { EdgeIds } from "../../../src/executor/edge-ids.ts";
import { Loop } from "../../../src/executor/loop.ts";
import { OutStream, TaskOutputs } from "../../../src/executor/outputs.ts";
import { ackAck, ackFail, ackInit, ackResetTimeout, StreamInfo } from "../../../src/executor/plan.ts";
import { AllRoute, NoneRoute } from "../../../src/executor/routes.ts";
import { Root, TaskTuple } from "../../../src/executor/tuple.ts";

export interface AckMessage {
  readonly worker: number;
  readonly stream: string;
  readonly values: readonly number[];
}

export interface TreeOptions {
  readonly seed: number;
  readonly workers: number;
  readonly roots: number;
  /** Emits by bolts. */
  readonly emits: number;
  /** Whether a worker folds a whole run of acks into one message, or sends each at once. */
  readonly folding: boolean;
}

interface Held {
  readonly worker: number;
  readonly tuple: TaskTuple;
}

const idle: Timers = {
  after: () => ({ cancel: () => {} }),
  every: () => ({ cancel: () => {} }),
  soon: () => {},
};
const info = (index: number, streamId: string, fields: number) =>
  new StreamInfo(
    index,
    "bolt",
    streamId,
    Array.from({ length: fields }, (_, field) => `f${field}`),
    false,
  );
const streams = [info(1, ackInit, 5), info(2, ackAck, 4), info(3, ackFail, 2), info(4, ackResetTimeout, 2)];
const ackerTask = 99;

/** A tuple goes to one task of a random worker by the first stream, to a task of every worker by the second. */
class TreeWorker {
  readonly acks: Acks;
  readonly one: OutStream;
  readonly each: OutStream;
  readonly outputs: TaskOutputs;

  constructor(number: number, workers: number, ids: EdgeIds, send: (from: number, tuple: TaskTuple) => void) {
    const loop = new Loop(idle, () => false);
    const remote = { send: (tuple: TaskTuple) => send(number, tuple) };
    // A tree that is complete before the acker has heard of it: as if the acker were told of an init of 0.
    const complete = (root: Root, spoutTask: number) =>
      send(
        number,
        new TaskTuple([root.hi, root.lo, 0, 0, spoutTask], streams[0] as StreamInfo, number, ackerTask, null, 0, 0),
      );
    this.acks = new Acks(remote, loop, complete);
    this.acks.setAckers([{ taskId: ackerTask, queue: null, only: [ackerTask] }]);
    this.acks.addTask(number, ackStreamsOf(streams));
    const targets = Array.from({ length: workers }, (_, taskId) => ({ taskId, queue: null, only: [taskId] }));
    this.one = new OutStream(info(0, "default", 1), [new NoneRoute(targets, ids)], new Map());
    this.each = new OutStream(info(5, "each", 1), [new AllRoute(targets)], new Map());
    this.outputs = new TaskOutputs(number, remote, ids, loop);
  }
}

export class AckTrees {
  readonly messages: AckMessage[] = [];
  readonly spoutTaskOfRoot = new Map<string, number>();
  private readonly random: Random;
  private readonly options: TreeOptions;
  private readonly workers: TreeWorker[];
  private readonly held: Held[] = [];
  private emitted = 0;

  constructor(options: TreeOptions) {
    this.options = options;
    this.random = new SeededRandom(options.seed);
    const ids = new EdgeIds(this.random);
    this.workers = Array.from(
      { length: options.workers },
      (_, number) => new TreeWorker(number, options.workers, ids, (from, tuple) => this.sent(from, tuple)),
    );
    for (let index = 0; index < options.roots; index++) this.startRoot(index, ids);
  }

  get openTuples(): number {
    return this.held.length;
  }

  /** Roots of the tuple that is open, when one is left. */
  get lastRoots(): string[] {
    return this.held.flatMap(({ tuple }) => [...tuple.getMessageId().keys()]);
  }

  /** Emits anchored to random tuples and acks random tuples until `left` are open. */
  runUntil(left: number): void {
    while (this.held.length > left) {
      const { worker } = this.held[this.random.below(this.held.length)] as Held;
      if (this.emitted < this.options.emits && this.random.below(3) > 0) this.emit(worker);
      else this.ack(worker);
      if (!this.options.folding || this.random.below(4) === 0) this.flush();
    }
  }

  flush(): void {
    for (const { acks } of this.workers) acks.flush();
  }

  private startRoot(index: number, ids: EdgeIds): void {
    const number = this.random.below(this.workers.length);
    const worker = this.workers[number] as TreeWorker;
    ids.next();
    const root = new Root(ids.hi, ids.lo);
    this.spoutTaskOfRoot.set(`${root.hi} ${root.lo}`, index + 1);
    worker.acks.start(root, index + 1);
    worker.acks.addTask(index + 1, ackStreamsOf(streams));
    worker.outputs.rooted(this.random.below(2) === 0 ? worker.one : worker.each, [index], root);
    if (!this.options.folding) this.flush();
  }

  /** Anchored to up to four tuples of the worker, the same one perhaps twice. */
  private emit(number: number): void {
    const worker = this.workers[number] as TreeWorker;
    const mine = this.held.filter((held) => held.worker === number);
    const anchors = Array.from(
      { length: 1 + this.random.below(4) },
      () => (mine[this.random.below(mine.length)] as Held).tuple,
    );
    const out = this.random.below(3) === 0 ? worker.each : worker.one;
    const [first] = anchors as [TaskTuple];
    this.emitted++;
    if (anchors.length === 1) worker.outputs.anchored(out, ["child"], first);
    else worker.outputs.anchoredToMany(out, ["child"], anchors);
  }

  private ack(number: number): void {
    const mine = this.held.filter((held) => held.worker === number);
    const done = mine[this.random.below(mine.length)] as Held;
    this.held.splice(this.held.indexOf(done), 1);
    (this.workers[number] as TreeWorker).acks.ack(done.tuple, number);
  }

  private sent(from: number, tuple: TaskTuple): void {
    if (tuple.targetTask === ackerTask) {
      const values = tuple.values as readonly number[];
      this.messages.push({ worker: from, stream: tuple.stream.streamId, values });
      return;
    }
    const worker = tuple.targetTask;
    this.held.push({ worker, tuple: worker === from ? tuple : received(tuple) });
  }
}

/** As a worker makes it of a frame: ids only, no object is shared with the sender. */
function received(tuple: TaskTuple): TaskTuple {
  const { values, stream, sourceTask, targetTask, root, edgeHi, edgeLo, more } = tuple;
  const copy = root === null ? null : new Root(root.hi, root.lo);
  const made = new TaskTuple(values, stream, sourceTask, targetTask, copy, edgeHi, edgeLo);
  if (more !== null) made.more = more.map((anchor) => ({ ...anchor, root: new Root(anchor.root.hi, anchor.root.lo) }));
  return made;
}

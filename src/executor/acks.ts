/**
 * What this worker owes the ackers. Within a turn the XORs of a root gather in the root itself; a flush sends each root's one folded
 * value, as the init if the acker has not heard of the root, else as an ack. Folding changes no result: XOR is associative and
 * commutative. An init of 0 says that the tree is complete already: no acker has to remember it, and its spout, which is here,
 * is told at once.
 */
import type { Loop } from "./loop.ts";
import type { RemoteTasks } from "./outputs.ts";
import { ackAck, ackFail, ackInit, ackResetTimeout, type StreamInfo } from "./plan.ts";
import type { Target } from "./routes.ts";
import { type Root, TaskTuple } from "./tuple.ts";

/** A component's streams towards the ackers. */
export interface AckStreams {
  readonly init: StreamInfo | undefined;
  readonly ack: StreamInfo | undefined;
  readonly fail: StreamInfo | undefined;
  readonly resetTimeout: StreamInfo | undefined;
}

export function ackStreamsOf(streams: readonly StreamInfo[]): AckStreams {
  const find = (streamId: string) => streams.find((stream) => stream.streamId === streamId);
  return { init: find(ackInit), ack: find(ackAck), fail: find(ackFail), resetTimeout: find(ackResetTimeout) };
}

export class Acks {
  private ackers: readonly Target[] = [];
  /** Indexes of those in this worker, when there are such and others; else none. */
  private near: readonly number[] = [];
  private readonly remote: RemoteTasks;
  private readonly loop: Loop;
  /** By task id: in whose name an XOR goes out. */
  private readonly streamsOfTask: Array<AckStreams | undefined> = [];
  private dirty: Root[] = [];
  /** Told of a root whose whole tree was processed before the acker was told of it. */
  private readonly complete: (root: Root, spoutTask: number) => void;

  constructor(remote: RemoteTasks, loop: Loop, complete: (root: Root, spoutTask: number) => void) {
    this.complete = complete;
    this.remote = remote;
    this.loop = loop;
  }

  /** Once, when every queue of the worker is there. */
  setAckers(ackers: readonly Target[]): void {
    this.ackers = ackers;
    const near = ackers.flatMap(({ queue }, index) => (queue === null ? [] : [index]));
    this.near = near.length < ackers.length ? near : [];
  }

  /**
   * The low half of a new root, from a random one. A root's acker is the one that its id hashes to, and a spout's roots get ids that
   * hash to an acker of its own worker, if there is one: then inits and completions cross no wire. The id stays random but
   * for log₂(ackers / ackers here) of its 64 bits, and nobody else needs to know.
   */
  lowHalf(hi: number, lo: number): number {
    const { near } = this;
    if (near.length === 0) return lo;
    const { length } = this.ackers;
    const index = ackerIndex(hi, lo, length);
    if (this.ackers[index]?.queue !== null) return lo;
    const hash = rootHash(hi, lo) - index + (near[index % near.length] as number);
    // The hash has 32 bits; and a root is never 0 as a whole.
    return hi ^ (hash > 0xffffffff ? hash - length : hash === 0 ? hash + length : hash);
  }

  addTask(taskId: number, streams: AckStreams): void {
    this.streamsOfTask[taskId] = streams;
  }

  /** A new root of a spout task: its first flush is the init, even when it went to no task at all. */
  start(root: Root, spoutTask: number): void {
    root.spoutTask = spoutTask;
    this.mark(root, spoutTask);
  }

  ack(tuple: TaskTuple, taskId: number): void {
    const { root } = tuple;
    if (root === null) return;
    root.fold(tuple.edgeHi, tuple.edgeLo);
    if (!root.dirty) this.mark(root, taskId);
    if (tuple.more === null) return;
    for (const anchor of tuple.more) {
      anchor.root.fold(anchor.edgeHi, anchor.edgeLo);
      if (!anchor.root.dirty) this.mark(anchor.root, taskId);
    }
  }

  fail(tuple: TaskTuple, taskId: number): void {
    this.tellEach(tuple, taskId, "fail");
  }

  resetTimeout(tuple: TaskTuple, taskId: number): void {
    this.tellEach(tuple, taskId, "resetTimeout");
  }

  /** Whether anything is waiting for `flush`. */
  get pending(): boolean {
    return this.dirty.length > 0;
  }

  flush(): void {
    if (this.dirty.length === 0) return;
    const roots = this.dirty;
    this.dirty = [];
    for (let i = 0; i < roots.length; i++) this.send(roots[i] as Root);
  }

  private mark(root: Root, taskId: number): void {
    root.dirty = true;
    root.sender = taskId;
    this.dirty.push(root);
    if (this.loop.idle) this.loop.wake();
  }

  private send(root: Root): void {
    const { hi, lo, xorHi, xorLo, spoutTask } = root;
    root.dirty = false;
    root.xorHi = 0;
    root.xorLo = 0;
    root.spoutTask = 0;
    const whole = xorHi === 0 && xorLo === 0;
    if (spoutTask === 0) {
      if (!whole) this.emit(root, root.sender, this.streamsOfTask[root.sender]?.ack, [hi, lo, xorHi, xorLo]);
    } else if (whole) this.complete(root, spoutTask);
    else this.emit(root, spoutTask, this.streamsOfTask[spoutTask]?.init, [hi, lo, xorHi, xorLo, spoutTask]);
  }

  private tellEach(tuple: TaskTuple, taskId: number, what: "fail" | "resetTimeout"): void {
    if (tuple.root === null) return;
    const stream = this.streamsOfTask[taskId]?.[what];
    this.emit(tuple.root, taskId, stream, [tuple.root.hi, tuple.root.lo]);
    for (const { root } of tuple.more ?? []) this.emit(root, taskId, stream, [root.hi, root.lo]);
  }

  /** All of a root's messages go to one acker: fields grouping on the root. */
  private emit(root: Root, taskId: number, stream: StreamInfo | undefined, values: readonly unknown[]): void {
    const { length } = this.ackers;
    const target = this.ackers[length === 1 ? 0 : ackerIndex(root.hi, root.lo, length)];
    // Without ackers nothing is tracked, so no root is ever made.
    if (stream === undefined || target === undefined) return;
    const tuple = new TaskTuple(values, stream, taskId, target.taskId, null, 0, 0);
    if (target.queue !== null) target.queue.push(tuple);
    else this.remote.send(tuple);
  }
}

/** Fields grouping on the root: the same for all workers. */
function ackerIndex(hi: number, lo: number, ackers: number): number {
  return rootHash(hi, lo) % ackers;
}

function rootHash(hi: number, lo: number): number {
  return (hi ^ lo) >>> 0;
}

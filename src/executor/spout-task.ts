/** One instance of a spout: its loop step, its pending tuples, and what becomes of them. */
import { RotatingMap } from "../base/index.ts";
import type { IRichSpout, SpoutOutputCollector } from "../topology/index.ts";
import type { EdgeIds } from "./edge-ids.ts";
import { isPromise, nowUs, sinceUs, type TaskEnvironment } from "./environment.ts";
import type { OutStream, TaskOutputs } from "./outputs.ts";
import { ackAck, ackFail, ackResetTimeout, tickStream } from "./plan.ts";
import { Sampler } from "./stats.ts";
import type { TaskContext } from "./task-context.ts";
import { Root, type TaskTuple } from "./tuple.ts";

interface Pending {
  readonly messageId: unknown;
  readonly out: OutStream;
  /** 0 when not sampled. */
  readonly startUs: number;
}

/** Storm rotates two buckets every message time-out: a tuple fails after one to two time-outs. */
const pendingBuckets = 2;

export class SpoutTask {
  readonly context: TaskContext;
  readonly outputs: TaskOutputs;
  /** What the spout said in its last `nextTuple`, and nothing has happened since. */
  exhausted = false;
  /** An asynchronous `nextTuple` is under way. */
  awaiting = false;
  /** Called when an asynchronous `nextTuple` is done, with whether it emitted. */
  settled: (emitted: boolean) => void = () => {};
  private readonly spout: IRichSpout;
  private readonly environment: TaskEnvironment;
  private readonly ids: EdgeIds;
  readonly sampler: Sampler;
  /** Of its new roots, while there is a follower. */
  followPercent = 0;
  private readonly tracked: boolean;
  private readonly maxPending: number;
  private pending = new RotatingMap<Pending>(pendingBuckets);
  private emits = 0;

  constructor(
    spout: IRichSpout,
    context: TaskContext,
    outputs: TaskOutputs,
    tracked: boolean,
    ids: EdgeIds,
    environment: TaskEnvironment,
  ) {
    this.spout = spout;
    this.context = context;
    this.outputs = outputs;
    this.tracked = tracked;
    this.ids = ids;
    this.environment = environment;
    this.maxPending = (context.conf["topology.max.spout.pending"] as number | null) ?? Number.POSITIVE_INFINITY;
    const rate = context.conf["topology.stats.sample.rate"] as number;
    this.sampler = new Sampler(rate, (bound) => environment.random.below(bound));
  }

  get pendingCount(): number {
    return this.pending.size;
  }

  get mayEmit(): boolean {
    return !this.awaiting && this.pending.size < this.maxPending;
  }

  async open(): Promise<void> {
    const { conf } = this.context;
    await this.spout.open(conf, this.context, this.collector());
    if (this.context.hooks.length === 0) return;
    this.outputs.tell(this.context.hooks);
    for (const hook of this.context.hooks) hook.prepare?.(conf, this.context);
  }

  activate(): void {
    this.exhausted = false;
    this.spout.activate();
  }

  deactivate(): void {
    this.spout.deactivate();
  }

  async close(): Promise<void> {
    try {
      await this.spout.close();
    } finally {
      this.outputs.close();
      for (const hook of this.context.hooks) hook.cleanup?.();
    }
  }

  /** True when it emitted, or may yet (it returned a promise). */
  nextTuple(): boolean {
    const before = this.emits;
    const promise = this.spout.nextTuple();
    if (!isPromise(promise)) return this.emits !== before;
    this.awaiting = true;
    promise.then(
      () => {
        this.awaiting = false;
        this.settled(this.emits !== before);
        this.environment.wake();
      },
      (thrown: unknown) => {
        const { thisComponentId: componentId, thisTaskId: taskId } = this.context;
        this.environment.fail({ componentId, taskId, thrown });
      },
    );
    return true;
  }

  /** A tree that needed no acker. */
  completed(root: Root): void {
    this.acked(this.pending.take(root.hi, root.lo), root.hi, root.lo);
  }

  /** What ackers and the tick say. */
  receive(tuple: TaskTuple): void {
    const hi = tuple.values[0] as number;
    const lo = tuple.values[1] as number;
    switch (tuple.stream.streamId) {
      case ackAck:
        this.acked(this.pending.take(hi, lo), hi, lo);
        return;
      case ackFail:
        this.failed(this.pending.take(hi, lo), hi, lo);
        return;
      case ackResetTimeout:
        this.pending.renew(hi, lo);
        return;
      case tickStream:
        this.pending.rotate().forEach((entry, rootHi, rootLo) => {
          this.failed(entry, rootHi, rootLo);
        });
        return;
    }
  }

  private collector(): SpoutOutputCollector {
    return {
      emit: (first: string | readonly unknown[], second?: unknown, third?: unknown) =>
        typeof first === "string"
          ? this.emit(first, second as readonly unknown[], third)
          : this.emit(null, first, second),
      emitDirect: (taskId: number, first: string | readonly unknown[], second?: unknown, third?: unknown) =>
        typeof first === "string"
          ? this.emitDirect(taskId, first, second as readonly unknown[], third)
          : this.emitDirect(taskId, null, first, second),
      reportError: (thrown: Error) => this.report(thrown),
      exhausted: () => {
        this.exhausted = true;
      },
    };
  }

  private emit(streamId: string | null, values: readonly unknown[], messageId: unknown): readonly number[] {
    const out = this.begin(streamId, values, messageId);
    if (messageId === undefined) return this.outputs.untracked(out, values);
    if (!this.tracked) {
      const tasks = this.outputs.untracked(out, values);
      this.acked({ messageId, out, startUs: 0 }, 0, 0);
      return tasks;
    }
    return this.outputs.rooted(out, values, this.root(out, messageId));
  }

  private emitDirect(taskId: number, streamId: string | null, values: readonly unknown[], messageId: unknown): void {
    const out = this.begin(streamId, values, messageId);
    const target = this.outputs.directTarget(out, taskId);
    if (messageId !== undefined && this.tracked) {
      this.outputs.rootedTo(out, values, this.root(out, messageId), target);
      return;
    }
    this.outputs.directUntracked(out, values, target);
    if (messageId !== undefined) this.acked({ messageId, out, startUs: 0 }, 0, 0);
  }

  private begin(streamId: string | null, values: readonly unknown[], messageId: unknown): OutStream {
    const out = this.outputs.stream(streamId);
    out.check(values);
    if (this.outputs.sampled) this.outputs.messageId = messageId;
    this.emits++;
    this.exhausted = false;
    return out;
  }

  private root(out: OutStream, messageId: unknown): Root {
    const { ids } = this;
    const { acks } = this.environment;
    const { follower } = this.outputs;
    ids.next();
    const { thisTaskId } = this.context;
    const hi = follower === null ? ids.hi : follower.rootHalf(ids.hi, thisTaskId, this.followPercent);
    const root = new Root(hi, acks.lowHalf(hi, ids.lo));
    if (follower !== null) follower.rootIs("rooted", root.hi, root.lo, thisTaskId, messageId);
    const startUs = this.sampler.hit() || this.context.hooks.length > 0 ? nowUs(this.environment) : 0;
    this.pending.set(root.hi, root.lo, { messageId, out, startUs });
    acks.start(root, thisTaskId);
    return root;
  }

  private acked(entry: Pending | undefined, hi: number, lo: number): void {
    if (entry === undefined) return;
    this.outputs.follower?.rootIs("completed", hi, lo, this.context.thisTaskId, entry.messageId);
    const stats = entry.out.tracked;
    stats.acked++;
    const latencyUs = entry.startUs === 0 ? undefined : sinceUs(this.environment, entry.startUs);
    if (latencyUs !== undefined) stats.complete.record(latencyUs);
    this.spout.ack(entry.messageId);
    if (this.context.hooks.length === 0) return;
    const completeLatencyMs = latencyUs === undefined ? undefined : latencyUs / 1000;
    const info = { messageId: entry.messageId, spoutTaskId: this.context.thisTaskId, completeLatencyMs };
    for (const hook of this.context.hooks) hook.spoutAck?.(info);
  }

  private failed(entry: Pending | undefined, hi: number, lo: number): void {
    if (entry === undefined) return;
    this.outputs.follower?.rootIs("given-up", hi, lo, this.context.thisTaskId, entry.messageId);
    entry.out.tracked.failed++;
    this.exhausted = false;
    this.spout.fail(entry.messageId);
    if (this.context.hooks.length === 0) return;
    const failLatencyMs = entry.startUs === 0 ? undefined : sinceUs(this.environment, entry.startUs) / 1000;
    const info = { messageId: entry.messageId, spoutTaskId: this.context.thisTaskId, failLatencyMs };
    for (const hook of this.context.hooks) hook.spoutFail?.(info);
  }

  private report(thrown: unknown): void {
    const { thisComponentId: componentId, thisTaskId: taskId } = this.context;
    this.environment.listener.reported({ componentId, taskId, thrown });
  }
}

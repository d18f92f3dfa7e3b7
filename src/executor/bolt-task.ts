/** One instance of a bolt: execute, ack, fail, and what they count. */
import { messageOf } from "../base/index.ts";
import { type BoltComponent, type IBasicBolt, type IRichBolt, isFailedException } from "../topology/index.ts";
import { BasicCollector, BoltCollector } from "./bolt-collectors.ts";
import { isPromise, nowUs, sinceUs, type TaskEnvironment } from "./environment.ts";
import type { TaskOutputs } from "./outputs.ts";
import type { StreamInfo } from "./plan.ts";
import { InputStats, Sampler } from "./stats.ts";
import type { TaskContext } from "./task-context.ts";
import type { TaskTuple } from "./tuple.ts";

export class BoltTask {
  readonly context: TaskContext;
  readonly outputs: TaskOutputs;
  /** By number of the input stream; made when its first tuple comes. */
  readonly inputs: InputStats[] = [];
  /** Executions that have returned a promise which has not settled. */
  inFlight = 0;
  protected readonly environment: TaskEnvironment;
  private readonly component: BoltComponent;
  private readonly collector: BoltCollector;
  private readonly rich: IRichBolt | null;
  private readonly basic: IBasicBolt | null;
  readonly sampler: Sampler;
  private readonly shared: BasicCollector | null;
  private readonly inFlightMax: number;
  private hooked = false;
  /** The stream of the last tuple, and its counters: most tasks read one stream. */
  private stream: StreamInfo | null = null;
  private stats = new InputStats();
  /** The tuple in execution, if it is measured and has not returned; and whether it was acked meanwhile. */
  private sampled: TaskTuple | null = null;
  private ackedWithin = false;
  /** Called when as many executions are under way as may be, and when one of them has settled. */
  fullChanged: (full: boolean) => void = () => {};

  constructor(component: BoltComponent, context: TaskContext, outputs: TaskOutputs, environment: TaskEnvironment) {
    this.component = component;
    this.context = context;
    this.outputs = outputs;
    this.environment = environment;
    this.collector = new BoltCollector(this);
    this.rich = component.componentKind === "rich-bolt" ? component : null;
    this.basic = component.componentKind === "basic-bolt" ? component : null;
    const rate = context.conf["topology.stats.sample.rate"] as number;
    this.sampler = new Sampler(rate, (bound) => environment.random.below(bound));
    this.inFlightMax = context.conf["storm-lab.task.execute.max.in.flight"] as number;
    // With one execution at a time one collector serves them all; its input is set before each.
    this.shared =
      this.basic !== null && this.inFlightMax === 1 ? new BasicCollector(this, null as unknown as TaskTuple) : null;
  }

  async prepare(): Promise<void> {
    const { conf } = this.context;
    if (this.rich !== null) await this.rich.prepare(conf, this.context, this.collector);
    else await this.basic?.prepare(conf, this.context);
    if (this.context.hooks.length === 0) return;
    this.hooked = true;
    this.sampler.takeAll();
    this.outputs.tell(this.context.hooks);
    for (const hook of this.context.hooks) hook.prepare?.(conf, this.context);
  }

  async cleanup(): Promise<void> {
    try {
      await this.component.cleanup();
    } finally {
      this.outputs.close();
      for (const hook of this.context.hooks) hook.cleanup?.();
    }
  }

  execute(tuple: TaskTuple): void {
    const stats = tuple.stream === this.stream ? this.stats : this.statsOf(tuple.stream);
    stats.executed++;
    const measured = this.sampler.hit();
    if (measured) this.sample(tuple);
    if (this.outputs.follower !== null) this.outputs.follower.tupleIs("executed", tuple);
    const answer = this.rich !== null ? this.rich.execute(tuple) : this.executeBasic(tuple);
    if (answer !== undefined && isPromise(answer)) this.await(answer, tuple, stats);
    else if (measured) this.measure(tuple, stats);
  }

  ack(tuple: TaskTuple): void {
    if (tuple.settled) return;
    tuple.settled = true;
    const stats = tuple.stream === this.stream ? this.stats : this.statsOf(tuple.stream);
    stats.acked++;
    if (tuple.root !== null) this.environment.acks.ack(tuple, this.context.thisTaskId);
    if (this.outputs.follower !== null) this.outputs.follower.tupleIs("acked", tuple);
    if (tuple.sampledUs !== 0) this.ackedMeasured(tuple, stats);
  }

  failTuple(tuple: TaskTuple): void {
    if (tuple.settled) return;
    tuple.settled = true;
    this.statsOf(tuple.stream).failed++;
    this.environment.acks.fail(tuple, this.context.thisTaskId);
    this.outputs.follower?.tupleIs("failed", tuple);
    if (this.context.hooks.length === 0) return;
    const failLatencyMs = tuple.sampledUs === 0 ? undefined : sinceUs(this.environment, tuple.sampledUs) / 1000;
    const info = { tuple, failingTaskId: this.context.thisTaskId, failLatencyMs };
    for (const hook of this.context.hooks) hook.boltFail?.(info);
  }

  resetTimeout(tuple: TaskTuple): void {
    this.environment.acks.resetTimeout(tuple, this.context.thisTaskId);
  }

  report(thrown: unknown): void {
    const { thisComponentId: componentId, thisTaskId: taskId } = this.context;
    this.environment.listener.reported({ componentId, taskId, thrown });
  }

  private executeBasic(tuple: TaskTuple): void | Promise<void> {
    const collector = this.shared ?? new BasicCollector(this, tuple);
    collector.input = tuple;
    try {
      const promise = (this.basic as IBasicBolt).execute(tuple, collector);
      if (!isPromise(promise)) {
        this.ack(tuple);
        return undefined;
      }
      return promise.then(
        () => this.ack(tuple),
        (thrown: unknown) => this.failBasic(tuple, thrown),
      );
    } catch (thrown) {
      this.failBasic(tuple, thrown);
      return undefined;
    }
  }

  /** A `FailedException` fails the input; anything else is the worker's end. */
  private failBasic(tuple: TaskTuple, thrown: unknown): void {
    if (!isFailedException(thrown)) throw thrown;
    if (thrown.name === "ReportedFailedException") this.report(thrown);
    else this.environment.log.debug(`tuple failed: ${messageOf(thrown)}`);
    this.failTuple(tuple);
  }

  private await(promise: Promise<void>, tuple: TaskTuple, stats: InputStats): void {
    if (++this.inFlight === this.inFlightMax) this.fullChanged(true);
    if (this.ackedWithin) stats.process.record(sinceUs(this.environment, tuple.sampledUs));
    this.ackedWithin = false;
    this.sampled = null;
    promise.then(
      () => {
        if (tuple.sampledUs !== 0) this.measure(tuple, stats);
        this.finished();
      },
      (thrown: unknown) => {
        this.finished();
        const { thisComponentId: componentId, thisTaskId: taskId } = this.context;
        this.environment.fail({ componentId, taskId, thrown });
      },
    );
  }

  private finished(): void {
    if (this.inFlight-- === this.inFlightMax) this.fullChanged(false);
    this.environment.wake();
  }

  /** Reading the clock costs as much as a small bolt: an ack within the execution shares the reading at its end, hooks apart. */
  private sample(tuple: TaskTuple): void {
    this.sampled = this.hooked ? null : tuple;
    this.ackedWithin = false;
    tuple.sampledUs = nowUs(this.environment);
  }

  private ackedMeasured(tuple: TaskTuple, stats: InputStats): void {
    if (tuple === this.sampled) {
      this.ackedWithin = true;
      return;
    }
    const latencyUs = sinceUs(this.environment, tuple.sampledUs);
    stats.process.record(latencyUs);
    if (!this.hooked) return;
    const info = { tuple, ackingTaskId: this.context.thisTaskId, processLatencyMs: latencyUs / 1000 };
    for (const hook of this.context.hooks) hook.boltAck?.(info);
  }

  private statsOf(stream: StreamInfo): InputStats {
    const stats = this.inputs[stream.index] ?? new InputStats();
    this.inputs[stream.index] = stats;
    this.stream = stream;
    this.stats = stats;
    return stats;
  }

  private measure(tuple: TaskTuple, stats: InputStats): void {
    const latencyUs = sinceUs(this.environment, tuple.sampledUs);
    stats.execute.record(latencyUs);
    if (this.ackedWithin) stats.process.record(latencyUs);
    this.ackedWithin = false;
    this.sampled = null;
    if (!this.hooked) return;
    const info = { tuple, executingTaskId: this.context.thisTaskId, executeLatencyMs: latencyUs / 1000 };
    for (const hook of this.context.hooks) hook.boltExecute?.(info);
  }
}

/**
 * All tasks of one worker: made, opened, run turn by turn, measured, closed. It never sees a socket: tuples for other workers
 * leave by `remote`.
 */
import { must, type Runtime, type Timer } from "../base/index.ts";
import type { IRichSpout, Published, StormTopology, TaskHook } from "../topology/index.ts";
import { Acker } from "./acker.ts";
import { Acks, ackStreamsOf } from "./acks.ts";
import { BoltTask } from "./bolt-task.ts";
import { boltCounters, spoutCounters, type TaskCounters } from "./counters.ts";
import { Debugging, type Sightings } from "./debugging.ts";
import { EdgeIds } from "./edge-ids.ts";
import type { ComponentFailure, RunnerListener, TaskEnvironment } from "./environment.ts";
import { EventLogger } from "./event-logger.ts";
import { BoltExecutor, type Executor, SpoutExecutor } from "./executor.ts";
import { Loop } from "./loop.ts";
import { boltMetrics, spoutMetrics, type TaskMetrics } from "./metrics.ts";
import { type RemoteOutlet, TaskOutputs } from "./outputs.ts";
import {
  componentOf,
  depths,
  type ExecutorPlan,
  isSystemKind,
  type PlannedComponent,
  type TopologyPlan,
} from "./plan.ts";
import type { LoadOf } from "./routes.ts";
import { SpoutTask } from "./spout-task.ts";
import { TaskCalls } from "./task-calls.ts";
import { TaskContext, type WorkerIdentity } from "./task-context.ts";
import { authorScope, type TaskScope } from "./task-scope.ts";
import type { TaskTuple } from "./tuple.ts";
import { Turns } from "./turns.ts";
import { Wiring } from "./wiring.ts";

export interface RunnerOptions {
  readonly runtime: Runtime;
  readonly topology: StormTopology;
  readonly plan: TopologyPlan;
  readonly worker: WorkerIdentity;
  readonly remote: RemoteOutlet;
  readonly listener: RunnerListener;
  /** Given to every task of the author's. */
  readonly hooks: readonly TaskHook[];
  /** Where what is looked at goes. Default: nowhere. */
  readonly sightings?: Sightings;
}

const loadRefreshMs = 1000;

export class TaskRunner {
  private readonly options: RunnerOptions;
  private readonly loop: Loop;
  private readonly turns: Turns;
  private readonly ids: EdgeIds;
  private readonly environment: TaskEnvironment;
  private readonly executorOfTask = new Map<number, Executor>();
  private readonly spouts: SpoutExecutor[] = [];
  private readonly bolts: BoltExecutor[] = [];
  /** Ackers and event loggers. */
  private readonly systemBolts: BoltExecutor[] = [];
  private readonly feeders: Map<number, Executor[]>;
  private readonly held = new Set<number>();
  private readonly calls: TaskCalls;
  private loadRefresh: Timer | null = null;
  private readonly debugging: Debugging;
  private made = false;
  private halted = false;
  private failed = false;
  /** An author's constructor or grouping that threw while the tasks were made; `open` tells. */
  private unmade: ComponentFailure | null = null;
  private busyShare = 0;

  constructor(options: RunnerOptions) {
    const { runtime, plan, topology, remote, listener } = options;
    this.options = options;
    this.loop = new Loop(runtime.timers, () => this.turns.take());
    this.ids = new EdgeIds(runtime.random);
    this.debugging = new Debugging({ runtime, plan, sightings: options.sightings ?? null });
    this.calls = new TaskCalls((failure) => this.fail(failure), runtime.log);
    const executorOf = (taskId: number) => this.executorOfTask.get(taskId);
    const wiring = new Wiring({ plan, topology, ids: this.ids, executorOf });
    const acks = new Acks(remote, this.loop, (root, spoutTask) => {
      (this.executorOfTask.get(spoutTask) as SpoutExecutor).complete(root, spoutTask);
    });
    const { spouts, bolts, systemBolts } = this;
    this.turns = new Turns({ clock: runtime.clock, acks, spouts, bolts, systemBolts, remote });
    this.environment = {
      log: runtime.log,
      random: runtime.random,
      remote,
      acks,
      listener,
      nowMs: () => runtime.clock.monotonicMs(),
      wake: () => this.loop.wake(),
      wakeAfter: (delayMs) => this.loop.wakeAfter(delayMs),
      fail: (failure) => this.fail(failure),
    };
    const mine = new Set(options.worker.tasks);
    const executors = plan.executors.filter((executor) => executor.tasks.every((taskId) => mine.has(taskId)));
    try {
      for (const executor of executors) this.addExecutor(executor);
      const depthOf = depths(plan);
      this.bolts.sort((a, b) => (depthOf.get(a.componentId) ?? 0) - (depthOf.get(b.componentId) ?? 0));
      // Routes need all queues, so they are wired once every executor is there.
      acks.setAckers(plan.ackerTasks.map((taskId) => wiring.target(taskId)));
      this.wire(wiring);
    } catch (thrown) {
      if (this.unmade === null) throw thrown;
    }
    this.made = true;
    this.feeders = wiring.connectBackpressure([...this.spouts, ...this.bolts]);
  }

  /** Prepares bolts, then opens spouts. Rejects with what user code threw; `failureOf` tells whose it was. */
  async open(): Promise<void> {
    if (this.unmade !== null) {
      this.fail(this.unmade);
      throw this.unmade.thrown;
    }
    const { calls } = this;
    for (const { tasks } of [...this.systemBolts, ...this.bolts])
      for (const task of tasks) if (!this.halted) await calls.open(task.context, () => task.prepare());
    for (const { tasks } of this.spouts)
      for (const task of tasks) if (!this.halted) await calls.open(task.context, () => task.open());
  }

  /** The task that `open` or `stop` waits for. */
  get awaited(): TaskScope | null {
    return this.calls.awaited;
  }

  /** At once and for good: no turn, no timer, and nothing of the author's is called any more. */
  abandon(): void {
    this.failed = true;
    this.halt();
  }

  /** Starts the turns; spouts emit at once when `active`. */
  start(active: boolean): void {
    if (this.halted) return;
    const { runtime, plan } = this.options;
    for (const executor of [...this.spouts, ...this.bolts, ...this.systemBolts]) {
      const { conf } = componentOf(plan, executor.taskIds[0] as number);
      const timeouts = this.bolts.includes(executor as BoltExecutor) ? false : conf["topology.enable.message.timeouts"];
      if (timeouts === true)
        executor.startTicks(runtime.timers, plan.tick, conf["topology.message.timeout.secs"] as number);
      const tickSecs = conf["topology.tick.tuple.freq.secs"];
      if (typeof tickSecs === "number" && this.bolts.includes(executor as BoltExecutor))
        executor.startTicks(runtime.timers, plan.tick, tickSecs);
    }
    this.loadRefresh = runtime.timers.every(loadRefreshMs, () => this.refreshLoad());
    if (active) this.activate();
    this.loop.start();
  }

  activate(): void {
    this.eachSpout(true);
  }

  deactivate(): void {
    this.eachSpout(false);
  }

  /** Debug sampling, from now on: so much of each component's emits, in percent. */
  debug(percentOf: (componentId: string) => number): void {
    this.debugging.sample(percentOf, [...this.spouts, ...this.bolts]);
  }

  /** A tuple from another worker. False: its task is not here. */
  receive(tuple: TaskTuple): boolean {
    const executor = this.executorOfTask.get(tuple.targetTask);
    executor?.queue.push(tuple);
    return executor !== undefined;
  }

  /** A task of another worker cannot take more: its local producers wait until it can. */
  setHeld(taskId: number, held: boolean): void {
    if (this.held.has(taskId) === held) return;
    if (held) this.held.add(taskId);
    else this.held.delete(taskId);
    for (const executor of this.feeders.get(taskId) ?? []) executor.blocked += held ? 1 : -1;
    if (!held) this.loop.wake();
  }

  /** Nothing queued, nothing pending, every spout task says that it is exhausted. */
  get quiet(): boolean {
    const executors: Executor[] = [...this.spouts, ...this.bolts, ...this.systemBolts];
    return !this.environment.acks.pending && executors.every((executor) => executor.quiet);
  }

  /** Whose code runs now: the executor's component and tasks, also in a timer or after an `await`; null when none of its does. */
  get executing(): ExecutorPlan | null {
    const scope = authorScope();
    const executor = scope === null || scope === "module" ? undefined : this.executorOfTask.get(scope.taskIds[0] ?? 0);
    return executor === undefined ? null : { componentId: executor.componentId, tasks: executor.taskIds };
  }

  /** Share of the last second that turns took, 0 … 1. */
  get load(): number {
    return this.busyShare;
  }

  /** Throws what a gauge of the author's throws; the listener has been told. So does `results`. */
  metrics(): TaskMetrics[] {
    const names = this.options.plan.streams.map((stream) => `${stream.componentId}:${stream.streamId}`);
    return [
      ...this.spouts.flatMap(({ tasks }) =>
        tasks.map((task) => this.calls.now(task.context, () => spoutMetrics(task))),
      ),
      ...this.bolts.flatMap(({ tasks }) =>
        tasks.map((task) => this.calls.now(task.context, () => boltMetrics(task, names))),
      ),
    ];
  }

  /** By stream; calls no code of the author's. */
  counters(): TaskCounters[] {
    const { streams } = this.options.plan;
    return [
      ...this.spouts.flatMap(({ tasks }) => tasks.map(spoutCounters)),
      ...this.bolts.flatMap(({ tasks }) => tasks.map((task) => boltCounters(task, streams))),
    ];
  }

  /** What tasks have published, by name, one value a task. */
  results(): Map<string, Published[]> {
    const results = new Map<string, Published[]>();
    for (const executor of [...this.spouts, ...this.bolts]) {
      for (const { context } of executor.tasks) {
        for (const [name, value] of this.calls.now(context, () => context.results()))
          results.set(name, [...(results.get(name) ?? []), value]);
      }
    }
    return results;
  }

  /**
   * Stops turns and timers at once, then closes spouts and cleans up bolts: those that were opened, and unless one has failed.
   * Errors of user code are logged.
   */
  async stop(): Promise<void> {
    this.halt();
    if (this.failed) return;
    const { calls } = this;
    for (const { active, tasks } of this.spouts)
      if (active) for (const task of tasks) await calls.close(task.context, () => task.deactivate());
    for (const { tasks } of this.spouts) for (const task of tasks) await calls.close(task.context, () => task.close());
    for (const { tasks } of this.bolts) for (const task of tasks) await calls.close(task.context, () => task.cleanup());
  }

  private addExecutor(planned: ExecutorPlan): void {
    const component = must(this.options.plan.components.get(planned.componentId), `component ${planned.componentId}`);
    const queueSize = component.conf["topology.executor.receive.buffer.size"] as number;
    const make = (taskId: number) => this.makeTask(component, taskId);
    const executor =
      component.kind === "spout"
        ? new SpoutExecutor(
            component.id,
            planned.tasks.map(make) as SpoutTask[],
            queueSize,
            this.environment,
            this.loop,
          )
        : new BoltExecutor(component.id, planned.tasks.map(make) as BoltTask[], queueSize, this.environment, this.loop);
    for (const taskId of planned.tasks) this.executorOfTask.set(taskId, executor);
    if (executor instanceof SpoutExecutor) this.spouts.push(executor);
    else if (isSystemKind(component.kind)) this.systemBolts.push(executor);
    else this.bolts.push(executor);
  }

  private makeTask(component: PlannedComponent, taskId: number): SpoutTask | BoltTask {
    const { plan, topology, worker, remote } = this.options;
    const context = new TaskContext(plan, worker, taskId, {
      runtime: this.options.runtime,
      rouse: () => this.executorOfTask.get(taskId)?.rouse(),
    });
    if (!isSystemKind(component.kind)) for (const hook of this.options.hooks) context.addTaskHook(hook);
    const outputs = new TaskOutputs(taskId, remote, this.ids, this.loop);
    this.environment.acks.addTask(taskId, ackStreamsOf(component.streams));
    const made = isSystemKind(component.kind)
      ? this.makeSystemBolt(component.kind)
      : this.calls.now(context, () => topology.makeComponent(component.id));
    if (made.componentKind !== "spout") return new BoltTask(made, context, outputs, this.environment);
    return new SpoutTask(made as IRichSpout, context, outputs, plan.ackerTasks.length > 0, this.ids, this.environment);
  }

  private makeSystemBolt(kind: "acker" | "event-logger"): Acker | EventLogger {
    if (kind === "acker") return new Acker(() => Math.round(this.turns.stepMs));
    return new EventLogger(this.options.sightings?.event ?? (() => {}));
  }

  private wire(wiring: Wiring): void {
    for (const executor of [...this.spouts, ...this.bolts, ...this.systemBolts]) {
      for (const { outputs, context } of executor.tasks) {
        const component = componentOf(this.options.plan, context.thisTaskId);
        outputs.connect(this.calls.now(context, () => wiring.outStreams(component, context)));
      }
    }
  }

  private eachSpout(active: boolean): void {
    for (const executor of this.spouts) {
      if (executor.active === active) continue;
      executor.active = active;
      for (const task of executor.tasks) {
        try {
          this.calls.now(task.context, () => (active ? task.activate() : task.deactivate()));
        } catch {
          return;
        }
      }
    }
    this.loop.wake();
  }

  private refreshLoad(): void {
    const { remote } = this.options;
    this.busyShare = Math.min(1, this.turns.takeBusyMs() / loadRefreshMs);
    const loadOf: LoadOf = (taskId) => {
      const executor = this.executorOfTask.get(taskId);
      if (executor !== undefined) return Math.min(1, executor.queue.load);
      return this.held.has(taskId) ? 1 : remote.loadOf(taskId);
    };
    for (const executor of [...this.spouts, ...this.bolts]) {
      for (const { context, outputs, sampler } of executor.tasks) {
        sampler.adapt();
        const refresh = (): void => {
          for (const out of outputs.streams.values())
            for (const route of out.routes) route.refreshLoad(loadOf, this.busyShare);
        };
        try {
          this.calls.now(context, refresh);
        } catch {
          return;
        }
      }
    }
  }

  private fail(failure: ComponentFailure): void {
    if (this.failed) return;
    if (!this.made) {
      this.unmade = failure;
      return;
    }
    this.failed = true;
    this.turns.end();
    this.halt();
    this.options.listener.failed(failure);
  }

  private halt(): void {
    this.halted = true;
    this.loop.stop();
    this.loadRefresh?.cancel();
    this.loadRefresh = null;
    for (const executor of [...this.spouts, ...this.bolts, ...this.systemBolts]) executor.stopTicks();
  }
}

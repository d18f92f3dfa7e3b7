/**
 * Executors: what Storm gives a thread is here a cooperative loop over one bounded queue and its tasks. An executor holds
 * still while any queue it feeds is full, unless that queue lies on a cycle with it: then waiting would be for ever.
 */
import type { AsyncResource } from "node:async_hooks";
import type { Timer, Timers } from "../base/index.ts";
import type { BoltTask } from "./bolt-task.ts";
import type { TaskEnvironment } from "./environment.ts";
import { ExecutorQueue } from "./executor-queue.ts";
import type { Loop } from "./loop.ts";
import { type StreamInfo, systemTask } from "./plan.ts";
import type { SpoutTask } from "./spout-task.ts";
import { openTaskScope } from "./task-scope.ts";
import { type Root, TaskTuple } from "./tuple.ts";

/** `nextTuple` calls of a task in one step: small, so that queues stay short and warm. */
const spoutCallsPerStep = 32;

export abstract class Executor {
  readonly componentId: string;
  readonly taskIds: readonly number[];
  readonly queue: ExecutorQueue;
  /** Executors of this worker that feed the queue and wait when it is full. */
  readonly producers: Executor[] = [];
  /** Full queues, here and in other workers, that this executor feeds. */
  blocked = 0;
  protected readonly environment: TaskEnvironment;
  private readonly scope: AsyncResource;
  private ticks: Timer | null = null;

  constructor(
    componentId: string,
    taskIds: readonly number[],
    queueSize: number,
    environment: TaskEnvironment,
    loop: Loop,
  ) {
    this.componentId = componentId;
    this.taskIds = taskIds;
    this.environment = environment;
    this.scope = openTaskScope({ componentId, taskIds });
    this.queue = new ExecutorQueue(queueSize, { full: () => this.press(1), drained: () => this.press(-1) }, loop);
  }

  /** Starts a tick tuple for each task every `seconds`. */
  startTicks(timers: Timers, stream: StreamInfo, seconds: number): void {
    this.ticks = timers.every(seconds * 1000, () => {
      for (const taskId of this.taskIds)
        this.queue.push(new TaskTuple([seconds], stream, systemTask, taskId, null, 0, 0));
    });
  }

  stopTicks(): void {
    this.ticks?.cancel();
    this.ticks = null;
  }

  /** `step`, as this executor's own: what its tasks leave behind is known to be theirs. */
  enter(limit: number): boolean {
    return this.scope.runInAsyncScope(this.step, this, limit);
  }

  /** There is something to do that no tuple brings. */
  rouse(): void {
    this.environment.wake();
  }

  /** Works off some of what is waiting; true when anything was done. */
  abstract step(limit: number): boolean;
  /** Nothing queued, nothing under way. */
  abstract get quiet(): boolean;

  private press(change: 1 | -1): void {
    for (const producer of this.producers) producer.blocked += change;
    this.environment.listener.pressure(this.taskIds, change === 1);
  }
}

export class BoltExecutor extends Executor {
  readonly tasks: readonly BoltTask[];
  private readonly firstTask: number;
  /** Tasks with as many executions under way as they may have. */
  private busy = 0;

  constructor(
    componentId: string,
    tasks: readonly BoltTask[],
    queueSize: number,
    environment: TaskEnvironment,
    loop: Loop,
  ) {
    const taskIds = tasks.map((task) => task.context.thisTaskId);
    super(componentId, taskIds, queueSize, environment, loop);
    this.tasks = tasks;
    this.firstTask = taskIds[0] as number;
    for (const task of tasks) {
      task.fullChanged = (full) => {
        this.busy += full ? 1 : -1;
      };
    }
  }

  get quiet(): boolean {
    return this.queue.size === 0 && this.tasks.every((task) => task.inFlight === 0);
  }

  step(limit: number): boolean {
    let done = 0;
    let task = this.tasks[0] as BoltTask;
    try {
      while (done < limit && this.blocked === 0 && this.busy === 0) {
        const tuple = this.queue.shift();
        if (tuple === undefined) break;
        done++;
        if (this.tasks.length > 1) task = this.tasks[tuple.targetTask - this.firstTask] as BoltTask;
        task.execute(tuple);
      }
    } catch (thrown) {
      this.environment.fail({ componentId: this.componentId, taskId: task.context.thisTaskId, thrown });
    }
    return done > 0;
  }
}

export class SpoutExecutor extends Executor {
  readonly tasks: readonly SpoutTask[];
  active = false;
  private readonly firstTask: number;
  private readonly waitMs: number;
  private sleepUntilMs = 0;
  /** Roots of its tasks (`sender`) that were complete before an acker heard of them. */
  private completed: Root[] = [];

  constructor(
    componentId: string,
    tasks: readonly SpoutTask[],
    queueSize: number,
    environment: TaskEnvironment,
    loop: Loop,
  ) {
    const taskIds = tasks.map((task) => task.context.thisTaskId);
    super(componentId, taskIds, queueSize, environment, loop);
    this.tasks = tasks;
    this.firstTask = taskIds[0] as number;
    this.waitMs = tasks[0]?.context.conf["topology.sleep.spout.wait.strategy.time.ms"] as number;
    for (const task of tasks) {
      task.settled = (emitted) => {
        if (!emitted) this.sleep();
      };
    }
  }

  get quiet(): boolean {
    return (
      this.queue.size === 0 && this.tasks.every((task) => task.exhausted && !task.awaiting && task.pendingCount === 0)
    );
  }

  step(limit: number): boolean {
    let task = this.tasks[0] as SpoutTask;
    try {
      let done = 0;
      while (done < limit && !this.awaiting) {
        const tuple = this.queue.shift();
        if (tuple === undefined) break;
        done++;
        task = this.tasks[tuple.targetTask - this.firstTask] as SpoutTask;
        task.receive(tuple);
      }
      if (this.completed.length > 0 && !this.awaiting) {
        const roots = this.completed;
        this.completed = [];
        done += roots.length;
        for (let i = 0; i < roots.length; i++) {
          const root = roots[i] as Root;
          task = this.tasks[root.sender - this.firstTask] as SpoutTask;
          task.completed(root);
        }
      }
      if (done > 0) this.sleepUntilMs = 0;
      if (!this.active || this.blocked > 0 || this.sleeping()) return done > 0;
      let emitted = false;
      for (task of this.tasks) if (this.emitSome(task)) emitted = true;
      if (!emitted && !this.awaiting) this.sleep();
      return emitted || done > 0;
    } catch (thrown) {
      this.environment.fail({ componentId: this.componentId, taskId: task.context.thisTaskId, thrown });
      return true;
    }
  }

  override rouse(): void {
    this.sleepUntilMs = 0;
    super.rouse();
  }

  complete(root: Root, spoutTask: number): void {
    root.sender = spoutTask;
    this.completed.push(root);
  }

  private get awaiting(): boolean {
    for (let i = 0; i < this.tasks.length; i++) if ((this.tasks[i] as SpoutTask).awaiting) return true;
    return false;
  }

  private emitSome(task: SpoutTask): boolean {
    let emitted = false;
    for (let call = 0; call < spoutCallsPerStep && task.mayEmit && this.blocked === 0; call++) {
      if (!task.nextTuple()) return emitted;
      emitted = true;
    }
    return emitted;
  }

  /** A spout with nothing to emit is asked again after the wait strategy's time, not at once. */
  private sleep(): void {
    this.sleepUntilMs = this.environment.nowMs() + this.waitMs;
    this.environment.wakeAfter(this.waitMs);
  }

  private sleeping(): boolean {
    if (this.sleepUntilMs === 0) return false;
    const leftMs = this.sleepUntilMs - this.environment.nowMs();
    if (leftMs > 0) {
      this.environment.wakeAfter(leftMs);
      return true;
    }
    this.sleepUntilMs = 0;
    return false;
  }
}

/** Calls of the author's code other than for tuples: each in its task's scope, and what they throw told as their task's. */
import { type Log, messageOf } from "../base/index.ts";
import type { ComponentFailure } from "./environment.ts";
import type { TaskContext } from "./task-context.ts";
import { inTaskScope, type TaskScope } from "./task-scope.ts";

export class TaskCalls {
  /** The task whose `prepare`, `open`, `close` or `cleanup` has not come back yet. */
  awaited: TaskScope | null = null;
  private readonly opened = new Set<TaskContext>();
  private readonly fail: (failure: ComponentFailure) => void;
  private readonly log: Log;

  constructor(fail: (failure: ComponentFailure) => void, log: Log) {
    this.fail = fail;
    this.log = log;
  }

  /** Fails, and throws, what the call throws. */
  now<T>(context: TaskContext, call: () => T): T {
    try {
      return inTaskScope(scopeOf(context), call);
    } catch (thrown) {
      this.fail(failureOf(context, thrown));
      throw thrown;
    }
  }

  /** As `now`; from its good end on the task is open. */
  async open(context: TaskContext, open: () => Promise<void>): Promise<void> {
    this.awaited = scopeOf(context);
    try {
      await inTaskScope(this.awaited, open);
      this.opened.add(context);
    } catch (thrown) {
      this.fail(failureOf(context, thrown));
      throw thrown;
    } finally {
      this.awaited = null;
    }
  }

  /** Of a task that is open. What it throws is logged. */
  async close(context: TaskContext, close: () => Promise<void> | void): Promise<void> {
    if (!this.opened.has(context)) return;
    this.awaited = scopeOf(context);
    try {
      await inTaskScope(this.awaited, close);
    } catch (thrown) {
      this.log.warn(`a component failed while it was closed: ${messageOf(thrown)}`);
    } finally {
      this.awaited = null;
    }
  }
}

function scopeOf({ thisComponentId, thisTaskId }: TaskContext): TaskScope {
  return { componentId: thisComponentId, taskIds: [thisTaskId] };
}

function failureOf({ thisComponentId, thisTaskId }: TaskContext, thrown: unknown): ComponentFailure {
  return { componentId: thisComponentId, taskId: thisTaskId, thrown };
}

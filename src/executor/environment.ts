/** What the tasks of a worker share: clock, outlets, and whom to tell. */
import type { Log, Random } from "../base/index.ts";
import type { Acks } from "./acks.ts";
import type { RemoteTasks } from "./outputs.ts";

export interface ComponentFailure {
  readonly componentId: string;
  readonly taskId: number;
  /** What user code threw, as it threw it. */
  readonly thrown: unknown;
}

export interface RunnerListener {
  /** User code threw or rejected: in Storm the worker dies of it. Called once; nothing runs afterwards. */
  failed(failure: ComponentFailure): void;
  /** `reportError` of a collector: noted, the task goes on. */
  reported(failure: ComponentFailure): void;
  /** The receive queue of these local tasks is full (or no longer): remote producers must be told. */
  pressure(taskIds: readonly number[], full: boolean): void;
}

export interface TaskEnvironment {
  readonly log: Log;
  readonly random: Random;
  readonly remote: RemoteTasks;
  readonly acks: Acks;
  readonly listener: RunnerListener;
  /** Monotonic, milliseconds. */
  nowMs(): number;
  /** There is work: a turn will come. */
  wake(): void;
  /** A turn no later than this. */
  wakeAfter(delayMs: number): void;
  /** Stops everything and tells the listener. */
  fail(failure: ComponentFailure): void;
}

/** Monotonic microseconds in 32 bits, never 0; differences hold for half an hour. */
export function nowUs(environment: TaskEnvironment): number {
  return (environment.nowMs() * 1000) | 0 || 1;
}

/** Microseconds since a `nowUs`. */
export function sinceUs(environment: TaskEnvironment, startUs: number): number {
  return (nowUs(environment) - startUs) | 0;
}

/** An author's method may answer what its last call answered, such as the task ids of an `emit`: only a promise is waited for. */
export function isPromise(answer: void | Promise<void>): answer is Promise<void> {
  return answer !== undefined && typeof (answer as Partial<Promise<void>> | null)?.then === "function";
}

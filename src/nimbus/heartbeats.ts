/**
 * Which executors live, by what supervisors and workers have said by Thrift. Counted from when nimbus heard of it, on its own clock:
 * what the worker's clock shows does not matter. Source: HeartbeatCache of Storm 2.8, and the rules of nimbus.task.timeout.secs and
 * nimbus.task.launch.secs.
 */
import type { Clock } from "../base/index.ts";
import type { Assignment, SupervisorWorkerHeartbeat } from "../wire/thrift/index.ts";
import type { Executor } from "./system-topology.ts";

export interface LifeRules {
  /** Silent for this long: dead. */
  readonly timeoutSecs: number;
  /** Assigned for less than this: alive, heard of or not. */
  readonly launchSecs: number;
}

/** Heartbeats come from outside; what nobody has assigned must not fill the memory. */
const topologiesMax = 10_000;
const executorsMax = 100_000;

export class HeartbeatCache {
  readonly #clock: Clock;
  /** By topology and executor: when it was last heard of (monotonic). */
  readonly #heardMs = new Map<string, Map<string, number>>();
  /** Who begins to lead has heard of nobody yet: everybody counts as heard of at that moment. */
  #sinceMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(): void {
    this.#heardMs.clear();
    this.#sinceMs = this.#clock.monotonicMs();
  }

  heard({ storm_id, executors }: SupervisorWorkerHeartbeat): void {
    const known = this.#heardMs.get(storm_id);
    if (known === undefined && this.#heardMs.size >= topologiesMax) return;
    const heardMs = known ?? new Map<string, number>();
    this.#heardMs.set(storm_id, heardMs);
    for (const { task_start, task_end } of executors) {
      const name = executorName([task_start, task_end]);
      if (heardMs.has(name) || heardMs.size < executorsMax) heardMs.set(name, this.#clock.monotonicMs());
    }
  }

  /** Those of `executors` that live. One without a start in the assignment is not placed, so it does not. */
  alive(id: string, executors: readonly Executor[], assignment: Assignment, rules: LifeRules): Executor[] {
    const heardMs = this.#heardMs.get(id);
    const nowSecs = Math.floor(this.#clock.nowMs() / 1000);
    const starts = new Map(
      assignment.executor_start_time_secs.map(([[first = 0, last = 0], secs]) => [executorName([first, last]), secs]),
    );
    return executors.filter((executor) => {
      const startSecs = starts.get(executorName(executor));
      if (startSecs === undefined) return false;
      if (nowSecs - startSecs < rules.launchSecs) return true;
      const lastMs = Math.max(heardMs?.get(executorName(executor)) ?? this.#sinceMs, this.#sinceMs);
      const silentMs = this.#clock.monotonicMs() - lastMs;
      return silentMs < rules.timeoutSecs * 1000;
    });
  }

  forget(id: string): void {
    this.#heardMs.delete(id);
  }

  /** Topologies that somebody beats for. */
  get topologies(): readonly string[] {
    return [...this.#heardMs.keys()];
  }
}

export function executorName([first, last]: Executor): string {
  return `${first}-${last}`;
}

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
  /** Assigned for less than this to a supervisor that is there: alive, heard of or not. */
  readonly launchSecs: number;
}

interface Heard {
  /** Monotonic. */
  readonly atMs: number;
  readonly node: string | null;
}

/** Heartbeats come from outside; what nobody has assigned must not fill the memory. */
const topologiesMax = 10_000;
const executorsMax = 100_000;

export class HeartbeatCache {
  readonly #clock: Clock;
  /** By topology and executor. */
  readonly #heard = new Map<string, Map<string, Heard>>();
  /** Who begins to lead has heard of nobody yet: everybody counts as heard of at that moment. */
  #sinceMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(): void {
    this.#heard.clear();
    this.#sinceMs = this.#clock.monotonicMs();
  }

  /** `node`: the supervisor that says so; null when the worker itself does. */
  heard({ storm_id, executors }: SupervisorWorkerHeartbeat, node: string | null): void {
    const known = this.#heard.get(storm_id);
    if (known === undefined && this.#heard.size >= topologiesMax) return;
    const heard = known ?? new Map<string, Heard>();
    this.#heard.set(storm_id, heard);
    const atMs = this.#clock.monotonicMs();
    for (const { task_start, task_end } of executors) {
      const name = executorName([task_start, task_end]);
      if (heard.has(name) || heard.size < executorsMax) heard.set(name, { atMs, node });
    }
  }

  /**
   * Those of `executors` that live. One without a start in the assignment is not placed, so it does not. `present`: the supervisors;
   * nobody waits for one that is not there to launch a worker.
   */
  alive(
    id: string,
    executors: readonly Executor[],
    assignment: Assignment,
    rules: LifeRules,
    present: ReadonlyMap<string, unknown>,
  ): Executor[] {
    const heard = this.#heard.get(id);
    const nowSecs = Math.floor(this.#clock.nowMs() / 1000);
    const starts = new Map(
      assignment.executor_start_time_secs.map(([[first = 0, last = 0], secs]) => [executorName([first, last]), secs]),
    );
    const nodes = new Map(
      assignment.executor_node_port.map(([[first = 0, last = 0], { node }]) => [executorName([first, last]), node]),
    );
    return executors.filter((executor) => {
      const name = executorName(executor);
      const startSecs = starts.get(name);
      if (startSecs === undefined) return false;
      const node = nodes.get(name);
      if (nowSecs - startSecs < rules.launchSecs && node !== undefined && present.has(node)) return true;
      return this.#clock.monotonicMs() - this.#lastMs(heard?.get(name), node) < rules.timeoutSecs * 1000;
    });
  }

  /** A worker that lives on where the executor is no more says nothing of it. */
  #lastMs(heard: Heard | undefined, node: string | undefined): number {
    const counts = heard !== undefined && (heard.node === null || heard.node === node);
    return counts ? Math.max(heard.atMs, this.#sinceMs) : this.#sinceMs;
  }

  forget(id: string): void {
    this.#heard.delete(id);
  }

  /** Topologies that somebody beats for. */
  get topologies(): readonly string[] {
    return [...this.#heard.keys()];
  }
}

export function executorName([first, last]: Executor): string {
  return `${first}-${last}`;
}

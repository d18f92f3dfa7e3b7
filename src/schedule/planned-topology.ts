/** A topology with what schedulers ask of it again and again: its executors in order, their components and requests. */
import { must } from "../base/index.ts";
import { type Request, requestOf } from "./resources.ts";
import type { ComponentDetails, Executor, SharedMemory, TopologyDetails } from "./snapshot.ts";

/** An executor as this room knows it: one object each, told apart by identity. */
export interface PlannedExecutor {
  readonly tasks: Executor;
  readonly component: ComponentDetails;
}

export class PlannedTopology {
  readonly details: TopologyDetails;
  /** In the order of their tasks. */
  readonly executors: readonly PlannedExecutor[];
  readonly #byFirstTask: ReadonlyMap<number, PlannedExecutor>;
  readonly #requests = new Map<string, Request>();

  constructor(details: TopologyDetails) {
    this.details = details;
    this.executors = details.components
      .flatMap((component) => component.executors.map((tasks) => ({ tasks, component })))
      .sort((a, b) => a.tasks[0] - b.tasks[0]);
    this.#byFirstTask = new Map(this.executors.map((executor) => [executor.tasks[0], executor]));
  }

  get id(): string {
    return this.details.id;
  }

  /** More workers than executors would have nothing to do. */
  get usefulWorkers(): number {
    return Math.min(this.details.numWorkers, this.executors.length);
  }

  /** Undefined: it has no such executor (any more). */
  executor([first, last]: Executor): PlannedExecutor | undefined {
    const found = this.#byFirstTask.get(first);
    return found?.tasks[1] === last ? found : undefined;
  }

  requestOf({ component }: PlannedExecutor): Request {
    const known = this.#requests.get(component.id);
    if (known !== undefined) return known;
    const request = requestOf(component, this.details.conf);
    this.#requests.set(component.id, request);
    return request;
  }

  /** Each piece of memory that these executors share, once. */
  sharedBy(executors: Iterable<PlannedExecutor>): SharedMemory[] {
    const all = this.details.sharedMemory;
    if (all === undefined) return [];
    const names = new Set<string>();
    for (const { component } of executors) for (const name of component.sharedMemory ?? []) names.add(name);
    return [...names].sort().map((name) => must(all[name], `shared memory ${name} of ${this.id}`));
  }
}

/** Older topologies first, so that a younger one never takes a slot that an older one waits for. */
export function inOrder(topologies: readonly TopologyDetails[]): PlannedTopology[] {
  return [...topologies]
    .sort((a, b) => a.launchTimeSecs - b.launchTimeSecs || (a.id < b.id ? -1 : 1))
    .map((details) => new PlannedTopology(details));
}

/** What Storm's own schedulers made of small clusters (storm-schedules.json), as snapshots and shapes to compare ours with. */

import { StormConf } from "../../../src/conf/index.ts";
import type {
  ClusterSnapshot,
  ComponentDetails,
  ExistingWorker,
  TopologyDetails,
} from "../../../src/schedule/index.ts";

type Workers = Readonly<Record<string, readonly (readonly [node: string, port: number, tasks: readonly number[]])[]>>;

export interface StormCase {
  readonly scheduler: "default" | "resources";
  readonly round: "fresh" | "dead" | "back" | "urgent";
  readonly supervisors: readonly {
    readonly id: string;
    readonly host: string;
    readonly ports: readonly number[];
    readonly resources?: Readonly<Record<string, number>>;
  }[];
  readonly topologies: readonly (Pick<TopologyDetails, "id" | "owner" | "numWorkers" | "launchTimeSecs"> & {
    /** What differs from Storm's defaults. */
    readonly conf?: TopologyDetails["conf"];
    /** What was left out does not matter to the scheduler. */
    readonly components: readonly (Partial<ComponentDetails> & {
      readonly id: string;
      /** Each has an executor of its own. */
      readonly tasks: readonly number[];
    })[];
  })[];
  readonly before: Workers;
  readonly after: Workers;
}

export function snapshotOf({ supervisors, topologies, before }: StormCase): ClusterSnapshot {
  return {
    supervisors: supervisors.map((supervisor) => ({ resources: {}, ...supervisor })),
    topologies: topologies.map(({ components, conf, ...details }) => ({
      ...details,
      name: details.id,
      conf: new StormConf(conf ?? {}).values,
      components: components.map(({ tasks, ...component }) => ({
        kind: "bolt",
        inputs: [],
        conf: {},
        ...component,
        executors: tasks.map((task) => [task, task] as const),
      })),
    })),
    assignments: assignmentsOf(before),
  };
}

export function assignmentsOf(workers: Workers): ReadonlyMap<string, readonly ExistingWorker[]> {
  return new Map(
    Object.entries(workers).map(([id, theirs]) => [
      id,
      theirs.map(([node, port, tasks]) => ({
        slot: { node, port },
        executors: tasks.map((task) => [task, task] as const),
      })),
    ]),
  );
}

/** Each worker with its place and its executors. */
export function exactly(assignments: ClusterSnapshot["assignments"]): string[] {
  return [...assignments]
    .flatMap(([id, workers]) =>
      workers.map(({ slot, executors }) => `${id} ${slot.node}:${slot.port} ${executors.map(([first]) => first)}`),
    )
    .sort();
}

/** Each worker by node and components: the ports of a node, and the executors of a component, are as good as each other. */
export function byComponents({ topologies }: StormCase, assignments: ClusterSnapshot["assignments"]): string[] {
  const names = new Map(
    topologies.flatMap(({ id, components }) =>
      components.flatMap((component) => component.tasks.map((task) => [`${id} ${task}`, component.id] as const)),
    ),
  );
  return [...assignments]
    .flatMap(([id, workers]) =>
      workers.map(({ slot, executors }) => {
        const components = executors.map(([first]) => names.get(`${id} ${first}`) ?? "?").sort();
        return `${id} ${slot.node} ${components.join()}`;
      }),
    )
    .sort();
}

/** Topologies that lack workers, or executors a slot. */
export function needy({ topologies, before }: StormCase): string[] {
  return topologies
    .filter(({ id, numWorkers, components }) => {
      const workers = before[id] ?? [];
      const placed = workers.flatMap(([, , tasks]) => tasks).length;
      return workers.length < numWorkers || placed < components.flatMap(({ tasks }) => tasks).length;
    })
    .map(({ id }) => id);
}

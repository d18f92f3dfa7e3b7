/** The workers of a topology as pages list them: what runs in each, and since when. */
import type { Assignment, WorkerSummary } from "../../wire/thrift/index.ts";
import { isSystemId } from "../system-topology.ts";
import { type ExecutorBeat, type ExecutorPlace, portOf, slotName } from "./executor-beats.ts";

export interface WorkersOfTopology {
  readonly id: string;
  readonly name: string;
  readonly owner: string | undefined;
  readonly assignment: Assignment | null;
  readonly places: readonly ExecutorPlace[];
  readonly beats: readonly ExecutorBeat[];
  /** Component by task. */
  readonly components: ReadonlyMap<number, string>;
}

/** `node`: of this supervisor alone. */
export function workerSummaries(topology: WorkersOfTopology, includeSys: boolean, node?: string): WorkerSummary[] {
  const uptimes = new Map(topology.beats.map((beat) => [slotName(beat.node, beat.port), beat.uptimeSecs]));
  const bySlot = Map.groupBy(
    topology.places.filter((place) => node === undefined || place.node === node),
    (place) => slotName(place.node, place.port),
  );
  return [...bySlot].flatMap(([slot, places]) => {
    const [first] = places;
    return first === undefined ? [] : [summaryOf(topology, first, places, uptimes.get(slot) ?? 0, includeSys)];
  });
}

function summaryOf(
  topology: WorkersOfTopology,
  { node, host, port }: ExecutorPlace,
  places: readonly ExecutorPlace[],
  uptimeSecs: number,
  includeSys: boolean,
): WorkerSummary {
  const tasks = new Map<string, number>();
  for (const { executor } of places) {
    for (let task = executor[0]; task <= executor[1]; task++) {
      const component = topology.components.get(task) ?? "";
      if (includeSys || !isSystemId(component)) tasks.set(component, (tasks.get(component) ?? 0) + 1);
    }
  }
  const resources = topology.assignment?.worker_resources.find(
    ([slot]) => slot.node === node && portOf(slot) === port,
  )?.[1];
  return {
    supervisor_id: node,
    host,
    port,
    topology_id: topology.id,
    topology_name: topology.name,
    num_executors: places.length,
    component_to_num_tasks: tasks,
    uptime_secs: uptimeSecs,
    assigned_memonheap: resources?.mem_on_heap ?? 0,
    assigned_memoffheap: resources?.mem_off_heap ?? 0,
    assigned_cpu: resources?.cpu ?? 0,
    ...(topology.owner === undefined ? {} : { owner: topology.owner }),
  };
}

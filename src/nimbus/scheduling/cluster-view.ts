/** What a round of scheduling looks at: topologies with their code, their assignments, the supervisors, and who is silent. */
import { messageOf, type Runtime } from "../../base/index.ts";
import type { StormConf } from "../../conf/index.ts";
import type {
  ClusterSnapshot,
  ComponentDetails,
  ExistingWorker,
  SupervisorDetails,
  TopologyDetails,
} from "../../schedule/index.ts";
import type { ClusterState } from "../../state/index.ts";
import type { Assignment, StormBase, SupervisorInfo } from "../../wire/thrift/index.ts";
import { type ConfObject, numberOf } from "../conf-values.ts";
import type { HeartbeatCache, LifeRules } from "../heartbeats.ts";
import { portOf, slotName } from "../stats/executor-beats.ts";
import {
  allComponents,
  componentConf,
  type Executor,
  executorsOf,
  systemTopology,
  taskComponents,
} from "../system-topology.ts";
import { topologyBases } from "../topology-names.ts";
import type { StoredTopology, TopologyStore } from "../topology-store.ts";

export interface ViewedTopology {
  readonly id: string;
  readonly base: StormBase;
  /** The cluster's conf with the topology's on top. */
  readonly conf: ConfObject;
  readonly stored: StoredTopology;
  readonly executors: readonly Executor[];
  readonly assignment: Assignment | null;
}

export interface ClusterView {
  readonly topologies: readonly ViewedTopology[];
  readonly supervisors: ReadonlyMap<string, SupervisorInfo>;
  /** Assignments of topologies that are no more. */
  readonly orphans: readonly string[];
  /** Slots of topologies that live and whose code cannot be read: `node:port`. */
  readonly untouchable: ReadonlySet<string>;
}

export interface ViewSources {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  readonly state: ClusterState;
  readonly store: TopologyStore;
}

export async function readView({ runtime, conf, state, store }: ViewSources): Promise<ClusterView> {
  // Bases after assignments: what is assigned and has no base then is no more.
  const assigned = await state.assignments();
  const [assignments, bases, supervisors] = await Promise.all([
    Promise.all(assigned.map((id) => state.assignment(id))),
    topologyBases(state),
    state.supervisorInfos(),
  ]);
  const assignmentOf = new Map(assigned.map((id, index) => [id, assignments[index] ?? null]));
  const topologies: ViewedTopology[] = [];
  const untouchable = new Set<string>();
  for (const [id, base] of bases) {
    const assignment = assignmentOf.get(id) ?? null;
    const stored = await readStored(runtime, store, id);
    if (stored === null) {
      for (const [, slot] of assignment?.executor_node_port ?? []) untouchable.add(slotName(slot.node, portOf(slot)));
      continue;
    }
    const merged: ConfObject = { ...conf.values, ...stored.conf };
    const executors = executorsOf(base.component_executors ?? new Map(), taskComponents(merged, stored.topology));
    topologies.push({ id, base, conf: merged, stored, executors, assignment });
  }
  return { topologies, supervisors, orphans: assigned.filter((id) => !bases.has(id)), untouchable };
}

async function readStored(runtime: Runtime, store: TopologyStore, id: string): Promise<StoredTopology | null> {
  try {
    const stored = await store.read(id);
    if (stored === null) runtime.log.warn(`The code of ${id} is not here: it is left as it is`);
    return stored;
  } catch (error) {
    runtime.log.error(`The code of ${id} cannot be read, it is left as it is: ${messageOf(error)}`);
    return null;
  }
}

/** How long this topology's executors may be silent. Its own limit counts only if it is longer. */
export function lifeRules(conf: ConfObject, taskTimeoutSecs: number, taskLaunchSecs: number): LifeRules {
  const timeoutSecs = Math.max(numberOf(conf, "topology.worker.timeout.secs", 0), taskTimeoutSecs);
  return { timeoutSecs, launchSecs: Math.max(taskLaunchSecs, timeoutSecs) };
}

/** `scratch`: a topology that gives up its slots and is placed anew. */
export function snapshotOf(
  view: ClusterView,
  heartbeats: HeartbeatCache,
  rules: (topology: ViewedTopology) => LifeRules,
  scratch: string | null,
): ClusterSnapshot {
  const assignments = new Map<string, readonly ExistingWorker[]>();
  const deadExecutors = new Map<string, readonly Executor[]>();
  for (const topology of view.topologies) {
    const { id, assignment, executors } = topology;
    if (assignment === null || id === scratch) continue;
    assignments.set(id, workersOf(assignment));
    const alive = new Set(heartbeats.alive(id, executors, assignment, rules(topology), view.supervisors).map(String));
    const dead = executors.filter((executor) => !alive.has(String(executor)));
    if (dead.length > 0) deadExecutors.set(id, dead);
  }
  return {
    supervisors: [...view.supervisors].map(([id, info]) => supervisorDetails(id, info, view.untouchable)),
    topologies: view.topologies.map(topologyDetails),
    assignments,
    deadExecutors,
  };
}

function workersOf(assignment: Assignment): ExistingWorker[] {
  const bySlot = new Map<string, { readonly slot: ExistingWorker["slot"]; readonly executors: Executor[] }>();
  for (const [[first = 0, last = 0], info] of assignment.executor_node_port) {
    const slot = { node: info.node, port: portOf(info) };
    const name = slotName(slot.node, slot.port);
    const worker = bySlot.get(name) ?? { slot, executors: [] };
    worker.executors.push([first, last]);
    bySlot.set(name, worker);
  }
  return [...bySlot.values()];
}

function supervisorDetails(id: string, info: SupervisorInfo, untouchable: ReadonlySet<string>): SupervisorDetails {
  return {
    id,
    host: info.hostname,
    ports: (info.meta ?? []).filter((port) => !untouchable.has(slotName(id, port))),
    resources: Object.fromEntries(info.resources_map ?? []),
  };
}

function topologyDetails({ id, base, conf, stored, executors }: ViewedTopology): TopologyDetails {
  const components = taskComponents(conf, stored.topology);
  const byComponent = Map.groupBy(executors, ([first]) => components.get(first) ?? "");
  const { spouts, component_to_shared_memory: shares, shared_memory } = stored.topology;
  const all = [...allComponents(systemTopology(conf, stored.topology))].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    id,
    name: base.name,
    owner: base.owner ?? "",
    numWorkers: base.num_workers,
    conf,
    launchTimeSecs: base.launch_time_secs ?? 0,
    components: all.map(([componentId, component]): ComponentDetails => {
      const shared = shares?.get(componentId);
      return {
        id: componentId,
        kind: spouts.has(componentId) ? "spout" : "bolt",
        executors: byComponent.get(componentId) ?? [],
        inputs: component.common.inputs.map(([input, grouping]) => ({
          componentId: input.componentId,
          shuffle: grouping.shuffle !== undefined || grouping.local_or_shuffle !== undefined,
        })),
        conf: componentConf(component),
        ...(shared === undefined ? {} : { sharedMemory: [...shared] }),
      };
    }),
    ...(shared_memory === undefined
      ? {}
      : {
          sharedMemory: Object.fromEntries(
            [...shared_memory].map(([name, { on_heap = 0, off_heap_worker = 0, off_heap_node = 0 }]) => [
              name,
              { onHeap: on_heap, offHeapWorker: off_heap_worker, offHeapNode: off_heap_node },
            ]),
          ),
        }),
  };
}

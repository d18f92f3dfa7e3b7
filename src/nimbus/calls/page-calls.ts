/** The pages of Storm's UI: topology, component, supervisor. Source: Nimbus and StatsUtil of Storm 2.8. */
import type { Handlers } from "../../rpc/index.ts";
import { fieldsTaskIndex } from "../../topology/index.ts";
import {
  type ComponentAggregateStats,
  type ComponentPageInfo,
  type Nimbus,
  NotAliveException,
  type SupervisorPageInfo,
  type TopologyPageInfo,
  type WorkerSummary,
} from "../../wire/thrift/index.ts";
import { numberOf } from "../conf-values.ts";
import type { NimbusParts } from "../nimbus-parts.ts";
import { componentRequests, resourcesMap } from "../resources.ts";
import { componentNumbers } from "../stats/component-stats.ts";
import { boltAggregate, nothingCounted, spoutAggregate } from "../stats/counted.ts";
import { slotName } from "../stats/executor-beats.ts";
import { topologyNumbers } from "../stats/topology-stats.ts";
import { workerSummaries } from "../stats/worker-summaries.ts";
import { componentConf, eventLoggerId, isSystemId, parallelismHint, systemId } from "../system-topology.ts";
import { supervisorSummary } from "./summaries.ts";
import { given, type TopologyView, viewTopology } from "./topology-view.ts";

type PageCalls = Pick<
  Required<Handlers<typeof Nimbus.methods>>,
  "getTopologyPageInfo" | "getComponentPageInfo" | "getSupervisorPageInfo"
>;

export function pageCalls(parts: NimbusParts): PageCalls {
  return {
    getTopologyPageInfo: async ({ id, window, is_include_sys }) =>
      topologyPage(parts, await viewTopology(parts, id), window, is_include_sys),
    getComponentPageInfo: async ({ topology_id, component_id, window, is_include_sys }) =>
      componentPage(parts, await viewTopology(parts, topology_id), decoded(component_id), window, is_include_sys),
    getSupervisorPageInfo: ({ id, host, is_include_sys }) => supervisorPage(parts, id, host, is_include_sys),
  };
}

async function topologyPage(
  parts: NimbusParts,
  view: TopologyView,
  window: string,
  includeSys: boolean,
): Promise<TopologyPageInfo> {
  const { id, base, assignment, places, components, topology } = view;
  const numbers = topologyNumbers(view.beats, window, includeSys);
  const { spouts, bolts } = await completed(parts, view, numbers, includeSys);
  return {
    id,
    name: view.name,
    uptime_secs: view.uptimeSecs,
    status: base.status,
    num_tasks: components.size,
    num_workers: new Set(places.map(({ node, port }) => slotName(node, port))).size,
    num_executors: places.length,
    topology_conf: JSON.stringify(view.conf),
    id_to_spout_agg_stats: spouts,
    id_to_bolt_agg_stats: bolts,
    topology_stats: numbers.stats,
    replication_count: view.replication,
    workers: workersOf(view, includeSys),
    ...given("sched_status", view.schedStatus),
    ...given("owner", base.owner),
    ...given("debug_options", base.component_debug?.get(id)),
    ...given("storm_version", topology.storm_version),
    ...given("topology_version", base.topology_version),
    ...view.resources,
    ...sharedAndRegular(view, assignment),
  };
}

/** Every component is there, the ones that nobody has heard of with zeros; each with its last error and what it asks for. */
async function completed(
  { state }: NimbusParts,
  { id, topology, conf }: TopologyView,
  numbers: {
    readonly spouts: Map<string, ComponentAggregateStats>;
    readonly bolts: Map<string, ComponentAggregateStats>;
  },
  includeSys: boolean,
) {
  const requests = componentRequests(conf, topology);
  const complete = async (componentId: string, found: ComponentAggregateStats): Promise<ComponentAggregateStats> => {
    const request = requests.get(componentId);
    const last = await state.lastError(id, componentId);
    return {
      ...found,
      common_stats: { ...found.common_stats, ...given("resources_map", request && resourcesMap(request)) },
      ...(last === null ? {} : { last_error: last }),
    };
  };
  const spouts = new Map<string, ComponentAggregateStats>();
  for (const [componentId, spout] of topology.spouts) {
    const found = numbers.spouts.get(componentId) ?? spoutAggregate(asDeclared(spout));
    spouts.set(componentId, await complete(componentId, found));
  }
  const bolts = new Map<string, ComponentAggregateStats>();
  for (const [componentId, bolt] of topology.bolts) {
    if (componentId === systemId || (!includeSys && isSystemId(componentId))) continue;
    const found = numbers.bolts.get(componentId) ?? boltAggregate(asDeclared(bolt));
    bolts.set(componentId, await complete(componentId, found));
  }
  return { spouts, bolts };
}

function asDeclared(component: Parameters<typeof parallelismHint>[0]) {
  const executors = parallelismHint(component);
  return { ...nothingCounted(), executors, tasks: numberOf(componentConf(component), "topology.tasks", executors) };
}

/** Nothing is shared between executors here but what RAS counts per worker. */
function sharedAndRegular(
  { resources }: TopologyView,
  assignment: TopologyView["assignment"],
): Partial<TopologyPageInfo> {
  let sharedOnHeap = 0;
  let sharedOffHeap = 0;
  for (const [, each] of assignment?.worker_resources ?? []) {
    sharedOnHeap += each.shared_mem_on_heap ?? 0;
    sharedOffHeap += each.shared_mem_off_heap ?? 0;
  }
  return {
    requested_regular_on_heap_memory: resources.requested_memonheap,
    requested_shared_on_heap_memory: 0,
    requested_regular_off_heap_memory: resources.requested_memoffheap,
    requested_shared_off_heap_memory: 0,
    assigned_regular_on_heap_memory: resources.assigned_memonheap - sharedOnHeap,
    assigned_shared_on_heap_memory: sharedOnHeap,
    assigned_regular_off_heap_memory: resources.assigned_memoffheap - sharedOffHeap,
    assigned_shared_off_heap_memory: sharedOffHeap,
  };
}

async function componentPage(
  { state }: NimbusParts,
  view: TopologyView,
  componentId: string,
  window: string,
  includeSys: boolean,
): Promise<ComponentPageInfo> {
  const { id, topology, base } = view;
  const isSpout = topology.spouts.has(componentId);
  if (!isSpout && !topology.bolts.has(componentId)) {
    const known = [...topology.spouts.keys(), ...topology.bolts.keys()].filter((each) => !isSystemId(each));
    throw NotAliveException.error({ msg: `${componentId} is no component of ${id}, which has: ${known.join(", ")}` });
  }
  const kind = isSpout ? "SPOUT" : "BOLT";
  const beats = view.beats.filter((beat) => beat.componentId === componentId);
  const executors = view.places.filter((place) => place.componentId === componentId).length;
  const tasks = [...view.components.values()].filter((each) => each === componentId).length;
  const request = componentRequests(view.conf, topology).get(componentId);
  return {
    component_id: componentId,
    component_type: kind,
    topology_id: id,
    topology_name: view.name,
    ...componentNumbers(beats, kind, window, includeSys),
    // Also of those that nobody has heard of yet.
    num_executors: executors,
    num_tasks: tasks,
    errors: await state.errors(id, componentId),
    topology_status: base.status,
    ...eventLogOf(view, componentId),
    ...given("debug_options", base.component_debug?.get(componentId)),
    ...given("resources_map", request && resourcesMap(request)),
  };
}

/** The worker whose event logger this component's emits go to: by fields grouping on its id. */
function eventLogOf(view: TopologyView, componentId: string): { eventlog_host?: string; eventlog_port?: number } {
  const tasks = [...view.components].filter(([, id]) => id === eventLoggerId).map(([task]) => task);
  if (tasks.length === 0) return {};
  const task = tasks[fieldsTaskIndex([componentId], [0], tasks.length)] ?? 0;
  const place = view.places.find(({ executor: [first, last] }) => first <= task && task <= last);
  return place === undefined ? {} : { eventlog_host: place.host, eventlog_port: place.port };
}

async function supervisorPage(
  parts: NimbusParts,
  id: string | undefined,
  host: string | undefined,
  includeSys: boolean,
): Promise<SupervisorPageInfo> {
  const { state } = parts;
  const wanted = [...(await state.supervisorInfos())].filter(([each, info]) =>
    id === undefined ? info.hostname === host : each === id,
  );
  const workers: WorkerSummary[] = [];
  for (const topologyId of await state.assignments()) {
    const assignment = await state.assignment(topologyId);
    if (!wanted.some(([node]) => assignment?.executor_node_port.some(([, slot]) => slot.node === node))) continue;
    const view = await viewTopology(parts, topologyId);
    for (const [node] of wanted) workers.push(...workersOf(view, includeSys, node));
  }
  return {
    supervisor_summaries: wanted.map((each) => supervisorSummary(parts, ...each)),
    worker_summaries: workers.sort((a, b) => (a.port ?? 0) - (b.port ?? 0)),
  };
}

function workersOf(view: TopologyView, includeSys: boolean, node?: string): WorkerSummary[] {
  return workerSummaries({ ...view, owner: view.base.owner }, includeSys, node);
}

/** Storm's UI sends it URL-encoded. */
function decoded(componentId: string): string {
  try {
    return decodeURIComponent(componentId.replaceAll("+", " "));
  } catch {
    return componentId;
  }
}

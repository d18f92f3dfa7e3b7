/** Short descriptions of topologies, supervisors, nimbuses and owners, as lists and the UI's first page show them. */
import type {
  ClusterSummary,
  NimbusSummary,
  OwnerResourceSummary,
  StormBase,
  SupervisorInfo,
  SupervisorSummary,
  TopologySummary,
} from "../../wire/thrift/index.ts";
import { type NimbusParts, nowSecs } from "../nimbus-parts.ts";
import { topologyResources } from "../resources.ts";
import { portOf, slotName } from "../stats/executor-beats.ts";
import { topologyBases } from "../topology-names.ts";
import { given, replicationOf } from "./topology-view.ts";

export async function clusterSummary(parts: NimbusParts): Promise<ClusterSummary> {
  const [supervisors, topologies, nimbuses] = await Promise.all([
    parts.state.supervisorInfos(),
    topologySummaries(parts),
    nimbusSummaries(parts),
  ]);
  return { supervisors: [...supervisors].map((each) => supervisorSummary(parts, ...each)), topologies, nimbuses };
}

export async function topologySummaries(parts: NimbusParts): Promise<TopologySummary[]> {
  const bases = await topologyBases(parts.state);
  return Promise.all([...bases].map(([id, base]) => topologySummary(parts, id, base)));
}

export async function topologySummary(parts: NimbusParts, id: string, base: StormBase): Promise<TopologySummary> {
  const { state, store, conf, scheduling } = parts;
  const [assignment, stored, replication_count] = await Promise.all([
    state.assignment(id),
    store.read(id),
    replicationOf(parts, id),
  ]);
  const executors = assignment?.executor_node_port ?? [];
  const merged = { ...conf.values, ...stored?.conf };
  return {
    id,
    name: base.name,
    num_tasks: executors.reduce((sum, [[first = 0, last = 0]]) => sum + last - first + 1, 0),
    num_executors: executors.length,
    num_workers: new Set(executors.map(([, slot]) => slotName(slot.node, portOf(slot)))).size,
    uptime_secs: nowSecs(parts) - (base.launch_time_secs ?? nowSecs(parts)),
    status: base.status,
    replication_count,
    ...given("storm_version", stored?.topology.storm_version),
    ...given("topology_version", base.topology_version),
    ...given("sched_status", scheduling.statusOf(id)),
    ...given("owner", base.owner),
    ...(stored === null ? {} : topologyResources(merged, stored.topology, base, assignment)),
  };
}

export function supervisorSummary({ scheduler }: NimbusParts, id: string, info: SupervisorInfo): SupervisorSummary {
  return {
    host: info.hostname,
    uptime_secs: info.uptime_secs ?? 0,
    num_workers: info.meta?.length ?? 0,
    num_used_workers: info.used_ports?.length ?? 0,
    supervisor_id: id,
    version: info.version ?? "VERSION_NOT_PROVIDED",
    blacklisted: scheduler.avoids(id),
    ...given("total_resources", info.resources_map),
  };
}

/** With their ages, and who of them leads. */
export async function nimbusSummaries(parts: NimbusParts): Promise<NimbusSummary[]> {
  const [nimbuses, leader] = await Promise.all([parts.state.nimbuses(), parts.leader.leader()]);
  return nimbuses.map((each) => ({
    ...each,
    uptime_secs: Math.max(0, nowSecs(parts) - each.uptime_secs),
    isLeader: each.host === leader?.host && each.port === leader.port,
  }));
}

/** `owner`: of this one alone. */
export async function ownerSummaries(parts: NimbusParts, owner: string | undefined): Promise<OwnerResourceSummary[]> {
  const owned = new Map<string, TopologySummary[]>(owner === undefined ? [] : [[owner, []]]);
  for (const summary of await topologySummaries(parts)) {
    const of = summary.owner ?? "";
    if (owner === undefined || of === owner) owned.set(of, [...(owned.get(of) ?? []), summary]);
  }
  return [...owned].map(([name, topologies]) => ownerSummary(name, topologies));
}

function ownerSummary(owner: string, topologies: readonly TopologySummary[]): OwnerResourceSummary {
  const sum = (of: (summary: TopologySummary) => number | undefined) =>
    topologies.reduce((total, summary) => total + (of(summary) ?? 0), 0);
  const requested_on_heap_memory = sum((each) => each.requested_memonheap);
  const requested_off_heap_memory = sum((each) => each.requested_memoffheap);
  const assigned_on_heap_memory = sum((each) => each.assigned_memonheap);
  const assigned_off_heap_memory = sum((each) => each.assigned_memoffheap);
  return {
    owner,
    total_topologies: topologies.length,
    total_executors: sum((each) => each.num_executors),
    total_workers: sum((each) => each.num_workers),
    total_tasks: sum((each) => each.num_tasks),
    memory_usage: assigned_on_heap_memory + assigned_off_heap_memory,
    cpu_usage: sum((each) => each.assigned_cpu),
    requested_on_heap_memory,
    requested_off_heap_memory,
    requested_total_memory: requested_on_heap_memory + requested_off_heap_memory,
    requested_cpu: sum((each) => each.requested_cpu),
    assigned_on_heap_memory,
    assigned_off_heap_memory,
  };
}

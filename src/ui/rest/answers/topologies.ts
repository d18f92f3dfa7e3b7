/** `topology/summary`, `owner-resources`, `history/summary`. Source of every field: UIHelpers of Storm 2.8. */
import type { OwnerResourceSummary, TopologyHistoryInfo, TopologySummary } from "../../../wire/thrift/index.ts";
import type { ApiWorld } from "../api-world.ts";
import { uptimeText, urlEncoded } from "../pretty.ts";
import {
  either,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  type ShapeType,
  text,
  whole,
} from "../shape.ts";

const topologyShape = object({
  id: text,
  encodedId: text,
  owner: nullable(text),
  name: text,
  status: text,
  uptime: text,
  uptimeSeconds: whole,
  tasksTotal: whole,
  workersTotal: whole,
  executorsTotal: whole,
  replicationCount: whole,
  schedulerInfo: nullable(text),
  requestedMemOnHeap: number,
  requestedMemOffHeap: number,
  requestedTotalMem: number,
  requestedCpu: number,
  assignedMemOnHeap: number,
  assignedMemOffHeap: number,
  assignedTotalMem: number,
  assignedCpu: number,
  topologyVersion: nullable(text),
  stormVersion: nullable(text),
});

export const topologiesShape = object({ topologies: list(topologyShape), schedulerDisplayResource: flag });

const ownerFields = {
  owner: text,
  totalTopologies: whole,
  totalExecutors: whole,
  totalWorkers: whole,
  totalTasks: whole,
  totalMemoryUsage: number,
  totalCpuUsage: number,
  memoryGuarantee: either(number, oneOf("N/A")),
  cpuGuarantee: either(number, oneOf("N/A")),
  isolatedNodes: whole,
  memoryGuaranteeRemaining: either(number, oneOf("N/A")),
  cpuGuaranteeRemaining: either(number, oneOf("N/A")),
  totalReqOnHeapMem: number,
  totalReqOffHeapMem: number,
  totalReqMem: number,
  totalReqCpu: number,
  totalAssignedOnHeapMem: number,
  totalAssignedOffHeapMem: number,
};

export const ownersShape = object({ owners: list(object(ownerFields)), schedulerDisplayResource: flag });
export const ownerShape = object({
  ...ownerFields,
  topologies: optional(list(topologyShape)),
  schedulerDisplayResource: optional(flag),
});
export const historyShape = object({ "topo-history": list(text) });

export function topologies(
  all: readonly TopologySummary[],
  { displaysResources }: ApiWorld,
): ShapeType<typeof topologiesShape> {
  return { topologies: all.map(topology), schedulerDisplayResource: displaysResources };
}

export function owners(
  all: readonly OwnerResourceSummary[],
  { displaysResources }: ApiWorld,
): ShapeType<typeof ownersShape> {
  return { owners: all.map(owner), schedulerDisplayResource: displaysResources };
}

/** Of somebody who owns nothing: zeros, and no topologies. */
export function ownerPage(
  name: string,
  [found]: readonly OwnerResourceSummary[],
  all: readonly TopologySummary[],
  { displaysResources }: ApiWorld,
): ShapeType<typeof ownerShape> {
  if (found === undefined) return owner({ owner: name });
  const owned = all.filter((each) => each.owner === name).map(topology);
  return { ...owner(found), topologies: owned, schedulerDisplayResource: displaysResources };
}

export function history({ topo_ids: ids = [] }: TopologyHistoryInfo): ShapeType<typeof historyShape> {
  return { "topo-history": ids };
}

/** The sum of what is asked for is Storm's documented one; its code adds what is assigned on the heap instead. */
function topology(each: TopologySummary): ShapeType<typeof topologyShape> {
  const { requested_memonheap: requestedMemOnHeap = 0, requested_memoffheap: requestedMemOffHeap = 0 } = each;
  const { assigned_memonheap: assignedMemOnHeap = 0, assigned_memoffheap: assignedMemOffHeap = 0 } = each;
  return {
    id: each.id,
    encodedId: urlEncoded(each.id),
    owner: each.owner ?? null,
    name: each.name,
    status: each.status,
    uptime: uptimeText(each.uptime_secs),
    uptimeSeconds: each.uptime_secs,
    tasksTotal: each.num_tasks,
    workersTotal: each.num_workers,
    executorsTotal: each.num_executors,
    replicationCount: each.replication_count ?? 0,
    schedulerInfo: each.sched_status ?? null,
    requestedMemOnHeap,
    requestedMemOffHeap,
    requestedTotalMem: requestedMemOnHeap + requestedMemOffHeap,
    requestedCpu: each.requested_cpu ?? 0,
    assignedMemOnHeap,
    assignedMemOffHeap,
    assignedTotalMem: assignedMemOnHeap + assignedMemOffHeap,
    assignedCpu: each.assigned_cpu ?? 0,
    topologyVersion: each.topology_version ?? null,
    stormVersion: each.storm_version ?? null,
  };
}

function owner(each: OwnerResourceSummary) {
  return {
    owner: each.owner,
    totalTopologies: each.total_topologies ?? 0,
    totalExecutors: each.total_executors ?? 0,
    totalWorkers: each.total_workers ?? 0,
    totalTasks: each.total_tasks ?? 0,
    totalMemoryUsage: each.memory_usage ?? 0,
    totalCpuUsage: each.cpu_usage ?? 0,
    memoryGuarantee: each.memory_guarantee ?? notAvailable,
    cpuGuarantee: each.cpu_guarantee ?? notAvailable,
    isolatedNodes: each.isolated_node_guarantee ?? -1,
    memoryGuaranteeRemaining: each.memory_guarantee_remaining ?? notAvailable,
    cpuGuaranteeRemaining: each.cpu_guarantee_remaining ?? notAvailable,
    totalReqOnHeapMem: each.requested_on_heap_memory ?? 0,
    totalReqOffHeapMem: each.requested_off_heap_memory ?? 0,
    totalReqMem: each.requested_total_memory ?? 0,
    totalReqCpu: each.requested_cpu ?? 0,
    totalAssignedOnHeapMem: each.assigned_on_heap_memory ?? 0,
    totalAssignedOffHeapMem: each.assigned_off_heap_memory ?? 0,
  };
}

const notAvailable = "N/A" as const;

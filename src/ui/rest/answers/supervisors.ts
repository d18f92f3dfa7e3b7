/** `supervisor/summary`, `supervisor`, `topology-workers`. Source of every field: UIHelpers of Storm 2.8. */
import type { SupervisorPageInfo, SupervisorSummary, TopologyInfo, WorkerSummary } from "../../../wire/thrift/index.ts";
import type { ApiWorld } from "../api-world.ts";
import { uptimeText } from "../pretty.ts";
import { flag, list, number, object, oneOf, record, type ShapeType, text, whole } from "../shape.ts";

const supervisorShape = object({
  id: text,
  host: text,
  uptime: text,
  uptimeSeconds: whole,
  slotsTotal: whole,
  slotsUsed: whole,
  slotsFree: whole,
  totalMem: number,
  totalCpu: number,
  usedMem: number,
  usedCpu: number,
  availMem: number,
  availCpu: number,
  version: text,
  blacklisted: flag,
  logLink: text,
});

export const workerShape = object({
  supervisorId: text,
  host: text,
  port: whole,
  topologyId: text,
  topologyName: text,
  executorsTotal: whole,
  assignedMemOnHeap: number,
  assignedMemOffHeap: number,
  assignedCpu: number,
  componentNumTasks: record(whole),
  uptime: text,
  uptimeSeconds: whole,
  workerLogLink: text,
});

const viewer = { logviewerPort: whole, logviewerScheme: oneOf("http") };

export const supervisorSummaryShape = object({
  supervisors: list(supervisorShape),
  schedulerDisplayResource: flag,
  ...viewer,
});

export const supervisorPageShape = object({
  supervisors: list(supervisorShape),
  workers: list(workerShape),
  schedulerDisplayResource: flag,
  ...viewer,
});

export const topologyWorkersShape = object({ hostPortList: list(object({ host: text, port: whole })), ...viewer });

export function supervisorSummary(
  supervisors: readonly SupervisorSummary[],
  world: ApiWorld,
): ShapeType<typeof supervisorSummaryShape> {
  return {
    ...viewerOf(world),
    supervisors: supervisors.map((each) => supervisor(each, world)),
    schedulerDisplayResource: world.displaysResources,
  };
}

export function supervisorPage(page: SupervisorPageInfo, world: ApiWorld): ShapeType<typeof supervisorPageShape> {
  return {
    ...supervisorSummary(page.supervisor_summaries ?? [], world),
    workers: (page.worker_summaries ?? []).map((each) => worker(each, world)),
  };
}

export function topologyWorkers({ executors }: TopologyInfo, world: ApiWorld): ShapeType<typeof topologyWorkersShape> {
  const places = new Map(executors.map(({ host, port }) => [`${host}:${port}`, { host, port }]));
  return { hostPortList: [...places.values()], ...viewerOf(world) };
}

export function worker(each: WorkerSummary, { links }: ApiWorld): ShapeType<typeof workerShape> {
  const { host = "", port = 0, topology_id: topologyId = "", uptime_secs: uptimeSeconds = 0 } = each;
  return {
    supervisorId: each.supervisor_id ?? "",
    host,
    port,
    topologyId,
    topologyName: each.topology_name ?? "",
    executorsTotal: each.num_executors ?? 0,
    assignedMemOnHeap: each.assigned_memonheap ?? 0,
    assignedMemOffHeap: each.assigned_memoffheap ?? 0,
    assignedCpu: each.assigned_cpu ?? 0,
    componentNumTasks: Object.fromEntries(each.component_to_num_tasks ?? []),
    uptime: uptimeText(uptimeSeconds),
    uptimeSeconds,
    workerLogLink: links.worker(host, port, topologyId),
  };
}

/** A supervisor names its resources as RAS does, or by its keys of storm.yaml. */
export function capacityOf({ total_resources: total }: SupervisorSummary): { mem: number; cpu: number } {
  return {
    mem: total?.get("memory.mb") ?? total?.get("supervisor.memory.capacity.mb") ?? 0,
    cpu: total?.get("cpu.pcore.percent") ?? total?.get("supervisor.cpu.capacity") ?? 0,
  };
}

function supervisor(each: SupervisorSummary, { links }: ApiWorld): ShapeType<typeof supervisorShape> {
  const { mem: totalMem, cpu: totalCpu } = capacityOf(each);
  const { used_mem: usedMem = 0, used_cpu: usedCpu = 0 } = each;
  return {
    id: each.supervisor_id,
    host: each.host,
    uptime: uptimeText(each.uptime_secs),
    uptimeSeconds: each.uptime_secs,
    slotsTotal: each.num_workers,
    slotsUsed: each.num_used_workers,
    slotsFree: Math.max(each.num_workers - each.num_used_workers, 0),
    totalMem,
    totalCpu,
    usedMem,
    usedCpu,
    availMem: totalMem - usedMem,
    availCpu: totalCpu - usedCpu,
    version: each.version,
    blacklisted: each.blacklisted ?? false,
    logLink: links.supervisor(each.host),
  };
}

function viewerOf({ links }: ApiWorld) {
  return { logviewerPort: links.port, logviewerScheme: "http" } as const;
}

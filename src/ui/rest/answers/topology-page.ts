/** `topology/{id}`. Source of every field: UIHelpers of Storm 2.8 and its document of the REST API. */
import type {
  CommonAggregateStats,
  ComponentAggregateStats,
  ErrorInfo,
  TopologyPageInfo,
  TopologyStats,
} from "../../../wire/thrift/index.ts";
import type { ApiWorld } from "../api-world.ts";
import { decimals, uptimeText, urlEncoded, windowText } from "../pretty.ts";
import {
  anything,
  flag,
  list,
  nullable,
  number,
  object,
  optional,
  record,
  type ShapeType,
  text,
  whole,
} from "../shape.ts";
import { worker, workerShape } from "./supervisors.ts";

const componentFields = {
  executors: whole,
  tasks: whole,
  emitted: whole,
  transferred: whole,
  acked: whole,
  failed: whole,
  requestedMemOnHeap: optional(number),
  requestedMemOffHeap: optional(number),
  requestedCpu: optional(number),
  lastError: text,
  errorHost: text,
  errorPort: nullable(whole),
  errorTime: nullable(whole),
  errorLapsedSecs: nullable(whole),
  errorWorkerLogLink: text,
};

const windowFields = {
  window: text,
  windowPretty: text,
  emitted: whole,
  transferred: whole,
  acked: whole,
  failed: whole,
};

export const topologyPageShape = object({
  id: text,
  encodedId: text,
  owner: nullable(text),
  name: text,
  status: text,
  user: nullable(text),
  uptime: text,
  uptimeSeconds: whole,
  tasksTotal: whole,
  workersTotal: whole,
  executorsTotal: whole,
  schedulerInfo: nullable(text),
  schedulerDisplayResource: flag,
  replicationCount: whole,
  topologyVersion: nullable(text),
  stormVersion: nullable(text),
  requestedMemOnHeap: number,
  requestedMemOffHeap: number,
  requestedTotalMem: number,
  requestedCpu: number,
  assignedMemOnHeap: number,
  assignedMemOffHeap: number,
  assignedTotalMem: number,
  assignedCpu: number,
  requestedRegularOnHeapMem: number,
  requestedSharedOnHeapMem: number,
  requestedRegularOffHeapMem: number,
  requestedSharedOffHeapMem: number,
  assignedRegularOnHeapMem: number,
  assignedSharedOnHeapMem: number,
  assignedRegularOffHeapMem: number,
  assignedSharedOffHeapMem: number,
  window: text,
  windowHint: text,
  msgTimeout: number,
  topologyStats: list(object({ ...windowFields, completeLatency: text })),
  spouts: list(object({ ...componentFields, spoutId: text, encodedSpoutId: text, completeLatency: text })),
  bolts: list(
    object({
      ...componentFields,
      boltId: text,
      encodedBoltId: text,
      capacity: text,
      executeLatency: text,
      executed: whole,
      processLatency: text,
    }),
  ),
  workers: list(workerShape),
  configuration: record(anything),
  debug: flag,
  samplingPct: number,
  visualizationTable: list(anything),
});

export function topologyPage(
  page: TopologyPageInfo,
  window: string,
  world: ApiWorld,
): ShapeType<typeof topologyPageShape> {
  const { id, uptime_secs: uptimeSeconds = 0, debug_options: debug } = page;
  const configuration = JSON.parse(page.topology_conf ?? "{}") as Record<string, unknown>;
  return {
    id,
    encodedId: urlEncoded(id),
    owner: page.owner ?? null,
    name: page.name ?? "",
    status: page.status ?? "",
    user: null,
    uptime: uptimeText(uptimeSeconds),
    uptimeSeconds,
    tasksTotal: page.num_tasks ?? 0,
    workersTotal: page.num_workers ?? 0,
    executorsTotal: page.num_executors ?? 0,
    schedulerInfo: page.sched_status ?? null,
    schedulerDisplayResource: world.displaysResources,
    replicationCount: page.replication_count ?? 0,
    topologyVersion: page.topology_version ?? null,
    stormVersion: page.storm_version ?? null,
    ...resourcesOf(page),
    window,
    windowHint: windowText(window),
    msgTimeout: Number(configuration["topology.message.timeout.secs"] ?? 0),
    topologyStats: statsOf(page.topology_stats ?? {}),
    spouts: [...(page.id_to_spout_agg_stats ?? [])].map(([spoutId, stats]) => ({
      ...componentOf(stats, id, world),
      spoutId,
      encodedSpoutId: urlEncoded(spoutId),
      completeLatency: decimals(stats.specific_stats?.spout?.complete_latency_ms ?? 0),
    })),
    bolts: [...(page.id_to_bolt_agg_stats ?? [])].map(([boltId, stats]) => ({
      ...componentOf(stats, id, world),
      boltId,
      encodedBoltId: urlEncoded(boltId),
      ...boltNumbers(stats),
    })),
    workers: (page.workers ?? []).map((each) => worker(each, world)),
    configuration,
    debug: debug?.enable ?? false,
    samplingPct: debug?.enable === true ? (debug.samplingpct ?? usualSamplingPct) : usualSamplingPct,
    visualizationTable: [],
  };
}

export const usualSamplingPct = 10;

export function boltNumbers({ specific_stats: specific }: ComponentAggregateStats) {
  const { capacity = 0, execute_latency_ms = 0, executed = 0, process_latency_ms = 0 } = specific?.bolt ?? {};
  return {
    capacity: decimals(capacity),
    executeLatency: decimals(execute_latency_ms),
    executed,
    processLatency: decimals(process_latency_ms),
  };
}

export function commonNumbers(stats: CommonAggregateStats | undefined) {
  const { emitted = 0, transferred = 0, acked = 0, failed = 0 } = stats ?? {};
  return { emitted, transferred, acked, failed };
}

/** Of what a component was given by the scheduler to ask for; nothing where nobody says. */
export function requestedOf(resources: ReadonlyMap<string, number> | undefined) {
  return resources === undefined
    ? {}
    : {
        requestedMemOnHeap: resources.get("onheap.memory.mb") ?? 0,
        requestedMemOffHeap: resources.get("offheap.memory.mb") ?? 0,
        requestedCpu: resources.get("cpu.pcore.percent") ?? 0,
      };
}

function componentOf({ common_stats: common, last_error: last }: ComponentAggregateStats, id: string, world: ApiWorld) {
  return {
    executors: common?.num_executors ?? 0,
    tasks: common?.num_tasks ?? 0,
    ...commonNumbers(common),
    ...requestedOf(common?.resources_map),
    ...lastErrorOf(last, id, world),
  };
}

const shownErrorMax = 200;

function lastErrorOf(last: ErrorInfo | undefined, id: string, { links, nowMs }: ApiWorld) {
  const { host = "", port } = last ?? {};
  return {
    lastError: last?.error.slice(0, shownErrorMax) ?? "",
    errorHost: host,
    errorPort: port ?? null,
    errorTime: last?.error_time_secs ?? null,
    errorLapsedSecs: last === undefined ? null : Math.max(0, Math.floor(nowMs() / 1000) - last.error_time_secs),
    errorWorkerLogLink: host === "" || port === undefined ? "" : links.worker(host, port, id),
  };
}

function statsOf(stats: TopologyStats) {
  return [...(stats.window_to_emitted ?? [])].map(([window, emitted]) => ({
    window,
    windowPretty: windowText(window),
    emitted,
    transferred: stats.window_to_transferred?.get(window) ?? 0,
    completeLatency: decimals(stats.window_to_complete_latencies_ms?.get(window)),
    acked: stats.window_to_acked?.get(window) ?? 0,
    failed: stats.window_to_failed?.get(window) ?? 0,
  }));
}

function resourcesOf(page: TopologyPageInfo) {
  const { requested_memonheap: requestedMemOnHeap = 0, requested_memoffheap: requestedMemOffHeap = 0 } = page;
  const { assigned_memonheap: assignedMemOnHeap = 0, assigned_memoffheap: assignedMemOffHeap = 0 } = page;
  return {
    requestedMemOnHeap,
    requestedMemOffHeap,
    requestedTotalMem: requestedMemOnHeap + requestedMemOffHeap,
    requestedCpu: page.requested_cpu ?? 0,
    assignedMemOnHeap,
    assignedMemOffHeap,
    assignedTotalMem: assignedMemOnHeap + assignedMemOffHeap,
    assignedCpu: page.assigned_cpu ?? 0,
    requestedRegularOnHeapMem: page.requested_regular_on_heap_memory ?? 0,
    requestedSharedOnHeapMem: page.requested_shared_on_heap_memory ?? 0,
    requestedRegularOffHeapMem: page.requested_regular_off_heap_memory ?? 0,
    requestedSharedOffHeapMem: page.requested_shared_off_heap_memory ?? 0,
    assignedRegularOnHeapMem: page.assigned_regular_on_heap_memory ?? 0,
    assignedSharedOnHeapMem: page.assigned_shared_on_heap_memory ?? 0,
    assignedRegularOffHeapMem: page.assigned_regular_off_heap_memory ?? 0,
    assignedSharedOffHeapMem: page.assigned_shared_off_heap_memory ?? 0,
  };
}

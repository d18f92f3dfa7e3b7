/** What the whole cluster looks like: getClusterInfo, getTopologySummaries, getLeader, getOwnerResourceSummaries. */
import { list, map } from "../containers.ts";
import { defaulted, optional, required, struct } from "../struct.ts";
import { bool, double, i32, string, type TypeOf } from "../types.ts";
import { memoryAndCpu, scheduling } from "./resources.ts";

export const TopologySummary = struct("TopologySummary", {
  id: required(1, string),
  name: required(2, string),
  num_tasks: required(3, i32),
  num_executors: required(4, i32),
  num_workers: required(5, i32),
  uptime_secs: required(6, i32),
  status: required(7, string),
  storm_version: optional(8, string),
  topology_version: optional(9, string),
  ...scheduling,
  ...memoryAndCpu,
  requested_generic_resources: optional(527, map(string, double)),
  assigned_generic_resources: optional(528, map(string, double)),
});
export type TopologySummary = TypeOf<typeof TopologySummary>;

export const SupervisorSummary = struct("SupervisorSummary", {
  host: required(1, string),
  uptime_secs: required(2, i32),
  num_workers: required(3, i32),
  num_used_workers: required(4, i32),
  supervisor_id: required(5, string),
  version: defaulted(6, string, () => "VERSION_NOT_PROVIDED"),
  total_resources: optional(7, map(string, double)),
  used_mem: optional(8, double),
  used_cpu: optional(9, double),
  fragmented_mem: optional(10, double),
  fragmented_cpu: optional(11, double),
  blacklisted: optional(12, bool),
  used_generic_resources: optional(13, map(string, double)),
});
export type SupervisorSummary = TypeOf<typeof SupervisorSummary>;

/** In the znode of a nimbus `uptime_secs` is the second of its start; in replies its age. */
export const NimbusSummary = struct("NimbusSummary", {
  host: required(1, string),
  port: required(2, i32),
  uptime_secs: required(3, i32),
  isLeader: required(4, bool),
  version: required(5, string),
  tlsPort: optional(6, i32),
});
export type NimbusSummary = TypeOf<typeof NimbusSummary>;

export const ClusterSummary = struct("ClusterSummary", {
  supervisors: required(1, list(SupervisorSummary)),
  topologies: required(3, list(TopologySummary)),
  nimbuses: required(4, list(NimbusSummary)),
});
export type ClusterSummary = TypeOf<typeof ClusterSummary>;

export const OwnerResourceSummary = struct("OwnerResourceSummary", {
  owner: required(1, string),
  total_topologies: optional(2, i32),
  total_executors: optional(3, i32),
  total_workers: optional(4, i32),
  memory_usage: optional(5, double),
  cpu_usage: optional(6, double),
  memory_guarantee: optional(7, double),
  cpu_guarantee: optional(8, double),
  memory_guarantee_remaining: optional(9, double),
  cpu_guarantee_remaining: optional(10, double),
  isolated_node_guarantee: optional(11, i32),
  total_tasks: optional(12, i32),
  requested_on_heap_memory: optional(13, double),
  requested_off_heap_memory: optional(14, double),
  requested_total_memory: optional(15, double),
  requested_cpu: optional(16, double),
  assigned_on_heap_memory: optional(17, double),
  assigned_off_heap_memory: optional(18, double),
});
export type OwnerResourceSummary = TypeOf<typeof OwnerResourceSummary>;

export const TopologyHistoryInfo = struct("TopologyHistoryInfo", {
  topo_ids: optional(1, list(string)),
});
export type TopologyHistoryInfo = TypeOf<typeof TopologyHistoryInfo>;

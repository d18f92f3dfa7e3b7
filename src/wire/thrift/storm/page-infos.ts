/** What the pages of the UI show: getTopologyPageInfo, getComponentPageInfo, getSupervisorPageInfo. */
import { list, map, pairs } from "../containers.ts";
import { optional, required, struct } from "../struct.ts";
import { double, enumeration, i32, i64, string, type TypeOf } from "../types.ts";
import { union } from "../union.ts";
import { memoryAndCpu } from "./resources.ts";
import { SupervisorSummary } from "./summaries.ts";
import { GlobalStreamId } from "./topology.ts";
import { DebugOptions, ErrorInfo, ExecutorSummary } from "./topology-info.ts";

export const CommonAggregateStats = struct("CommonAggregateStats", {
  num_executors: optional(1, i32),
  num_tasks: optional(2, i32),
  emitted: optional(3, i64),
  transferred: optional(4, i64),
  acked: optional(5, i64),
  failed: optional(6, i64),
  resources_map: optional(7, map(string, double)),
});
export type CommonAggregateStats = TypeOf<typeof CommonAggregateStats>;

export const SpoutAggregateStats = struct("SpoutAggregateStats", {
  complete_latency_ms: optional(1, double),
});
export type SpoutAggregateStats = TypeOf<typeof SpoutAggregateStats>;

export const BoltAggregateStats = struct("BoltAggregateStats", {
  execute_latency_ms: optional(1, double),
  process_latency_ms: optional(2, double),
  executed: optional(3, i64),
  capacity: optional(4, double),
});
export type BoltAggregateStats = TypeOf<typeof BoltAggregateStats>;

export const SpecificAggregateStats = union("SpecificAggregateStats", {
  bolt: optional(1, BoltAggregateStats),
  spout: optional(2, SpoutAggregateStats),
});
export type SpecificAggregateStats = TypeOf<typeof SpecificAggregateStats>;

export const ComponentType = enumeration({ BOLT: 1, SPOUT: 2 });
export type ComponentType = TypeOf<typeof ComponentType>;

export const ComponentAggregateStats = struct("ComponentAggregateStats", {
  type: optional(1, ComponentType),
  common_stats: optional(2, CommonAggregateStats),
  specific_stats: optional(3, SpecificAggregateStats),
  last_error: optional(4, ErrorInfo),
});
export type ComponentAggregateStats = TypeOf<typeof ComponentAggregateStats>;

export const TopologyStats = struct("TopologyStats", {
  window_to_emitted: optional(1, map(string, i64)),
  window_to_transferred: optional(2, map(string, i64)),
  window_to_complete_latencies_ms: optional(3, map(string, double)),
  window_to_acked: optional(4, map(string, i64)),
  window_to_failed: optional(5, map(string, i64)),
});
export type TopologyStats = TypeOf<typeof TopologyStats>;

export const WorkerSummary = struct("WorkerSummary", {
  supervisor_id: optional(1, string),
  host: optional(2, string),
  port: optional(3, i32),
  topology_id: optional(4, string),
  topology_name: optional(5, string),
  num_executors: optional(6, i32),
  component_to_num_tasks: optional(7, map(string, i64)),
  time_secs: optional(8, i32),
  uptime_secs: optional(9, i32),
  ...memoryAndCpu,
  owner: optional(527, string),
});
export type WorkerSummary = TypeOf<typeof WorkerSummary>;

export const SupervisorPageInfo = struct("SupervisorPageInfo", {
  supervisor_summaries: optional(1, list(SupervisorSummary)),
  worker_summaries: optional(2, list(WorkerSummary)),
});
export type SupervisorPageInfo = TypeOf<typeof SupervisorPageInfo>;

export const TopologyPageInfo = struct("TopologyPageInfo", {
  id: required(1, string),
  name: optional(2, string),
  uptime_secs: optional(3, i32),
  status: optional(4, string),
  num_tasks: optional(5, i32),
  num_workers: optional(6, i32),
  num_executors: optional(7, i32),
  topology_conf: optional(8, string),
  id_to_spout_agg_stats: optional(9, map(string, ComponentAggregateStats)),
  id_to_bolt_agg_stats: optional(10, map(string, ComponentAggregateStats)),
  sched_status: optional(11, string),
  topology_stats: optional(12, TopologyStats),
  owner: optional(13, string),
  debug_options: optional(14, DebugOptions),
  replication_count: optional(15, i32),
  workers: optional(16, list(WorkerSummary)),
  storm_version: optional(17, string),
  topology_version: optional(18, string),
  ...memoryAndCpu,
  requested_regular_on_heap_memory: optional(527, double),
  requested_shared_on_heap_memory: optional(528, double),
  requested_regular_off_heap_memory: optional(529, double),
  requested_shared_off_heap_memory: optional(530, double),
  assigned_regular_on_heap_memory: optional(531, double),
  assigned_shared_on_heap_memory: optional(532, double),
  assigned_regular_off_heap_memory: optional(533, double),
  assigned_shared_off_heap_memory: optional(534, double),
  requested_generic_resources: optional(535, map(string, double)),
  assigned_generic_resources: optional(536, map(string, double)),
});
export type TopologyPageInfo = TypeOf<typeof TopologyPageInfo>;

export const ExecutorAggregateStats = struct("ExecutorAggregateStats", {
  exec_summary: optional(1, ExecutorSummary),
  stats: optional(2, ComponentAggregateStats),
});
export type ExecutorAggregateStats = TypeOf<typeof ExecutorAggregateStats>;

export const ComponentPageInfo = struct("ComponentPageInfo", {
  component_id: required(1, string),
  component_type: required(2, ComponentType),
  topology_id: optional(3, string),
  topology_name: optional(4, string),
  num_executors: optional(5, i32),
  num_tasks: optional(6, i32),
  window_to_stats: optional(7, map(string, ComponentAggregateStats)),
  gsid_to_input_stats: optional(8, pairs(GlobalStreamId, ComponentAggregateStats)),
  sid_to_output_stats: optional(9, map(string, ComponentAggregateStats)),
  exec_stats: optional(10, list(ExecutorAggregateStats)),
  errors: optional(11, list(ErrorInfo)),
  eventlog_host: optional(12, string),
  eventlog_port: optional(13, i32),
  debug_options: optional(14, DebugOptions),
  topology_status: optional(15, string),
  resources_map: optional(16, map(string, double)),
});
export type ComponentPageInfo = TypeOf<typeof ComponentPageInfo>;

/** What nimbus and supervisors keep in ZooKeeper: topologies, assignments, supervisors. */
import { list, map, pairs } from "../containers.ts";
import { defaulted, optional, required, struct } from "../struct.ts";
import { double, enumeration, i32, i64, string, type TypeOf } from "../types.ts";
import { union } from "../union.ts";
import { KillOptions, NodeInfo, RebalanceOptions } from "./options.ts";
import { DebugOptions } from "./topology-info.ts";

export const WorkerResources = struct("WorkerResources", {
  mem_on_heap: optional(1, double),
  mem_off_heap: optional(2, double),
  cpu: optional(3, double),
  shared_mem_on_heap: optional(4, double),
  shared_mem_off_heap: optional(5, double),
  resources: optional(6, map(string, double)),
  shared_resources: optional(7, map(string, double)),
});
export type WorkerResources = TypeOf<typeof WorkerResources>;

/** An executor is `[first task, last task]`. */
const executor = list(i64);

export const Assignment = struct("Assignment", {
  master_code_dir: required(1, string),
  node_host: defaulted(2, map(string, string), () => new Map()),
  executor_node_port: defaulted(3, pairs(executor, NodeInfo), () => []),
  executor_start_time_secs: defaulted(4, pairs(executor, i64), () => []),
  worker_resources: defaulted(5, pairs(NodeInfo, WorkerResources), () => []),
  total_shared_off_heap: defaulted(6, map(string, double), () => new Map()),
  owner: optional(7, string),
});
export type Assignment = TypeOf<typeof Assignment>;

export const SupervisorAssignments = struct("SupervisorAssignments", {
  storm_assignment: defaulted(1, map(string, Assignment), () => new Map()),
});
export type SupervisorAssignments = TypeOf<typeof SupervisorAssignments>;

/** `meta` are all of its ports. */
export const SupervisorInfo = struct("SupervisorInfo", {
  time_secs: required(1, i64),
  hostname: required(2, string),
  assignment_id: optional(3, string),
  used_ports: optional(4, list(i64)),
  meta: optional(5, list(i64)),
  scheduler_meta: optional(6, map(string, string)),
  uptime_secs: optional(7, i64),
  version: optional(8, string),
  resources_map: optional(9, map(string, double)),
  server_port: optional(10, i32),
});
export type SupervisorInfo = TypeOf<typeof SupervisorInfo>;

export const TopologyStatus = enumeration({ ACTIVE: 1, INACTIVE: 2, REBALANCING: 3, KILLED: 4 });
export type TopologyStatus = TypeOf<typeof TopologyStatus>;

export const TopologyActionOptions = union("TopologyActionOptions", {
  kill_options: optional(1, KillOptions),
  rebalance_options: optional(2, RebalanceOptions),
});
export type TopologyActionOptions = TypeOf<typeof TopologyActionOptions>;

export const StormBase = struct("StormBase", {
  name: required(1, string),
  status: required(2, TopologyStatus),
  num_workers: required(3, i32),
  component_executors: optional(4, map(string, i32)),
  launch_time_secs: optional(5, i32),
  owner: optional(6, string),
  topology_action_options: optional(7, TopologyActionOptions),
  prev_status: optional(8, TopologyStatus),
  component_debug: optional(9, map(string, DebugOptions)),
  principal: optional(10, string),
  topology_version: optional(11, string),
});
export type StormBase = TypeOf<typeof StormBase>;

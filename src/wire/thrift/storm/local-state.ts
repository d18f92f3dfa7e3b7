/** What supervisors, workers and nimbus keep in LocalState files on their own disk. */
import { list, map } from "../containers.ts";
import { optional, required, struct } from "../struct.ts";
import { binary, double, i32, i64, string, type TypeOf } from "../types.ts";
import { WorkerResources } from "./cluster-state.ts";
import { ExecutorInfo } from "./executor-stats.ts";

/** `name` is the Java class of the struct that `bits` are. */
export const ThriftSerializedObject = struct("ThriftSerializedObject", {
  name: required(1, string),
  bits: required(2, binary),
});
export type ThriftSerializedObject = TypeOf<typeof ThriftSerializedObject>;

/** A whole LocalState file. */
export const LocalStateData = struct("LocalStateData", {
  serialized_parts: required(1, map(string, ThriftSerializedObject)),
});
export type LocalStateData = TypeOf<typeof LocalStateData>;

export const LocalAssignment = struct("LocalAssignment", {
  topology_id: required(1, string),
  executors: required(2, list(ExecutorInfo)),
  resources: optional(3, WorkerResources),
  total_node_shared: optional(4, double),
  owner: optional(5, string),
});
export type LocalAssignment = TypeOf<typeof LocalAssignment>;

export const LSSupervisorId = struct("LSSupervisorId", { supervisor_id: required(1, string) });
export type LSSupervisorId = TypeOf<typeof LSSupervisorId>;

/** Worker id → port. */
export const LSApprovedWorkers = struct("LSApprovedWorkers", { approved_workers: required(1, map(string, i32)) });
export type LSApprovedWorkers = TypeOf<typeof LSApprovedWorkers>;

/** By port. */
export const LSSupervisorAssignments = struct("LSSupervisorAssignments", {
  assignments: required(1, map(i32, LocalAssignment)),
});
export type LSSupervisorAssignments = TypeOf<typeof LSSupervisorAssignments>;

/** `time_secs` is an i32, as in Storm 2.8; Storm 3.0 widens it. */
export const LSWorkerHeartbeat = struct("LSWorkerHeartbeat", {
  time_secs: required(1, i32),
  topology_id: required(2, string),
  executors: required(3, list(ExecutorInfo)),
  port: required(4, i32),
});
export type LSWorkerHeartbeat = TypeOf<typeof LSWorkerHeartbeat>;

export const LSTopoHistory = struct("LSTopoHistory", {
  topology_id: required(1, string),
  time_stamp: required(2, i64),
  users: required(3, list(string)),
  groups: required(4, list(string)),
});
export type LSTopoHistory = TypeOf<typeof LSTopoHistory>;

export const LSTopoHistoryList = struct("LSTopoHistoryList", { topo_history: required(1, list(LSTopoHistory)) });
export type LSTopoHistoryList = TypeOf<typeof LSTopoHistoryList>;

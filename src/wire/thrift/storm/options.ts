/** What goes along with a command: how to kill, rebalance and submit, who may, what to log and what to profile. */
import { map, set } from "../containers.ts";
import { optional, required, struct } from "../struct.ts";
import { double, enumeration, i32, i64, string, type TypeOf } from "../types.ts";

export const KillOptions = struct("KillOptions", { wait_secs: optional(1, i32) });
export type KillOptions = TypeOf<typeof KillOptions>;

/** `topology_conf_overrides` is JSON. `principal` is nimbus' own: from clients it is ignored. */
export const RebalanceOptions = struct("RebalanceOptions", {
  wait_secs: optional(1, i32),
  num_workers: optional(2, i32),
  num_executors: optional(3, map(string, i32)),
  topology_resources_overrides: optional(4, map(string, map(string, double))),
  topology_conf_overrides: optional(5, string),
  principal: optional(6, string),
});
export type RebalanceOptions = TypeOf<typeof RebalanceOptions>;

export const Credentials = struct("Credentials", {
  creds: required(1, map(string, string)),
  topoOwner: optional(2, string),
});
export type Credentials = TypeOf<typeof Credentials>;

export const TopologyInitialStatus = enumeration({ ACTIVE: 1, INACTIVE: 2 });
export type TopologyInitialStatus = TypeOf<typeof TopologyInitialStatus>;

export const SubmitOptions = struct("SubmitOptions", {
  initial_status: required(1, TopologyInitialStatus),
  creds: optional(2, Credentials),
});
export type SubmitOptions = TypeOf<typeof SubmitOptions>;

export const LogLevelAction = enumeration({ UNCHANGED: 1, UPDATE: 2, REMOVE: 3 });
export type LogLevelAction = TypeOf<typeof LogLevelAction>;

export const LogLevel = struct("LogLevel", {
  action: required(1, LogLevelAction),
  target_log_level: optional(2, string),
  reset_log_level_timeout_secs: optional(3, i32),
  reset_log_level_timeout_epoch: optional(4, i64),
  reset_log_level: optional(5, string),
});
export type LogLevel = TypeOf<typeof LogLevel>;

export const LogConfig = struct("LogConfig", {
  named_logger_level: optional(2, map(string, LogLevel)),
});
export type LogConfig = TypeOf<typeof LogConfig>;

/** A node and ports of it, by supervisor id. */
export const NodeInfo = struct("NodeInfo", {
  node: required(1, string),
  port: required(2, set(i64)),
});
export type NodeInfo = TypeOf<typeof NodeInfo>;

export const ProfileAction = enumeration({
  JPROFILE_STOP: 0,
  JPROFILE_START: 1,
  JPROFILE_DUMP: 2,
  JMAP_DUMP: 3,
  JSTACK_DUMP: 4,
  JVM_RESTART: 5,
});
export type ProfileAction = TypeOf<typeof ProfileAction>;

export const ProfileRequest = struct("ProfileRequest", {
  nodeInfo: required(1, NodeInfo),
  action: required(2, ProfileAction),
  time_stamp: optional(3, i64),
});
export type ProfileRequest = TypeOf<typeof ProfileRequest>;

/** One topology as its executors report it: getTopologyInfo and its variants. */
import { list, map } from "../containers.ts";
import { optional, required, struct } from "../struct.ts";
import { bool, double, enumeration, i32, string, type TypeOf } from "../types.ts";
import { ExecutorInfo, ExecutorStats } from "./executor-stats.ts";
import { memoryAndCpu, scheduling } from "./resources.ts";

export const ErrorInfo = struct("ErrorInfo", {
  error: required(1, string),
  error_time_secs: required(2, i32),
  host: optional(3, string),
  port: optional(4, i32),
});
export type ErrorInfo = TypeOf<typeof ErrorInfo>;

export const ExecutorSummary = struct("ExecutorSummary", {
  executor_info: required(1, ExecutorInfo),
  component_id: required(2, string),
  host: required(3, string),
  port: required(4, i32),
  uptime_secs: required(5, i32),
  stats: optional(7, ExecutorStats),
});
export type ExecutorSummary = TypeOf<typeof ExecutorSummary>;

export const DebugOptions = struct("DebugOptions", {
  enable: optional(1, bool),
  samplingpct: optional(2, double),
});
export type DebugOptions = TypeOf<typeof DebugOptions>;

export const TopologyInfo = struct("TopologyInfo", {
  id: required(1, string),
  name: required(2, string),
  uptime_secs: required(3, i32),
  executors: required(4, list(ExecutorSummary)),
  status: required(5, string),
  errors: required(6, map(string, list(ErrorInfo))),
  component_debug: optional(7, map(string, DebugOptions)),
  storm_version: optional(8, string),
  ...scheduling,
  ...memoryAndCpu,
});
export type TopologyInfo = TypeOf<typeof TopologyInfo>;

export const NumErrorsChoice = enumeration({ ALL: 0, NONE: 1, ONE: 2 });
export type NumErrorsChoice = TypeOf<typeof NumErrorsChoice>;

export const GetInfoOptions = struct("GetInfoOptions", {
  num_err_choice: optional(1, NumErrorsChoice),
});
export type GetInfoOptions = TypeOf<typeof GetInfoOptions>;

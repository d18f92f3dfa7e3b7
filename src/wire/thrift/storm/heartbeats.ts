/** Signs of life and metrics. `time_secs` is an i32, as in Storm 2.8; Storm 3.0 widens it. */
import { list, pairs } from "../containers.ts";
import { optional, required, struct } from "../struct.ts";
import { double, i32, i64, string, type TypeOf } from "../types.ts";
import { ExecutorInfo, ExecutorStats } from "./executor-stats.ts";

/** In ZooKeeper, with the statistics of a worker's executors. */
export const ClusterWorkerHeartbeat = struct("ClusterWorkerHeartbeat", {
  storm_id: required(1, string),
  executor_stats: required(2, pairs(ExecutorInfo, ExecutorStats)),
  time_secs: required(3, i32),
  uptime_secs: required(4, i32),
});
export type ClusterWorkerHeartbeat = TypeOf<typeof ClusterWorkerHeartbeat>;

export const SupervisorWorkerHeartbeat = struct("SupervisorWorkerHeartbeat", {
  storm_id: required(1, string),
  executors: required(2, list(ExecutorInfo)),
  time_secs: required(3, i32),
});
export type SupervisorWorkerHeartbeat = TypeOf<typeof SupervisorWorkerHeartbeat>;

export const SupervisorWorkerHeartbeats = struct("SupervisorWorkerHeartbeats", {
  supervisor_id: required(1, string),
  worker_heartbeats: required(2, list(SupervisorWorkerHeartbeat)),
});
export type SupervisorWorkerHeartbeats = TypeOf<typeof SupervisorWorkerHeartbeats>;

export const WorkerMetricPoint = struct("WorkerMetricPoint", {
  metricName: required(1, string),
  timestamp: required(2, i64),
  metricValue: required(3, double),
  componentId: required(4, string),
  executorId: required(5, string),
  streamId: required(6, string),
});
export type WorkerMetricPoint = TypeOf<typeof WorkerMetricPoint>;

export const WorkerMetricList = struct("WorkerMetricList", {
  metrics: optional(1, list(WorkerMetricPoint)),
});
export type WorkerMetricList = TypeOf<typeof WorkerMetricList>;

export const WorkerMetrics = struct("WorkerMetrics", {
  topologyId: required(1, string),
  port: required(2, i32),
  hostname: required(3, string),
  metricList: required(4, WorkerMetricList),
});
export type WorkerMetrics = TypeOf<typeof WorkerMetrics>;

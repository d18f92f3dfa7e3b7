/** Who gets which slot: a pure function from a snapshot of the cluster to assignments. */
export { BlacklistScheduler, blacklistRules } from "./blacklist.ts";
export { scheduleErrorCodes } from "./error-codes.ts";
export { type Request, requestOf } from "./resources.ts";
export { schedulerOf } from "./schedulers.ts";
export type {
  AssignedWorker,
  ClusterSnapshot,
  ComponentDetails,
  ExistingWorker,
  Schedule,
  Scheduler,
  SharedMemory,
  Slot,
  SupervisorDetails,
  TopologyDetails,
  TopologyStatus,
  WorkerResources,
} from "./snapshot.ts";

/** Runs tasks: spout loop, bolt loop, groupings, acker, metrics. Never sees a socket. */
export type { InputCounters, OutputCounters, Samples, TaskCounters } from "./counters.ts";
export type { Sightings } from "./debugging.ts";
export type { ComponentFailure, RunnerListener } from "./environment.ts";
export { executorErrorCodes } from "./error-codes.ts";
export type { TupleStep } from "./following.ts";
export { type ComponentMetrics, componentMetrics, type TaskMetrics } from "./metrics.ts";
export type { RemoteOutlet } from "./outputs.ts";
export { ackerId, type ExecutorPlan, type ExecutorRange, planTopology, type TopologyPlan } from "./plan.ts";
export { TaskRunner } from "./runner.ts";
export { addLatency, type LatencySnapshot, meanMs, noLatency, quantileMs } from "./stats.ts";
export type { WorkerIdentity } from "./task-context.ts";
export { type AuthorScope, authorScope, inModuleScope, type TaskScope } from "./task-scope.ts";
export { type MoreAnchor, Root, TaskTuple } from "./tuple.ts";

/** Bolts that know when they have seen all of a finite set of tuples, such as those of one DRPC request. */
export { BasicBoltExecutor } from "./basic-bolt-executor.ts";
export { BaseBatchBolt, type BatchOutputCollector, type IBatchBolt } from "./batch-bolt.ts";
export { BatchBoltExecutor } from "./batch-bolt-executor.ts";
export { type FinishedCallback, hasFinishedCallback, hasTimeoutCallback, type TimeoutCallback } from "./callbacks.ts";
export { CoordinatedBolt, type CoordinationSpec, coordinatedStreamId, type SourceArgs } from "./coordinated-bolt.ts";
export { TimeCacheMap } from "./time-cache-map.ts";

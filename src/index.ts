/** The published package `storm-lab`: what authors, starters and solutions import. */
export { StormLabError } from "./base/index.ts";
export { DRPCClient, type DRPCClientOptions, type DRPCServerAddress, type ExecuteOptions } from "./client/index.ts";
export { StormSubmitter } from "./code/index.ts";
export {
  BaseBatchBolt,
  BasicBoltExecutor,
  BatchBoltExecutor,
  type BatchOutputCollector,
  CoordinatedBolt,
  type CoordinationSpec,
  coordinatedStreamId,
  type FinishedCallback,
  type IBatchBolt,
  type SourceArgs,
  type TimeoutCallback,
} from "./coordination/index.ts";
export {
  DRPCSpout,
  JoinResult,
  KeyedFairBolt,
  type LinearBolt,
  LinearDRPCInputDeclarer,
  LinearDRPCTopologyBuilder,
  LocalDRPC,
  type LocalDRPCOptions,
  PrepareRequest,
  ReturnResults,
} from "./drpc/topology/index.ts";
export {
  type CompletedTopology,
  type CompleteTopologyOptions,
  completeTopology,
  type EmittedTuple,
  LocalCluster,
  type LocalClusterOptions,
  type LocalTopology,
  type MockedTuple,
  type TopologyReport,
} from "./local/index.ts";
export * from "./topology/index.ts";

/** What an author of a topology writes: fields, tuples, streams, groupings, spouts, bolts, builder, conf. */
export { BoltDeclarer, type ComponentHandle, type Source, SpoutDeclarer, TopologyBuilder } from "./builder.ts";
export type { Anchors, BasicOutputCollector, OutputCollector, SpoutOutputCollector } from "./collectors.ts";
export { copyComponent } from "./component-copy.ts";
export {
  type AnyComponent,
  BaseBasicBolt,
  BaseRichBolt,
  BaseRichSpout,
  type BoltComponent,
  type ComponentKind,
  FailedException,
  type IBasicBolt,
  type IRichBolt,
  type IRichSpout,
  isFailedException,
  ReportedFailedException,
  type SpoutComponent,
} from "./components.ts";
export {
  type Conf,
  Config,
  type ConfLike,
  type ConfRule,
  mergeConf,
  toConf,
  topologyDefaults,
  topologyRules,
  validateConf,
} from "./config.ts";
export type { Counter, Published, TopologyContext, WorkerTopologyContext } from "./context.ts";
export { cyclesOf } from "./cycles.ts";
export { topologyErrorCodes } from "./error-codes.ts";
export { type FieldList, Fields, Values } from "./fields.ts";
export type { CustomStreamGrouping, GroupingSpec, LoadMapping, StreamId } from "./groupings.ts";
export type {
  BoltAckInfo,
  BoltExecuteInfo,
  BoltFailInfo,
  EmitInfo,
  SpoutAckInfo,
  SpoutFailInfo,
  TaskHook,
} from "./hooks.ts";
export { fieldsTaskIndex, javaHash, stringHash } from "./java-hash.ts";
export {
  type DeclaredStream,
  defaultStreamId,
  type OutputFieldsDeclarer,
  StreamCollector,
  type StreamFields,
  type StreamSpec,
  type StreamsOf,
} from "./streams.ts";
export { type SystemContext, systemContext } from "./system-context.ts";
export { partitionFixed, taskCount } from "./tasks.ts";
export {
  type ComponentSpec,
  type InputSpec,
  rebuiltPerTask,
  type StormTopology,
  type TopologyDefinition,
  type TopologyDescription,
  type TopologyFunction,
} from "./topology.ts";
export type { Shape, Tuple } from "./tuple.ts";
export { parallelismMax, validateTopologyName } from "./validate.ts";

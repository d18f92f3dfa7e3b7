/** The cluster's memory: what Storm keeps in ZooKeeper, typed. */
export { BlobChecksum } from "./blob-checksum.ts";
export {
  type BlobHolder,
  ClusterState,
  type ClusterStateOptions,
  openClusterState,
  type Versioned,
} from "./cluster-state.ts";
export { stateErrorCodes } from "./error-codes.ts";
export { type Following, type FollowOptions, follow } from "./follow.ts";
export type { KeptNode } from "./kept-nodes.ts";
export type { LeaderLatch, LeaderLatchOptions, Leadership } from "./leader-latch.ts";
export type { AssignmentChange, LeaderWrites } from "./leader-writes.ts";
export { LocalState } from "./local-state.ts";
export { type NimbusInfo, nimbusInfoText, parseNimbusInfo } from "./nimbus-info.ts";
export { localStateKeys, NodePlaces, stormDistFiles } from "./node-places.ts";
export { stormVersion } from "./storm-version.ts";
export { parseTupleStep, type TupleStep, tupleStepsFile } from "./tuple-steps.ts";
export { newUuid } from "./uuid.ts";
export { dataJson, dataText, statJson, statText } from "./znode-text.ts";

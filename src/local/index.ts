/** Topologies without a cluster: in this process, or over worker processes of this machine. */

export type { ResultValue, TopologyReport } from "../worker/index.ts";
export {
  type CompletedTopology,
  type CompleteTopologyOptions,
  completeTopology,
  type EmittedTuple,
  type MockedTuple,
} from "./complete-topology.ts";
export { localErrorCodes } from "./error-codes.ts";
export { inFlowOrder } from "./flow.ts";
export { LocalCluster, type LocalClusterOptions, type LocalTopology } from "./local-cluster.ts";
export { type LocalRun, loadLocalRun } from "./run.ts";
export { runWorkerProcess } from "./worker-process.ts";

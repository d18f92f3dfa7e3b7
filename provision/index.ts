/** Clusters on machines: what lies in their folders, what runs of them, and the way from one to the other. */
export type { NetworkFault } from "../src/base/index.ts";
export { editYaml } from "../src/conf/index.ts";
export { type ClusterSpec, defaultSpec } from "./cluster/cluster-spec.ts";
export { type ClusterLayout, type Daemon, type Node, type Role, uiUrls } from "./cluster/layout.ts";
export { clusterFileContent, parseClusterFile } from "./cluster/read-cluster-file.ts";
export { clusterFileText } from "./cluster/template.ts";
export { provisionErrorCodes } from "./error-codes.ts";
export { type LogSource, logSources } from "./logs/log-sources.ts";
export { type BusyPort, busyPort } from "./operations/busy-ports.ts";
export { applyDown, prepareDown } from "./operations/down.ts";
export { addNetworkFault, healNetwork, networkFaults } from "./operations/faults.ts";
export { freePortBlock } from "./operations/free-ports.ts";
export { signalProcesses, startProcesses, stopProcesses } from "./operations/lifecycle.ts";
export { withClusterLock } from "./operations/lock.ts";
export {
  clusterFileOf,
  clusterNames,
  loadCluster,
  onlyCluster,
  type Place,
  requireCluster,
} from "./operations/place.ts";
export { chooseProcesses, listProcesses, type ProcessRow } from "./operations/processes.ts";
export { workerResults } from "./operations/results.ts";
export { type ClusterStatus, clusterStatus } from "./operations/status.ts";
export { applyUp, layOut, type PreparedUp, prepareUp } from "./operations/up.ts";
export { describeAction, type Plan } from "./plan/actions.ts";
export type { PlanStep } from "./plan/apply.ts";
export { askAnyNimbus, askNimbusOf } from "./processes/ask-nimbus.ts";
export { removePidFile, writePidFile } from "./processes/managed-process.ts";
export { removeStalePidFile, stalePidFiles } from "./processes/stale-pid-files.ts";
export {
  connectString,
  type EnsembleLayout,
  layoutEnsemble,
  type Seat,
  serversMax,
  wholeNumber,
} from "./zookeeper-ensemble/layout.ts";
export {
  readEnsemble,
  requireFreePorts,
  roleOf as serverRole,
  runningPid,
  type ServerStatus,
  startSeat,
  statusOf,
  stopSeat,
} from "./zookeeper-ensemble/servers.ts";
export { writeEnsemble } from "./zookeeper-ensemble/tree.ts";

/** For editors: JSON Schema of cluster.yaml. */
export async function clusterJsonSchema(): Promise<unknown> {
  return (await import("./cluster/cluster-schema.ts")).clusterJsonSchema();
}

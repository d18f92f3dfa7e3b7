/** Clusters on machines: what lies in their folders, what runs of them, and the way from one to the other. */
export { provisionErrorCodes } from "./error-codes.ts";
export { removePidFile, writePidFile } from "./processes/managed-process.ts";
export {
  connectString,
  type EnsembleLayout,
  layoutEnsemble,
  type Seat,
  serversMax,
  wholeNumber,
} from "./zookeeper-ensemble/layout.ts";
export {
  pause,
  readEnsemble,
  requireFreePorts,
  runningPid,
  type ServerStatus,
  startSeat,
  statusOf,
  stopSeat,
} from "./zookeeper-ensemble/servers.ts";
export { writeEnsemble } from "./zookeeper-ensemble/tree.ts";

/** The calls of nimbus, on port 6627. */
import { list } from "../containers.ts";
import { method, nothing, service } from "../service.ts";
import { optional, required } from "../struct.ts";
import { binary, bool, double, i32, string } from "../types.ts";
import { BeginDownloadResult, ListBlobsResult, ReadableBlobMeta, SettableBlobMeta } from "./blobs.ts";
import { SupervisorAssignments } from "./cluster-state.ts";
import {
  AlreadyAliveException,
  AuthorizationException,
  IllegalStateException,
  InvalidTopologyException,
  KeyAlreadyExistsException,
  KeyNotFoundException,
  NotAliveException,
} from "./exceptions.ts";
import { SupervisorWorkerHeartbeat, SupervisorWorkerHeartbeats, WorkerMetrics } from "./heartbeats.ts";
import {
  Credentials,
  KillOptions,
  LogConfig,
  ProfileAction,
  ProfileRequest,
  RebalanceOptions,
  SubmitOptions,
} from "./options.ts";
import { ComponentPageInfo, SupervisorPageInfo, TopologyPageInfo } from "./page-infos.ts";
import {
  ClusterSummary,
  NimbusSummary,
  OwnerResourceSummary,
  TopologyHistoryInfo,
  TopologySummary,
} from "./summaries.ts";
import { StormTopology } from "./topology.ts";
import { GetInfoOptions, TopologyInfo } from "./topology-info.ts";

const name = required(1, string);
const id = required(1, string);
const key = required(1, string);
const session = required(1, string);
const location = required(1, string);
const chunk = required(2, binary);

const guarded = [AuthorizationException];
const living = [NotAliveException, AuthorizationException];
const validated = [NotAliveException, InvalidTopologyException, AuthorizationException];
const stored = [AuthorizationException, KeyNotFoundException];

const submission = {
  name,
  uploadedJarLocation: required(2, string),
  jsonConf: required(3, string),
  topology: required(4, StormTopology),
};
const submitted = [AlreadyAliveException, InvalidTopologyException, AuthorizationException];
const infoOptions = required(2, GetInfoOptions);

const topologies = {
  submitTopology: method(submission, nothing, submitted),
  submitTopologyWithOpts: method({ ...submission, options: required(5, SubmitOptions) }, nothing, submitted),
  killTopology: method({ name }, nothing, living),
  killTopologyWithOpts: method({ name, options: optional(2, KillOptions) }, nothing, living),
  activate: method({ name }, nothing, living),
  deactivate: method({ name }, nothing, living),
  rebalance: method({ name, options: required(2, RebalanceOptions) }, nothing, validated),
  setLogConfig: method({ name, config: required(2, LogConfig) }, nothing),
  getLogConfig: method({ name }, LogConfig),
  debug: method(
    { name, component: optional(2, string), enable: required(3, bool), samplingPercentage: required(4, double) },
    nothing,
    living,
  ),
  setWorkerProfiler: method({ id, profileRequest: required(2, ProfileRequest) }, nothing),
  getComponentPendingProfileActions: method(
    { id, component_id: required(2, string), action: required(3, ProfileAction) },
    list(ProfileRequest),
  ),
  uploadNewCredentials: method({ name, creds: required(2, Credentials) }, nothing, validated),
};

const blobs = {
  beginCreateBlob: method({ key, meta: required(2, SettableBlobMeta) }, string, [
    AuthorizationException,
    KeyAlreadyExistsException,
  ]),
  beginUpdateBlob: method({ key }, string, stored),
  uploadBlobChunk: method({ session, chunk }, nothing, guarded),
  finishBlobUpload: method({ session }, nothing, guarded),
  cancelBlobUpload: method({ session }, nothing, guarded),
  getBlobMeta: method({ key }, ReadableBlobMeta, stored),
  setBlobMeta: method({ key, meta: required(2, SettableBlobMeta) }, nothing, stored),
  beginBlobDownload: method({ key }, BeginDownloadResult, stored),
  downloadBlobChunk: method({ session }, binary, guarded),
  deleteBlob: method({ key }, nothing, [AuthorizationException, KeyNotFoundException, IllegalStateException]),
  listBlobs: method({ session }, ListBlobsResult),
  getBlobReplication: method({ key }, i32, stored),
  updateBlobReplication: method({ key, replication: required(2, i32) }, i32, stored),
  createStateInZookeeper: method({ key }, nothing),
  beginFileUpload: method({}, string, guarded),
  uploadChunk: method({ location, chunk }, nothing, guarded),
  finishFileUpload: method({ location }, nothing, guarded),
  downloadChunk: method({ id }, binary, guarded),
};

/** Storm's UI asks for a supervisor by id or by host, and for the history and resources of nobody in particular. */
const questions = {
  getNimbusConf: method({}, string, guarded),
  getClusterInfo: method({}, ClusterSummary, guarded),
  getTopologySummaries: method({}, list(TopologySummary), guarded),
  getTopologySummaryByName: method({ name }, TopologySummary, living),
  getTopologySummary: method({ id }, TopologySummary, living),
  getLeader: method({}, NimbusSummary, guarded),
  isTopologyNameAllowed: method({ name }, bool, guarded),
  getTopologyInfoByName: method({ name }, TopologyInfo, living),
  getTopologyInfo: method({ id }, TopologyInfo, living),
  getTopologyInfoByNameWithOpts: method({ name, options: infoOptions }, TopologyInfo, living),
  getTopologyInfoWithOpts: method({ id, options: infoOptions }, TopologyInfo, living),
  getTopologyPageInfo: method(
    { id, window: required(2, string), is_include_sys: required(3, bool) },
    TopologyPageInfo,
    living,
  ),
  getSupervisorPageInfo: method(
    { id: optional(1, string), host: optional(2, string), is_include_sys: required(3, bool) },
    SupervisorPageInfo,
    living,
  ),
  getComponentPageInfo: method(
    {
      topology_id: required(1, string),
      component_id: required(2, string),
      window: required(3, string),
      is_include_sys: required(4, bool),
    },
    ComponentPageInfo,
    living,
  ),
  getTopologyConf: method({ id }, string, living),
  getTopology: method({ id }, StormTopology, living),
  getUserTopology: method({ id }, StormTopology, living),
  getTopologyHistory: method({ user: optional(1, string) }, TopologyHistoryInfo, guarded),
  getOwnerResourceSummaries: method({ owner: optional(1, string) }, list(OwnerResourceSummary), guarded),
};

const workers = {
  getSupervisorAssignments: method({ node: required(1, string) }, SupervisorAssignments, guarded),
  sendSupervisorWorkerHeartbeats: method({ heartbeats: required(1, SupervisorWorkerHeartbeats) }, nothing, guarded),
  /** `heatbeat` is Storm's spelling. */
  sendSupervisorWorkerHeartbeat: method({ heatbeat: required(1, SupervisorWorkerHeartbeat) }, nothing, [
    AuthorizationException,
    NotAliveException,
  ]),
  processWorkerMetrics: method({ metrics: required(1, WorkerMetrics) }, nothing),
  isRemoteBlobExists: method({ blobKey: required(1, string) }, bool, guarded),
};

export const Nimbus = service("Nimbus", { ...topologies, ...blobs, ...questions, ...workers });

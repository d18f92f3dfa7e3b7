/**
 * Every key of zoo.cfg that ZooKeeper 3.8 documents and this server's answer to it: honoured, accepted without effect for a
 * stated reason, or refused for a stated reason. A key in no list is a mistake and is refused with the nearest known one.
 * Source: QuorumPeerConfig.parseProperties and the administrator's guide of ZooKeeper 3.8.
 */
import { nearestWord } from "../../base/index.ts";

/** Without the optional prefix `zookeeper.`. */
export const honouredKeys: readonly string[] = [
  "4lw.commands.whitelist",
  "DigestAuthenticationProvider.digestAlg",
  "DigestAuthenticationProvider.superDigest",
  "admin.commandURL",
  "admin.enableServer",
  "admin.serverAddress",
  "admin.serverPort",
  "autopurge.purgeInterval",
  "autopurge.snapRetainCount",
  "clientPort",
  "clientPortAddress",
  "cnxTimeout",
  "commitLogCount",
  "connectToLearnerMasterLimit",
  "dataDir",
  "dataLogDir",
  "electionAlg",
  "enforceQuota",
  "extendedTypesEnabled",
  "fastleader.maxNotificationInterval",
  "fastleader.minNotificationInterval",
  "forceSnapshotSync",
  "forceSync",
  "fsync.warningthresholdms",
  "globalOutstandingLimit",
  "initLimit",
  "jute.maxbuffer",
  "maxClientCnxns",
  "maxCnxns",
  "maxSessionTimeout",
  "minSessionTimeout",
  "nio.sessionlessCnxnTimeout",
  "peerType",
  "quorumListenOnAllIPs",
  "skipACL",
  "snapCount",
  "snapSizeLimitInKb",
  "snapshot.trust.empty",
  "snapshotSizeFactor",
  "standaloneEnabled",
  "syncLimit",
  "tickTime",
  "znode.container.checkIntervalMs",
  "znode.container.maxPerMinute",
];

/** Accepted; the value changes nothing here. */
export const keysWithoutEffect: Readonly<Record<string, string>> = {
  "admin.httpVersion": "the admin port answers in HTTP/1.1",
  "admin.idleTimeout": "an admin connection is closed after its answer",
  advancedFlowControlEnabled: "a client that does not read is never read from",
  bitHashCacheSize: "there is one kind of watch table",
  clientPortListenBacklog: "the operating system's own backlog is used",
  clientTcpKeepAlive: "dead connections are found by their sessions",
  "closeSessionTxn.enabled": "closing a session always lists its ephemeral nodes",
  "datadir.autocreate": "folders that are missing are made, as by default",
  "digest.enabled": "digests are left out of the log, which every reader accepts",
  electionPortBindRetry: "the election port is tried three times, as by default",
  enableEagerACLCheck: "a write is checked where it becomes a transaction, as by default",
  "fastleader.maxTimeout": "not a documented key of 3.8",
  "fips-mode": "connections are not encrypted",
  flushDelay: "a flush starts when requests wait and none is under way",
  "follower.skipLearnerRequestToNextProcessor": "there are no processors between which requests are queued",
  forward_learner_requests_to_commit_processor_disabled: "there are no processors between which requests are queued",
  intBufferStartingSizeBytes: "buffers grow as they are needed",
  "jute.maxbuffer.extrasize": "fields may be twice jute.maxbuffer long",
  largeRequestMaxBytes: "what waits on a connection is bounded, whatever the size of a request",
  largeRequestThreshold: "what waits on a connection is bounded, whatever the size of a request",
  "leader.ackLoggingFrequency": "single acknowledgements are not logged",
  "leader.closeSocketAsync": "closing never waits here",
  "leader.maxConcurrentDiffSyncs": "learners are brought up to date as they come",
  "leader.maxConcurrentSnapSyncs": "learners are brought up to date as they come",
  "leader.maxTimeToWaitForEpoch": "initLimit bounds the wait, as by default",
  leaderConnectDelayDuringRetryMs: "a learner tries again after 100 ms, as by default",
  leaderServes: "the leader serves clients, as by default",
  "learner.asyncSending": "sending never waits here",
  "learner.closeSocketAsync": "closing never waits here",
  maxBatchSize: "a flush takes what gathered during the one before",
  maxConcurrentDiffSyncs: "learners are brought up to date as they come",
  maxConcurrentSnapSyncs: "learners are brought up to date as they come",
  maxGetChildrenResponseCacheSize: "answers are made when they are asked for",
  maxInProcessingDeadWatchers: "there is one kind of watch table",
  maxResponseCacheSize: "answers are made when they are asked for",
  maxTimeToWaitForEpoch: "initLimit bounds the wait, as by default",
  maxWriteQueuePollTime: "a flush starts when requests wait and none is under way",
  "multiAddress.reachabilityCheckEnabled": "a server has one address",
  "multiAddress.reachabilityCheckTimeoutMs": "a server has one address",
  "outstandingHandshake.limit": "connections are not encrypted",
  "observer.election.DelayMs": "an observer asks for the leader at once and votes for nobody",
  "observer.reconnectDelayMs": "an observer looks for the leader again at once, as by default",
  "observer.syncEnabled": "observers always keep a log",
  "observerMaster.sizeLimit": "observers follow the leader",
  preAllocSize: "log files grow as they are written",
  "quorum.cnxn.threads.size": "one thread serves all connections",
  quorumCnxnTimeoutMs: "a connection of the election stays until one side ends it",
  "readonlymode.enabled": "a server without a quorum serves nobody",
  serverCnxnFactory: "there is one kind of client connection",
  "snapshot.compression.method": "snapshots are written uncompressed",
  syncEnabled: "observers always keep a log",
  tcpKeepAlive: "dead connections are found by their sessions",
  throttledOpWaitTime: "requests are not throttled by their age",
  throttled_op_wait_time: "requests are not throttled by their age",
  txnLogSizeLimitInKb: "a log file ends at each snapshot",
  version: "the configuration never changes at run time",
  watchManagerName: "there is one kind of watch table",
  "znode.container.maxNeverUsedIntervalMs": "a container that never had a child stays, as by default",
};

/** Accepted without effect by how they begin. */
export const prefixesWithoutEffect: readonly (readonly [prefix: string, why: string])[] = [
  ["commitProcessor.", "one thread serves all requests"],
  ["connection_throttle_", "new connections are bounded by maxCnxns and maxClientCnxns"],
  ["connectionDecreaseRatio", "new connections are bounded by maxCnxns and maxClientCnxns"],
  ["connectionDrop", "new connections are bounded by maxCnxns and maxClientCnxns"],
  ["connectionFreezeTime", "new connections are bounded by maxCnxns and maxClientCnxns"],
  ["connectionMaxTokens", "new connections are bounded by maxCnxns and maxClientCnxns"],
  ["connectionToken", "new connections are bounded by maxCnxns and maxClientCnxns"],
  ["jmx.", "there is no JVM"],
  ["messageTracker.", "a learner's last packets are not kept"],
  ["metricsProvider.", "metrics are served by mntr and the admin server"],
  ["netty.", "there is one kind of client connection"],
  ["nio.", "one thread serves all connections"],
  ["pathStats.", "requests are not counted by path"],
  ["requestStale", "requests are bounded by globalOutstandingLimit"],
  ["requestThrottle", "requests are bounded by globalOutstandingLimit"],
  ["request_", "requests are bounded by globalOutstandingLimit"],
  ["watcherClean", "a watcher that goes takes its watches along at once"],
];

/** Refused unless the value is the one given here. */
export const refusedKeys: Readonly<Record<string, { readonly unless: string | null; readonly reason: string }>> = {
  "DigestAuthenticationProvider.enabled": { unless: "true", reason: "the schemes are world, auth, digest and ip" },
  "admin.forceHttps": { unless: "false", reason: "connections are not encrypted" },
  "admin.needClientAuth": { unless: "false", reason: "connections are not encrypted" },
  "admin.portUnification": { unless: "false", reason: "connections are not encrypted" },
  allowSaslFailedClients: { unless: "false", reason: "SASL is not spoken" },
  "audit.enable": { unless: "false", reason: "no audit log is written" },
  "audit.impl.class": { unless: null, reason: "no audit log is written" },
  authProvider: { unless: null, reason: "the schemes are world, auth, digest and ip" },
  "db.autocreate": { unless: "true", reason: "an empty server may always join" },
  dynamicConfigFile: { unless: null, reason: "the ensemble is what zoo.cfg lists; reconfiguration at run time is off" },
  emulate353TTLNodes: { unless: "false", reason: "TTL nodes are those of 3.5.4 and later" },
  ensembleAuthName: { unless: null, reason: "the schemes are world, auth, digest and ip" },
  localSessionsEnabled: { unless: "false", reason: "all sessions are global" },
  localSessionsUpgradingEnabled: { unless: "false", reason: "all sessions are global" },
  "multiAddress.enabled": { unless: "false", reason: "a server has one address" },
  observerMasterPort: { unless: "0", reason: "observers follow the leader" },
  portUnification: { unless: "false", reason: "connections are not encrypted" },
  "quorum.auth.enableSasl": { unless: "false", reason: "servers do not authenticate each other" },
  "client.portUnification": { unless: "false", reason: "connections are not encrypted" },
  reconfigEnabled: { unless: "false", reason: "the ensemble is what zoo.cfg lists" },
  secureClientPort: { unless: null, reason: "connections are not encrypted" },
  secureClientPortAddress: { unless: null, reason: "connections are not encrypted" },
  sslQuorum: { unless: "false", reason: "connections are not encrypted" },
  sslQuorumReloadCertFiles: { unless: "false", reason: "connections are not encrypted" },
  enforceAuthEnabled: { unless: "false", reason: "clients may connect without proving who they are" },
  "enforce.auth.enabled": { unless: "false", reason: "clients may connect without proving who they are" },
  "enforce.auth.schemes": { unless: null, reason: "clients may connect without proving who they are" },
  sessionRequireClientSASLAuth: { unless: "false", reason: "SASL is not spoken" },
  superUser: { unless: null, reason: "connections are not encrypted" },
  letAnySaslUserDoX: { unless: null, reason: "SASL is not spoken" },
  oraclePath: { unless: null, reason: "quorums are majorities of the voters" },
};

/** Refused by how they begin. */
export const refusedPrefixes: readonly (readonly [prefix: string, reason: string])[] = [
  ["ssl.", "connections are not encrypted"],
  ["quorum.auth.", "servers do not authenticate each other"],
  ["authProvider.", "the schemes are world, auth, digest and ip"],
  ["X509AuthenticationProvider.", "connections are not encrypted"],
  ["SASLAuthenticationProvider.", "SASL is not spoken"],
  ["sasl.", "SASL is not spoken"],
  ["kerberos.", "SASL is not spoken"],
  ["security.", "SASL is not spoken"],
  ["group.", "quorums are majorities of the voters"],
  ["weight.", "quorums are majorities of the voters"],
];

/** Numbered keys of the ensemble. */
export const serverKey = /^server\.(\d+)$/;

export function withoutPrefix(key: string): string {
  return key.startsWith("zookeeper.") ? key.slice("zookeeper.".length) : key;
}

/** The known key that is near enough to be meant. */
export function nearestKey(key: string): string | null {
  const known = [...honouredKeys, ...Object.keys(keysWithoutEffect), ...Object.keys(refusedKeys)];
  return nearestWord(key, known, Math.max(2, Math.floor(key.length / 3)));
}

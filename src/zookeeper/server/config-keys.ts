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
  "admin.idleTimeout": "an admin connection is closed after its answer",
  clientPortListenBacklog: "the operating system's own backlog is used",
  "closeSessionTxn.enabled": "closing a session always lists its ephemeral nodes",
  "commitProcessor.numWorkerThreads": "one thread serves all requests",
  commitLogCount: "the last 500 transactions are kept in memory",
  "digest.enabled": "digests are left out of the log, which every reader accepts",
  "fastleader.maxTimeout": "not a documented key of 3.8",
  flushDelay: "a flush starts when requests wait and none is under way",
  "jute.maxbuffer.extrasize": "fields may be twice jute.maxbuffer long",
  leaderServes: "the leader serves clients, as by default",
  "learner.asyncSending": "sending never waits here",
  maxBatchSize: "a flush takes what gathered during the one before",
  "metricsProvider.className": "metrics are served by mntr and the admin server",
  "metricsProvider.exportJvmInfo": "there is no JVM",
  "metricsProvider.httpPort": "metrics are served by mntr and the admin server",
  "nio.numSelectorThreads": "one thread serves all connections",
  "nio.numWorkerThreads": "one thread serves all connections",
  preAllocSize: "log files grow as they are written",
  "readonlymode.enabled": "a server without a quorum serves nobody",
  serverCnxnFactory: "there is one kind of client connection",
  "snapshot.compression.method": "snapshots are written uncompressed",
  syncEnabled: "observers always keep a log",
  tcpKeepAlive: "dead connections are found by their sessions",
  throttledOpWaitTime: "requests are not throttled by their age",
  txnLogSizeLimitInKb: "a log file ends at each snapshot",
  "znode.container.maxNeverUsedIntervalMs": "a container that never had a child stays, as by default",
  watchManagerName: "there is one kind of watch table",
};

/** Refused unless the value is the one given here. */
export const refusedKeys: Readonly<Record<string, { readonly unless: string | null; readonly reason: string }>> = {
  "db.autocreate": { unless: "true", reason: "an empty server may always join" },
  dynamicConfigFile: { unless: null, reason: "the ensemble is what zoo.cfg lists; reconfiguration at run time is off" },
  localSessionsEnabled: { unless: "false", reason: "all sessions are global" },
  localSessionsUpgradingEnabled: { unless: "false", reason: "all sessions are global" },
  "multiAddress.enabled": { unless: "false", reason: "a server has one address" },
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
  sessionRequireClientSASLAuth: { unless: "false", reason: "SASL is not spoken" },
  oraclePath: { unless: null, reason: "quorums are majorities of the voters" },
};

/** Refused by how they begin. */
export const refusedPrefixes: readonly (readonly [prefix: string, reason: string])[] = [
  ["ssl.", "connections are not encrypted"],
  ["quorum.auth.", "servers do not authenticate each other"],
  ["authProvider.", "the schemes are world, auth, digest and ip"],
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

/** The members of an ensemble as its configuration names them, and the rules of time that hold between them. */
import { must } from "../../../base/index.ts";
import { formatAddress } from "../../../wire/zookeeper/quorum/index.ts";
import type { ZooConfig } from "../config.ts";
import { majorityVerifier, type QuorumVerifier } from "./quorum-verifier.ts";

export interface EnsembleMember {
  readonly sid: number;
  readonly host: string;
  /** Where a leader listens for learners. */
  readonly quorumPort: number;
  readonly electionPort: number;
  readonly type: "participant" | "observer";
}

export interface Ensemble {
  /** This server's `myid`. */
  readonly myId: number;
  readonly members: ReadonlyMap<number, EnsembleMember>;
  readonly verifier: QuorumVerifier;
  /** What `/zookeeper/config` shows: `server.N=…` lines and `version=0`, without a newline at the end. */
  readonly configText: string;
  readonly tickMs: number;
  /** Ticks that connecting to a leader and catching up may take. */
  readonly initLimit: number;
  /** Ticks of silence after which leader and learner give each other up. */
  readonly syncLimit: number;
  /** Ticks that connecting to a leader may take. */
  readonly connectToLearnerMasterLimit: number;
  /** Listen on every address instead of the one that the configuration names. */
  readonly listenOnAllIps: boolean;
  /** For a connection to an election port. */
  readonly connectTimeoutMs: number;
  /** First and longest wait for a notification. */
  readonly minNotificationMs: number;
  readonly maxNotificationMs: number;
  /** Transactions are sent to a learner instead of an image up to this part of the image's size; below 0 never from the log. */
  readonly snapshotSizeFactor: number;
  /** The longest data of a packet between servers: jute.maxbuffer and as much again. */
  readonly maxFieldBytes: number;
  /** Every learner gets an image. */
  readonly forceSnapshotSync: boolean;
}

export function ensembleOf(config: ZooConfig, myId: number): Ensemble {
  const members = new Map<number, EnsembleMember>();
  for (const { id, host, quorumPort, electionPort, type } of config.servers.values()) {
    members.set(id, { sid: id, host, quorumPort, electionPort, type });
  }
  must(members.get(myId), `server.${myId} in the configuration`);
  const voters = [...members.values()].filter(({ type }) => type === "participant").map(({ sid }) => sid);
  return {
    myId,
    members,
    verifier: majorityVerifier(voters),
    configText: configTextOf(config),
    tickMs: config.tickTimeMs,
    initLimit: config.initLimit,
    syncLimit: config.syncLimit,
    connectToLearnerMasterLimit: config.connectToLearnerMasterLimit,
    listenOnAllIps: config.quorumListenOnAllIps,
    connectTimeoutMs: config.cnxTimeoutMs,
    minNotificationMs: config.minNotificationMs,
    maxNotificationMs: config.maxNotificationMs,
    snapshotSizeFactor: config.snapshotSizeFactor,
    maxFieldBytes: 2 * config.maxBufferBytes,
    forceSnapshotSync: config.forceSnapshotSync,
  };
}

/** As ZooKeeper writes its members: for `/zookeeper/config`, notifications and NEWLEADER. */
export function configTextOf(config: ZooConfig): string {
  const lines = [...config.servers.values()].map(({ id, host, quorumPort, electionPort, type, client }) => {
    const address = host.includes(":") ? `[${host}]` : host;
    const clientPart = client === null ? "" : `;${formatAddress(client.host ?? "0.0.0.0", client.port)}`;
    return `server.${id}=${address}:${quorumPort}:${electionPort}:${type}${clientPart}`;
  });
  return [...lines, "version=0"].join("\n");
}

/** As ZooKeeper prints an address that it could not reach. */
export function printedAddress(host: string, port: number, resolved: boolean): string {
  if (!resolved) return `${host}/<unresolved>:${port}`;
  const literal = /^[\d.]+$/.test(host) || host.includes(":");
  return literal ? `/${formatAddress(host, port)}` : formatAddress(host, port);
}

/**
 * The cluster's memory as all daemons share it. Reading is free for everybody; supervisors and workers write what they alone know
 * of; everything else is written by the nimbus that leads, through `leaderWrites`.
 */
import { isStormLabError, messageOf, type Runtime } from "../base/index.ts";
import {
  Assignment,
  ClusterWorkerHeartbeat,
  Credentials,
  ErrorInfo,
  LogConfig,
  NimbusSummary,
  ProfileRequest,
  StormBase,
  type StructType,
  SupervisorInfo,
} from "../wire/thrift/index.ts";
import { openZooKeeper, type ZooKeeperClient } from "../zookeeper/index.ts";
import { type KeptNode, KeptNodes } from "./kept-nodes.ts";
import {
  joinLeaderLatch,
  type LeaderLatch,
  type LeaderLatchOptions,
  type Leadership,
  latchParticipants,
} from "./leader-latch.ts";
import { LeaderWrites } from "./leader-writes.ts";
import { baseNodes, Paths } from "./paths.ts";
import { decodeValue, decodeVersion, encodeValue } from "./values.ts";
import { Znodes } from "./znodes.ts";

export interface ClusterStateOptions {
  /** ZooKeeper's connect string: `storm.zookeeper.servers` with `storm.zookeeper.port`. */
  readonly servers: string;
  /** `storm.zookeeper.root`. */
  readonly root: string;
  readonly sessionTimeoutMs: number;
  /** How long a request waits for a connection; `storm.zookeeper.connection.timeout`. */
  readonly patienceMs: number;
}

export interface Versioned<T> {
  readonly value: T;
  /** The znode's, for `replaceStorm`. */
  readonly version: number;
}

/** A nimbus that has a blob, and in which version. */
export interface BlobHolder {
  /** `host:port:tlsPort`. */
  readonly nimbusId: string;
  readonly version: number;
}

/** Of the errors of a component; Storm's own number. */
const errorsKept = 10;
/** How often a node that must stand is looked after, besides the times at which its value changes. */
const keptEveryMs = 10_000;

/** Connects at once and never fails for want of servers: calls do, after `patienceMs`. */
export function openClusterState(runtime: Runtime, options: ClusterStateOptions): ClusterState {
  const { servers, sessionTimeoutMs, patienceMs } = options;
  return new ClusterState(runtime, openZooKeeper(runtime, { servers, sessionTimeoutMs, patienceMs }), options.root);
}

/** `watch` is told once of the next change of what was read. A topology id is called id. */
export class ClusterState implements AsyncDisposable {
  readonly #runtime: Runtime;
  readonly #client: ZooKeeperClient;
  readonly #znodes: Znodes;
  readonly #paths: Paths;
  readonly #kept: KeptNodes;

  constructor(runtime: Runtime, client: ZooKeeperClient, root: string) {
    this.#runtime = runtime;
    this.#client = client;
    this.#paths = new Paths(root);
    this.#znodes = new Znodes(client);
    this.#kept = new KeptNodes(runtime, client, this.#znodes);
  }

  /** The nodes that every daemon of Storm makes at its start. Throws SL-ZK-UNREACHABLE. */
  async makeBaseNodes(): Promise<void> {
    for (const name of baseNodes) await this.#znodes.makePath(this.#paths.base(name));
  }

  topologies(watch?: () => void): Promise<string[]> {
    return this.#znodes.children(this.#paths.base("storms"), watch);
  }

  async storm(id: string, watch?: () => void): Promise<StormBase | null> {
    return (await this.versionedStorm(id, watch))?.value ?? null;
  }

  versionedStorm(id: string, watch?: () => void): Promise<Versioned<StormBase> | null> {
    return this.#versioned(StormBase, this.#paths.storm(id), watch);
  }

  assignments(watch?: () => void): Promise<string[]> {
    return this.#znodes.children(this.#paths.base("assignments"), watch);
  }

  assignment(id: string, watch?: () => void): Promise<Assignment | null> {
    return this.#value(Assignment, this.#paths.assignment(id), watch);
  }

  supervisors(watch?: () => void): Promise<string[]> {
    return this.#znodes.children(this.#paths.base("supervisors"), watch);
  }

  supervisorInfo(id: string, watch?: () => void): Promise<SupervisorInfo | null> {
    return this.#value(SupervisorInfo, this.#paths.supervisor(id), watch);
  }

  /** By id; `watch` tells of supervisors that come and go. What cannot be read is left out and said in the log. */
  async supervisorInfos(watch?: () => void): Promise<Map<string, SupervisorInfo>> {
    const ids = await this.supervisors(watch);
    return this.#readable(ids, (id) => this.supervisorInfo(id));
  }

  /** `uptime_secs` is the second of its start, as Storm keeps it here. */
  async nimbuses(): Promise<NimbusSummary[]> {
    const ids = await this.#znodes.children(this.#paths.base("nimbuses"));
    const found = await this.#readable(ids, (id) => this.#value(NimbusSummary, this.#paths.nimbus(id)));
    return [...found.values()];
  }

  workerBeat(id: string, node: string, port: number): Promise<ClusterWorkerHeartbeat | null> {
    return this.#value(ClusterWorkerHeartbeat, this.#paths.workerBeat(id, node, port));
  }

  /** Newest first. */
  async errors(id: string, component: string): Promise<ErrorInfo[]> {
    const folder = this.#paths.errors(id, component);
    const names = await this.#znodes.children(folder);
    const found = await this.#readable(names, (name) => this.#value(ErrorInfo, `${folder}/${name}`));
    // Equal seconds in the order of their numbers, the newest first.
    return [...found.values()].reverse().sort((a, b) => b.error_time_secs - a.error_time_secs);
  }

  lastError(id: string, component: string): Promise<ErrorInfo | null> {
    return this.#value(ErrorInfo, this.#paths.lastError(id, component));
  }

  credentials(id: string, watch?: () => void): Promise<Credentials | null> {
    return this.#value(Credentials, this.#paths.credentials(id), watch);
  }

  logConfig(id: string, watch?: () => void): Promise<LogConfig | null> {
    return this.#value(LogConfig, this.#paths.logConfig(id), watch);
  }

  async profileRequests(id: string, watch?: () => void): Promise<ProfileRequest[]> {
    const folder = this.#paths.profilerConfigs(id);
    const names = await this.#znodes.children(folder, watch);
    return [...(await this.#readable(names, (name) => this.#value(ProfileRequest, `${folder}/${name}`))).values()];
  }

  /** Afterwards everything that was written before is read. */
  sync(): Promise<void> {
    return this.#client.sync(this.#paths.base("storms"));
  }

  blobKeys(watch?: () => void): Promise<string[]> {
    return this.#znodes.children(this.#paths.base("blobstore"), watch);
  }

  async blobHolders(key: string, watch?: () => void): Promise<BlobHolder[]> {
    return (await this.#znodes.children(this.#paths.blob(key), watch)).flatMap((name) => {
      const parsed = /^(.+)-(\d+)$/.exec(name);
      return parsed === null ? [] : [{ nimbusId: parsed[1] ?? "", version: Number(parsed[2]) }];
    });
  }

  /** The highest version that the blob ever had. */
  async blobMaxVersion(key: string): Promise<number | null> {
    const path = this.#paths.blobMaxVersion(key);
    const node = await this.#znodes.read(path);
    return node === null ? null : decodeVersion(node.data, path);
  }

  /** Topologies that have left something behind, alive or not. */
  async topologiesWithRemains(): Promise<Set<string>> {
    const ids = new Set<string>();
    for (const name of ["workerbeats", "errors", "backpressure"] as const) {
      for (const id of await this.#znodes.children(this.#paths.base(name))) ids.add(id);
    }
    return ids;
  }

  /** `host:port:tlsPort` of the nimbuses in line, the leader first. */
  leaderQueue(watch?: () => void): Promise<string[]> {
    return latchParticipants(this.#znodes, this.#paths.base("leader-lock"), watch);
  }

  joinLeaderLatch(options: Omit<LeaderLatchOptions, "path">): LeaderLatch {
    const path = this.#paths.base("leader-lock");
    return joinLeaderLatch(this.#runtime, this.#client, this.#znodes, { ...options, path });
  }

  /** Writes that happen only while this leadership holds. */
  leaderWrites({ barrier }: Leadership): LeaderWrites {
    return new LeaderWrites(new Znodes(this.#client, barrier), this.#paths);
  }

  /** The supervisor's node stands, with what `info` says at its writing, until it is closed. */
  keepSupervisor(id: string, everyMs: number, info: () => SupervisorInfo): KeptNode {
    return this.#kept.keep(this.#paths.supervisor(id), everyMs, () => encodeValue(SupervisorInfo, info()));
  }

  keepNimbus(nimbusId: string, summary: NimbusSummary): KeptNode {
    return this.#kept.keep(this.#paths.nimbus(nimbusId), keptEveryMs, () => encodeValue(NimbusSummary, summary));
  }

  /** Says that a nimbus has this version of a blob, and no other any more. */
  async keepBlob(key: string, nimbusId: string, version: number): Promise<KeptNode> {
    const path = this.#paths.blobHolder(key, nimbusId, version);
    for (const holder of await this.blobHolders(key)) {
      const old = this.#paths.blobHolder(key, holder.nimbusId, holder.version);
      if (holder.nimbusId === nimbusId && old !== path) await this.#client.delete(old);
    }
    const kept = this.#kept.keep(path, keptEveryMs, () => new Uint8Array());
    await kept.refresh();
    return kept;
  }

  setWorkerBeat(id: string, node: string, port: number, beat: ClusterWorkerHeartbeat): Promise<void> {
    return this.#znodes.put(this.#paths.workerBeat(id, node, port), encodeValue(ClusterWorkerHeartbeat, beat));
  }

  removeWorkerBeat(id: string, node: string, port: number): Promise<void> {
    return this.#znodes.deleteTree(this.#paths.workerBeat(id, node, port));
  }

  /**
   * Keeps the newest ten of a component. Storm's own nodes are ephemeral, so that a worker's errors vanish with the worker that
   * died of them; ours stay until the topology's are cleaned up.
   */
  async reportError(id: string, component: string, error: ErrorInfo): Promise<void> {
    const bytes = encodeValue(ErrorInfo, error);
    const folder = this.#paths.errors(id, component);
    await this.#znodes.append(`${folder}/e`, bytes);
    await this.#znodes.put(this.#paths.lastError(id, component), bytes);
    const names = await this.#znodes.children(folder);
    for (const name of names.slice(0, Math.max(0, names.length - errorsKept))) {
      await this.#znodes.deleteTree(`${folder}/${name}`);
    }
  }

  /** Done, or not wanted any more. */
  deleteProfileRequest(id: string, request: ProfileRequest): Promise<void> {
    return this.#znodes.deleteTree(this.#paths.profilerConfig(id, request));
  }

  onConnection(listener: Parameters<ZooKeeperClient["onState"]>[0]): () => void {
    return this.#client.onState(listener);
  }

  /** Ephemeral nodes go at once. */
  async close(): Promise<void> {
    this.#kept.stop();
    await this.#client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #value<T>(type: StructType<T>, path: string, watch?: () => void): Promise<T | null> {
    return (await this.#versioned(type, path, watch))?.value ?? null;
  }

  async #versioned<T>(type: StructType<T>, path: string, watch?: () => void): Promise<Versioned<T> | null> {
    const node = await this.#znodes.read(path, watch);
    if (node === null) return null;
    return { value: decodeValue(type, node.data, path), version: node.stat.version };
  }

  async #readable<T>(names: readonly string[], read: (name: string) => Promise<T | null>): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    const values = await Promise.all(
      names.map((name) => read(name).catch((error: unknown) => this.#unreadable(error))),
    );
    for (const [index, name] of names.entries()) {
      const value = values[index];
      if (value != null) found.set(name, value);
    }
    return found;
  }

  #unreadable(error: unknown): null {
    if (!isStormLabError(error, "SL-STATE-VALUE")) throw error;
    this.#runtime.log.warn(messageOf(error));
    return null;
  }
}

/** A nimbus whose every move is written in the test that uses it: leads, writes what a nimbus writes, serves blobs, hears heartbeats. */
import { gzipSync } from "node:zlib";
import type { Runtime, SimulatedProcess, SimulatedWorld } from "../../src/base/index.ts";
import { topologyToThrift } from "../../src/code/index.ts";
import { serveThrift } from "../../src/rpc/index.ts";
import {
  BlobChecksum,
  type ClusterState,
  type Leadership,
  type LeaderWrites,
  openClusterState,
} from "../../src/state/index.ts";
import type { Conf, TopologyDescription } from "../../src/topology/index.ts";
import {
  type Assignment,
  gzipThrift,
  Nimbus,
  StormTopology,
  type SupervisorWorkerHeartbeat,
  type TopologyStatus,
} from "../../src/wire/thrift/index.ts";

/** Executor, node, port. */
export type Placed = readonly [first: number, last: number, node: string, port: number];

export interface TopologyFiles {
  /** What a worker finds in `stormcode.ser` and `stormconf.ser`. */
  readonly code: Uint8Array;
  readonly conf: Uint8Array;
}

export function topologyFiles(description: TopologyDescription, conf: Conf): TopologyFiles {
  return {
    code: gzipThrift(StormTopology).encode(topologyToThrift(description, "topology.ts")),
    conf: gzipSync(JSON.stringify(conf)),
  };
}

/** `hosts`: what nodes are called, by supervisor id. */
function assignmentOf(hosts: ReadonlyMap<string, string>, placed: readonly Placed[], atSecs = 0): Assignment {
  return {
    master_code_dir: "",
    node_host: hosts,
    executor_node_port: placed.map(([first, last, node, port]) => [[first, last], { node, port: new Set([port]) }]),
    executor_start_time_secs: placed.map(([first, last]) => [[first, last], atSecs]),
    worker_resources: [],
    total_shared_off_heap: new Map(),
  };
}

export class ScriptedNimbus {
  readonly host = "nimbus";
  readonly world: SimulatedWorld;
  /** Of supervisors and of workers whose supervisor does not answer, newest last. */
  readonly heartbeats: SupervisorWorkerHeartbeat[] = [];
  readonly #servers: string;
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #hosts = new Map<string, string>();
  process!: SimulatedProcess;
  state!: ClusterState;
  #writes: LeaderWrites | null = null;
  downloads = 0;

  constructor(world: SimulatedWorld, servers: string) {
    this.world = world;
    this.#servers = servers;
  }

  /** What a worker's node is called by others. */
  addNode(supervisorId: string, host: string): void {
    this.#hosts.set(supervisorId, host);
  }

  async start(): Promise<void> {
    this.process = this.world.start({ host: this.host, name: "nimbus" });
    const { runtime } = this.process;
    const options = { servers: this.#servers, root: "/storm", sessionTimeoutMs: 4000, patienceMs: 10_000 };
    this.state = openClusterState(runtime, options);
    this.#writes = null;
    this.state.joinLeaderLatch({
      id: `${this.host}:6627:0`,
      onGained: (leadership: Leadership) => {
        this.#writes = this.state.leaderWrites(leadership);
      },
    });
    await this.world.until(() => this.#writes !== null, { what: "nimbus leads" });
    await this.do(this.state.makeBaseNodes());
    await this.do(this.#serve(runtime));
  }

  do<T>(promise: Promise<T>): Promise<T> {
    return this.world.finish(promise, { what: "nimbus is done" });
  }

  get writes(): LeaderWrites {
    if (this.#writes === null) throw new Error("nimbus does not lead");
    return this.#writes;
  }

  /** Stores a blob, as a submit would. */
  putBlob(key: string, bytes: Uint8Array): void {
    this.#blobs.set(key, bytes);
  }

  submit(id: string, files: TopologyFiles, archive: Uint8Array, status: TopologyStatus = "ACTIVE"): Promise<void> {
    this.putBlob(`${id}-stormjar.jar`, archive);
    this.putBlob(`${id}-stormcode.ser`, files.code);
    this.putBlob(`${id}-stormconf.ser`, files.conf);
    const create = async () => {
      await this.writes.setupTopology(id);
      await this.writes.createStorm(id, { name: id, status, num_workers: 1 });
    };
    return this.do(create());
  }

  async setStatus(id: string, status: TopologyStatus): Promise<void> {
    const change = async () => {
      const found = await this.state.versionedStorm(id);
      if (found !== null) await this.writes.replaceStorm(id, { ...found.value, status }, found.version);
    };
    await this.do(change());
  }

  async assign(id: string, placed: readonly Placed[]): Promise<void> {
    const atSecs = Math.floor(this.process.runtime.clock.nowMs() / 1000);
    await this.do(Promise.resolve(this.writes.setAssignment(id, assignmentOf(this.#hosts, placed, atSecs))));
  }

  /** As after a kill and its wait. */
  async remove(id: string): Promise<void> {
    await this.do(this.writes.removeStorm(id));
  }

  async #serve(runtime: Runtime): Promise<void> {
    const sessions = new Map<string, Uint8Array | null>();
    await serveThrift({
      runtime,
      port: 6627,
      service: Nimbus,
      handlers: {
        getLeader: () => ({ host: this.host, port: 6627, uptime_secs: 1, isLeader: true, version: "2.8" }),
        sendSupervisorWorkerHeartbeats: ({ heartbeats }) => {
          this.heartbeats.push(...heartbeats.worker_heartbeats);
          return null;
        },
        sendSupervisorWorkerHeartbeat: ({ heatbeat }) => {
          this.heartbeats.push(heatbeat);
          return null;
        },
        beginBlobDownload: ({ key }) => {
          const bytes = this.#blobs.get(key) ?? new Uint8Array();
          const session = `session ${++this.downloads}`;
          sessions.set(session, bytes);
          return { version: new BlobChecksum().update(bytes).value, session, data_size: bytes.length };
        },
        downloadBlobChunk: ({ session }) => {
          const bytes = sessions.get(session) ?? new Uint8Array();
          sessions.set(session, null);
          return bytes;
        },
      },
    });
  }
}

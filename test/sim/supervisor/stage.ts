/** Supervisors in the simulated world: a real ensemble, a nimbus that only hands out blobs, workers that only say that they live. */
import { gzipSync } from "node:zlib";
import { NetError, type Runtime, type SimulatedProcess, SimulatedWorld } from "../../../src/base/index.ts";
import { StormConf } from "../../../src/conf/index.ts";
import { connectThrift, serveThrift } from "../../../src/rpc/index.ts";
import { BlobChecksum, type ClusterState, LocalState, openClusterState } from "../../../src/state/index.ts";
import { startSupervisor } from "../../../src/supervisor/index.ts";
import {
  type Assignment,
  LSWorkerHeartbeat,
  Nimbus,
  Supervisor,
  type SupervisorWorkerHeartbeats,
} from "../../../src/wire/thrift/index.ts";
import { SimulatedZooKeeper } from "../../kit/index.ts";

const nimbusHost = "nimbus";
export const ports = [6700, 6701, 6702] as const;

/** What a slot is to run. */
export interface Wanted {
  readonly host: string;
  readonly port: number;
  readonly executors: readonly (readonly [number, number])[];
}

export class SupervisorStage {
  readonly world: SimulatedWorld;
  readonly zk: SimulatedZooKeeper;
  readonly state: ClusterState;
  readonly heartbeats: SupervisorWorkerHeartbeats[] = [];
  readonly logs: string[] = [];
  /** Listeners of two workers on one port of a node would be a second owner of the slot. */
  readonly violations: string[] = [];
  /** Of every topology. */
  topologyConf: Readonly<Record<string, unknown>> = {};
  readonly #supervisors = new Map<string, SimulatedProcess>();
  readonly #client: Runtime;
  /** Supervisor ids by host. */
  readonly #ids = new Map<string, string>();

  constructor(seed: number, zooKeepers = 1) {
    this.world = new SimulatedWorld({
      seed,
      logLevel: "info",
      log: ({ level, message }, { name, host }) =>
        this.logs.push(`${this.world.nowMs.toFixed(0)} ${host.name} ${name} ${level} ${message}`),
    });
    this.zk = new SimulatedZooKeeper(this.world, { size: zooKeepers });
    this.world.registerProgram("storm-lab", (runtime, args) => pretendToWork(runtime, args, this.violations));
    this.world.start({ host: nimbusHost, name: "nimbus", program: (runtime) => this.#serveBlobs(runtime) });
    this.#client = this.world.start({ host: "client", name: "client" }).runtime;
    const options = { servers: this.zk.servers, root: "/storm", sessionTimeoutMs: 4000, patienceMs: 60_000 };
    this.state = openClusterState(this.#client, options);
  }

  finish<T>(promise: Promise<T>, what: string, deadlineMs = 120_000): Promise<T> {
    return this.world.finish(promise, { what, deadlineMs });
  }

  startSupervisor(host: string): void {
    if (this.#supervisors.get(host)?.alive === true) return;
    const program = (runtime: Runtime) => superviseOn(runtime, host, this.zk.servers);
    this.#supervisors.set(host, this.world.start({ host, name: "supervisor", program }));
  }

  supervisor(host: string): SimulatedProcess {
    const found = this.#supervisors.get(host);
    if (found === undefined) throw new Error(`no supervisor on ${host}`);
    return found;
  }

  /** Living workers of a node, as `topology@port`. */
  workers(host?: string): { readonly process: SimulatedProcess; readonly port: number; readonly topologyId: string }[] {
    return this.world.processes
      .filter((process) => process.name === "worker" && (host === undefined || process.host.name === host))
      .map((process) => ({ process, ...placeOf.get(process.pid) }))
      .filter((worker): worker is ReturnType<SupervisorStage["workers"]>[number] => worker.port !== undefined);
  }

  /** Nimbus may know a supervisor that is not there now. */
  async rememberSupervisors(): Promise<void> {
    for (const [id, { hostname }] of await this.state.supervisorInfos()) this.#ids.set(hostname, id);
  }

  /** Writes what nimbus would. */
  async assign(topologyId: string, wanted: readonly Wanted[]): Promise<void> {
    const ids = this.#ids;
    const assignment: Assignment = {
      master_code_dir: "",
      node_host: new Map([...ids].map(([host, id]) => [id, host])),
      executor_node_port: wanted.flatMap(({ host, port, executors }) =>
        executors.map(
          (executor) =>
            [[...executor] as readonly number[], { node: ids.get(host) ?? "", port: new Set([port]) }] as const,
        ),
      ),
      executor_start_time_secs: [],
      worker_resources: [],
      total_shared_off_heap: new Map(),
    };
    await this.leads.createStorm(topologyId, { name: topologyId, status: "ACTIVE", num_workers: 1 });
    await this.leads.setAssignment(topologyId, assignment);
  }

  unassign(topologyId: string): Promise<void> {
    return this.leads.removeAssignment(topologyId);
  }

  /** As a nimbus that leads and is never doubted. */
  get leads() {
    return this.state.leaderWrites({ barrier: undefined } as never);
  }

  async #serveBlobs(runtime: Runtime): Promise<number> {
    let downloads = 0;
    const sessions = new Map<string, Uint8Array[]>();
    await serveThrift({
      runtime,
      port: 6627,
      service: Nimbus,
      handlers: {
        getLeader: () => ({ host: nimbusHost, port: 6627, uptime_secs: 1, isLeader: true, version: "2.8" }),
        beginBlobDownload: ({ key }) => {
          const bytes = key.endsWith("stormconf.ser")
            ? gzipSync(JSON.stringify(this.topologyConf))
            : new TextEncoder().encode(key);
          const session = String(++downloads);
          sessions.set(session, [bytes, new Uint8Array()]);
          return { session, version: new BlobChecksum().update(bytes).value, data_size: bytes.length };
        },
        getBlobMeta: ({ key }) => {
          const bytes = key.endsWith("stormconf.ser")
            ? gzipSync(JSON.stringify(this.topologyConf))
            : new TextEncoder().encode(key);
          return { settable: { acl: [] }, version: new BlobChecksum().update(bytes).value };
        },
        downloadBlobChunk: ({ session }) => sessions.get(session)?.shift() ?? new Uint8Array(),
        sendSupervisorWorkerHeartbeats: ({ heartbeats }) => {
          this.heartbeats.push(heartbeats);
          return null;
        },
      },
    });
    return new Promise(() => {});
  }
}

async function superviseOn(runtime: Runtime, host: string, servers: string): Promise<number> {
  const conf = new StormConf({
    "storm.zookeeper.servers": servers.split(","),
    "storm.zookeeper.session.timeout": 4000,
    "storm.zookeeper.connection.timeout": 3000,
    "storm.local.hostname": host,
    "storm.local.dir": "/storm-local",
    "storm.log.dir": "/logs",
    "nimbus.seeds": [nimbusHost],
    "supervisor.slots.ports": [...ports],
    "supervisor.monitor.frequency.secs": 1,
    "supervisor.heartbeat.frequency.secs": 1,
    "supervisor.worker.timeout.secs": 5,
    "supervisor.worker.start.timeout.secs": 10,
    "supervisor.worker.shutdown.sleep.secs": 1,
    "storm-lab.supervisor.metrics.port": 7020,
  });
  const running = await startSupervisor({
    runtime,
    conf,
    hostName: host,
    workerArgs: [],
    unpack: async ({ fs }, archive, directory) => {
      await fs.makeDirectory(`${directory}/resources`);
      await fs.writeFile(`${directory}/resources/archive`, archive);
    },
  });
  await running.ended;
  return 0;
}

/** By process id: what the process said it works for. */
const placeOf = new Map<number, { readonly port: number; readonly topologyId: string }>();

async function pretendToWork(runtime: Runtime, args: readonly string[], violations: string[]): Promise<number> {
  const [role, topologyId = "", , portText, workerId = ""] = args;
  const { pid } = runtime.processes;
  if (role !== "worker") throw new Error(`unknown role ${role}`);
  const home = `/storm-local/workers/${workerId}`;
  if ((await runtime.fs.stat(home)) === null) return 0;
  const port = Number(portText);
  placeOf.set(pid, { port, topologyId });
  await runtime.fs.writeFile(`${home}/pids/${pid}`, new TextEncoder().encode(runtime.processes.identity(pid) ?? ""));
  try {
    await runtime.net.listen({ port }, (socket) => socket.destroy());
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    violations.push(`${runtime.clock.nowMs()}: a second worker on port ${port}`);
    return 1;
  }
  const executors = await ownExecutors(runtime, topologyId, port);
  const heartbeats = new LocalState(runtime, `${home}/heartbeats`);
  runtime.processes.onSignal("SIGTERM", () => stop());
  let stop = (): void => {};
  const stopped = new Promise<number>((resolve) => {
    stop = () => resolve(0);
  });
  const beat = () =>
    heartbeats.put("worker-heartbeat", LSWorkerHeartbeat, {
      time_secs: Math.floor(runtime.clock.nowMs() / 1000),
      topology_id: topologyId,
      executors,
      port,
    });
  await beat();
  runtime.timers.every(1000, () => void beat());
  return stopped;
}

/** As a worker asks its supervisor. */
async function ownExecutors(runtime: Runtime, id: string, port: number) {
  for (;;) {
    try {
      await using supervisor = await connectThrift({ runtime, host: "127.0.0.1", port: 6628, service: Supervisor });
      const assignment = await supervisor.calls.getLocalAssignmentForStorm({ id });
      return assignment.executor_node_port
        .filter(([, place]) => place.port.has(port))
        .map(([[first = 0, last = 0]]) => ({ task_start: first, task_end: last }));
    } catch {
      await new Promise<void>((resolve) => runtime.timers.after(200, resolve));
    }
  }
}

/** A cluster's head in the simulated world: ZooKeeper, nimbuses, supervisors that only pretend to run workers, and a client. */
import { type LogLine, type Runtime, type SimulatedProcess, SimulatedWorld } from "../../../src/base/index.ts";
import { StormConf } from "../../../src/conf/index.ts";
import { type RunningNimbus, startNimbus } from "../../../src/nimbus/index.ts";
import { connectThrift, serveThrift, type ThriftClient } from "../../../src/rpc/index.ts";
import { type ClusterState, openClusterState } from "../../../src/state/index.ts";
import {
  type Assignment,
  type ExecutorInfo,
  Nimbus,
  type StormTopology,
  Supervisor,
  type SupervisorWorkerHeartbeat,
} from "../../../src/wire/thrift/index.ts";
import { SimulatedZooKeeper } from "../../kit/index.ts";

const nimbusPort = 6627;
const supervisorPort = 6628;
const sessionTimeoutMs = 2000;

type NimbusCalls = ThriftClient<typeof Nimbus.methods>["calls"];

/** The classroom's pace. */
export const paceConf = {
  "storm.zookeeper.session.timeout": sessionTimeoutMs,
  "storm.zookeeper.connection.timeout": 3000,
  "nimbus.monitor.freq.secs": 1,
  "nimbus.task.timeout.secs": 5,
  "nimbus.task.launch.secs": 10,
  "nimbus.code.sync.freq.secs": 5,
  "topology.message.timeout.secs": 3,
  "nimbus.topology.blobstore.deletion.delay.ms": 20_000,
};

export class Stage {
  readonly world: SimulatedWorld;
  readonly zk: SimulatedZooKeeper;
  readonly logs: string[] = [];
  readonly nimbuses = new Map<string, SimulatedNimbus>();
  readonly supervisors = new Map<string, PretendedSupervisor>();
  readonly state: ClusterState;
  readonly client: Runtime;

  constructor(
    seed: number,
    options: { readonly zooKeepers?: number; readonly timeline?: (line: string) => void } = {},
  ) {
    this.world = new SimulatedWorld({
      seed,
      logLevel: "info",
      log: (line, process) => this.#log(line, process),
      ...(options.timeline === undefined ? {} : { timeline: options.timeline }),
    });
    this.zk = new SimulatedZooKeeper(this.world, { size: options.zooKeepers ?? 1 });
    this.client = this.world.start({ host: "client" }).runtime;
    this.state = openClusterState(this.client, this.#stateOptions());
  }

  #log({ level, message, fields }: LogLine, { name }: SimulatedProcess): void {
    this.logs.push(`${this.world.nowMs.toFixed(0)} ${name} ${level} ${message} ${JSON.stringify(fields)}`);
  }

  #stateOptions() {
    return { servers: this.zk.servers, root: "/storm", sessionTimeoutMs, patienceMs: 60_000 };
  }

  nimbus(host = "n1", conf: Readonly<Record<string, unknown>> = {}): SimulatedNimbus {
    const nimbus = new SimulatedNimbus(this, host, conf);
    this.nimbuses.set(host, nimbus);
    return nimbus;
  }

  supervisor(id: string, ports: readonly number[] = [6700, 6701]): PretendedSupervisor {
    const supervisor = new PretendedSupervisor(this, id, ports);
    this.supervisors.set(id, supervisor);
    return supervisor;
  }

  openState(runtime: Runtime): ClusterState {
    return openClusterState(runtime, this.#stateOptions());
  }

  do<T>(promise: Promise<T>, what = "an answer", deadlineMs = 60_000): Promise<T> {
    return this.world.finish(promise, { what, deadlineMs });
  }

  until(condition: () => boolean, what: string, deadlineMs = 60_000): Promise<void> {
    return this.world.until(condition, { what, deadlineMs });
  }

  /** Until it comes true of what the cluster's memory says. */
  async eventually<T>(look: () => Promise<T | null | false>, what: string, deadlineMs = 60_000): Promise<T> {
    const endMs = this.world.nowMs + deadlineMs;
    for (;;) {
      const found = await this.do(look(), what);
      if (found !== null && found !== false) return found;
      if (this.world.nowMs > endMs)
        throw new Error(`at ${this.world.nowMs} ms: ${what}\n${this.logs.slice(-30).join("\n")}`);
      await this.world.run({ forMs: 50 });
    }
  }

  async call<T>(use: (calls: NimbusCalls) => Promise<T>, host = "n1"): Promise<T> {
    return this.do(this.callFrom(use, host));
  }

  /** Not waited for. */
  async callFrom<T>(use: (calls: NimbusCalls) => Promise<T>, host: string): Promise<T> {
    const client = await connectThrift({
      runtime: this.client,
      host,
      port: nimbusPort,
      service: Nimbus,
      timeoutMs: 20_000,
    });
    try {
      return await use(client.calls);
    } finally {
      await client.close();
    }
  }

  /** As every client does it: upload, then submit. */
  submit(
    name: string,
    topology: StormTopology,
    conf: Readonly<Record<string, unknown>> = {},
    host = "n1",
  ): Promise<void> {
    return this.call((calls) => submit(calls, name, topology, conf), host);
  }
}

export async function submit(
  calls: NimbusCalls,
  name: string,
  topology: StormTopology,
  conf: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const uploadedJarLocation = await calls.beginFileUpload();
  await calls.uploadChunk({ location: uploadedJarLocation, chunk: Buffer.from(`archive of ${name}`) });
  await calls.finishFileUpload({ location: uploadedJarLocation });
  const options = { initial_status: "ACTIVE" as const };
  await calls.submitTopologyWithOpts({ name, uploadedJarLocation, jsonConf: JSON.stringify(conf), topology, options });
}

class SimulatedNimbus {
  readonly host: string;
  readonly #stage: Stage;
  readonly #conf: StormConf;
  process: SimulatedProcess | null = null;
  running: RunningNimbus | null = null;

  constructor(stage: Stage, host: string, conf: Readonly<Record<string, unknown>>) {
    this.#stage = stage;
    this.host = host;
    const servers = stage.zk.hosts;
    this.#conf = new StormConf({ "storm.zookeeper.servers": servers, ...paceConf, ...conf });
    this.start();
  }

  start(): void {
    const { world } = this.#stage;
    this.running = null;
    this.process = world.start({
      host: this.host,
      name: this.host,
      program: async (runtime) => {
        this.running = await startNimbus({ runtime, conf: this.#conf, hostName: this.host, user: "student" });
        await this.running.ended;
        return 0;
      },
    });
  }

  kill(): void {
    if (this.process !== null) this.#stage.world.kill(this.process.pid);
  }

  /** It says so itself. */
  get leads(): boolean {
    return this.process?.alive === true && this.running?.leads === true;
  }
}

/** Registers, takes assignments and beats for every executor that it was assigned, as if its workers ran. */
class PretendedSupervisor {
  readonly id: string;
  readonly #stage: Stage;
  readonly #ports: readonly number[];
  process: SimulatedProcess | null = null;
  /** By topology, as nimbus or ZooKeeper told it last. */
  assignments: ReadonlyMap<string, Assignment> = new Map();
  pushed = 0;
  /** Ports whose workers are silent. */
  readonly silent = new Set<number>();

  constructor(stage: Stage, id: string, ports: readonly number[]) {
    this.#stage = stage;
    this.id = id;
    this.#ports = ports;
    this.start();
  }

  start(): void {
    this.process = this.#stage.world.start({
      host: this.id,
      name: this.id,
      program: (runtime) => this.#run(runtime),
    });
  }

  kill(): void {
    if (this.process !== null) this.#stage.world.kill(this.process.pid);
  }

  /** `topology → ports`, of this node. */
  get workers(): ReadonlyMap<string, readonly number[]> {
    return new Map(
      [...this.assignments].flatMap(([id, assignment]) => {
        const ports = assignment.executor_node_port
          .filter(([, { node }]) => node === this.id)
          .flatMap(([, { port }]) => [...port]);
        return ports.length === 0 ? [] : [[id, [...new Set(ports)].sort()] as const];
      }),
    );
  }

  async #run(runtime: Runtime): Promise<number> {
    const state = this.#stage.openState(runtime);
    await serveThrift({
      runtime,
      port: supervisorPort,
      service: Supervisor,
      handlers: {
        sendSupervisorAssignments: ({ assignments }) => {
          this.assignments = assignments.storm_assignment;
          this.pushed++;
        },
      },
    });
    state.keepSupervisor(this.id, 1000, () => ({
      time_secs: Math.floor(runtime.clock.nowMs() / 1000),
      hostname: this.id,
      used_ports: [...new Set([...this.workers.values()].flat())],
      meta: this.#ports,
      uptime_secs: 1,
      version: "2.8.8-storm-lab",
      resources_map: new Map([
        ["memory.mb", 4096],
        ["cpu.pcore.percent", 400],
      ]),
      server_port: supervisorPort,
    }));
    for (;;) {
      await new Promise<void>((resolve) => runtime.timers.after(1000, resolve));
      await this.#poll(state).catch(() => undefined);
      await this.#beat(runtime).catch(() => undefined);
    }
  }

  async #poll(state: ClusterState): Promise<void> {
    const found = new Map<string, Assignment>();
    for (const id of await state.assignments()) {
      const assignment = await state.assignment(id);
      if (assignment?.node_host.has(this.id) === true) found.set(id, assignment);
    }
    this.assignments = found;
  }

  async #beat(runtime: Runtime): Promise<void> {
    const time_secs = Math.floor(runtime.clock.nowMs() / 1000);
    const worker_heartbeats = [...this.assignments].map(
      ([storm_id, { executor_node_port }]): SupervisorWorkerHeartbeat => {
        const executors = executor_node_port
          .filter(([, { node, port }]) => node === this.id && ![...port].some((each) => this.silent.has(each)))
          .map(([[task_start = 0, task_end = 0]]): ExecutorInfo => ({ task_start, task_end }));
        return { storm_id, executors, time_secs };
      },
    );
    for (const { host } of this.#stage.nimbuses.values()) {
      const client = await connectThrift({
        runtime,
        host,
        port: nimbusPort,
        service: Nimbus,
        connectTimeoutMs: 500,
        timeoutMs: 1000,
      }).catch(() => null);
      if (client === null) continue;
      await client.calls
        .sendSupervisorWorkerHeartbeats({ heartbeats: { supervisor_id: this.id, worker_heartbeats } })
        .catch(() => undefined);
      await client.close();
    }
  }
}

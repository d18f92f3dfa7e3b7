/**
 * A whole cluster in a simulated world: ZooKeeper servers, nimbuses, supervisors and the workers that these start, all of them the
 * project's own daemons. Who wants to disturb it uses `world`.
 */
import { type LogLine, type Runtime, type SimulatedProcess, SimulatedWorld } from "../base/index.ts";
import { type RunningNimbus, startNimbus } from "../nimbus/index.ts";
import { startSupervisor } from "../supervisor/index.ts";
import { startWorker } from "../worker/cluster/index.ts";
import { nodeConf, type Pace } from "./cluster-conf.ts";
import { SimulatedZooKeeper } from "./simulated-zookeeper.ts";
import { wordCount } from "./word-count.ts";

export interface ClusterOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly nimbuses: number;
  readonly zooKeepers: number;
  readonly pace: Pace;
  /** Gets every line that a daemon logs. */
  readonly log?: (line: LogLine, process: SimulatedProcess) => void;
}

export interface WorkerProcess {
  readonly process: SimulatedProcess;
  readonly host: string;
  readonly port: number;
  readonly topologyId: string;
}

/** Is told of what no znode shows. */
export interface ClusterListener {
  workerStarted(worker: WorkerProcess): void;
  workerEnded(worker: WorkerProcess): void;
  acked(topologyId: string): void;
}

export class SimulatedCluster {
  readonly world: SimulatedWorld;
  readonly zooKeeper: SimulatedZooKeeper;
  readonly nimbusHosts: readonly string[];
  readonly supervisorHosts: readonly string[];
  readonly pace: Pace;
  listener: ClusterListener | null = null;
  readonly #daemons = new Map<string, SimulatedProcess>();
  readonly #nimbuses = new Map<string, RunningNimbus>();
  readonly #workers = new Map<number, WorkerProcess>();

  constructor({ seed, nodes, nimbuses, zooKeepers, pace, log }: ClusterOptions) {
    this.pace = pace;
    this.world = new SimulatedWorld({ seed, ...(log === undefined ? { logLevel: "error" } : { log }) });
    this.nimbusHosts = Array.from({ length: nimbuses }, (_, index) => `nimbus${index + 1}`);
    this.supervisorHosts = Array.from({ length: nodes }, (_, index) => `node${index + 1}`);
    this.zooKeeper = new SimulatedZooKeeper(this.world, { size: zooKeepers, tickMs: pace.tickMs });
    this.world.registerProgram("storm-lab", (runtime, args) => this.#runWorker(runtime, args));
  }

  conf(host: string) {
    const { pace, nimbusHosts: nimbuses, zooKeeper } = this;
    return nodeConf({ pace, zooKeepers: zooKeeper.hosts, nimbuses, host });
  }

  /** The nimbus or the supervisor of a host; nothing happens when it runs. */
  start(host: string): void {
    if (this.daemon(host) !== null) return;
    const isNimbus = this.nimbusHosts.includes(host);
    const process = this.world.start({
      host,
      name: isNimbus ? "nimbus" : "supervisor",
      program: (runtime) => (isNimbus ? this.#runNimbus(runtime, host) : this.#runSupervisor(runtime, host)),
    });
    this.#daemons.set(host, process);
  }

  /** The living nimbus, supervisor or ZooKeeper server of a host. */
  daemon(host: string): SimulatedProcess | null {
    const process = this.zooKeeper.hosts.includes(host) ? this.zooKeeper.process(host) : this.#daemons.get(host);
    return process?.alive === true ? process : null;
  }

  /** Nimbuses that say of themselves that they lead. */
  get leaders(): readonly string[] {
    return this.nimbusHosts.filter((host) => this.daemon(host) !== null && this.#nimbuses.get(host)?.leads === true);
  }

  /** The living. */
  get workers(): readonly WorkerProcess[] {
    return [...this.#workers.values()].filter(({ process }) => process.alive);
  }

  async #runNimbus(runtime: Runtime, host: string): Promise<number> {
    this.#nimbuses.delete(host);
    const running = await startNimbus({ runtime, conf: this.conf(host), hostName: host, user: "student" });
    this.#nimbuses.set(host, running);
    await running.ended;
    return 0;
  }

  async #runSupervisor(runtime: Runtime, host: string): Promise<number> {
    const running = await startSupervisor({
      runtime,
      conf: this.conf(host),
      hostName: host,
      workerArgs: [],
      unpack: ({ fs }, archive, directory) => fs.writeFile(`${directory}/archive`, archive),
    });
    await running.ended;
    return 0;
  }

  /** What a supervisor starts. Its process is found in the world's table by its id. */
  async #runWorker(runtime: Runtime, args: readonly string[]): Promise<number> {
    const [, topologyId = "", node = "", portText = "", workerId = ""] = args;
    const { pid } = runtime.processes;
    const process = this.world.processes.find((each) => each.pid === pid);
    if (process === undefined) return 1;
    const host = process.host.name;
    const worker: WorkerProcess = { process, host, port: Number(portText), topologyId };
    this.#workers.set(pid, worker);
    this.listener?.workerStarted(worker);
    void process.exited.then(() => {
      this.#workers.delete(pid);
      this.listener?.workerEnded(worker);
    });
    const running = startWorker({
      runtime,
      conf: this.conf(host),
      seat: { topologyId, node, port: Number(portText), workerId },
      loadCode: (_runtime, _directory, { bolts }) => {
        const parallelism = bolts.get("split")?.common.parallelism_hint ?? 1;
        const topology = wordCount(parallelism, { process, acked: () => this.listener?.acked(topologyId) });
        return Promise.resolve({ topology, codeDirectory: "/", inAuthorsWords: (text) => text });
      },
    });
    runtime.processes.onSignal("SIGTERM", () => void running.stop());
    return running.ended.then(
      () => 0,
      () => 1,
    );
  }
}

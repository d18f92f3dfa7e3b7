/** Workers of a cluster in a simulated world, without a supervisor: what it would have put on disk is put there by the test. */
import {
  type LogLine,
  type Runtime,
  type SimulatedProcess,
  SimulatedWorld,
  type StormLabError,
} from "../../../src/base/index.ts";
import { StormConf } from "../../../src/conf/index.ts";
import { LocalState, localStateKeys, NodePlaces } from "../../../src/state/index.ts";
import type { Conf, StormTopology } from "../../../src/topology/index.ts";
import { LSWorkerHeartbeat } from "../../../src/wire/thrift/index.ts";
import { type RunningWorker, startWorker, WorkerLog } from "../../../src/worker/cluster/index.ts";
import { SimulatedZooKeeper } from "../../kit/index.ts";
import { type Placed, ScriptedNimbus, topologyFiles } from "../../kit/scripted-nimbus.ts";

/** Classroom pace, and a ZooKeeper session that a test need not wait long for. */
const classroom: Conf = {
  "storm.zookeeper.servers": ["zk1"],
  "storm.zookeeper.session.timeout": 4000,
  "storm.zookeeper.connection.timeout": 3000,
  "nimbus.seeds": ["nimbus"],
  "nimbus.task.launch.secs": 20,
  "supervisor.worker.shutdown.sleep.secs": 1,
  "executor.metrics.frequency.secs": 2,
  "task.refresh.poll.secs": 2,
};

export const topologyId = "wc-1-1767225600";

/** One life of one worker. */
export interface LiveWorker {
  readonly process: SimulatedProcess;
  readonly workerId: string;
  readonly running: RunningWorker;
  /** Null while it lives, "ended", or what it could not go on for. */
  outcome: "ended" | StormLabError | null;
}

export class WorkerStage {
  readonly world: SimulatedWorld;
  readonly zk: SimulatedZooKeeper;
  readonly nimbus: ScriptedNimbus;
  readonly lines: { readonly host: string; readonly line: LogLine }[] = [];
  readonly #topologyConf: Conf;
  readonly #makeTopology: (process: SimulatedProcess) => StormTopology;
  #lives = 0;

  constructor(
    options: { readonly conf?: Conf; readonly seed?: number; readonly lost?: number },
    makeTopology: (process: SimulatedProcess) => StormTopology,
  ) {
    const { seed = 1, conf = {} } = options;
    this.world = new SimulatedWorld({
      seed,
      log: (line, { host }) => {
        this.lines.push({ host: host.name, line });
      },
    });
    this.zk = new SimulatedZooKeeper(this.world);
    this.nimbus = new ScriptedNimbus(this.world, this.zk.servers);
    for (const node of [1, 2, 3]) this.nimbus.addNode(`s${node}`, this.world.host(`node${node}`).address);
    this.#topologyConf = conf;
    this.#makeTopology = makeTopology;
  }

  async begin(placed: readonly Placed[], status: "ACTIVE" | "INACTIVE" = "ACTIVE"): Promise<void> {
    await this.nimbus.start();
    await this.nimbus.submit(topologyId, this.#files(), new Uint8Array(), status);
    await this.nimbus.assign(topologyId, placed);
  }

  /** As its supervisor would: folders, files, process. */
  async start(node: 1 | 2 | 3, port: number): Promise<LiveWorker> {
    const host = `node${node}`;
    const workerId = `worker-${++this.#lives}`;
    const process = this.world.start({ host, name: workerId });
    await this.do(this.#prepare(process.runtime, workerId));
    const values = { ...classroom, "storm.local.hostname": this.world.host(host).address };
    const running = startWorker({
      runtime: process.runtime,
      conf: new StormConf(values),
      seat: { topologyId, node: `s${node}`, port, workerId },
      log: new WorkerLog({ nowMs: () => 0, write: () => undefined }),
      loadCode: () =>
        Promise.resolve({
          topology: this.#makeTopology(process),
          codeDirectory: "/",
          inAuthorsWords: (text) => `${text} (in the author's words)`,
        }),
    });
    const live: LiveWorker = { process, workerId, running, outcome: null };
    running.ended.then(
      () => {
        live.outcome = "ended";
      },
      (error: StormLabError) => {
        live.outcome = error;
      },
    );
    return live;
  }

  places = new NodePlaces("storm-local", "logs");

  async heartbeat({ process, workerId }: LiveWorker): Promise<LSWorkerHeartbeat | null> {
    const file = new LocalState(process.runtime, this.places.workerHeartbeats(workerId));
    return await this.do(file.get(localStateKeys.workerHeartbeat, LSWorkerHeartbeat));
  }

  do<T>(promise: Promise<T>): Promise<T> {
    return this.world.finish(promise, { what: "an answer" });
  }

  until(condition: () => boolean, what: string, deadlineMs = 60_000): Promise<void> {
    return this.world.until(condition, { what, deadlineMs });
  }

  said(words: string): boolean {
    return this.lines.some(({ line }) => line.message.includes(words));
  }

  #files() {
    const process = this.world.start({ host: "author", name: "author" });
    return topologyFiles(this.#makeTopology(process).description, {
      "topology.name": "wc",
      "topology.acker.executors": 1,
      ...this.#topologyConf,
    });
  }

  async #prepare({ fs }: Runtime, workerId: string): Promise<void> {
    const { code, conf } = this.#files();
    const dist = this.places.stormDist(topologyId);
    for (const folder of [dist, this.places.workerPids(workerId)]) await fs.makeDirectory(folder);
    await fs.writeFile(`${dist}/stormcode.ser`, code);
    await fs.writeFile(`${dist}/stormconf.ser`, conf);
  }
}

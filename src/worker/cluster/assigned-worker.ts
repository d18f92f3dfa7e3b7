/** The executors of a slot at work: joined to the workers of the other slots, opened once all are there, counted, closed. */
import { messageOf, type Runtime } from "../../base/index.ts";
import type { LoadedCode } from "../../code/index.ts";
import { listenHost, type StormConf } from "../../conf/index.ts";
import { type ComponentFailure, planTopology, type TopologyPlan } from "../../executor/index.ts";
import { type ClusterState, type TupleStep, tupleStepsFile } from "../../state/index.ts";
import { type Conf, mergeConf, topologyDefaults } from "../../topology/index.ts";
import { frameTransport } from "../../transport/index.ts";
import type { DebugOptions } from "../../wire/thrift/index.ts";
import { Worker } from "../worker.ts";
import { ErrorReports } from "./error-reports.ts";
import { addressOf, type Placement, peerNumber } from "./placement.ts";
import { ownHost, type WorkerSeat } from "./registration.ts";
import { ResultsFile } from "./results-file.ts";
import { RotatingFile } from "./rotating-file.ts";
import { Statistics } from "./statistics.ts";
import type { TopologyFiles } from "./topology-files.ts";

export interface AssignedWorkerOptions {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  readonly state: ClusterState;
  readonly seat: WorkerSeat;
  readonly files: TopologyFiles;
  readonly code: LoadedCode;
  readonly placement: Placement;
  /** Folder of its logs. */
  readonly artifacts: string;
  /** Whether the topology is ACTIVE. */
  readonly active: boolean;
  /** A component threw: nothing of the worker runs any more. */
  readonly failed: (failure: ComponentFailure) => void;
}

/** How often workers that are not there are asked for a sign of life. */
const askMs = 500;
/** Of followed tuples; one more file like it is kept. */
const tupleStepsBytesMax = 1024 * 1024;
/** What was sent has this long to leave. */
const lingerMs = 1000;

export class AssignedWorker {
  readonly #options: AssignedWorkerOptions;
  readonly #worker: Worker;
  readonly #errors: ErrorReports;
  readonly #statistics: Statistics;
  readonly #results: ResultsFile;
  readonly #events: RotatingFile;
  readonly #steps: RotatingFile;
  #debugged = "";
  #placement: Placement;
  #active: boolean;
  #listens = false;
  #life: "joining" | "joined" | "opening" | "running" | "over" = "joining";
  /** Called when something happens that `join` or `open` waits for. */
  #wake: () => void = () => undefined;

  constructor(options: AssignedWorkerOptions) {
    const { runtime, conf, state, seat, files, code, placement, active } = options;
    this.#options = options;
    this.#active = active;
    this.#placement = placement;
    const topologyConf = mergeConf(conf.values, files.conf, sameEverywhere(files.conf));
    const plan = planTopology(code.topology.description, topologyConf, placement.executors);
    const number = peerNumber(seat);
    this.#errors = new ErrorReports({
      runtime,
      state,
      conf: topologyConf,
      topologyId: seat.topologyId,
      host: ownHost(conf) ?? seat.node,
      port: seat.port,
      executorOf: (taskId) => executorName(plan, taskId),
      inAuthorsWords: (text) => code.inAuthorsWords(text),
    });
    this.#events = new RotatingFile(runtime, {
      path: `${options.artifacts}/events.log`,
      bytesMax: (topologyConf["topology.eventlogger.rotation.size.mb"] as number) * 1024 * 1024,
      filesMax: topologyConf["topology.eventlogger.max.retained.files"] as number,
    });
    this.#steps = new RotatingFile(runtime, {
      path: `${options.artifacts}/${tupleStepsFile}`,
      bytesMax: tupleStepsBytesMax,
      filesMax: 1,
    });
    this.#worker = new Worker({
      runtime,
      topologyId: seat.topologyId,
      topologyName: String(files.conf["topology.name"] ?? seat.topologyId),
      topology: code.topology,
      plan,
      assignment: placement.tasks,
      worker: number,
      port: seat.port,
      codeDirectory: code.codeDirectory,
      transport: frameTransport(runtime, {
        worker: number,
        topologyId: seat.topologyId,
        listen: addressOf(listenHost(ownHost(conf) ?? "") ?? "0.0.0.0", seat.port),
      }),
      listener: {
        failed: (failure) => options.failed(failure),
        reported: (failure) => void this.#errors.report(failure),
        problem: (error) => runtime.log.warn(`${error.message}: ${error.why}`),
        appeared: () => this.#wake(),
      },
      sightings: {
        event: (line) => this.#events.add(line),
        step: (step) => this.#steps.add(JSON.stringify(step satisfies TupleStep)),
      },
    });
    this.#results = new ResultsFile(runtime, options.artifacts, this.#worker);
    this.#statistics = new Statistics({
      runtime,
      conf,
      state,
      seat,
      executors: placement.executors,
      rate: topologyConf["topology.stats.sample.rate"] as number,
      counters: () => this.#worker.counters(),
      written: () => this.#writeResults(),
    });
  }

  get threadName(): string | null {
    return this.#worker.threadName;
  }

  /** Resolves when all other workers are there, or have been waited for long enough. Rejects with `NetError`. */
  async join(): Promise<void> {
    await this.#worker.listen();
    this.#listens = true;
    this.reassign(this.#placement);
    const { runtime, conf } = this.#options;
    const dueMs = runtime.clock.monotonicMs() + conf.number("nimbus.task.launch.secs") * 1000;
    let told = false;
    for (let absent = this.#worker.askAbsent(); absent.length > 0 && !this.#isOver(); ) {
      if (runtime.clock.monotonicMs() > dueMs) {
        runtime.log.warn(`Starting although ${this.#names(absent)} cannot be reached; tuples for them wait`);
        break;
      }
      if (!told) runtime.log.info(`Waiting for the other workers to start: ${this.#names(absent)}`);
      told = true;
      await this.#woken(askMs);
      absent = this.#worker.askAbsent();
    }
    if (this.#life === "joining") this.#life = "joined";
  }

  /** Bolts are prepared and spouts opened when the topology is active, as in Storm; resolves then. A component that throws is told. */
  async open(): Promise<void> {
    const { runtime } = this.#options;
    if (!this.#active) runtime.log.info("The topology is not active: its components are opened when it is activated");
    while (!this.#active && this.#life === "joined") await this.#woken(null);
    if (this.#life !== "joined") return;
    this.#life = "opening";
    if (!(await this.#worker.open()) || this.#isOver()) return;
    this.#life = "running";
    this.#worker.start(this.#active);
  }

  setActive(active: boolean): void {
    if (active === this.#active) return;
    this.#active = active;
    this.#options.runtime.log.info(active ? "Activating spouts" : "Deactivating spouts");
    this.#wake();
    if (this.#life !== "running") return;
    if (active) this.#worker.activate();
    else this.#worker.deactivate();
  }

  /** Storm's debug sampling. `options`: by component; the topology's own id stands for those that have none. */
  setDebug(options: ReadonlyMap<string, DebugOptions>): void {
    const told = JSON.stringify([...options]);
    if (told === this.#debugged) return;
    this.#debugged = told;
    const { topologyId } = this.#options.seat;
    this.#worker.debug((componentId) => {
      const asked = options.get(componentId) ?? options.get(topologyId);
      return asked?.enable === true ? (asked.samplingpct ?? 0) : 0;
    });
  }

  /** The same executors here; others may have moved. */
  reassign(placement: Placement): void {
    this.#placement = placement;
    if (!this.#listens || this.#life === "over") return;
    const { tasks, addresses } = placement;
    this.#worker.reassign(tasks, addresses);
    this.#wake();
  }

  report(failure: ComponentFailure): Promise<void> {
    return this.#errors.report(failure);
  }

  async stop(): Promise<void> {
    await this.#writeResults();
    this.#life = "over";
    this.#wake();
    await this.#worker.stop(lingerMs).catch((error: unknown) => {
      this.#options.runtime.log.warn(`The executors were not closed in order: ${messageOf(error)}`);
    });
    await Promise.all([this.#statistics.stop(), this.#events.close(), this.#steps.close()]);
  }

  /** Only of components that are open. */
  async #writeResults(): Promise<void> {
    if (this.#life === "running") await this.#results.write();
  }

  #isOver(): boolean {
    return this.#life === "over";
  }

  #names(peers: readonly number[]): string {
    return peers.map((peer) => this.#placement.addresses.get(peer) ?? `worker ${peer}`).join(", ");
  }

  /** Until something happens, or the time is up. */
  async #woken(timeMs: number | null): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = timeMs === null ? null : this.#options.runtime.timers.after(timeMs, resolve);
    await promise;
    timer?.cancel();
  }
}

/** Numbers of tasks must be the same in all workers: by the topology's own conf, and never by what one node's storm.yaml says. */
function sameEverywhere(topologyConf: Conf): Conf {
  const keys = [
    "topology.workers",
    "topology.acker.executors",
    "topology.eventlogger.executors",
    "topology.tasks",
    "topology.max.task.parallelism",
  ];
  return Object.fromEntries(keys.map((key) => [key, topologyConf[key] ?? topologyDefaults[key]]));
}

function executorName(plan: TopologyPlan, taskId: number): string {
  const executor = plan.executors.find(({ tasks }) => tasks.includes(taskId));
  return `${executor?.componentId ?? ""} ${executor?.tasks[0] ?? taskId}`;
}

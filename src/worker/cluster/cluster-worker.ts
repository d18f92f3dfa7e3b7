/** The life of a cluster's worker, from its place on disk to its end. Order and words as Storm's Worker has them. */
import { isStormLabError, messageOf, NetError, type Runtime, StormLabError, type Timer } from "../../base/index.ts";
import { type LoadedCode, loadCode } from "../../code/index.ts";
import { type StormConf, zooKeeperServers } from "../../conf/index.ts";
import type { ComponentFailure, ExecutorRange } from "../../executor/index.ts";
import { type ClusterState, type Following, NodePlaces, openClusterState } from "../../state/index.ts";
import type { Assignment, DebugOptions, LogConfig } from "../../wire/thrift/index.ts";
import { componentError } from "../component-error.ts";
import { AssignedWorker } from "./assigned-worker.ts";
import { followCluster } from "./following.ts";
import { Heartbeats } from "./heartbeats.ts";
import { type Placement, placementOf, sameExecutors } from "./placement.ts";
import { Registration, unwanted, type WorkerSeat } from "./registration.ts";
import { readTopologyFiles, type TopologyFiles } from "./topology-files.ts";
import type { WorkerLog } from "./worker-log.ts";
import type { LoadCode, StartWorkerOptions } from "./worker-options.ts";

/** How long a worker that was started waits for an assignment to its slot. */
const unassignedMsMax = 10_000;
/** ZooKeeper answers sooner than that, or not soon. */
const askSupervisorMs = 1_000;
/** A supervisor that answers is given this long to end a worker whose assignment has changed. */
const leavingMsMax = 2_000;

export class ClusterWorker {
  readonly #runtime: Runtime;
  readonly #conf: StormConf;
  readonly #seat: WorkerSeat;
  readonly #loadCode: LoadCode;
  readonly #log: WorkerLog | null;
  readonly #places: NodePlaces;
  readonly #state: ClusterState;
  readonly #heartbeats: Heartbeats;
  readonly #end = Promise.withResolvers<void>();
  readonly #placed = Promise.withResolvers<Placement>();
  #executors: readonly ExecutorRange[] = [];
  #registration: Registration | null = null;
  #following: Following | null = null;
  #worker: AssignedWorker | null = null;
  #active = false;
  #debugOptions: ReadonlyMap<string, DebugOptions> = new Map();
  /** Until when it may stay although the slot is another's, or nobody's. */
  #leaving: Timer | null = null;
  #asking: Timer | null = null;
  #isPlaced = false;
  #over = false;

  constructor({ runtime, conf, seat, loadCode: load, log }: StartWorkerOptions) {
    this.#runtime = runtime;
    this.#conf = conf;
    this.#seat = seat;
    this.#loadCode = load ?? loadCode;
    this.#log = log ?? null;
    this.#places = new NodePlaces(conf.text("storm.local.dir"), conf.text("storm.log.dir"));
    this.#state = openClusterState(runtime, {
      servers: zooKeeperServers(conf),
      root: conf.text("storm.zookeeper.root"),
      sessionTimeoutMs: conf.number("storm.zookeeper.session.timeout"),
      patienceMs: conf.number("storm.zookeeper.connection.timeout"),
    });
    this.#heartbeats = new Heartbeats({
      runtime,
      conf,
      places: this.#places,
      seat,
      executors: () => this.#executors,
      check: () => this.#checkPlace(),
      failed: (error) => this.#fail(error),
    });
  }

  async run(): Promise<void> {
    const starting = this.#start();
    starting.catch((error: unknown) => this.#fail(error));
    try {
      await this.#end.promise;
    } finally {
      this.#over = true;
      await this.#close();
    }
  }

  stop(): void {
    if (!this.#over) this.#runtime.log.info(`Shutting down worker ${this.#name}`);
    this.#end.resolve();
  }

  get #name(): string {
    const { topologyId, node, port } = this.#seat;
    return `${topologyId} ${node} ${port}`;
  }

  async #start(): Promise<void> {
    const { topologyId, node, port, workerId } = this.#seat;
    const { log } = this.#runtime;
    log.info(`Launching worker for ${topologyId} on ${node}:${port} with id ${workerId}`);
    this.#registration = await Registration.enter(this.#runtime, this.#places, this.#seat);
    if (this.#over) return;
    const { monotonicMs } = this.#runtime.clock;
    const startMs = monotonicMs();
    this.#follow();
    this.#askSupervisor();
    const [placement, files, code] = await Promise.all([
      this.#placed.promise,
      ...this.#load(),
      this.#heartbeats.start(),
    ]);
    if (this.#over) return;
    this.#worker = this.#makeWorker(placement, files, code);
    await this.#worker.join();
    if (this.#over) return;
    await this.#worker.open();
    if (!this.#over)
      log.info(
        `Worker ${workerId} for storm ${topologyId} on ${node}:${port} has finished loading in ${Math.round(monotonicMs() - startMs)} ms`,
      );
  }

  /** Structure and conf, and the author's code; while ZooKeeper answers. */
  #load(): [Promise<TopologyFiles>, Promise<LoadedCode>] {
    const directory = this.#places.stormDist(this.#seat.topologyId);
    const files = readTopologyFiles(this.#runtime, directory);
    return [files, files.then(({ topology }) => this.#loadCode(this.#runtime, directory, topology))];
  }

  #makeWorker(placement: Placement, files: TopologyFiles, code: LoadedCode): AssignedWorker {
    this.#executors = placement.executors;
    this.#heartbeats.beat();
    const worker = new AssignedWorker({
      runtime: this.#runtime,
      conf: this.#conf,
      state: this.#state,
      seat: this.#seat,
      files,
      code,
      placement,
      artifacts: this.#places.artifacts(this.#seat.topologyId, this.#seat.port),
      active: this.#active,
      failed: (failure) => this.#componentFailed(failure),
    });
    worker.setDebug(this.#debugOptions);
    if (this.#log !== null) this.#log.threadName = () => worker.threadName;
    return worker;
  }

  #follow(): void {
    this.#following = followCluster({
      runtime: this.#runtime,
      conf: this.#conf,
      state: this.#state,
      seat: this.#seat,
      assignment: (assignment) => this.#assigned(assignment),
      base: (base) => {
        // Spouts emit only while the topology is ACTIVE.
        this.#active = base?.status === "ACTIVE";
        this.#worker?.setActive(this.#active && this.#leaving === null);
        this.#debugOptions = base?.component_debug ?? new Map();
        this.#worker?.setDebug(this.#debugOptions);
      },
      logConfig: (config) => this.#setLogLevels(config),
    });
  }

  /** While ZooKeeper does not say which executors these are. */
  #askSupervisor(): void {
    this.#asking = this.#runtime.timers.after(askSupervisorMs, () => {
      this.#takeSupervisorsWord().catch((error: unknown) => this.#fail(error));
    });
  }

  async #takeSupervisorsWord(): Promise<void> {
    const assignment = await this.#heartbeats.localAssignment();
    if (this.#isPlaced || this.#over) return;
    if (assignment !== null && placementOf(assignment, this.#seat).executors.length > 0) this.#assigned(assignment);
    else this.#askSupervisor();
  }

  #assigned(assignment: Assignment | null): void {
    if (this.#over) return;
    const placement = assignment === null ? null : placementOf(assignment, this.#seat);
    const executors = placement?.executors ?? [];
    const isOurs = this.#executors.length === 0 ? executors.length > 0 : sameExecutors(executors, this.#executors);
    if (placement === null || !isOurs) {
      this.#leave(executors);
      return;
    }
    if (this.#leaving !== null) {
      this.#leaving.cancel();
      this.#leaving = null;
      this.#worker?.setActive(this.#active);
    }
    this.#isPlaced = true;
    this.#placed.resolve(placement);
    this.#worker?.reassign(placement);
  }

  /** Storm's worker ends itself at once here; one whose supervisor is there is rather ended by it, and not started again in vain. */
  #leave(assigned: readonly ExecutorRange[]): void {
    if (this.#leaving !== null) return;
    const shown = (executors: readonly ExecutorRange[]) => JSON.stringify(executors);
    const isNew = this.#executors.length === 0;
    if (!isNew) {
      this.#runtime.log.info(
        `Found conflicting assignments. We shouldn't be alive! Assigned: ${shown(assigned)}, Current: ${shown(this.#executors)}`,
      );
    }
    this.#worker?.setActive(false);
    const delayMs = isNew ? unassignedMsMax : this.#heartbeats.supervisorAnswers ? leavingMsMax : 0;
    this.#leaving = this.#runtime.timers.after(delayMs, () => {
      this.#runtime.log.info(`The slot is not assigned to this worker: ${this.#name} ends`);
      this.#end.resolve();
    });
  }

  #setLogLevels(config: LogConfig | null): void {
    const { clock, log } = this.#runtime;
    const levels = this.#log?.levels;
    if (levels === undefined) return;
    for (const words of [...levels.apply(config, clock.nowMs()), ...levels.expire(clock.nowMs())]) log.info(words);
  }

  async #checkPlace(): Promise<void> {
    if (this.#registration !== null && !(await this.#registration.stands())) throw unwanted(this.#seat);
  }

  #componentFailed(failure: ComponentFailure): void {
    const reported = this.#worker?.report(failure) ?? Promise.resolve();
    void reported.then(() => this.#fail(componentError(failure)));
  }

  #fail(thrown: unknown): void {
    if (this.#over) return;
    const error = inWords(thrown, this.#seat);
    const words = isStormLabError(error) ? [error.message, error.why, error.hint, ...error.trace] : [messageOf(error)];
    this.#runtime.log.error(`Halting process: Worker died: ${words.join("\n    ")}`);
    this.#end.reject(error);
  }

  /** In time, or not at all: an author's `close` may not come back, and the supervisor waits no longer either. */
  async #close(): Promise<void> {
    const runtime = this.#runtime;
    const late = Promise.withResolvers<void>();
    const timer = runtime.timers.after(this.#conf.number("supervisor.worker.shutdown.sleep.secs") * 1000, () => {
      runtime.log.warn(`Forcing the end of worker ${this.#name}: its parts were not closed in time`);
      late.resolve();
    });
    await Promise.race([this.#closeParts(), late.promise]);
    timer.cancel();
    runtime.log.info(`Shut down worker ${this.#name}`);
  }

  async #closeParts(): Promise<void> {
    this.#leaving?.cancel();
    this.#asking?.cancel();
    this.#following?.stop();
    const parts = [() => this.#worker?.stop(), () => this.#heartbeats.stop(), () => this.#state.close()];
    for (const close of parts) {
      try {
        await close();
      } catch (error) {
        this.#runtime.log.warn(`A part of the worker failed while it was closed: ${messageOf(error)}`);
      }
    }
  }
}

function inWords(error: unknown, { port }: WorkerSeat): unknown {
  if (!(error instanceof NetError)) return error;
  return new StormLabError({
    code: "SL-WORKER-PORT",
    what: `the worker cannot listen on port ${port}: ${error.code}`,
    why: "another program listens there, or a worker that was given up has not ended yet",
    hint: "see which process has the port; the supervisor starts the worker again",
    retriable: true,
    cause: error,
  });
}

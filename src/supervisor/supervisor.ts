/** The supervisor of a node: keeps its slots equal to what nimbus has assigned, and says that it and its workers live. */

import { exitCodes, messageOf, type Runtime, StormLabError, type Timer } from "../base/index.ts";
import { NimbusClient } from "../client/index.ts";
import { listenHost, type StormConf, zooKeeperServers } from "../conf/index.ts";
import { servePages } from "../http/index.ts";
import { metricsPage } from "../metrics/index.ts";
import { serveThrift, type ThriftServer } from "../rpc/index.ts";
import {
  type ClusterState,
  type Following,
  follow,
  LocalState,
  newUuid,
  openClusterState,
  stormVersion,
} from "../state/index.ts";
import {
  type Assignment,
  LSSupervisorAssignments,
  LSSupervisorId,
  NotAliveException,
  type SupervisorInfo,
  Supervisor as SupervisorService,
} from "../wire/thrift/index.ts";
import { assignedSlots } from "./assigned-slots.ts";
import { CodeStore, type Unpack } from "./code-store.ts";
import { checkHealth } from "./health-check.ts";
import { type SupervisorSettings, supervisorSettings } from "./settings.ts";
import { Slot, type SlotParts } from "./slot.ts";
import { SlotCounts } from "./slot-counts.ts";
import { WorkerFiles } from "./worker-files.ts";
import { WorkerLauncher } from "./worker-launcher.ts";

export interface SupervisorOptions {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  /** The machine's own name, where the conf has no storm.local.hostname. */
  readonly hostName: string;
  /** What tells a worker its configuration, such as `--config FILE`. */
  readonly workerArgs: readonly string[];
  readonly unpack: Unpack;
}

export interface RunningDaemon {
  /** Rejects when it cannot go on. */
  readonly ended: Promise<void>;
  /** In good order. Workers run on, as those of Storm's supervisor do. */
  stop(): Promise<void>;
}

/** Storm's keys in LocalState. */
const idKey = "supervisor-id";
const assignmentsKey = "local-assignments";
const healthCheckMs = 30_000;
const retryMs = 1000;
/** Beats come every second: one that nobody answers must not hold up the next ones for long. */
const beatAnswerMs = 5000;

/** Resolves when the slots of its last life are looked after; ZooKeeper and nimbus need not be there yet. */
export async function startSupervisor(options: SupervisorOptions): Promise<RunningDaemon> {
  const supervisor = new SupervisorDaemon(options);
  try {
    await supervisor.start();
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return supervisor;
}

class SupervisorDaemon implements RunningDaemon {
  readonly ended: Promise<void>;
  readonly #runtime: Runtime;
  readonly #options: SupervisorOptions;
  readonly #settings: SupervisorSettings;
  readonly #localState: LocalState;
  readonly #state: ClusterState;
  readonly #nimbus: NimbusClient;
  /** Beats have a connection of their own: it is given up when one was not taken. */
  readonly #beatNimbus: NimbusClient;
  readonly #code: CodeStore;
  readonly #files: WorkerFiles;
  readonly #slots = new Map<number, Slot>();
  readonly #counts = new SlotCounts();
  readonly #timers: Timer[] = [];
  readonly #fail: (error: StormLabError) => void;
  readonly #startedMs: number;
  #id = "";
  #server: ThriftServer | null = null;
  #metrics: AsyncDisposable | null = null;
  #following: Following | null = null;
  #assignments: ReadonlyMap<string, Assignment> = new Map();
  #beating = false;
  #refreshing = false;
  #well = true;
  #stopped = false;

  constructor(options: SupervisorOptions) {
    const { runtime, conf } = options;
    const { promise, reject } = Promise.withResolvers<void>();
    promise.catch(() => {});
    this.ended = promise;
    this.#fail = reject;
    this.#runtime = runtime;
    this.#options = options;
    this.#startedMs = runtime.clock.monotonicMs();
    this.#settings = supervisorSettings(conf, options.hostName);
    const { localDir } = this.#settings;
    this.#localState = new LocalState(runtime, `${localDir}/supervisor/localstate`);
    // What cannot be told now is told with the next beat.
    this.#nimbus = new NimbusClient({ runtime, conf, retryTimes: 0 });
    this.#beatNimbus = new NimbusClient({ runtime, conf, retryTimes: 0 });
    this.#code = new CodeStore(runtime, localDir, this.#nimbus, options.unpack);
    this.#files = new WorkerFiles(runtime, localDir);
    this.#state = openClusterState(runtime, {
      servers: zooKeeperServers(conf),
      root: conf.text("storm.zookeeper.root"),
      sessionTimeoutMs: conf.number("storm.zookeeper.session.timeout"),
      patienceMs: conf.number("storm.zookeeper.connection.timeout"),
    });
  }

  async start(): Promise<void> {
    const { runtime } = this.#options;
    this.#id = await this.#ownId();
    runtime.log.info(`Starting supervisor with id ${this.#id} at host ${this.#settings.host}.`);
    await this.#code.open();
    await this.#openSlots();
    await this.#serve();
    await this.#serveMetrics();
    const { monitorMs, workerHeartbeatMs, updateBlobMs } = this.#settings;
    this.#timers.push(
      runtime.timers.every(monitorMs, () => this.#monitor()),
      runtime.timers.every(workerHeartbeatMs, () => void this.#beat()),
      runtime.timers.every(healthCheckMs, () => void this.#checkHealth()),
      runtime.timers.every(updateBlobMs, () => void this.#refreshCode()),
    );
    this.#stepAll();
    this.#join().catch((error: StormLabError) => this.#fail(error));
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#following?.stop();
    await Promise.all([...this.#slots.values()].map((slot) => slot.stop()));
    await this.#server?.close();
    await this.#metrics?.[Symbol.asyncDispose]();
    await this.#nimbus.close();
    await this.#beatNimbus.close();
    await this.#state.close();
  }

  async #ownId(): Promise<string> {
    const saved = await this.#localState.get(idKey, LSSupervisorId);
    if (saved !== null) return saved.supervisor_id;
    const id = `${newUuid(this.#runtime.random)}-${this.#settings.host}`;
    await this.#localState.put(idKey, LSSupervisorId, { supervisor_id: id });
    return id;
  }

  /** Slots with what they had in the last life, and the workers that still run of it. */
  async #openSlots(): Promise<void> {
    const { slotPorts, logDir, startTimeoutMs, workerTimeoutMs, shutdownMs } = this.#settings;
    const launcher = new WorkerLauncher(this.#runtime, this.#files, this.#localState, {
      supervisorId: this.#id,
      logDir,
      workerArgs: this.#options.workerArgs,
    });
    const parts: SlotParts = {
      runtime: this.#runtime,
      code: this.#code,
      launcher,
      files: this.#files,
      times: { startTimeoutMs, shutdownMs },
      counts: this.#counts,
      workerTimeoutMs,
    };
    for (const port of slotPorts) this.#slots.set(port, new Slot(port, parts));
    const saved = await this.#localState.get(assignmentsKey, LSSupervisorAssignments);
    for (const [port, assignment] of saved?.assignments ?? []) {
      const slot = this.#slots.get(port);
      if (slot !== undefined && this.#settings.enabled) slot.wanted = assignment;
    }
    for (const [workerId, port] of await launcher.open()) await this.#adopt(workerId, port, parts);
  }

  async #adopt(workerId: string, port: number, parts: SlotParts): Promise<void> {
    const beat = await this.#files.heartbeat(workerId);
    // A port that is no slot any more still has a worker to end.
    const slot = this.#slots.get(port) ?? new Slot(port, parts);
    this.#slots.set(port, slot);
    if (slot.worker !== null) return parts.launcher.kill(workerId);
    // A worker that has not yet reached ZooKeeper does not know its executors.
    const isKnown = beat !== null && beat.executors.length > 0;
    const assignment = isKnown
      ? { topology_id: beat.topology_id, executors: beat.executors }
      : (slot.wanted ?? { topology_id: "", executors: [] });
    slot.adopt(workerId, assignment);
  }

  async #serve(): Promise<void> {
    const { host, thriftPort, thriftFrameBytesMax } = this.#settings;
    const listen = listenHost(host);
    this.#server = await serveThrift({
      runtime: this.#runtime,
      ...(listen === null ? {} : { host: listen }),
      port: thriftPort,
      service: SupervisorService,
      limits: { maxFrameBytes: thriftFrameBytesMax },
      handlers: {
        // ZooKeeper is the truth: nimbus's word only makes the look at it sooner.
        sendSupervisorAssignments: () => {
          this.#following?.refresh();
          return null;
        },
        getLocalAssignmentForStorm: ({ id }) => {
          const assignment = this.#assignments.get(id);
          if (assignment === undefined) throw NotAliveException.error({ msg: `${id} is not assigned to this node` });
          return assignment;
        },
        sendSupervisorWorkerHeartbeat: ({ heartbeat }) => {
          for (const slot of this.#slots.values()) {
            const waits = slot.state.name === "WAITING_FOR_WORKER_START";
            if (waits && slot.worker?.assignment.topology_id === heartbeat.storm_id) void slot.step();
          }
          return null;
        },
      },
    });
  }

  async #serveMetrics(): Promise<void> {
    const place = this.#settings.metrics;
    if (place === null) return;
    const states = () => [...this.#slots.values()].map(({ state }) => state.name);
    const page = metricsPage(this.#runtime, () => this.#counts.families(states()));
    this.#metrics = await servePages(
      this.#runtime,
      { name: "The supervisor's metrics", ...place },
      { "/metrics": page },
    );
  }

  /** Into the cluster, as soon as there is one: says so until it is reached. */
  async #join(): Promise<void> {
    const { log, timers } = this.#runtime;
    for (;;) {
      try {
        await this.#state.makeBaseNodes();
        break;
      } catch (error) {
        if (this.#stopped) return;
        log.warn(`Waiting for ZooKeeper: ${messageOf(error)}`);
        await new Promise<void>((resolve) => this.#timers.push(timers.after(retryMs, resolve)));
      }
    }
    await this.#requireOwnId();
    if (this.#stopped) return;
    this.#state.keepSupervisor(this.#id, this.#settings.heartbeatMs, () => this.#info());
    this.#following = follow(this.#runtime, {
      name: "assignments",
      pollMs: this.#settings.monitorMs,
      read: (watch) => this.#readAssignments(watch),
      onValue: (assignments) => this.#assigned(assignments),
    });
  }

  /** A copied local folder gives two supervisors one id: then each would take the other's work. */
  async #requireOwnId(): Promise<void> {
    const other = await this.#state.supervisorInfo(this.#id);
    const { host, thriftPort } = this.#settings;
    if (other === null || (other.hostname === host && other.server_port === thriftPort)) return;
    throw new StormLabError({
      code: "SL-SUPERVISOR-ID",
      what: `the supervisor id ${this.#id} is that of the supervisor at ${other.hostname}:${other.server_port}`,
      why: `${this.#settings.localDir} was copied from there, or is shared with it`,
      hint: `remove ${this.#settings.localDir}/supervisor/localstate here, and give each node a folder of its own`,
      exitCode: exitCodes.conflict,
    });
  }

  async #readAssignments(watch: () => void): Promise<Map<string, Assignment>> {
    const ids = await this.#state.assignments(watch);
    const found = await Promise.all(ids.map(async (id) => [id, await this.#state.assignment(id, watch)] as const));
    return new Map(found.filter((entry): entry is [string, Assignment] => entry[1] !== null));
  }

  async #assigned(assignments: ReadonlyMap<string, Assignment>): Promise<void> {
    this.#assignments = assignments;
    const wanted = this.#settings.enabled && this.#well ? assignedSlots(this.#id, assignments) : new Map();
    let changed = false;
    for (const [port, slot] of this.#slots) {
      const next = wanted.get(port) ?? null;
      changed ||= JSON.stringify(next) !== JSON.stringify(slot.wanted);
      slot.wanted = next;
    }
    if (changed) await this.#localState.put(assignmentsKey, LSSupervisorAssignments, { assignments: wanted });
    this.#stepAll();
  }

  #stepAll(): void {
    for (const slot of this.#slots.values()) void slot.step();
  }

  #monitor(): void {
    this.#stepAll();
    if (this.#following === null) return;
    const used = new Set<string>();
    for (const { wanted, worker } of this.#slots.values()) {
      if (wanted !== null) used.add(wanted.topology_id);
      if (worker !== null) used.add(worker.assignment.topology_id);
    }
    this.#code.keepOnly(used).catch((error: unknown) => this.#runtime.log.warn(`Cleaning up: ${messageOf(error)}`));
  }

  /** Says to nimbus which workers live; as many as have said so to us. */
  async #beat(): Promise<void> {
    if (this.#beating) return;
    const running = [...this.#slots.values()].filter(({ state }) => state.name === "RUNNING");
    if (running.length === 0) return;
    this.#beating = true;
    try {
      const beats = [];
      for (const { worker } of running) {
        const beat = worker === null ? null : await this.#files.heartbeat(worker.workerId);
        if (worker === null || beat === null) continue;
        // Its first beats come before it has read what it is to run, and its author's code may hold it right after them.
        const executors = beat.executors.length > 0 ? beat.executors : worker.assignment.executors;
        beats.push({ storm_id: beat.topology_id, executors, time_secs: beat.time_secs });
      }
      const heartbeats = { supervisor_id: this.#id, worker_heartbeats: beats };
      await this.#beatNimbus.calls.sendSupervisorWorkerHeartbeats({ heartbeats }, { timeoutMs: beatAnswerMs });
    } catch (error) {
      this.#runtime.log.debug(`Could not send worker heartbeats to nimbus: ${messageOf(error)}`);
      await this.#beatNimbus.lookAgain();
    } finally {
      this.#beating = false;
    }
  }

  /** A rebalance may give a topology another conf while its workers stay where they are. */
  async #refreshCode(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    const running = [...this.#slots.values()].filter(({ state }) => state.name === "RUNNING");
    const ids = new Set(running.flatMap(({ worker }) => worker?.assignment.topology_id ?? []));
    for (const id of ids) {
      try {
        if (await this.#code.refresh(id)) this.#stepAll();
      } catch (error) {
        this.#runtime.log.debug(`Could not see whether the code of ${id} has changed: ${messageOf(error)}`);
      }
    }
    this.#refreshing = false;
  }

  async #checkHealth(): Promise<void> {
    const { healthCheckDir: directory, healthCheckTimeoutMs: timeoutMs } = this.#settings;
    const faults = await checkHealth(this.#runtime, { directory, timeoutMs });
    for (const { script, why } of faults)
      this.#runtime.log.error(`The supervisor healthchecks failed: ${script}: ${why}; ending all workers`);
    const well = faults.length === 0;
    if (well === this.#well) return;
    this.#well = well;
    await this.#assigned(this.#assignments);
  }

  #info(): SupervisorInfo {
    const { host, slotPorts, thriftPort, resources, schedulerMeta } = this.#settings;
    const used = [...this.#slots.values()].filter(({ worker }) => worker !== null).map(({ port }) => port);
    return {
      time_secs: Math.floor(this.#runtime.clock.nowMs() / 1000),
      hostname: host,
      assignment_id: this.#id,
      used_ports: used,
      meta: [...slotPorts],
      scheduler_meta: schedulerMeta,
      uptime_secs: Math.floor((this.#runtime.clock.monotonicMs() - this.#startedMs) / 1000),
      version: stormVersion,
      resources_map: resources,
      server_port: this.#server?.port ?? thriftPort,
    };
  }
}

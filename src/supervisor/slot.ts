/** One slot of a supervisor: what it should run, what runs, and the steps from one to the other. */
import { assertNever, messageOf, type Runtime } from "../base/index.ts";
import type { LocalAssignment } from "../wire/thrift/index.ts";
import { type CodeStore, downloadFailure } from "./code-store.ts";
import type { SlotCounts } from "./slot-counts.ts";
import {
  nextStep,
  type SlotAction,
  type SlotFacts,
  type SlotState,
  type SlotTimes,
  type SlotWorker,
} from "./slot-state.ts";
import { readTopologyConf } from "./topology-conf.ts";
import type { WorkerFiles } from "./worker-files.ts";
import type { WorkerLauncher } from "./worker-launcher.ts";

export interface SlotParts {
  readonly runtime: Runtime;
  readonly code: CodeStore;
  readonly launcher: WorkerLauncher;
  readonly files: WorkerFiles;
  readonly times: SlotTimes;
  /** Of all slots. */
  readonly counts: SlotCounts;
  /** Silence of a worker, unless its topology allows more. */
  readonly workerTimeoutMs: number;
}

/** A worker that fails again and again is launched ever more seldom. */
const backoffMs = [0, 500, 1000, 2000, 5000, 10_000, 30_000] as const;
/** A worker that has lived so long is no more taken for one that cannot start. */
const provenMs = 60_000;
/** A process that was found again may not have written its number yet. */
const numberWithinMs = 5000;
/**
 * A heartbeat that is so old makes one look whether the worker computes: author's code that holds its event loop leaves it no time to
 * beat, and that it computes is its sign of life. In Storm a thread of its own beats meanwhile. What neither beats nor computes is hung.
 */
const busyLookMs = 2000;
/** Of a processor; the machine may be busy too. */
const busyShare = 0.05;

interface Seen {
  readonly workerId: string;
  /** Of the heartbeat. */
  readonly timeSecs: number;
  /** When it, or the worker at work since, was seen. */
  readonly atMs: number;
  /** What the worker had computed when it was looked at last. */
  readonly cpuMs: number | null;
}

/** Between two launches, or downloads, there is always another state: more steps than this in a row are a mistake. */
const stepsMax = 10;

export class Slot {
  readonly port: number;
  wanted: LocalAssignment | null = null;
  readonly #parts: SlotParts;
  #state: SlotState = { name: "EMPTY" };
  #failures = 0;
  #notBeforeMs = 0;
  /** Of the worker that this process has launched: whether it has ended. Null: found again, its files tell. */
  #launched: { ended: boolean } | null = null;
  /** Of the code that the worker was launched with. */
  #generation = 0;
  /** The newest sign of life. */
  #seen: Seen | null = null;
  /** Of the worker that was asked for last. */
  #timeout: { readonly workerId: string; readonly ms: number } | null = null;
  #stepping: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(port: number, parts: SlotParts) {
    this.port = port;
    this.#parts = parts;
  }

  get state(): SlotState {
    return this.#state;
  }

  /** The worker, its assignment and its newest sign of life; null: none runs. */
  get worker(): SlotWorker | null {
    return "worker" in this.#state ? this.#state.worker : null;
  }

  /** A worker of the supervisor's last life, with the assignment that it was launched with. */
  adopt(workerId: string, assignment: LocalAssignment): void {
    const sinceMs = this.#parts.runtime.clock.monotonicMs();
    this.#state = { name: "WAITING_FOR_WORKER_START", worker: { workerId, assignment, sinceMs } };
    this.#launched = null;
    this.#generation = this.#parts.code.generation(assignment.topology_id);
  }

  /** Looks and acts until nothing is to be done now. Calls while it is at work make it look once more. */
  step(): Promise<void> {
    this.#again = true;
    this.#stepping ??= this.#run().finally(() => {
      this.#stepping = null;
    });
    return this.#stepping;
  }

  /** No step begins after it; the worker runs on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#stepping;
  }

  async #run(): Promise<void> {
    for (let steps = 0; this.#again && !this.#stopped && steps < stepsMax; steps++) {
      this.#again = false;
      try {
        await this.#stepOnce();
      } catch (error) {
        this.#parts.runtime.log.error(`Error when processing the slot ${this.port}: ${messageOf(error)}`, { error });
      }
    }
  }

  async #stepOnce(): Promise<void> {
    const facts = await this.#facts();
    const before = this.#state;
    const { state, actions } = nextStep(before, facts, this.#parts.times);
    this.#state = state;
    if (state.name !== before.name) this.#parts.runtime.log.info(`SLOT ${this.port}: ${before.name} -> ${state.name}`);
    if (state.name === "RUNNING" && facts.nowMs - state.worker.sinceMs > provenMs) this.#failures = 0;
    for (const action of actions) {
      this.#count(before, action);
      await this.#act(action);
    }
    if (actions.length > 0 || state.name !== before.name) this.#again = true;
  }

  #count({ name }: SlotState, action: SlotAction): void {
    const { counts } = this.#parts;
    const isKilled = name === "KILL" || name === "KILL_AND_RELAUNCH";
    if (action.do === "terminate") counts.kills(action.reason);
    else if (action.do === "kill") counts.forceKilled++;
    else if (action.do === "bury" && !isKilled) counts.kills("process-exit");
    const isHung = action.do === "terminate" && action.reason === "hb-timeout";
    if (isHung && name === "WAITING_FOR_WORKER_START") counts.startTimedOut++;
  }

  async #facts(): Promise<SlotFacts> {
    const { runtime, code, files } = this.#parts;
    const nowMs = runtime.clock.monotonicMs();
    const { worker, wanted } = this;
    const beat = worker === null ? null : await files.heartbeat(worker.workerId);
    const beatAgeMs =
      worker === null || beat === null ? null : await this.#ageOf(worker.workerId, beat.time_secs, nowMs);
    return {
      nowMs,
      wanted,
      code: wanted === null ? "absent" : code.state(wanted.topology_id),
      alive: worker !== null && (await this.#isAlive(worker, nowMs)),
      beatAgeMs,
      isStale: worker !== null && code.generation(worker.assignment.topology_id) !== this.#generation,
      beatAgeMsMax: worker === null ? 0 : await this.#timeoutOf(worker),
      notBeforeMs: this.#notBeforeMs,
    };
  }

  /** A topology may allow a longer silence, no shorter one. Source: Slot.getHbTimeoutMs of Storm 2.8. */
  async #timeoutOf({ workerId, assignment }: SlotWorker): Promise<number> {
    if (this.#timeout?.workerId === workerId) return this.#timeout.ms;
    const { runtime, code, workerTimeoutMs } = this.#parts;
    const conf = await readTopologyConf(runtime, code.directoryOf(assignment.topology_id));
    const own = Number(conf["topology.worker.timeout.secs"] ?? 0) * 1000;
    this.#timeout = { workerId, ms: Math.max(workerTimeoutMs, Number.isFinite(own) ? own : 0) };
    return this.#timeout.ms;
  }

  /** By this process's own clock, since the sign was first seen: a wall clock that is set forward must not end workers that live. */
  async #ageOf(workerId: string, timeSecs: number, nowMs: number): Promise<number> {
    const seen = this.#seen;
    if (seen?.workerId !== workerId || seen.timeSecs !== timeSecs) {
      this.#seen = { workerId, timeSecs, atMs: nowMs, cpuMs: null };
      return 0;
    }
    if (nowMs - seen.atMs < busyLookMs) return nowMs - seen.atMs;
    const cpuMs = await this.#cpuOf(workerId);
    const isBusy = cpuMs !== null && seen.cpuMs !== null && cpuMs - seen.cpuMs >= busyShare * (nowMs - seen.atMs);
    const atMs = isBusy ? nowMs : seen.atMs;
    if (isBusy || seen.cpuMs === null) this.#seen = { ...seen, cpuMs, atMs };
    return nowMs - atMs;
  }

  async #cpuOf(workerId: string): Promise<number | null> {
    const [found] = await this.#parts.files.running(workerId);
    return found === undefined ? null : this.#parts.runtime.processes.cpuMs(found.pid);
  }

  async #isAlive({ workerId, sinceMs }: SlotWorker, nowMs: number): Promise<boolean> {
    if (this.#launched !== null) return !this.#launched.ended;
    if ((await this.#parts.files.running(workerId)).length > 0) return true;
    return nowMs - sinceMs < numberWithinMs && !(await this.#parts.files.hasRecord(workerId));
  }

  async #act(action: SlotAction): Promise<void> {
    const { runtime, launcher } = this.#parts;
    switch (action.do) {
      case "fetch code":
        return this.#fetch(action.assignment.topology_id);
      case "launch":
        return this.#launch(action.assignment);
      case "terminate":
        runtime.log.info(`SLOT ${this.port}: ending worker ${action.worker.workerId}: ${action.why}`);
        return launcher.terminate(action.worker.workerId);
      case "kill":
        runtime.log.warn(`SLOT ${this.port}: worker ${action.worker.workerId} did not end in time, killing it`);
        return launcher.kill(action.worker.workerId);
      case "bury":
        if (action.failed) this.#failed();
        await launcher.bury(action.worker.workerId);
        this.#launched = null;
        return;
      default:
        return assertNever(action);
    }
  }

  async #launch(assignment: LocalAssignment): Promise<void> {
    const { runtime, code, launcher } = this.#parts;
    this.#generation = code.generation(assignment.topology_id);
    this.#timeout = null;
    try {
      const { workerId, ended } = await launcher.launch(
        this.port,
        assignment,
        code.directoryOf(assignment.topology_id),
      );
      this.#parts.counts.launched++;
      const launched = { ended: false };
      this.#launched = launched;
      ended
        .then(() => {
          launched.ended = true;
          return this.step();
        })
        .catch(() => {});
      const sinceMs = runtime.clock.monotonicMs();
      this.#state = { name: "WAITING_FOR_WORKER_START", worker: { workerId, assignment, sinceMs } };
    } catch (error) {
      this.#failed();
      runtime.log.error(`SLOT ${this.port}: could not launch a worker: ${messageOf(error)}`, { error });
    }
  }

  /** Goes on beside the steps: the slot may be given something else meanwhile. */
  async #fetch(topologyId: string): Promise<void> {
    const { runtime, code } = this.#parts;
    code
      .fetch(topologyId)
      .catch((error: unknown) => {
        this.#failed();
        runtime.log.warn(downloadFailure(topologyId, error));
      })
      .then(() => this.step())
      .catch(() => {});
  }

  #failed(): void {
    const delayMs = backoffMs[Math.min(this.#failures, backoffMs.length - 1)] as number;
    this.#failures++;
    this.#notBeforeMs = this.#parts.runtime.clock.monotonicMs() + delayMs;
  }
}

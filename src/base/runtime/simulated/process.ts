/**
 * A process of the simulated world: one thread that takes one turn after the other, can be stopped and continued, and
 * can die at any call it makes to its Runtime. After its death its calls do nothing and its promises never settle.
 */

import { StormLabError } from "../../errors.ts";
import { BoundedQueue } from "../../queue.ts";
import type { SeededRandom } from "../../random.ts";
import type { ExitStatus, Runtime, Signal } from "../runtime.ts";
import type { SimulatedHost } from "./host.ts";
import type { Kernel } from "./kernel.ts";
import { traced } from "./trace.ts";

export type EndKind = "exit" | "kill" | "power off";

/** What a process holds and the world takes back at its end: sockets, links, files, children. */
export interface Holding {
  ownerEnded(how: EndKind): void;
}

/** Turns that wait for a busy or stopped process; more is a flood that real memory would not hold either. */
const waitingTurns = 1 << 20;

export class SimulatedProcess {
  readonly id: number;
  readonly label: string;
  readonly pid: number;
  readonly name: string;
  readonly host: SimulatedHost;
  readonly cwd: string;
  readonly parent: SimulatedProcess | null;
  readonly detached: boolean;
  readonly random: SeededRandom;
  readonly exited: Promise<ExitStatus>;
  readonly signalHandlers = new Map<Signal, () => void>();
  /** Set once by the world, before the first turn. */
  runtime!: Runtime;
  /** Calls made through the Runtime so far. */
  operations = 0;
  /** `null` while it lives. */
  status: ExitStatus | null = null;
  readonly #kernel: Kernel;
  readonly #holdings = new Set<Holding>();
  readonly #waiting = new BoundedQueue<() => void>(waitingTurns);
  readonly #turn = () => this.#takeTurn();
  #busyUntilUs = 0;
  #turnPlanned = false;
  #stopped = false;
  #dieAtOperation = Number.POSITIVE_INFINITY;
  #resolveExited: (status: ExitStatus) => void = () => {};

  constructor(
    kernel: Kernel,
    init: {
      readonly name: string;
      readonly host: SimulatedHost;
      readonly cwd: string;
      readonly parent: SimulatedProcess | null;
      readonly detached: boolean;
    },
  ) {
    this.#kernel = kernel;
    this.pid = kernel.takePid();
    this.id = this.pid;
    this.name = init.name;
    this.label = `${init.name}(${this.pid})`;
    this.host = init.host;
    this.cwd = init.cwd;
    this.parent = init.parent;
    this.detached = init.detached;
    this.random = kernel.random(`process ${this.pid}`);
    this.exited = new Promise((resolve) => {
      this.#resolveExited = resolve;
    });
    kernel.processes.set(this.pid, this);
  }

  get alive(): boolean {
    return this.status === null;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** The process's own present: ahead of the world's by what its current turn has cost. */
  get nowUs(): number {
    return Math.max(this.#kernel.scheduler.nowUs, this.#busyUntilUs);
  }

  /** Every call through the Runtime passes here. False: the process is dead, the call must do nothing. */
  act(): boolean {
    if (this.status !== null) {
      // A loop that watches the clock must end even in a process that died within it.
      this.#busyUntilUs = this.nowUs + this.#kernel.profile.cpu.callUs;
      return false;
    }
    if (++this.operations >= this.#dieAtOperation) {
      this.end("kill", { code: null, signal: "SIGKILL" });
      return false;
    }
    this.#busyUntilUs = this.nowUs + this.#kernel.profile.cpu.callUs;
    return true;
  }

  /** Kills it at its `count`-th call from now; that call and all later ones do nothing. */
  dieAtOperation(count: number): void {
    this.#dieAtOperation = this.operations + count;
  }

  /** Runs in a turn of this process, after those that wait already; never if it dies before. */
  dispatch(callback: () => void): void {
    if (this.status !== null) return;
    if (!this.#waiting.push(callback)) {
      this.crash(new Error(`${waitingTurns} callbacks wait for ${this.label}`));
      return;
    }
    this.#planTurn();
  }

  hold(holding: Holding): void {
    this.#holdings.add(holding);
  }

  release(holding: Holding): void {
    this.#holdings.delete(holding);
  }

  stop(): void {
    this.#stopped = true;
  }

  resume(): void {
    this.#stopped = false;
    this.#planTurn();
  }

  /** An error that no process code caught. */
  crash(error: unknown): void {
    if (this.status !== null) return;
    const { scheduler, uncaught } = this.#kernel;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.runtime.log.error("Uncaught error, the process ends", { error: text });
    if (uncaught === "fail the run") scheduler.fail(uncaughtError(this.label, scheduler.nowUs, error));
    this.end("exit", { code: 1, signal: null });
  }

  end(how: EndKind, status: ExitStatus): void {
    if (this.status !== null) return;
    this.status = status;
    const kernel = this.#kernel;
    kernel.processes.delete(this.pid);
    kernel.note(this, traced.exit, status.code ?? -1, () => `ended (${how}, ${status.signal ?? status.code})`);
    this.#waiting.clear();
    for (const holding of [...this.#holdings]) holding.ownerEnded(how);
    this.#holdings.clear();
    this.#resolveExited(status);
  }

  #planTurn(): void {
    if (this.#turnPlanned || this.#stopped || this.#waiting.size === 0) return;
    this.#turnPlanned = true;
    this.#kernel.scheduler.turnAt(this.nowUs, this.#turn);
  }

  #takeTurn(): void {
    this.#turnPlanned = false;
    if (this.status !== null || this.#stopped) return;
    const { scheduler, profile, trace } = this.#kernel;
    if (this.#busyUntilUs <= scheduler.nowUs) {
      const callback = this.#waiting.shift();
      if (callback === undefined) return;
      trace.note(scheduler.nowUs, this.pid, traced.turn, this.operations);
      const { min, max } = profile.cpu.turnUs;
      this.#busyUntilUs = scheduler.nowUs + this.random.between(min, max);
      try {
        callback();
      } catch (error) {
        this.crash(error);
      }
    }
    this.#planTurn();
  }
}

function uncaughtError(label: string, nowUs: number, cause: unknown): StormLabError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new StormLabError({
    code: "SL-SIM-UNCAUGHT",
    what: `${label} ended by an error at ${(nowUs / 1000).toFixed(3)} ms that nothing caught: ${message}`,
    why: "A callback threw, or the promise of the program's main was rejected.",
    hint: 'Repair it, or give the world uncaught: "end the process" where such deaths are part of the test.',
    cause,
  });
}

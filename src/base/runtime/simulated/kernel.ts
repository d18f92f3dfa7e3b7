/** What every part of the simulated world shares: time, chance, the trace, the network's state, hosts and processes. */

import type { LogLine } from "../../log.ts";
import { SeededRandom } from "../../random.ts";
import type { LogLevel, ParentChannel } from "../runtime.ts";
import type { SimulatedHost } from "./host.ts";
import { Network } from "./network.ts";
import type { SimulatedProcess } from "./process.ts";
import type { Profile } from "./profile.ts";
import { Scheduler } from "./scheduler.ts";
import { Trace } from "./trace.ts";

/** What a program is to the world: resolves with its exit code. */
export type Program = (
  runtime: SimulatedProcess["runtime"],
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) => Promise<number>;

/** A process to be: `program` is absent for one that is driven by hand. */
export interface ProcessPlan {
  readonly name: string;
  readonly host: SimulatedHost;
  readonly cwd: string;
  readonly parent: SimulatedProcess | null;
  readonly detached: boolean;
  readonly program: Program | null;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Its end of the channel to its parent. */
  readonly channel: (process: SimulatedProcess) => ParentChannel | null;
  /** Gets its log as lines. */
  readonly output: ((process: SimulatedProcess, line: string) => void) | null;
}

export type StartProcess = (plan: ProcessPlan) => SimulatedProcess;

/** What an error does that no process code caught. */
export type UncaughtPolicy = "fail the run" | "end the process";

export interface KernelOptions {
  readonly seed: number;
  readonly profile: Profile;
  readonly startMs: number;
  readonly uncaught: UncaughtPolicy;
  readonly timeline: ((line: string) => void) | undefined;
  readonly log: ((line: LogLine, process: SimulatedProcess) => void) | undefined;
  readonly logLevel: LogLevel;
}

export class Kernel {
  readonly seed: number;
  readonly profile: Profile;
  /** Wall clock at the world's beginning, before any host's skew. */
  readonly startMs: number;
  readonly uncaught: UncaughtPolicy;
  readonly log: ((line: LogLine, process: SimulatedProcess) => void) | undefined;
  readonly logLevel: LogLevel;
  readonly scheduler = new Scheduler();
  readonly trace: Trace;
  readonly network: Network;
  readonly hosts = new Map<string, SimulatedHost>();
  readonly programs = new Map<string, Program>();
  /** The living, by pid. */
  readonly processes = new Map<number, SimulatedProcess>();
  readonly #hostsByAddress = new Map<string, SimulatedHost>();
  #nextPid = 100;

  constructor(options: KernelOptions) {
    this.seed = options.seed;
    this.profile = options.profile;
    this.startMs = options.startMs;
    this.uncaught = options.uncaught;
    this.log = options.log;
    this.logLevel = options.logLevel;
    this.trace = new Trace(options.timeline);
    this.network = new Network(this.scheduler, this.random("network"), options.profile.network);
  }

  /** An independent sequence of the world's seed. */
  random(stream: string): SeededRandom {
    return new SeededRandom(this.seed, stream);
  }

  takePid(): number {
    return this.#nextPid++;
  }

  addHost(host: SimulatedHost): void {
    this.hosts.set(host.name, host);
    this.#hostsByAddress.set(host.address, host);
  }

  /** By name or by address. */
  findHost(nameOrAddress: string): SimulatedHost | undefined {
    return this.hosts.get(nameOrAddress) ?? this.#hostsByAddress.get(nameOrAddress);
  }

  /** A trace entry and, when asked for, a line of the timeline. */
  note(
    who: { readonly id: number; readonly label: string } | null,
    what: number,
    detail: number,
    text: () => string,
  ): void {
    const { nowUs } = this.scheduler;
    this.trace.note(nowUs, who?.id ?? 0, what, detail);
    if (this.trace.readable) this.trace.line(nowUs, who?.label ?? "world", text());
  }
}

/**
 * The simulated side of the Runtime door: hosts, processes, network and disks in one real process, on virtual time, the same
 * to the byte for the same seed. The world stands still until it is told to run.
 */

import { StormLabError } from "../../errors.ts";
import type { LogLine } from "../../log.ts";
import { hashText } from "../../random.ts";
import type { LogLevel } from "../runtime.ts";
import { SimulatedHost } from "./host.ts";
import { Kernel, type Program, type UncaughtPolicy } from "./kernel.ts";
import type { SimulatedProcess } from "./process.ts";
import { startProcess } from "./process-runtime.ts";
import { sendSignal } from "./processes.ts";
import { machineRoom, type ProfileOptions, profileOf, type Range } from "./profile.ts";
import { traced } from "./trace.ts";

export interface WorldOptions {
  /** Any integer up to 2⁵³. */
  readonly seed: number;
  /** What differs from `machineRoom`. */
  readonly profile?: ProfileOptions;
  /** Wall clock at the beginning. Default 2026-01-01T00:00:00Z. */
  readonly startMs?: number;
  /** What an error does that no process code caught. Default `fail the run`. */
  readonly uncaught?: UncaughtPolicy;
  /** Gets a readable line for everything that happens. */
  readonly timeline?: (line: string) => void;
  /** Gets the log of every process. */
  readonly log?: (line: LogLine, process: SimulatedProcess) => void;
  /** Default `info`. */
  readonly logLevel?: LogLevel;
}

export interface StartOptions {
  /** Made on first mention. */
  readonly host: string;
  /** In logs, and the timeline. Default: the program's name. */
  readonly name?: string;
  /** A registered program's name, or the program itself; without either the process is driven by hand through `runtime`. */
  readonly program?: string | Program;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default `/`. */
  readonly cwd?: string;
}

export interface WaitOptions {
  /** How long at most, in virtual milliseconds from now. Default 60,000. */
  readonly deadlineMs?: number;
  /** What is waited for, in words, for the error. */
  readonly what: string;
}

const defaultStartMs = Date.UTC(2026, 0, 1);
const defaultDeadlineMs = 60_000;

export class SimulatedWorld {
  readonly seed: number;
  readonly #kernel: Kernel;

  constructor(options: WorldOptions) {
    this.seed = options.seed;
    this.#kernel = new Kernel({
      seed: options.seed,
      profile: profileOf(machineRoom, options.profile ?? {}),
      startMs: options.startMs ?? defaultStartMs,
      uncaught: options.uncaught ?? "fail the run",
      timeline: options.timeline,
      log: options.log,
      logLevel: options.logLevel ?? "info",
    });
  }

  /** Virtual milliseconds since the beginning. */
  get nowMs(): number {
    return this.#kernel.scheduler.nowUs / 1000;
  }

  /** `hash`: 16 hexadecimal digits over everything that happened; `events`: how much that was. */
  get trace(): { readonly hash: string; readonly events: number } {
    return { hash: this.#kernel.trace.hash, events: this.#kernel.scheduler.events };
  }

  /** The living. */
  get processes(): readonly SimulatedProcess[] {
    return [...this.#kernel.processes.values()];
  }

  /** What `Processes.spawn` and `start` find by this name. */
  registerProgram(name: string, program: Program): void {
    this.#kernel.programs.set(name, program);
  }

  /** Made on first mention. */
  host(name: string): SimulatedHost {
    const known = this.#kernel.hosts.get(name);
    if (known !== undefined) return known;
    const host = new SimulatedHost(this.#kernel, name);
    this.#kernel.addHost(host);
    return host;
  }

  start(options: StartOptions): SimulatedProcess {
    const host = this.host(options.host);
    if (!host.up) throw new StormLabError(hostIsDown(options.host));
    const { program } = options;
    const main = typeof program === "string" ? this.#program(program) : (program ?? null);
    return startProcess(this.#kernel, {
      name: options.name ?? (typeof program === "string" ? program : "process"),
      host,
      cwd: options.cwd ?? "/",
      parent: null,
      detached: true,
      program: main,
      args: options.args ?? [],
      env: options.env ?? {},
      channel: () => null,
      output: null,
    });
  }

  /** As SIGKILL: between two turns everything of it stops; what it had handed to its kernel goes on. */
  kill(pid: number): void {
    this.#fault("kill", pid, () => `kill ${pid}`);
    this.#kernel.processes.get(pid)?.end("kill", { code: null, signal: "SIGKILL" });
  }

  /** Kills it when it makes its `count`-th call to its Runtime from now. */
  killAtOperation(pid: number, count: number): void {
    this.#kernel.processes.get(pid)?.dieAtOperation(count);
  }

  /** As SIGTERM: the process's handler, or its death. */
  terminate(pid: number): void {
    const target = this.#kernel.processes.get(pid);
    if (target !== undefined) sendSignal(this.#kernel, target, "SIGTERM");
  }

  /** As SIGSTOP: time goes on without it. */
  pause(pid: number): void {
    this.#fault("pause", pid, () => `pause ${pid}`);
    this.#kernel.processes.get(pid)?.stop();
  }

  /** As SIGCONT: what was due meanwhile comes now, late and in order. */
  resume(pid: number): void {
    this.#fault("resume", pid, () => `resume ${pid}`);
    this.#kernel.processes.get(pid)?.resume();
  }

  /** The power fails: every process of the host is gone without a word, its disk keeps what was synced. */
  powerOff(name: string): void {
    const host = this.host(name);
    this.#fault("power off", host.index, () => `power off ${name}`);
    host.up = false;
    for (const process of this.processes) {
      if (process.host === host) process.end("power off", { code: null, signal: "SIGKILL" });
    }
    host.disk.powerOff();
  }

  /** The host is reachable again; nothing runs on it. */
  powerOn(name: string): void {
    this.#fault("power on", 0, () => `power on ${name}`);
    this.host(name).up = true;
  }

  /** Power off and on: the host is back at once, with nothing running. */
  crashHost(name: string): void {
    this.powerOff(name);
    this.powerOn(name);
  }

  /** Cuts the groups of hosts from each other, or only what goes from the first to the second. */
  partition(from: readonly string[], to: readonly string[], options: { readonly oneWay?: boolean } = {}): void {
    this.#fault(
      "partition",
      from.length * 1000 + to.length,
      () => `partition ${from} ${options.oneWay ? "→" : "⇹"} ${to}`,
    );
    this.#eachPair(from, to, (a, b) => {
      this.#kernel.network.block(a, b);
      if (options.oneWay !== true) this.#kernel.network.block(b, a);
    });
  }

  /** Joins the groups again; without groups, everything. */
  heal(from?: readonly string[], to?: readonly string[]): void {
    this.#fault("heal", 0, () => `heal ${from ?? "all"} ${to ?? ""}`);
    const { network } = this.#kernel;
    if (from === undefined || to === undefined) {
      network.unblockAll();
      return;
    }
    this.#eachPair(from, to, (a, b) => {
      network.unblock(a, b);
      network.unblock(b, a);
    });
  }

  /** Delay between two groups, both ways, instead of the profile's; `undefined`: the profile's again. */
  setDelay(from: readonly string[], to: readonly string[], delayMs: Range | undefined): void {
    this.#eachPair(from, to, (a, b) => {
      this.#kernel.network.setDelay(a, b, delayMs);
      this.#kernel.network.setDelay(b, a, delayMs);
    });
  }

  /** Changes the network from now on. */
  setNetwork(options: NonNullable<ProfileOptions["network"]>): void {
    this.#fault("network", 0, () => `network ${JSON.stringify(options)}`);
    const { network } = this.#kernel;
    network.profile = { ...network.profile, ...options };
  }

  /** Changes a host's disk from now on; `full: true` lets every write fail with ENOSPC. */
  setDisk(name: string, options: NonNullable<ProfileOptions["disk"]> & { readonly full?: boolean }): void {
    this.#fault("disk", this.host(name).index, () => `disk of ${name} ${JSON.stringify(options)}`);
    const { full, ...profile } = options;
    const { disk } = this.host(name);
    disk.profile = { ...disk.profile, ...profile };
    disk.full = full ?? disk.full;
  }

  /** What the host's wall clock shows too much, ms; its monotonic clock never jumps. */
  setClockSkew(name: string, skewMs: number): void {
    this.#fault("skew", skewMs, () => `clock of ${name} off by ${skewMs} ms`);
    this.host(name).skewMs = skewMs;
  }

  /** Calls back at this virtual time, outside of every process: for faults. */
  at(timeMs: number, callback: () => void): void {
    this.#kernel.scheduler.turnAt(timeMs * 1000, callback);
  }

  /** Runs for a while, or up to a virtual time. */
  run(options: { readonly untilMs: number } | { readonly forMs: number }): Promise<void> {
    const untilMs = "untilMs" in options ? options.untilMs : this.nowMs + options.forMs;
    return this.#kernel.scheduler.run(untilMs * 1000, () => false);
  }

  /** Runs until the condition holds, which is asked after each turn of a process; rejects with `SL-SIM-DEADLINE`. */
  async until(condition: () => boolean, options: WaitOptions): Promise<void> {
    const deadlineMs = this.nowMs + (options.deadlineMs ?? defaultDeadlineMs);
    let holds = false;
    await this.#kernel.scheduler.run(deadlineMs * 1000, () => {
      holds = condition();
      return holds;
    });
    if (!holds && !condition()) throw new StormLabError(missedDeadline(options.what, this.nowMs, this.seed));
  }

  /** Runs until the promise is settled, and gives its value or its error. */
  async finish<T>(promise: Promise<T>, options: WaitOptions): Promise<T> {
    let settled = false;
    const note = () => {
      settled = true;
    };
    promise.then(note, note);
    await this.until(() => settled, options);
    return promise;
  }

  #program(name: string): Program {
    const program = this.#kernel.programs.get(name);
    if (program === undefined) throw new StormLabError(noSuchProgram(name));
    return program;
  }

  #eachPair(from: readonly string[], to: readonly string[], visit: (a: SimulatedHost, b: SimulatedHost) => void): void {
    for (const a of from) for (const b of to) if (a !== b) visit(this.host(a), this.host(b));
  }

  #fault(kind: string, detail: number, text: () => string): void {
    this.#kernel.note(null, traced.fault, hashText(kind) + detail, text);
  }
}

function hostIsDown(name: string) {
  return {
    code: "SL-SIM-HOST",
    what: `The simulated host ${name} is off.`,
    why: "powerOff was called for it and powerOn was not.",
    hint: `Call world.powerOn("${name}") first.`,
  };
}

function noSuchProgram(name: string) {
  return {
    code: "SL-SIM-PROGRAM",
    what: `The simulated world knows no program ${name}.`,
    why: "registerProgram was not called for it.",
    hint: `Call world.registerProgram("${name}", main) first.`,
  };
}

function missedDeadline(what: string, nowMs: number, seed: number) {
  return {
    code: "SL-SIM-DEADLINE",
    what: `At ${nowMs.toFixed(3)} ms of virtual time this had not come about: ${what} (seed ${seed}).`,
    why: "The deadline passed, or nothing was left that could happen.",
    hint: "Run the seed again with a timeline to see what happened instead.",
  };
}

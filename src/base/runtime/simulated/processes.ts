/** The process table as one simulated process sees it: children, signals, channels. */

import { BoundedQueue } from "../../queue.ts";
import type { Child, ExitStatus, ParentChannel, Processes, Signal, SpawnOptions } from "../runtime.ts";
import { spawnError } from "../spawn-error.ts";
import type { Kernel, Program, StartProcess } from "./kernel.ts";
import type { EndKind, Holding, SimulatedProcess } from "./process.ts";

/** How long a message, a line or the word of an end takes between parent and child, µs. */
const pipeUs = 50;
/** How long the start of a process takes, µs. */
const startUs = 20_000;
const messagesBeforeHandler = 10_000;

export class SimulatedProcesses implements Processes {
  readonly #kernel: Kernel;
  readonly #process: SimulatedProcess;
  readonly #start: StartProcess;
  readonly #channel: ParentChannel | null;

  constructor(kernel: Kernel, process: SimulatedProcess, start: StartProcess, channel: ParentChannel | null) {
    this.#kernel = kernel;
    this.#process = process;
    this.#start = start;
    this.#channel = channel;
  }

  get pid(): number {
    return this.#process.pid;
  }

  spawn(options: SpawnOptions): Promise<Child> {
    const parent = this.#process;
    const kernel = this.#kernel;
    return new Promise((resolve, reject) => {
      if (!parent.act()) return;
      const program = kernel.programs.get(options.program);
      if (program === undefined) {
        parent.dispatch(() => reject(spawnError(options.program, "ENOENT")));
        return;
      }
      kernel.scheduler.at(parent.nowUs + startUs, () => {
        if (!parent.alive) return;
        const child = new SimulatedChild(kernel, parent, this.#start, program, options);
        parent.dispatch(() => resolve(child));
      });
    });
  }

  alive(pid: number): boolean {
    return this.#process.act() && this.#find(pid) !== undefined;
  }

  identity(pid: number): string | null {
    if (!this.#process.act()) return null;
    // No simulated process gets the id of another.
    return this.#find(pid) === undefined ? null : `simulated:${pid}`;
  }

  /** Turns have a price in virtual time, and nobody adds it up. */
  cpuMs(): null {
    return null;
  }

  /** Memory has no limit here, and nobody measures it. */
  residentBytes(): null {
    return null;
  }

  signal(pid: number, signal: Signal): boolean {
    if (!this.#process.act()) return false;
    const target = this.#find(pid);
    if (target === undefined) return false;
    sendSignal(this.#kernel, target, signal);
    return true;
  }

  onSignal(signal: "SIGTERM" | "SIGINT", handler: () => void): void {
    if (this.#process.act()) this.#process.signalHandlers.set(signal, handler);
  }

  parentChannel(): ParentChannel | null {
    return this.#channel;
  }

  #find(pid: number): SimulatedProcess | undefined {
    const found = this.#kernel.processes.get(pid);
    return found?.host === this.#process.host ? found : undefined;
  }
}

export function sendSignal(kernel: Kernel, target: SimulatedProcess, signal: Signal): void {
  const { scheduler } = kernel;
  const handler = target.signalHandlers.get(signal);
  if (signal === "SIGSTOP") target.stop();
  else if (signal === "SIGCONT") target.resume();
  else if (handler !== undefined && signal !== "SIGKILL") target.dispatch(handler);
  else scheduler.turnAt(scheduler.nowUs, () => target.end("kill", { code: null, signal }));
}

/** One end of a pipe of messages: what comes before the handler waits for it. */
class ChannelEnd implements ParentChannel {
  readonly #kernel: Kernel;
  readonly #process: SimulatedProcess;
  /** The other process's end. */
  other: ChannelEnd | null = null;
  readonly #early = new BoundedQueue<unknown>(messagesBeforeHandler);
  #handler: ((message: unknown) => void) | null = null;
  #onClose: (() => void) | null = null;
  #closed = false;

  constructor(kernel: Kernel, process: SimulatedProcess) {
    this.#kernel = kernel;
    this.#process = process;
  }

  send(message: unknown): void {
    const { other } = this;
    if (!this.#process.act() || this.#closed || other === null) return;
    const copy: unknown = structuredClone(message);
    this.#kernel.scheduler.at(this.#process.nowUs + pipeUs, () => other.arrived(copy));
  }

  /** From the other end. */
  arrived(message: unknown): void {
    this.#process.dispatch(() => this.#deliver(message));
  }

  onMessage(handler: (message: unknown) => void): void {
    this.#handler = handler;
    for (let early = this.#early.shift(); early !== undefined; early = this.#early.shift()) handler(early);
  }

  onClose(handler: () => void): void {
    this.#onClose = handler;
    if (this.#closed) this.#process.dispatch(handler);
  }

  /** The other process has ended. */
  closed(): void {
    this.#closed = true;
    this.#process.dispatch(() => this.#onClose?.());
  }

  #deliver(message: unknown): void {
    if (this.#handler !== null) this.#handler(message);
    else if (!this.#early.push(message)) throw new Error(`${messagesBeforeHandler} messages came before onMessage`);
  }
}

class SimulatedChild implements Child, Holding {
  readonly exited: Promise<ExitStatus>;
  readonly #kernel: Kernel;
  readonly #parent: SimulatedProcess;
  readonly #process: SimulatedProcess;
  readonly #end: ChannelEnd | null;
  #childEnd: ChannelEnd | null = null;
  #onOutput: ((stream: "stdout" | "stderr", line: string) => void) | null = null;
  #tellExited: (status: ExitStatus) => void = () => {};

  constructor(kernel: Kernel, parent: SimulatedProcess, start: StartProcess, program: Program, options: SpawnOptions) {
    this.#kernel = kernel;
    this.#parent = parent;
    this.#end = options.channel === true ? new ChannelEnd(kernel, parent) : null;
    this.exited = new Promise((resolve) => {
      this.#tellExited = resolve;
    });
    this.#process = start({
      name: options.args[0] ?? options.program,
      host: parent.host,
      cwd: options.cwd ?? parent.cwd,
      parent,
      detached: options.detached ?? false,
      program,
      args: options.args,
      env: options.env ?? {},
      channel: (process) => this.#join(process),
      output: (process, line) => this.#output(process, options, line),
    });
    parent.hold(this);
    this.#process.hold({ ownerEnded: () => this.#childEnded() });
  }

  get pid(): number {
    return this.#process.pid;
  }

  signal(signal: Signal): void {
    if (this.#parent.act() && this.#process.alive) sendSignal(this.#kernel, this.#process, signal);
  }

  send(message: unknown): void {
    this.#end?.send(message);
  }

  onMessage(handler: (message: unknown) => void): void {
    this.#end?.onMessage(handler);
  }

  onOutput(handler: (stream: "stdout" | "stderr", line: string) => void): void {
    this.#onOutput = handler;
  }

  /** The parent has ended. */
  ownerEnded(how: EndKind): void {
    this.#childEnd?.closed();
    if (this.#process.detached || how === "power off") return;
    const { scheduler } = this.#kernel;
    scheduler.turnAt(scheduler.nowUs, () => this.#process.end("kill", { code: null, signal: "SIGKILL" }));
  }

  #join(process: SimulatedProcess): ParentChannel | null {
    if (this.#end === null) return null;
    this.#childEnd = new ChannelEnd(this.#kernel, process);
    this.#childEnd.other = this.#end;
    this.#end.other = this.#childEnd;
    return this.#childEnd;
  }

  #childEnded(): void {
    const status = this.#process.status;
    if (status === null) return;
    this.#parent.release(this);
    const { scheduler } = this.#kernel;
    scheduler.at(scheduler.nowUs + pipeUs, () => this.#parent.dispatch(() => this.#tellExited(status)));
  }

  #output(process: SimulatedProcess, options: SpawnOptions, line: string): void {
    const { output } = options;
    if (output === "pipe") {
      const { scheduler } = this.#kernel;
      scheduler.at(scheduler.nowUs + pipeUs, () => this.#parent.dispatch(() => this.#onOutput?.("stderr", line)));
    } else if (typeof output === "object") process.host.disk.appendLine(output.stderr, line);
  }
}

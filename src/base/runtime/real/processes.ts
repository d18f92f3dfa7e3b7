/** Child processes and signals of Node. */

import { type ChildProcess, type StdioOptions, spawn as spawnProcess } from "node:child_process";
import fs from "node:fs";
import { BoundedQueue } from "../../queue.ts";
import type { Child, ExitStatus, ParentChannel, Processes, Signal, SpawnOptions } from "../runtime.ts";
import { selfProgram, spawnError } from "../spawn-error.ts";
import { lifelineVariable, type RuntimeEnvironment } from "./environment.ts";
import { readLines } from "./output-lines.ts";
import { processCpuMs, processIdentity, processResidentBytes } from "./process-facts.ts";

/** What a child writes last may still be in its pipe when it has ended; grandchildren can hold the pipe open. */
const lastOutputMs = 1000;
const messagesBeforeHandler = 10_000;

export interface ProcessesOptions {
  /** What starts this program again: the executable, then its first arguments. */
  readonly selfCommand: readonly string[];
  readonly environment: RuntimeEnvironment;
  readonly parent: ParentChannel | null;
}

export function realProcesses(options: ProcessesOptions): Processes {
  const handlers = new Map<Signal, () => void>();
  return {
    pid: process.pid,
    spawn: (wanted) => spawn(options, wanted),
    alive: (pid) => sendSignal(pid, 0),
    identity: processIdentity,
    cpuMs: processCpuMs,
    residentBytes: processResidentBytes,
    signal: (pid, signal) => sendSignal(pid, signal),
    onSignal: (signal, handler) => {
      if (!handlers.has(signal)) process.on(signal, () => handlers.get(signal)?.());
      handlers.set(signal, handler);
    },
    parentChannel: () => options.parent,
  };
}

/** Children that must not outlive this process; killed when it ends in order. */
const dependants = new Set<ChildProcess>();
let killsDependants = false;

function killDependantsAtExit(): void {
  if (killsDependants) return;
  killsDependants = true;
  process.on("exit", () => {
    for (const child of dependants) child.kill("SIGKILL");
  });
}

function spawn(options: ProcessesOptions, wanted: SpawnOptions): Promise<Child> {
  const isSelf = wanted.program === selfProgram;
  const [executable, ...prefix] = isSelf ? selfCommand(options, wanted) : [wanted.program];
  if (executable === undefined) return Promise.reject(spawnError(wanted.program, "ENOENT"));
  const lifeline = !isSelf || wanted.detached === true ? null : wanted.channel === true ? "channel" : "pipe";
  let output: OutputPlaces;
  try {
    output = openOutput(wanted.output ?? "inherit");
  } catch (error) {
    return Promise.reject(spawnError(wanted.program, codeOf(error), error));
  }
  // A program that is not this one has no lifeline, but sees its input end with this process.
  const input = isSelf || wanted.detached === true ? "ignore" : "pipe";
  const stdio: StdioOptions = [input, output.stdout, output.stderr];
  if (wanted.channel === true) stdio.push("ipc");
  else if (lifeline === "pipe") stdio.push("pipe");
  const child = spawnProcess(executable, [...prefix, ...wanted.args], {
    ...(wanted.cwd === undefined ? {} : { cwd: wanted.cwd }),
    env: {
      ...options.environment.inherited,
      ...wanted.env,
      ...(lifeline === null ? {} : { [lifelineVariable]: lifeline }),
    },
    detached: wanted.detached ?? false,
    serialization: "advanced",
    stdio,
  });
  for (const descriptor of output.opened) fs.closeSync(descriptor);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(spawnError(wanted.program, codeOf(error), error)));
    child.once("spawn", () => {
      child.removeAllListeners("error");
      // A message or signal that comes too late; the exit says the rest.
      child.on("error", () => {});
      if (wanted.detached !== true) keepWithParent(child);
      else child.unref();
      resolve(new RealChild(child, wanted));
    });
  });
}

/**
 * Of a waiting process: a young generation of 1 MiB, code that is small rather than fast, one helper thread. Measured on an idle
 * supervisor: 4 of 38 MB less.
 */
const smallHeapFlags = ["--max-semi-space-size=1", "--optimize-for-size", "--v8-pool-size=1"];

function selfCommand({ selfCommand: [executable, ...prefix] }: ProcessesOptions, { heap }: SpawnOptions): string[] {
  if (executable === undefined) return [];
  return [executable, ...(heap === "small" ? smallHeapFlags : []), ...prefix];
}

function keepWithParent(child: ChildProcess): void {
  killDependantsAtExit();
  dependants.add(child);
  child.once("exit", () => dependants.delete(child));
}

interface OutputPlaces {
  readonly stdout: "inherit" | "pipe" | number;
  readonly stderr: "inherit" | "pipe" | number;
  readonly opened: readonly number[];
}

function openOutput(output: NonNullable<SpawnOptions["output"]>): OutputPlaces {
  if (typeof output === "string") return { stdout: output, stderr: output, opened: [] };
  const stdout = fs.openSync(output.stdout, "a");
  try {
    const stderr = output.stderr === output.stdout ? stdout : fs.openSync(output.stderr, "a");
    return { stdout, stderr, opened: stderr === stdout ? [stdout] : [stdout, stderr] };
  } catch (error) {
    fs.closeSync(stdout);
    throw error;
  }
}

class RealChild implements Child {
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  readonly #child: ChildProcess;
  readonly #early = new BoundedQueue<unknown>(messagesBeforeHandler);
  #onMessage: ((message: unknown) => void) | null = null;
  #onOutput: ((stream: "stdout" | "stderr", line: string) => void) | null = null;

  constructor(child: ChildProcess, wanted: SpawnOptions) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.exited = wanted.output === "pipe" ? exitWithOutput(child) : exitOf(child);
    child.on("message", (message) => {
      if (this.#onMessage !== null) this.#onMessage(message);
      else if (!this.#early.push(message)) child.disconnect();
    });
    if (wanted.detached === true) child.channel?.unref();
    if (child.stdout !== null) readLines(child.stdout, (line) => this.#onOutput?.("stdout", line));
    if (child.stderr !== null) readLines(child.stderr, (line) => this.#onOutput?.("stderr", line));
  }

  signal(signal: Signal): void {
    this.#child.kill(signal);
  }

  send(message: unknown): void {
    if (this.#child.connected && typeof message !== "undefined") this.#child.send(message as object, () => {});
  }

  onMessage(handler: (message: unknown) => void): void {
    this.#onMessage = handler;
    for (let early = this.#early.shift(); early !== undefined; early = this.#early.shift()) handler(early);
  }

  onOutput(handler: (stream: "stdout" | "stderr", line: string) => void): void {
    this.#onOutput = handler;
  }
}

function exitOf(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

/** When the output has been read to its end too. */
function exitWithOutput(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      const timer = setTimeout(() => resolve({ code, signal }), lastOutputMs);
      child.once("close", () => {
        clearTimeout(timer);
        resolve({ code, signal });
      });
    });
  });
}

/** Whether the process exists; signal 0 only asks. */
function sendSignal(pid: number, signal: Signal | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM" && signal === 0;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "EIO";
}

/** The Runtime that a simulated process is given, and how such a process begins. */

import { createLog, plainText } from "../../log.ts";
import { hashText } from "../../random.ts";
import type { Clock, Log, ParentChannel, Random, Runtime, Timer, Timers } from "../runtime.ts";
import type { SimulatedEvent } from "./event-heap.ts";
import { SimulatedFileSystem } from "./file-system.ts";
import type { Kernel, ProcessPlan } from "./kernel.ts";
import { SimulatedLinks } from "./links.ts";
import { SimulatedNet } from "./net.ts";
import { SimulatedProcess } from "./process.ts";
import { SimulatedProcesses } from "./processes.ts";
import { traced } from "./trace.ts";

export function startProcess(kernel: Kernel, plan: ProcessPlan): SimulatedProcess {
  const process = new SimulatedProcess(kernel, plan);
  process.runtime = createRuntime(kernel, process, plan);
  kernel.note(process, traced.start, hashText(plan.name), () => `started on ${plan.host.name} ${plan.args.join(" ")}`);
  const { program } = plan;
  if (program === null) return process;
  process.dispatch(() => {
    program(process.runtime, plan.args, plan.env).then(
      (code) => process.end("exit", { code, signal: null }),
      (error: unknown) => process.crash(error),
    );
  });
  return process;
}

function createRuntime(kernel: Kernel, process: SimulatedProcess, plan: ProcessPlan): Runtime {
  const channel: ParentChannel | null = plan.channel(process);
  return {
    name: plan.name,
    clock: simulatedClock(kernel, process),
    timers: new SimulatedTimers(kernel, process),
    random: simulatedRandom(process),
    net: new SimulatedNet(kernel, process),
    links: new SimulatedLinks(kernel, process),
    fs: new SimulatedFileSystem(kernel, process),
    processes: new SimulatedProcesses(kernel, process, (child) => startProcess(kernel, child), channel),
    log: simulatedLog(kernel, process, plan),
  };
}

function simulatedClock(kernel: Kernel, process: SimulatedProcess): Clock {
  return {
    nowMs: () => {
      process.act();
      return Math.floor(kernel.startMs + process.nowUs / 1000 + process.host.skewMs);
    },
    monotonicMs: () => {
      process.act();
      return (process.nowUs - process.host.bootUs) / 1000;
    },
  };
}

function simulatedRandom(process: SimulatedProcess): Random {
  const { random } = process;
  return {
    uint32: () => random.uint32(),
    float: () => random.float(),
    below: (bound) => random.below(bound),
    bytes: (count) => random.bytes(count),
  };
}

function simulatedLog(kernel: Kernel, process: SimulatedProcess, plan: ProcessPlan): Log {
  return createLog({
    name: plan.name,
    level: kernel.logLevel,
    nowMs: () => kernel.startMs + process.nowUs / 1000 + process.host.skewMs,
    sink: (line) => {
      if (!process.alive) return;
      kernel.note(process, traced.log, hashText(line.message), () => plainText(line).slice(24));
      kernel.log?.(line, process);
      plan.output?.(process, plainText(line));
    },
  });
}

class SimulatedTimers implements Timers {
  readonly #kernel: Kernel;
  readonly #process: SimulatedProcess;
  #lastSoonUs = 0;

  constructor(kernel: Kernel, process: SimulatedProcess) {
    this.#kernel = kernel;
    this.#process = process;
  }

  after(delayMs: number, callback: () => void): Timer {
    return new SimulatedTimer(this.#kernel, this.#process, delayMs, callback, false);
  }

  every(periodMs: number, callback: () => void): Timer {
    return new SimulatedTimer(this.#kernel, this.#process, Math.max(1, periodMs), callback, true);
  }

  soon(callback: () => void): void {
    const process = this.#process;
    if (!process.act()) return;
    const { min, max } = this.#kernel.profile.cpu.soonUs;
    this.#lastSoonUs = Math.max(this.#lastSoonUs, process.nowUs + process.random.between(min, max));
    this.#kernel.scheduler.at(this.#lastSoonUs, () => process.dispatch(callback));
  }
}

class SimulatedTimer implements Timer {
  readonly #kernel: Kernel;
  readonly #process: SimulatedProcess;
  readonly #periodUs: number;
  readonly #callback: () => void;
  readonly #repeats: boolean;
  #dueUs: number;
  /** `null` while its turn waits, and when it is over. */
  #event: SimulatedEvent | null = null;
  #cancelled = false;

  constructor(kernel: Kernel, process: SimulatedProcess, delayMs: number, callback: () => void, repeats: boolean) {
    this.#kernel = kernel;
    this.#process = process;
    if (Number.isNaN(delayMs)) throw new RangeError("a timer's delay is a number of milliseconds");
    this.#periodUs = Math.max(0, delayMs * 1000);
    this.#callback = callback;
    this.#repeats = repeats;
    this.#dueUs = process.nowUs + this.#periodUs;
    if (process.act()) this.#plan();
    else this.#cancelled = true;
  }

  cancel(): void {
    this.#cancelled = true;
    if (this.#event !== null) this.#kernel.scheduler.cancel(this.#event);
    this.#event = null;
  }

  #plan(): void {
    this.#event = this.#kernel.scheduler.at(this.#dueUs, () => {
      this.#event = null;
      this.#process.dispatch(() => this.#fire());
    });
  }

  #fire(): void {
    if (this.#cancelled) return;
    if (this.#repeats) {
      const { nowUs } = this.#process;
      this.#dueUs = this.#dueUs + this.#periodUs > nowUs ? this.#dueUs + this.#periodUs : nowUs + this.#periodUs;
      this.#plan();
    }
    this.#callback();
  }
}

/** One run of a topology file, to its end: `storm-lab local`. */
import { resolve } from "node:path";
import type { Runtime, StormLabError } from "../base/index.ts";
import { type LoadedTopology, loadTopology } from "../code/index.ts";
import { inModuleScope, planTopology } from "../executor/index.ts";
import { mergeConf } from "../topology/index.ts";
import { placeOf, type TopologyReport } from "../worker/index.ts";
import { dealTasks } from "./assign.ts";
import { closeInTime, closingLate } from "./closing.ts";
import { inFlowOrder } from "./flow.ts";
import { InProcessTopology } from "./in-process.ts";
import type { WorkerOrder } from "./messages.ts";
import { ProcessesTopology } from "./processes.ts";

export interface LocalRunOptions {
  readonly runtime: Runtime;
  readonly file: string;
  /** For the module's function. */
  readonly args: readonly string[];
  /** Worker processes; 1 runs in this process. */
  readonly workers: number;
  readonly workerCommand: string;
  /** Reported errors and problems: the run goes on. */
  readonly onError: (error: StormLabError) => void;
  readonly onOutput: (stream: "stdout" | "stderr", line: string) => void;
}

export interface LocalRun {
  readonly name: string;
  readonly workers: number;
  readonly warnings: readonly string[];
  /** Component ids, each after those that feed it. */
  readonly flow: readonly string[];
  /** Resolves when the topology is complete; rejects when it failed. */
  readonly completed: Promise<void>;
  /** Opens the components and lets the spouts emit; resolves, too, when it fails of user code: then `completed` rejects. */
  open(): Promise<void>;
  /** What `open` waits for, in words. */
  awaited(): string;
  /** Reading `results` takes the longer the more the topology has published; without them they are empty. */
  report(results: boolean): TopologyReport | Promise<TopologyReport>;
  /** An error that code of the topology made where nobody catches it. The run is over, as if a component had thrown it. */
  fail(error: StormLabError): void;
  /** At any time, and again. Closes what was opened, and waits no longer than some seconds for it; answers what failed meanwhile. */
  stop(): Promise<StormLabError | null>;
}

export async function loadLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { runtime, file, args } = options;
  const loaded = await inModuleScope(() => loadTopology(runtime, file, args));
  const topologyId = `${loaded.name}-1-${Math.floor(runtime.clock.nowMs() / 1000)}`;
  const conf = { "topology.workers": options.workers };
  const plan = planTopology(loaded.topology.description, mergeConf(loaded.conf, conf));
  const workers = dealTasks(plan, options.workers).size;
  const { warnings, components } = loaded.topology.description;
  const described = { name: loaded.name, workers, warnings, flow: inFlowOrder(components) };
  if (workers === 1) return { ...described, ...runHere(options, loaded, topologyId) };
  return { ...described, ...runInProcesses(options, { file: resolve(file), args, topologyId, conf, workers }) };
}

type Running = Omit<LocalRun, "name" | "workers" | "warnings" | "flow">;

function runHere({ runtime, onError }: LocalRunOptions, loaded: LoadedTopology, topologyId: string): Running {
  const { name, conf, topology, codeDirectory } = loaded;
  const running = new InProcessTopology({
    runtime,
    topologyId,
    name,
    conf,
    topology,
    workers: 1,
    codeDirectory,
    onError,
  });
  let stopped: Promise<StormLabError | null> | null = null;
  const stop = async (): Promise<StormLabError | null> => {
    await closeInTime(runtime, running.stop(), () => onError(closingLate(awaited())));
    return running.lateFailure;
  };
  const awaited = (): string => (running.awaited === null ? "the components" : placeOf(running.awaited));
  return {
    completed: running.completed,
    // Where it goes on after that, if it does, is told by `completed`.
    open: () => Promise.race([running.open(), running.completed.catch(() => {})]),
    awaited,
    report: (results) => running.report(results),
    fail: (error) => running.fail(error),
    stop: () => (stopped ??= stop()),
  };
}

function runInProcesses(options: LocalRunOptions, order: Omit<WorkerOrder, "worker">): Running {
  const { runtime, workerCommand, onError, onOutput } = options;
  const running = new ProcessesTopology({ runtime, workerCommand, order, onError, onOutput });
  return {
    completed: running.completed,
    open: () => running.open(),
    awaited: () => `worker process ${running.absent.join(", ")}`,
    report: (results) => running.report(results),
    fail: (error) => running.fail(error),
    stop: async () => {
      await running.stop();
      return running.lateFailure;
    },
  };
}

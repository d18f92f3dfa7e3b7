/** One run of a topology file, to its end: `storm-lab local`. */
import { resolve } from "node:path";
import type { Runtime, StormLabError } from "../base/index.ts";
import { loadTopology } from "../code/index.ts";
import { planTopology } from "../executor/index.ts";
import { mergeConf } from "../topology/index.ts";
import type { TopologyReport } from "../worker/index.ts";
import { dealTasks } from "./assign.ts";
import { inFlowOrder } from "./flow.ts";
import { InProcessTopology } from "./in-process.ts";
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
  /** Resolves when the topology is complete; rejects when it failed. */
  readonly completed: Promise<void>;
  /** Component ids, each after those that feed it. */
  readonly flow: readonly string[];
  /** Reading `results` takes the longer the more the topology has published; without them they are empty. */
  report(results: boolean): TopologyReport | Promise<TopologyReport>;
  stop(): Promise<void>;
}

export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { runtime, file, args, onError } = options;
  const loaded = await loadTopology(runtime, file, args);
  const topologyId = `${loaded.name}-1-${Math.floor(runtime.clock.nowMs() / 1000)}`;
  const conf = { "topology.workers": options.workers };
  const workers = dealTasks(
    planTopology(loaded.topology.description, mergeConf(loaded.conf, conf)),
    options.workers,
  ).size;
  const { warnings, components } = loaded.topology.description;
  const flow = inFlowOrder(components);
  if (workers === 1) {
    const { name, topology, codeDirectory } = loaded;
    const running = await InProcessTopology.start({
      runtime,
      topologyId,
      name,
      conf: loaded.conf,
      topology,
      workers,
      codeDirectory,
      onError,
    });
    return {
      name,
      workers,
      warnings,
      flow,
      completed: running.completed,
      report: (results) => running.report(results),
      stop: () => running.stop(),
    };
  }
  const order = { file: resolve(file), args, topologyId, conf, workers };
  const { workerCommand, onOutput } = options;
  const running = await ProcessesTopology.start({ runtime, workerCommand, order, onError, onOutput });
  return {
    name: loaded.name,
    workers,
    warnings,
    flow,
    completed: running.completed,
    report: (results) => running.report(results),
    stop: () => running.stop(),
  };
}

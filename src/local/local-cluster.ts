/** `LocalCluster`: topologies in this process, for programs and tests. Source: Storm, Local mode. */
import { exitCodes, type Runtime, realRuntime, StormLabError } from "../base/index.ts";
import { ownRunBegan } from "../code/index.ts";
import { type ConfLike, type StormTopology, toConf, validateConf, validateTopologyName } from "../topology/index.ts";
import type { TopologyReport } from "../worker/index.ts";
import { completeWithin } from "./deadline.ts";
import { InProcessTopology } from "./in-process.ts";

export interface LocalClusterOptions {
  /** Default: the real world. Give a simulated process's runtime for virtual time. */
  readonly runtime?: Runtime;
  /** Errors that components report or throw, and problems between workers. Default: the log. */
  readonly onError?: (error: StormLabError) => void;
}

/** A topology that was submitted. */
export interface LocalTopology {
  readonly name: string;
  /** As `waitForCompletion`. */
  waitForCompletion(deadlineMs?: number): Promise<TopologyReport>;
  report(): TopologyReport;
  activate(): void;
  deactivate(): void;
  kill(): Promise<void>;
}

export class LocalCluster implements AsyncDisposable {
  private readonly runtime: Runtime;
  private readonly onError: (error: StormLabError) => void;
  private readonly running = new Map<string, InProcessTopology>();
  private readonly overs = new Map<string, () => void>();
  private submitted = 0;

  constructor(options: LocalClusterOptions = {}) {
    this.runtime = options.runtime ?? realRuntime({ name: "local", self: { command: [] } });
    this.onError =
      options.onError ?? ((error) => this.runtime.log.error(`${error.code} ${error.message}; ${error.why}`));
  }

  /**
   * Runs until it is killed. `topology.workers` of the conf (default 1) gives the number of workers, here logical ones.
   * Errors: SL-TOPOLOGY-NAME, SL-TOPOLOGY-EXISTS, SL-CONF-VALUE.
   */
  async submitTopology(name: string, conf: ConfLike | null, topology: StormTopology): Promise<LocalTopology> {
    validateTopologyName(name);
    const plain = toConf(conf);
    validateConf(plain, "the topology's conf");
    if (this.running.has(name)) throw exists(name);
    const started = await InProcessTopology.start({
      runtime: this.runtime,
      topologyId: `${name}-${++this.submitted}-${Math.floor(this.runtime.clock.nowMs() / 1000)}`,
      name,
      conf: plain,
      topology,
      workers: (plain["topology.workers"] as number | undefined) ?? 1,
      codeDirectory: ".",
      onError: this.onError,
    });
    started.completed.catch((error: StormLabError) => this.onError(error));
    this.running.set(name, started);
    this.overs.set(name, ownRunBegan());
    return {
      name,
      waitForCompletion: (deadlineMs) => this.waitForCompletion(name, deadlineMs),
      report: () => started.report(),
      activate: () => started.activate(),
      deactivate: () => started.deactivate(),
      kill: () => this.killTopology(name),
    };
  }

  /**
   * Until every spout task has said `exhausted()` and nothing is pending or queued. `deadlineMs`: default 60,000. Errors:
   * SL-TOPOLOGY-UNKNOWN, SL-DEADLINE, and what user code threw.
   */
  async waitForCompletion(name: string, deadlineMs = 60_000): Promise<TopologyReport> {
    const topology = this.topology(name);
    await completeWithin(this.runtime, topology.completed, name, deadlineMs);
    return topology.report();
  }

  /** Stops the topology's tasks, then closes spouts and cleans up bolts. Error: SL-TOPOLOGY-UNKNOWN. */
  async killTopology(name: string): Promise<void> {
    const topology = this.topology(name);
    this.running.delete(name);
    try {
      await topology.stop();
    } finally {
      this.overs.get(name)?.();
      this.overs.delete(name);
    }
  }

  async shutdown(): Promise<void> {
    for (const name of [...this.running.keys()]) await this.killTopology(name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  private topology(name: string): InProcessTopology {
    const topology = this.running.get(name);
    if (topology !== undefined) return topology;
    throw new StormLabError({
      code: "SL-TOPOLOGY-UNKNOWN",
      what: `no topology "${name}" runs in this local cluster`,
      why: this.running.size === 0 ? "none runs at all" : `running: ${[...this.running.keys()].join(", ")}`,
      hint: "submit it first, or correct the name",
      exitCode: exitCodes.noCluster,
    });
  }
}

function exists(name: string): StormLabError {
  return new StormLabError({
    code: "SL-TOPOLOGY-EXISTS",
    what: `a topology "${name}" runs already`,
    why: "names are unique in a cluster",
    hint: "kill it first, or choose another name",
    exitCode: exitCodes.conflict,
  });
}

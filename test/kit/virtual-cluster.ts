/** A LocalCluster in a simulated world: topologies on virtual time, the same to the byte for the same seed. */
import { type Runtime, SimulatedWorld, StormLabError } from "../../src/base/index.ts";
import {
  type Conf,
  LocalCluster,
  type LocalTopology,
  type StormTopology,
  type TopologyReport,
} from "../../src/index.ts";

export interface VirtualClusterOptions {
  /** Default 1. */
  readonly seed?: number;
}

export class VirtualCluster {
  readonly world: SimulatedWorld;
  readonly runtime: Runtime;
  readonly cluster: LocalCluster;
  /** Reported, or thrown by components. */
  readonly errors: StormLabError[] = [];

  constructor({ seed = 1 }: VirtualClusterOptions = {}) {
    this.world = new SimulatedWorld({ seed, logLevel: "error" });
    this.runtime = this.world.start({ host: "local", name: "local" }).runtime;
    this.cluster = new LocalCluster({ runtime: this.runtime, onError: (error) => this.errors.push(error) });
  }

  submit(topology: StormTopology, conf: Conf = {}, name = "test"): Promise<LocalTopology> {
    return this.world.finish(this.cluster.submitTopology(name, conf, topology), { what: `${name} is submitted` });
  }

  /** Submits, waits for the end, kills. Rejects with what user code threw. */
  async complete(topology: StormTopology, conf: Conf = {}, deadlineMs = 600_000): Promise<TopologyReport> {
    const running = await this.submit(topology, conf);
    try {
      return await this.finish(running.waitForCompletion(deadlineMs), "the topology completes", deadlineMs * 2);
    } finally {
      await this.finish(running.kill(), "the topology is killed");
    }
  }

  finish<T>(promise: Promise<T>, what: string, deadlineMs = 60_000): Promise<T> {
    return this.world.finish(promise, { what, deadlineMs });
  }

  until(condition: () => boolean, what: string, deadlineMs = 60_000): Promise<void> {
    return this.world.until(condition, { what, deadlineMs });
  }
}

/** For `assert.rejects`: an error of ours with this code. */
export function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof StormLabError && error.code === code;
}

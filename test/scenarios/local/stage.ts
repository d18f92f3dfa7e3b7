/** Where a scenario plays: a topology on virtual time, and the journal of what its components did. */
import type { StormTopology } from "../../../src/index.ts";
import type { LocalTopology } from "../../../src/local/index.ts";
import type { Conf } from "../../../src/topology/index.ts";
import { VirtualCluster } from "../../kit/virtual-cluster.ts";

export interface Event {
  /** Virtual, since the topology was made. */
  readonly atMs: number;
  readonly componentId: string;
  readonly taskId: number;
  readonly what: "emits" | "acks" | "fails" | "executes";
  readonly value: string;
}

export class Stage {
  cluster = new VirtualCluster();
  topology: StormTopology | null = null;
  conf: Conf = {};
  running: LocalTopology | null = null;
  events: Event[] = [];
  private startMs = 0;

  /** Forgets what has played before. */
  async begin(conf: Conf): Promise<void> {
    await this.end();
    this.cluster = new VirtualCluster();
    this.conf = conf;
    this.events = [];
  }

  async end(): Promise<void> {
    if (this.running !== null) await this.cluster.finish(this.running.kill(), "the topology is killed");
    this.running = null;
  }

  /** Submits the topology, once. */
  async start(): Promise<LocalTopology> {
    if (this.topology === null) throw new Error("there is no topology yet");
    if (this.running !== null) return this.running;
    this.startMs = this.cluster.world.nowMs;
    this.running = await this.cluster.submit(this.topology, this.conf);
    return this.running;
  }

  note(componentId: string, taskId: number, what: Event["what"], value: string): void {
    this.events.push({ atMs: this.cluster.world.nowMs - this.startMs, componentId, taskId, what, value });
  }
}

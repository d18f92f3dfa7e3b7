/**
 * One worker of a topology: its tasks, wired to the tasks of the other workers. A cluster gives it a process of its own;
 * LocalCluster runs several in one.
 */
import { must, type Runtime, type StormLabError } from "../base/index.ts";
import {
  type RunnerListener,
  type Sightings,
  type TaskCounters,
  type TaskMetrics,
  TaskRunner,
  type TaskScope,
  type TopologyPlan,
} from "../executor/index.ts";
import type { Published, StormTopology, TaskHook } from "../topology/index.ts";
import type { Endpoint, Transport } from "../transport/index.ts";
import { Peers } from "./peers.ts";

/** Each worker of a topology has a number, 0 … 2³¹−1, the same for all of them; and here its tasks. */
export type TasksOfWorkers = ReadonlyMap<number, readonly number[]>;

export interface WorkerOptions {
  readonly runtime: Runtime;
  readonly topologyId: string;
  readonly topologyName: string;
  readonly topology: StormTopology;
  readonly plan: TopologyPlan;
  readonly assignment: TasksOfWorkers;
  /** This worker's number. */
  readonly worker: number;
  /** Port of its slot; 0 without one. */
  readonly port: number;
  readonly codeDirectory: string;
  readonly transport: Transport;
  readonly listener: WorkerListener;
  /** Given to every task. Default: none. */
  readonly hooks?: readonly TaskHook[];
  /** Where what debugging shows goes. Default: nowhere. */
  readonly sightings?: Sightings;
}

export interface WorkerListener extends Omit<RunnerListener, "pressure"> {
  /** A link that cannot send, frames that cannot be read, frames that were lost. */
  problem(error: StormLabError): void;
  /** The process of another worker is there; again after each of its restarts. */
  appeared?(worker: number): void;
}

/** Two equal answers of all workers, one after the other, with `sent` = `received` in sum, mean that nothing is left to do. */
export interface WorkerProgress {
  /** Nothing queued, nothing pending, spouts exhausted. */
  readonly quiet: boolean;
  /** Tuples to and from other workers. */
  readonly sent: number;
  readonly received: number;
}

export class Worker {
  private readonly options: WorkerOptions;
  private readonly runner: TaskRunner;
  private readonly peers: Peers;
  private readonly connected = new Set<number>();
  private endpoint: Endpoint | null = null;

  constructor(options: WorkerOptions) {
    const { runtime, plan, topology, listener } = options;
    this.options = options;
    this.peers = new Peers(options.worker, options.assignment, plan, () => this.runner, options.listener);
    this.runner = new TaskRunner({
      runtime,
      plan,
      topology,
      worker: {
        topologyId: options.topologyId,
        topologyName: options.topologyName,
        port: options.port,
        tasks: must(options.assignment.get(options.worker), `tasks of worker ${options.worker}`),
        codeDirectory: options.codeDirectory,
      },
      remote: this.peers,
      hooks: options.hooks ?? [],
      ...(options.sightings === undefined ? {} : { sightings: options.sightings }),
      listener: {
        failed: (failure) => listener.failed(failure),
        reported: (failure) => listener.reported(failure),
        pressure: (taskIds, full) => this.peers.tellPressure(taskIds, full),
      },
    });
  }

  /** Listens; resolves with the address for the other workers. */
  async listen(): Promise<string> {
    this.endpoint = await this.options.transport.open(this.peers);
    this.peers.endpoint = this.endpoint;
    return this.endpoint.address;
  }

  /** Addresses of all workers by number; may be called again when one has moved. */
  connect(addresses: ReadonlyMap<number, string>): void {
    const endpoint = must(this.endpoint, "an open endpoint");
    for (const [peer, address] of addresses) {
      if (peer === this.options.worker) continue;
      endpoint.connect(peer, address);
      this.connected.add(peer);
    }
  }

  /**
   * Tasks of other workers are elsewhere now; this worker's own are the same. What waits for a worker that is no longer of the
   * topology is dropped: tracked tuples among it time out and are replayed.
   */
  reassign(assignment: TasksOfWorkers, addresses: ReadonlyMap<number, string>): void {
    this.connect(addresses);
    this.peers.reroute(assignment);
    for (const peer of this.connected) {
      if (addresses.has(peer)) continue;
      this.connected.delete(peer);
      this.endpoint?.disconnect(peer);
      this.peers.forget(peer);
    }
  }

  /** Connected workers of which nothing has come yet; asks them for a sign of life. */
  askAbsent(): number[] {
    const absent = [...this.connected].filter((peer) => !this.peers.present.has(peer));
    for (const peer of absent) this.endpoint?.greet(peer);
    return absent;
  }

  /** Prepares bolts and opens spouts. False when user code threw: the listener has been told. */
  async open(): Promise<boolean> {
    try {
      await this.runner.open();
      return true;
    } catch {
      // The runner has told the listener whose error it was.
      return false;
    }
  }

  /** The task that `open` or `stop` waits for. */
  get awaited(): TaskScope | null {
    return this.runner.awaited;
  }

  start(active: boolean): void {
    this.runner.start(active);
  }

  activate(): void {
    this.runner.activate();
  }

  deactivate(): void {
    this.runner.deactivate();
  }

  /** Debug sampling, from now on: so much of each component's emits, in percent. */
  debug(percentOf: (componentId: string) => number): void {
    this.runner.debug(percentOf);
  }

  /** After an error outside of the tasks' calls: nothing of theirs runs any more, and `stop` does not close them. */
  abandon(): void {
    this.runner.abandon();
  }

  /** Storm's name for the thread that would now run the author's code, such as `split-executor[3, 4]`; null when none does. */
  get threadName(): string | null {
    const executing = this.runner.executing;
    if (executing === null) return null;
    const { componentId, tasks } = executing;
    return `${componentId}-executor[${tasks[0]}, ${tasks.at(-1)}]`;
  }

  get progress(): WorkerProgress {
    const stats = this.endpoint?.stats();
    return { quiet: this.runner.quiet, sent: stats?.tuplesSent ?? 0, received: stats?.tuplesReceived ?? 0 };
  }

  metrics(): TaskMetrics[] {
    return this.runner.metrics();
  }

  counters(): TaskCounters[] {
    return this.runner.counters();
  }

  results(): Map<string, Published[]> {
    return this.runner.results();
  }

  /** Closes spouts, cleans up bolts, then closes the endpoint after `lingerMs` at most. */
  async stop(lingerMs = 0): Promise<void> {
    await this.runner.stop();
    await this.endpoint?.close(lingerMs);
  }
}

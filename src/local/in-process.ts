/** A topology whose workers all live in this process: what LocalCluster runs, and `storm-lab local` with one worker. */
import type { Runtime, StormLabError, Timer } from "../base/index.ts";
import { type ComponentFailure, planTopology, type TaskScope } from "../executor/index.ts";
import { type Conf, mergeConf, type StormTopology, type TaskHook } from "../topology/index.ts";
import { InprocessHub } from "../transport/index.ts";
import {
  componentError,
  mergeReports,
  reportedError,
  type TopologyReport,
  Worker,
  type WorkerReport,
  workerReport,
} from "../worker/index.ts";
import { dealTasks } from "./assign.ts";
import { Completion } from "./completion.ts";

export interface InProcessOptions {
  readonly runtime: Runtime;
  readonly topologyId: string;
  readonly name: string;
  readonly conf: Conf;
  readonly topology: StormTopology;
  readonly workers: number;
  readonly codeDirectory: string;
  /** Given to every task, such as to see what it emits. */
  readonly hooks?: readonly TaskHook[];
  /** Reported errors and problems between workers: the topology goes on. What ends it rejects `completed`. */
  readonly onError?: (error: StormLabError) => void;
}

const completionPollMs = 10;

export class InProcessTopology {
  /** Resolves when every spout is exhausted and nothing is pending or queued; rejects when user code failed. Never settles after `stop`. */
  readonly completed: Promise<void>;
  /** What user code threw when `completed` had been settled, or during `stop`. */
  lateFailure: StormLabError | null = null;
  private readonly options: InProcessOptions;
  private readonly workers: Worker[];
  private readonly poll: Timer;
  private readonly startedMs: number;
  private failure: StormLabError | null = null;
  private over = false;
  private readonly settle: { reject: (error: StormLabError) => void };

  /** Makes the components; nothing runs before `open`. */
  constructor(options: InProcessOptions) {
    const { runtime, topology, conf, hooks } = options;
    this.options = options;
    const plan = planTopology(topology.description, mergeConf(conf, { "topology.workers": options.workers }));
    const assignment = dealTasks(plan, options.workers);
    const hub = new InprocessHub(runtime);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.completed = promise;
    this.settle = { reject };
    // Nobody needs to wait for completion.
    promise.catch(() => {});
    this.startedMs = runtime.clock.monotonicMs();
    this.workers = [...assignment.keys()].map(
      (worker) =>
        new Worker({
          runtime,
          topologyId: options.topologyId,
          topologyName: options.name,
          topology,
          plan,
          assignment,
          worker,
          port: 0,
          codeDirectory: options.codeDirectory,
          transport: hub.transport({ worker }),
          ...(hooks === undefined ? {} : { hooks }),
          listener: {
            failed: (failure) => this.failed(failure),
            reported: (failure) => options.onError?.(reportedError(failure)),
            problem: (error) => options.onError?.(error),
          },
        }),
    );
    const completion = new Completion();
    this.poll = runtime.timers.every(completionPollMs, () => {
      if (!completion.check(this.workers.map((worker) => worker.progress))) return;
      this.poll.cancel();
      this.over = true;
      resolve();
    });
  }

  static async start(options: InProcessOptions): Promise<InProcessTopology> {
    const running = new InProcessTopology(options);
    await running.open();
    return running;
  }

  /** Opens the components, then lets the spouts emit. When user code fails, `completed` tells. */
  async open(): Promise<void> {
    const addresses = await Promise.all(this.workers.map((worker) => worker.listen()));
    for (const worker of this.workers) worker.connect(new Map(addresses.entries()));
    for (const worker of this.workers) {
      if (!(await worker.open())) return;
    }
    for (const worker of this.workers) worker.start(true);
  }

  /** The task that `open` or `stop` waits for. */
  get awaited(): TaskScope | null {
    return this.workers.map((worker) => worker.awaited).find((scope) => scope !== null) ?? null;
  }

  /** Throws what `completed` rejects with when user code fails while its values are read. */
  report(results = true): TopologyReport {
    const reports = this.workers.map((worker) => this.reportOf(worker, results));
    return mergeReports(reports, this.options.runtime.clock.monotonicMs() - this.startedMs);
  }

  activate(): void {
    for (const worker of this.workers) worker.activate();
  }

  deactivate(): void {
    for (const worker of this.workers) worker.deactivate();
  }

  /** What code of the author's did outside of the components' methods: nothing of the topology runs any more. */
  fail(error: StormLabError): void {
    for (const worker of this.workers) worker.abandon();
    this.end(error);
  }

  async stop(): Promise<void> {
    this.poll.cancel();
    this.over = true;
    for (const worker of this.workers) await worker.stop();
  }

  private reportOf(worker: Worker, results: boolean): WorkerReport {
    try {
      return workerReport(results ? worker.results() : new Map(), worker.metrics());
    } catch (thrown) {
      throw this.failure ?? thrown;
    }
  }

  private failed(failure: ComponentFailure): void {
    this.end(componentError(failure));
  }

  private end(error: StormLabError): void {
    this.poll.cancel();
    this.failure = error;
    if (this.over) this.lateFailure ??= error;
    this.over = true;
    this.settle.reject(error);
  }
}

/** What the executors of this worker have counted, to ZooKeeper every `executor.metrics.frequency.secs`. */
import { messageOf, type Runtime, type Timer } from "../../base/index.ts";
import type { StormConf } from "../../conf/index.ts";
import type { ExecutorRange, TaskCounters } from "../../executor/index.ts";
import type { ClusterState } from "../../state/index.ts";
import { executorStats, type Snapshot, snapshotOf, type Window } from "./executor-stats.ts";
import type { WorkerSeat } from "./registration.ts";
import { SnapshotWindows, windowsSecs } from "./snapshot-windows.ts";

export interface StatisticsOptions {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  readonly state: ClusterState;
  readonly seat: WorkerSeat;
  readonly executors: readonly ExecutorRange[];
  /** `topology.stats.sample.rate`. */
  readonly rate: number;
  readonly counters: () => readonly TaskCounters[];
  /** Goes along with each telling; never rejects. */
  readonly written: () => Promise<void>;
}

export class Statistics {
  readonly #options: StatisticsOptions;
  readonly #windows: SnapshotWindows<Snapshot>;
  readonly #startMs: number;
  readonly #timers: Timer[];
  #writing: Promise<void> | null = null;
  #stopped = false;

  constructor(options: StatisticsOptions) {
    const { runtime, conf } = options;
    this.#options = options;
    this.#startMs = runtime.clock.monotonicMs();
    this.#windows = new SnapshotWindows({ startMs: this.#startMs, buckets: conf.number("num.stat.buckets") });
    const everyMs = conf.number("executor.metrics.frequency.secs") * 1000;
    this.#timers = [runtime.timers.every(everyMs, () => this.write())];
    const { periodMs } = this.#windows;
    if (everyMs > periodMs) this.#timers.push(runtime.timers.every(periodMs, () => this.#note()));
    this.write();
  }

  /** Now, unless it is being done. */
  write(): void {
    if (this.#writing !== null || this.#stopped) return;
    this.#writing = this.#write()
      .catch((error: unknown) => {
        this.#options.runtime.log.error(
          `Worker failed to write heartbeats to ZK or Pacemaker...will retry: ${messageOf(error)}`,
        );
      })
      .finally(() => {
        this.#writing = null;
      });
  }

  /** The beat goes with the worker that ends in order. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    await this.#writing;
    const { state, seat, runtime } = this.#options;
    await state.removeWorkerBeat(seat.topologyId, seat.node, seat.port).catch((error: unknown) => {
      runtime.log.debug(`Could not remove the worker's heartbeat: ${messageOf(error)}`);
    });
  }

  async #write(): Promise<void> {
    const { runtime, state, seat, executors, rate, written } = this.#options;
    const now = this.#note();
    await written();
    const windows: Window[] = [
      ...windowsSecs.map((secs): Window => [String(secs), this.#windows.before(secs)]),
      [":all-time", null],
    ];
    await state.setWorkerBeat(seat.topologyId, seat.node, seat.port, {
      storm_id: seat.topologyId,
      executor_stats: executorStats({ executors, now, windows, rate }),
      time_secs: Math.floor(runtime.clock.nowMs() / 1000),
      uptime_secs: Math.floor((runtime.clock.monotonicMs() - this.#startMs) / 1000),
    });
  }

  #note(): Snapshot {
    const snapshot = snapshotOf(this.#options.counters());
    this.#windows.note(this.#options.runtime.clock.monotonicMs(), snapshot);
    return snapshot;
  }
}

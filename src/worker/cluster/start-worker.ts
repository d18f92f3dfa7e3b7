/**
 * A worker of a cluster: one process that its supervisor has started for one slot. It says that it lives, loads the author's code,
 * joins the other workers, and runs its executors until it is stopped, is no longer assigned, or a component throws.
 */
import { ClusterWorker } from "./cluster-worker.ts";
import type { StartWorkerOptions } from "./worker-options.ts";

export interface RunningWorker {
  /**
   * Resolves when it has ended in order: it was stopped, or the slot is no longer its own. Rejects when it cannot go on: a component threw,
   * code that cannot be loaded, a port that is taken.
   */
  readonly ended: Promise<void>;
  /** Spouts and bolts are closed, as far as `supervisor.worker.shutdown.sleep.secs` allows. Idempotent. */
  stop(): Promise<void>;
}

export function startWorker(options: StartWorkerOptions): RunningWorker {
  const worker = new ClusterWorker(options);
  const ended = worker.run();
  ended.catch(() => undefined);
  return {
    ended,
    stop: async () => {
      worker.stop();
      await ended.catch(() => undefined);
    },
  };
}

/**
 * When is nothing left to do? When every worker is quiet, all that was sent was received, and a second look, a poll later, finds the
 * counters unchanged: then no tuple was under way between the two looks (Mattern's four counters).
 */
import type { WorkerProgress } from "../worker/index.ts";

export class Completion {
  private before: string | null = null;

  /** `progress`: one answer of each worker, from one round of asking. */
  check(progress: readonly WorkerProgress[]): boolean {
    const sent = progress.reduce((sum, worker) => sum + worker.sent, 0);
    const received = progress.reduce((sum, worker) => sum + worker.received, 0);
    if (sent !== received || !progress.every((worker) => worker.quiet)) {
      this.before = null;
      return false;
    }
    const now = progress.map((worker) => `${worker.sent} ${worker.received}`).join();
    const complete = this.before === now;
    this.before = now;
    return complete;
  }
}

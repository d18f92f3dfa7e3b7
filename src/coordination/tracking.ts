/**
 * What a task of a CoordinatedBolt knows of one id, and when it is through with it: every source task has told how many tuples it
 * sent, and as many have been taken. Source: CoordinatedBolt.TrackingInfo of Storm 2.8.
 */
import type { Tuple } from "../topology/index.ts";

export class Tracking {
  /** Source tasks that have told how many they sent. */
  reports = 0;
  expected = 0;
  received = 0;
  idReceived: boolean;
  failed = false;
  finishing = false;
  /** By task, how many this one emitted to it. */
  readonly emitted = new Map<number, number>();
  /** To be acked when it is through: until then they hold the tree. */
  readonly held: Tuple[] = [];

  /** `waitsForId`: an id tuple must come too. */
  constructor(waitsForId: boolean) {
    this.idReceived = !waitsForId;
  }

  emittedTo(tasks: readonly number[]): void {
    for (let i = 0; i < tasks.length; i++) {
      const task = tasks[i] as number;
      this.emitted.set(task, (this.emitted.get(task) ?? 0) + 1);
    }
  }

  /** `sourceReports`: how many must tell; 0: this is the first bolt, and each tuple is all of its id. */
  isThrough(sourceReports: number): boolean {
    if (!this.idReceived) return false;
    return sourceReports === 0 || (this.reports === sourceReports && this.expected === this.received);
  }
}

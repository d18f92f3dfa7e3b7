/** What the slots of a supervisor have done, in the words of Storm's SlotMetrics; and as Prometheus is told. */
import { counter, gauge, type MetricFamily } from "../metrics/index.ts";
import type { KillReason, SlotState } from "./slot-state.ts";

export class SlotCounts {
  launched = 0;
  startTimedOut = 0;
  /** With SIGKILL, as SIGTERM did not end them in time. */
  forceKilled = 0;
  readonly killed = new Map<KillReason, number>();

  kills(reason: KillReason): void {
    this.killed.set(reason, (this.killed.get(reason) ?? 0) + 1);
  }

  /** `states`: of the slots now. */
  families(states: readonly SlotState["name"][]): MetricFamily[] {
    return [
      gauge(
        "storm_supervisor_slots",
        "Slots, by what they are doing.",
        stateNames.map((state) => [{ state }, states.filter((each) => each === state).length] as const),
      ),
      counter("storm_supervisor_workers_launched_total", "Worker processes started.", this.launched),
      counter(
        "storm_supervisor_workers_killed_total",
        "Workers that were ended, or whose process had ended by itself (process-exit), by reason.",
        reasons.map((reason) => [{ reason }, this.killed.get(reason) ?? 0] as const),
      ),
      counter(
        "storm_supervisor_worker_start_timed_out_total",
        "Workers that gave no sign of life within supervisor.worker.start.timeout.secs.",
        this.startTimedOut,
      ),
      counter("storm_supervisor_force_kill_total", "Workers that SIGTERM did not end in time.", this.forceKilled),
    ];
  }
}

const stateNames: readonly SlotState["name"][] = [
  "EMPTY",
  "WAITING_FOR_BLOB_LOCALIZATION",
  "WAITING_FOR_WORKER_START",
  "RUNNING",
  "KILL",
  "KILL_AND_RELAUNCH",
];
const reasons: readonly KillReason[] = ["assignment-changed", "blob-changed", "hb-timeout", "process-exit"];

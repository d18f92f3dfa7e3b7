/**
 * How many errors of an executor reach ZooKeeper: `topology.max.error.report.per.interval` within
 * `topology.error.throttle.interval.secs`; the log gets all. Source: ReportError of Storm 2.8.
 */
import type { Conf } from "../../topology/index.ts";

export class ErrorThrottle {
  readonly #intervalMs: number;
  readonly #most: number;
  readonly #intervals = new Map<string, { startMs: number; reported: number }>();

  /** `conf`: with every topology key in it. */
  constructor(conf: Conf) {
    this.#intervalMs = (conf["topology.error.throttle.interval.secs"] as number) * 1000;
    this.#most = conf["topology.max.error.report.per.interval"] as number;
  }

  /** Whether this one may be reported. */
  admits(executor: string, nowMs: number): boolean {
    const known = this.#intervals.get(executor);
    const interval =
      known === undefined || nowMs - known.startMs > this.#intervalMs ? { startMs: nowMs, reported: 0 } : known;
    this.#intervals.set(executor, interval);
    return ++interval.reported <= this.#most;
  }
}

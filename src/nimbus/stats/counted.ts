/** What some executors, streams or inputs counted in one window, added up; and as the structs in which Storm's UI gets it. */
import type { ComponentAggregateStats, ExecutorStats } from "../../wire/thrift/index.ts";
import { average, sumInputs, sumStreams, totalOfInputs, totalOfStreams } from "./sums.ts";

export interface Counted {
  executors: number;
  tasks: number;
  emitted: number;
  transferred: number;
  acked: number;
  failed: number;
  executed: number;
  executeMs: number;
  processMs: number;
  completeMs: number;
  /** Of the busiest executor. */
  capacity: number;
}

export function nothingCounted(): Counted {
  return {
    executors: 0,
    tasks: 0,
    emitted: 0,
    transferred: 0,
    acked: 0,
    failed: 0,
    executed: 0,
    executeMs: 0,
    processMs: 0,
    completeMs: 0,
    capacity: 0,
  };
}

/** Adds to `sum`. */
export function addCounted(sum: Counted, more: Partial<Counted>): void {
  for (const key of Object.keys(more) as (keyof Counted)[]) {
    const value = more[key] ?? 0;
    sum[key] = key === "capacity" ? Math.max(sum.capacity, value) : sum[key] + value;
  }
}

/** Of one executor in one window. */
export function countedIn(stats: ExecutorStats, window: string, includeSys: boolean): Partial<Counted> {
  const sent = {
    emitted: sumStreams(stats.emitted.get(window), includeSys),
    transferred: sumStreams(stats.transferred.get(window), includeSys),
  };
  const { bolt, spout } = stats.specific;
  if (bolt !== undefined) {
    const executed = bolt.executed.get(window);
    return {
      ...sent,
      acked: sumInputs(bolt.acked.get(window)),
      failed: sumInputs(bolt.failed.get(window)),
      executed: sumInputs(executed),
      executeMs: totalOfInputs(bolt.execute_ms_avg.get(window), executed),
      processMs: totalOfInputs(bolt.process_ms_avg.get(window), executed),
    };
  }
  const acked = spout?.acked.get(window);
  return {
    ...sent,
    acked: sumStreams(acked, true),
    failed: sumStreams(spout?.failed.get(window), true),
    completeMs: totalOfStreams(spout?.complete_ms_avg.get(window), acked),
  };
}

export function spoutAggregate(counted: Counted): ComponentAggregateStats {
  const complete_latency_ms = average(counted.completeMs, counted.acked);
  return { type: "SPOUT", common_stats: commonOf(counted), specific_stats: { spout: { complete_latency_ms } } };
}

export function boltAggregate(counted: Counted): ComponentAggregateStats {
  const bolt = {
    execute_latency_ms: average(counted.executeMs, counted.executed),
    process_latency_ms: average(counted.processMs, counted.executed),
    executed: counted.executed,
    capacity: counted.capacity,
  };
  return { type: "BOLT", common_stats: commonOf(counted), specific_stats: { bolt } };
}

function commonOf(counted: Counted): NonNullable<ComponentAggregateStats["common_stats"]> {
  const { emitted, transferred, acked, failed } = counted;
  return { num_executors: counted.executors, num_tasks: counted.tasks, emitted, transferred, acked, failed };
}

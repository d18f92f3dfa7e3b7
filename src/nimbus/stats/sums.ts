/** Sums over windows and streams, and the averages weighted by counts that come out of them. */
import type { BoltStats, GlobalStreamId } from "../../wire/thrift/index.ts";
import { isSystemId } from "../system-topology.ts";

/** By input, as bolts count. */
type Inputs<T> = readonly (readonly [GlobalStreamId, T])[];

/** Storm's windows, in seconds, and everything since the start. */
export const windows = ["600", "10800", "86400", ":all-time"] as const;
/** The window over which capacity is computed. */
const capacityWindow = "600";

/** Emitted and transferred tuples of one window; those of system streams only if wanted. */
export function sumStreams(streams: ReadonlyMap<string, number> | undefined, includeSys: boolean): number {
  let sum = 0;
  for (const [stream, count] of streams ?? []) if (includeSys || !isSystemId(stream)) sum += count;
  return sum;
}

export function sumInputs(inputs: Inputs<number> | undefined): number {
  let sum = 0;
  for (const [, count] of inputs ?? []) sum += count;
  return sum;
}

/** Milliseconds in all: each stream's average times its count. */
export function totalOfStreams(
  averages: ReadonlyMap<string, number> | undefined,
  counts: ReadonlyMap<string, number> | undefined,
): number {
  let total = 0;
  for (const [stream, average] of averages ?? []) total += average * (counts?.get(stream) ?? 0);
  return total;
}

export function totalOfInputs(averages: Inputs<number> | undefined, counts: Inputs<number> | undefined): number {
  const countOf = new Map((counts ?? []).map(([input, count]) => [inputName(input), count]));
  let total = 0;
  for (const [input, average] of averages ?? []) total += average * (countOf.get(inputName(input)) ?? 0);
  return total;
}

/** 0 where nothing was counted. */
export function average(total: number, count: number): number {
  return count > 0 ? total / count : 0;
}

/** The part of the last ten minutes, or of its life if that is shorter, in which the executor was at work. */
export function capacityOf({ execute_ms_avg, executed }: BoltStats, uptimeSecs: number): number {
  const busyMs = totalOfInputs(execute_ms_avg.get(capacityWindow), executed.get(capacityWindow));
  return average(busyMs, Math.min(uptimeSecs, Number(capacityWindow)) * 1000);
}

export function inputName({ componentId, streamId }: GlobalStreamId): string {
  return JSON.stringify([componentId, streamId]);
}

/** Numbers that add up by name, in the order in which the names came. */
export class Tally<K extends string> {
  readonly #sums = new Map<K, number>();

  add(name: K, amount: number): void {
    this.#sums.set(name, (this.#sums.get(name) ?? 0) + amount);
  }

  get(name: K): number {
    return this.#sums.get(name) ?? 0;
  }
}

/**
 * How many tasks a component has, and how executors share them: one rule for nimbus, which cuts the executors, and for whoever runs a
 * topology without one. Source: Storm's Nimbus.componentParallelism and Utils.partitionFixed, 2.8.
 */
import type { Conf } from "./config.ts";

/** `conf`: the topology's with the component's on top; `hint`: with how many executors it starts. */
export function taskCount(hint: number, conf: Conf): number {
  const wanted = (conf["topology.tasks"] as number | null | undefined) ?? hint;
  const max = (conf["topology.max.task.parallelism"] as number | null | undefined) ?? wanted;
  return Math.min(wanted, max);
}

/** The larger parts first. No more parts than items: an executor without tasks is none. */
export function partitionFixed<T>(items: readonly T[], parts: number): T[][] {
  const size = Math.floor(items.length / parts);
  const larger = items.length % parts;
  const result: T[][] = [];
  for (let part = 0, start = 0; part < parts && start < items.length; part++) {
    const end = start + size + (part < larger ? 1 : 0);
    result.push(items.slice(start, end));
    start = end;
  }
  return result;
}

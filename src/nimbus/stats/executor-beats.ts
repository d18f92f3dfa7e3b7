/** What the executors of a topology counted, as the last heartbeats of their workers in ZooKeeper say it. */
import type { ClusterState } from "../../state/index.ts";
import type { Assignment, ClusterWorkerHeartbeat, ExecutorStats, NodeInfo } from "../../wire/thrift/index.ts";
import type { Executor } from "../system-topology.ts";

export interface ExecutorPlace {
  readonly executor: Executor;
  readonly componentId: string;
  /** The supervisor's id. */
  readonly node: string;
  readonly host: string;
  readonly port: number;
}

export interface ExecutorBeat extends ExecutorPlace {
  readonly uptimeSecs: number;
  readonly stats: ExecutorStats;
}

/** Where the executors are assigned, in the order of their tasks. */
export function placesOf(assignment: Assignment | null, components: ReadonlyMap<number, string>): ExecutorPlace[] {
  const places = (assignment?.executor_node_port ?? []).map(([[first = 0, last = 0], slot]): ExecutorPlace => {
    const node = slot.node;
    const host = assignment?.node_host.get(node) ?? node;
    return { executor: [first, last], componentId: components.get(first) ?? "", node, host, port: portOf(slot) };
  });
  return places.sort((a, b) => a.executor[0] - b.executor[0]);
}

export function portOf({ port }: NodeInfo): number {
  return [...port][0] ?? 0;
}

/** `node:port`. */
export function slotName(node: string, port: number): string {
  return `${node}:${port}`;
}

/**
 * Only beats of workers that are assigned, and of them only executors that are assigned there: a worker that died long ago, or
 * whose clock is wrong, says nothing. Executors without a beat are left out.
 */
export async function readBeats(
  state: ClusterState,
  id: string,
  places: readonly ExecutorPlace[],
): Promise<ExecutorBeat[]> {
  const bySlot = new Map(places.map((place) => [slotName(place.node, place.port), place]));
  const beats = new Map<string, ClusterWorkerHeartbeat | null>();
  await Promise.all(
    [...bySlot].map(async ([slot, { node, port }]) => {
      beats.set(slot, await state.workerBeat(id, node, port));
    }),
  );
  return places.flatMap((place) => {
    const beat = beats.get(slotName(place.node, place.port));
    const found = beat?.executor_stats.find(
      ([{ task_start, task_end }]) => task_start === place.executor[0] && task_end === place.executor[1],
    );
    return beat == null || found === undefined ? [] : [{ ...place, uptimeSecs: beat.uptime_secs, stats: found[1] }];
  });
}

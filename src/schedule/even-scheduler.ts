/**
 * Storm's EvenScheduler and DefaultScheduler: the workers of a topology are spread over the nodes, its executors dealt to them in turn.
 * Source: their code and the page Storm-Scheduler, 2.8. One topology after the other, each judged alone.
 */
import { bySlot, type Cluster, freePorts } from "./cluster.ts";
import type { PlannedExecutor, PlannedTopology } from "./planned-topology.ts";
import type { Slot } from "./snapshot.ts";

/** Places what has no slot; what runs stays. */
export function scheduleEvenly(cluster: Cluster, topologies: readonly PlannedTopology[]): void {
  for (const topology of needy(cluster, topologies)) deal(cluster, topology);
}

/**
 * As `scheduleEvenly`, but workers that have more or fewer executors than an even share are dissolved first, when executors wait or more
 * workers can be had than run.
 */
export function scheduleByDefault(cluster: Cluster, topologies: readonly PlannedTopology[]): void {
  for (const topology of needy(cluster, topologies)) {
    const workers = cluster.workersOf(topology);
    const reassignable = workers.filter(({ slot }) => cluster.mayReassign(slot)).length;
    const slots = Math.min(topology.details.numWorkers, reassignable + cluster.freeSlots());
    if (slots > workers.length || cluster.unassigned(topology).length > 0) {
      for (const { slot } of badSlots(workers, topology.executors.length, slots)) cluster.free(slot);
    }
    deal(cluster, topology);
  }
}

/** Those with executors that wait come before those that only want more workers: nobody is kept out by somebody who spreads. */
function needy(cluster: Cluster, topologies: readonly PlannedTopology[]): PlannedTopology[] {
  const all = topologies.filter((topology) => cluster.needsScheduling(topology));
  const waits = (topology: PlannedTopology) => cluster.unassigned(topology).length > 0;
  return [...all.filter(waits), ...all.filter((topology) => !waits(topology))];
}

/**
 * Free slots in the order in which they are given away: the first port of each node, then the second of each, nodes with more free
 * slots first, then by their ids.
 */
function spread(cluster: Cluster, slotsMax: number): Slot[] {
  const groups = [...cluster.nodes]
    .map((node) => ({ node: node.id, ports: freePorts(node) }))
    .filter(({ ports }) => ports.length > 0)
    .sort((a, b) => b.ports.length - a.ports.length);
  const slots: Slot[] = [];
  for (let turn = 0; turn < (groups[0]?.ports.length ?? 0); turn++) {
    for (const { node, ports } of groups) {
      if (slots.length >= slotsMax) return slots;
      const port = ports[turn];
      if (port !== undefined) slots.push({ node, port });
    }
  }
  return slots;
}

function deal(cluster: Cluster, topology: PlannedTopology): void {
  const slots = spread(cluster, topology.details.numWorkers - cluster.workersOf(topology).length);
  if (slots.length === 0) return;
  const hands: PlannedExecutor[][] = slots.map(() => []);
  for (const [turn, executor] of cluster.unassigned(topology).entries()) hands[turn % slots.length]?.push(executor);
  for (const [index, slot] of slots.entries()) {
    const executors = hands[index] ?? [];
    if (executors.length > 0) cluster.assign(slot, topology, executors);
  }
}

/** Workers whose number of executors is none of those that an even share over `slots` has. */
function badSlots<W extends { readonly slot: Slot; readonly executors: readonly unknown[] }>(
  workers: readonly W[],
  executors: number,
  slots: number,
): W[] {
  if (slots === 0) return [];
  const shares = evenShares(executors, slots);
  return [...workers].sort(bySlot).filter(({ executors: { length } }) => {
    const left = shares.get(length) ?? 0;
    shares.set(length, left - 1);
    return left <= 0;
  });
}

/** Size of a share → how many of that size. */
function evenShares(items: number, shares: number): Map<number, number> {
  const smaller = Math.floor(items / shares);
  const larger = items % shares;
  return new Map([
    [smaller, shares - larger],
    [smaller + 1, larger],
  ]);
}

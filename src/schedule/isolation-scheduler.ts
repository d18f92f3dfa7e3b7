/**
 * Storm's IsolationScheduler: the topologies in `isolation.scheduler.machines` get whole machines, the others share the rest. While one of
 * the isolated lacks a machine, the others get nothing. Source: its code and the page Storm-Scheduler, 2.8; where Storm shuffles machines,
 * names decide.
 */
import { bySlot, type Cluster, type Node, type Worker } from "./cluster.ts";
import { scheduleByDefault } from "./even-scheduler.ts";
import type { PlannedExecutor, PlannedTopology } from "./planned-topology.ts";
import type { Slot } from "./snapshot.ts";

/** Topology name → how many machines. */
export type Machines = ReadonlyMap<string, number>;

/** Places all topologies; answers with words about those that wait. */
export function scheduleIsolated(cluster: Cluster, machines: Machines): ReadonlyMap<string, string> {
  const wishes = new Map<string, Wish>();
  for (const topology of cluster.topologies) {
    const count = machines.get(topology.details.name) ?? 0;
    if (count > 0 && topology.executors.length > 0) wishes.set(topology.id, wishOf(topology, count));
  }
  keepWhatFits(cluster, wishes);
  takeMachines(cluster, [...wishes.values()]);
  const unmet = [...wishes.values()].filter(({ sizes }) => sizes.length > 0);
  const others = cluster.topologies.filter(({ id }) => !wishes.has(id));
  if (unmet.length === 0) {
    scheduleByDefault(cluster, others);
    return new Map();
  }
  for (const nodes of hostsOf(cluster).values())
    for (const { slot } of nodes.filter(({ open }) => open).flatMap(workersOn)) cluster.free(slot);
  const names = unmet.map(({ topology }) => topology.details.name).join(", ");
  return new Map([
    ...others.map(({ id }) => [id, `Waits until isolated topologies have their machines: ${names}`] as const),
    ...unmet.map(({ topology, sizes, machines: all }) => [topology.id, unmetMessage(sizes, all)] as const),
  ]);
}

/** What an isolated topology still has to get. */
interface Wish {
  readonly topology: PlannedTopology;
  readonly machines: number;
  /** Workers for each machine, descending. */
  readonly sizes: number[];
  /** The executors of each worker, by `signature`. */
  readonly workers: Map<string, readonly PlannedExecutor[]>;
}

function wishOf(topology: PlannedTopology, machines: number): Wish {
  const hands = dealt(topology.executors, topology.usefulWorkers);
  const sizes = dealt(hands, Math.min(machines, hands.length)).map(({ length }) => length);
  return { topology, machines, sizes, workers: new Map(hands.map((hand) => [signature(hand), hand])) };
}

function dealt<T>(items: readonly T[], hands: number): T[][] {
  return Array.from({ length: hands }, (_, hand) => items.filter((_item, index) => index % hands === hand));
}

/** A machine on which one isolated topology has workers as it should is closed to all others; its other workers are dissolved. */
function keepWhatFits(cluster: Cluster, wishes: ReadonlyMap<string, Wish>): void {
  for (const [host, nodes] of hostsOf(cluster)) {
    const workers = nodes.flatMap(workersOn);
    const wish = wishes.get(workers[0]?.topology.id ?? "");
    const size = wish?.sizes.indexOf(workers.length) ?? -1;
    if (
      wish !== undefined &&
      size >= 0 &&
      workers.every((one) => one.topology === wish.topology && wish.workers.has(signature(one.executors)))
    ) {
      wish.sizes.splice(size, 1);
      for (const { executors } of workers) wish.workers.delete(signature(executors));
      cluster.closeHost(host);
    } else {
      for (const { slot, topology } of workers) if (wishes.has(topology.id)) cluster.free(slot);
    }
  }
}

function takeMachines(cluster: Cluster, wishes: readonly Wish[]): void {
  const hosts = [...hostsOf(cluster)]
    .map(([host, nodes]) => ({ host, nodes, slots: nodes.flatMap(slotsOn) }))
    .sort((a, b) => b.slots.length - a.slots.length);
  for (const { topology, sizes, workers } of wishes) {
    for (const size of [...sizes]) {
      const [machine] = hosts;
      if (machine === undefined || machine.slots.length < size) break;
      hosts.shift();
      for (const { slot } of machine.nodes.flatMap(workersOn)) cluster.free(slot);
      for (const slot of machine.slots.slice(0, size)) {
        const [next] = workers;
        if (next === undefined) break;
        workers.delete(next[0]);
        cluster.assign(slot, topology, next[1]);
      }
      sizes.splice(sizes.indexOf(size), 1);
      cluster.closeHost(machine.host);
    }
  }
}

/** In the order of their names. */
function hostsOf(cluster: Cluster): Map<string, Node[]> {
  const hosts = new Map<string, Node[]>();
  for (const node of cluster.nodes) hosts.set(node.host, [...(hosts.get(node.host) ?? []), node]);
  return new Map([...hosts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function workersOn({ workers }: Node): Worker[] {
  return [...workers.values()].sort(bySlot);
}

function slotsOn({ id, ports }: Node): Slot[] {
  return ports.map((port) => ({ node: id, port }));
}

function signature(executors: readonly PlannedExecutor[]): string {
  return executors
    .map(({ tasks: [first] }) => first)
    .sort((a, b) => a - b)
    .join();
}

function unmetMessage(sizes: readonly number[], machines: number): string {
  const have = Math.max(0, machines - sizes.length);
  return `Not enough machines: ${have} of ${machines} for this isolated topology; the next must have ${sizes[0]} slots`;
}

/**
 * The cluster in the middle of a round of scheduling: who has which slot. Nodes and workers are replaced, never changed, so that a copy
 * to try things on costs little. Source of the rules: Storm's Cluster and Nimbus.computeNewSchedulerAssignments, 2.8.
 */
import { assert, must } from "../base/index.ts";
import { inOrder, type PlannedExecutor, type PlannedTopology } from "./planned-topology.ts";
import { memoryOf, minus, nothing, type Offer, offerOf, plus, type Request, workerResources } from "./resources.ts";
import type { ClusterSnapshot, Slot, SupervisorDetails, WorkerResources } from "./snapshot.ts";

export interface Worker {
  readonly topology: PlannedTopology;
  readonly slot: Slot;
  readonly executors: readonly PlannedExecutor[];
  /** Not counting what its node shares. */
  readonly total: Request;
  readonly resources: WorkerResources;
}

export interface Node {
  readonly id: string;
  /** Undefined: its supervisor is away; workers may live there, nothing new is placed. */
  readonly supervisor: SupervisorDetails | undefined;
  /** A node whose supervisor is away is a machine of its own. */
  readonly host: string;
  /** False: its host is avoided, or taken as a whole. */
  readonly open: boolean;
  /** Ascending; those that may be given away, in use or not. None where it is not open. */
  readonly ports: readonly number[];
  readonly workers: ReadonlyMap<number, Worker>;
  readonly offer: Offer;
  /** What is left of it. */
  readonly available: Offer;
}

interface Contents {
  readonly topologies: readonly PlannedTopology[];
  readonly minWorkerCpu: number;
  readonly nodes: Map<string, Node>;
  /** By topology id, then by `keyOf` the slot. */
  readonly workers: Map<string, ReadonlyMap<string, Worker>>;
  readonly greylisted: ReadonlySet<string>;
  readonly deadPorts: ReadonlyMap<string, ReadonlySet<number>>;
}

export class Cluster {
  readonly topologies: readonly PlannedTopology[];
  readonly minWorkerCpu: number;
  readonly greylisted: ReadonlySet<string>;
  readonly deadPorts: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #nodes: Map<string, Node>;
  readonly #workers: Map<string, ReadonlyMap<string, Worker>>;

  constructor(contents: Contents) {
    this.topologies = contents.topologies;
    this.minWorkerCpu = contents.minWorkerCpu;
    this.greylisted = contents.greylisted;
    this.deadPorts = contents.deadPorts;
    this.#nodes = contents.nodes;
    this.#workers = contents.workers;
  }

  copy(): Cluster {
    return new Cluster({ ...this, nodes: new Map(this.#nodes), workers: new Map(this.#workers) });
  }

  /** In the order of their ids. */
  get nodes(): Iterable<Node> {
    return this.#nodes.values();
  }

  node(id: string): Node {
    return must(this.#nodes.get(id), `node ${id}`);
  }

  /** In the order of node and port. */
  workersOf(topology: PlannedTopology): Worker[] {
    return [...(this.#workers.get(topology.id)?.values() ?? [])].sort(bySlot);
  }

  workerAt({ node, port }: Slot): Worker | undefined {
    return this.#nodes.get(node)?.workers.get(port);
  }

  /** In the order of their tasks. */
  unassigned(topology: PlannedTopology): PlannedExecutor[] {
    const workers = this.#workers.get(topology.id);
    if (workers === undefined) return [...topology.executors];
    const assigned = new Set([...workers.values()].flatMap(({ executors }) => executors));
    return topology.executors.filter((executor) => !assigned.has(executor));
  }

  needsScheduling(topology: PlannedTopology): boolean {
    const workers = this.#workers.get(topology.id)?.size ?? 0;
    return topology.details.numWorkers > workers || this.unassigned(topology).length > 0;
  }

  mayReassign({ node, port }: Slot): boolean {
    return this.node(node).ports.includes(port);
  }

  freeSlots(): number {
    let free = 0;
    for (const node of this.#nodes.values()) free += freePorts(node).length;
    return free;
  }

  assign(slot: Slot, topology: PlannedTopology, executors: readonly PlannedExecutor[]): void {
    const node = this.node(slot.node);
    assert(!node.workers.has(slot.port), `slot ${keyOf(slot)} is free`);
    const worker = workerOf(topology, slot, executors, this.minWorkerCpu);
    this.#nodes.set(node.id, withWorkers(node, new Map([...node.workers, [slot.port, worker]])));
    this.#workers.set(topology.id, new Map([...(this.#workers.get(topology.id) ?? []), [keyOf(slot), worker]]));
  }

  free(slot: Slot): void {
    const node = this.node(slot.node);
    const { topology } = must(node.workers.get(slot.port), `worker at ${keyOf(slot)}`);
    const rest = new Map(node.workers);
    rest.delete(slot.port);
    this.#nodes.set(node.id, withWorkers(node, rest));
    const others = new Map(this.#workers.get(topology.id));
    others.delete(keyOf(slot));
    this.#workers.set(topology.id, others);
  }

  /** Nothing is placed on these hosts from here on. */
  closeHost(host: string): void {
    for (const node of this.#nodes.values())
      if (node.host === host) this.#nodes.set(node.id, { ...node, open: false, ports: [] });
  }
}

/** Ascending. */
export function freePorts({ ports, workers }: Node): readonly number[] {
  return workers.size === 0 ? ports : ports.filter((port) => !workers.has(port));
}

/** What is asked for by a worker with these executors. */
export function workerOf(
  topology: PlannedTopology,
  slot: Slot,
  executors: readonly PlannedExecutor[],
  minWorkerCpu: number,
): Worker {
  let [onHeap, offHeap, cpu] = [0, 0, 0];
  const generic = new Map<string, number>();
  for (const executor of executors) {
    const request = topology.requestOf(executor);
    onHeap += request.onHeap;
    offHeap += request.offHeap;
    cpu += request.cpu;
    for (const [name, amount] of request.generic) generic.set(name, (generic.get(name) ?? 0) + amount);
  }
  const shared = { onHeap: 0, offHeap: 0 };
  for (const piece of topology.sharedBy(executors)) {
    shared.onHeap += piece.onHeap;
    shared.offHeap += piece.offHeapWorker;
  }
  const total = {
    onHeap: onHeap + shared.onHeap,
    offHeap: offHeap + shared.offHeap,
    cpu: Math.max(cpu, minWorkerCpu),
    generic,
  };
  return { topology, slot, executors, total, resources: workerResources(total, shared) };
}

/** Memory that the workers of each topology share on a node. */
export function sharedOnNode(workers: Iterable<Worker>): number {
  const executors = new Map<PlannedTopology, PlannedExecutor[]>();
  for (const worker of workers) {
    if (worker.topology.details.sharedMemory === undefined) continue;
    executors.set(worker.topology, [...(executors.get(worker.topology) ?? []), ...worker.executors]);
  }
  let memory = 0;
  for (const [topology, theirs] of executors)
    for (const { offHeapNode } of topology.sharedBy(theirs)) memory += offHeapNode;
  return memory;
}

/** `conf`: nimbus's. What dead executors had is not free in this round, and they are nowhere. */
export function clusterOf(snapshot: ClusterSnapshot, minWorkerCpu: number): Cluster {
  const topologies = inOrder(snapshot.topologies);
  const deadPorts = deadPortsOf(snapshot);
  const closed = snapshot.blacklistedHosts ?? new Set<string>();
  const nodes = new Map<string, Node>();
  const supervisors = new Map(snapshot.supervisors.map((supervisor) => [supervisor.id, supervisor]));
  const away = [...snapshot.assignments.values()].flat().map(({ slot }) => slot.node);
  for (const id of [...new Set([...supervisors.keys(), ...away])].sort()) {
    const supervisor = supervisors.get(id);
    const dead = deadPorts.get(id);
    const host = supervisor?.host ?? id;
    const open = !closed.has(host);
    const all = open ? new Set(supervisor?.ports) : [];
    const ports = [...all].filter((port) => dead?.has(port) !== true).sort((a, b) => a - b);
    const offer = supervisor === undefined ? nothing : offerOf(supervisor.resources);
    nodes.set(id, { id, supervisor, host, open, ports, workers: new Map(), offer, available: offer });
  }
  const greylisted = snapshot.greylistedSupervisors ?? new Set<string>();
  const cluster = new Cluster({ topologies, minWorkerCpu, nodes, workers: new Map(), greylisted, deadPorts });
  for (const topology of topologies) takeOver(cluster, topology, snapshot);
  return cluster;
}

export function keyOf({ node, port }: Slot): string {
  return `${node}:${port}`;
}

export function bySlot(a: { readonly slot: Slot }, b: { readonly slot: Slot }): number {
  if (a.slot.node !== b.slot.node) return a.slot.node < b.slot.node ? -1 : 1;
  return a.slot.port - b.slot.port;
}

/** What lives of the topology's assignment; a slot that an older topology has is not its own. */
function takeOver(cluster: Cluster, topology: PlannedTopology, snapshot: ClusterSnapshot): void {
  const gone = new Set((snapshot.deadExecutors?.get(topology.id) ?? []).map((tasks) => topology.executor(tasks)));
  for (const { slot, executors } of [...(snapshot.assignments.get(topology.id) ?? [])].sort(bySlot)) {
    const alive: PlannedExecutor[] = [];
    for (const tasks of executors) {
      const executor = topology.executor(tasks);
      if (executor === undefined || gone.has(executor)) continue;
      gone.add(executor);
      alive.push(executor);
    }
    if (alive.length > 0 && cluster.workerAt(slot) === undefined) cluster.assign(slot, topology, alive);
  }
}

function deadPortsOf({ assignments, deadExecutors }: ClusterSnapshot): ReadonlyMap<string, ReadonlySet<number>> {
  const ports = new Map<string, Set<number>>();
  for (const [id, executors] of deadExecutors ?? []) {
    const dead = new Set(executors.map(String));
    for (const { slot, executors: placed } of assignments.get(id) ?? []) {
      if (placed.some((tasks) => dead.has(String(tasks))))
        ports.set(slot.node, (ports.get(slot.node) ?? new Set()).add(slot.port));
    }
  }
  return ports;
}

function withWorkers(node: Node, workers: ReadonlyMap<number, Worker>): Node {
  let used = nothing;
  for (const { total } of workers.values())
    used = plus(used, { memory: memoryOf(total), cpu: total.cpu, generic: total.generic });
  used = { ...used, memory: used.memory + sharedOnNode(workers.values()) };
  return { ...node, workers, available: minus(node.offer, used) };
}

/**
 * Whether a topology could fit at all, and what is missing when it did not: decides whether a search is worth its time, and how many
 * topologies of lower priority have to go. Source: Storm's ResourceAwareScheduler, 2.8.
 */
import { type Cluster, sharedOnNode, type Worker } from "../cluster.ts";
import type { PlannedExecutor, PlannedTopology } from "../planned-topology.ts";
import { asOffer, holds, isOverZero, minus, nothing, type Offer, plus } from "../resources.ts";

/** All executors' requests, and the memory that they share. */
export function requiredBy(topology: PlannedTopology): Offer {
  const { cpu, memory, generic } = sumOf(topology, topology.executors);
  return { cpu, memory: memory + sharedMemory(topology), generic };
}

export class Demand {
  readonly #topology: PlannedTopology;
  readonly #required: Offer;
  readonly #requiredMemory: number;
  #available: Offer;
  #availableMemory: number;
  /** What runs already. */
  #placed: Offer = nothing;
  #placedMemory = 0;
  /** Undefined until a search has failed. */
  #missing: { readonly resources: Offer; readonly memory: number } | undefined;

  constructor(cluster: Cluster, topology: PlannedTopology) {
    this.#topology = topology;
    this.#required = sumOf(topology, topology.executors);
    this.#requiredMemory = this.#required.memory + sharedMemory(topology);
    this.#available = [...cluster.nodes]
      .filter(({ supervisor, open }) => supervisor !== undefined && open)
      .reduce((sum, { available }) => plus(sum, available), nothing);
    this.#availableMemory = this.#available.memory;
    this.#look(cluster);
  }

  /** False: there is no hope. */
  mayFit(): boolean {
    if (!holds(plus(this.#available, this.#placed), this.#required)) return false;
    if (this.#availableMemory + this.#placedMemory < this.#requiredMemory) return false;
    return this.#missing === undefined || (!isOverZero(this.#missing.resources) && this.#missing.memory <= 0);
  }

  /** A search ended with this much placed. */
  failed(trial: Cluster): void {
    this.#look(trial);
    this.#missing = {
      resources: minus(this.#required, this.#placed),
      memory: this.#requiredMemory - this.#placedMemory,
    };
  }

  /** Another search begins. */
  again(): void {
    this.#missing = undefined;
  }

  evicted(topology: PlannedTopology, workers: readonly Worker[]): void {
    const freed = sumOf(
      topology,
      workers.flatMap(({ executors }) => executors),
    );
    const memory = memoryOfAll(workers);
    this.#available = plus(this.#available, freed);
    this.#availableMemory += memory;
    if (this.#missing === undefined) return;
    this.#missing = { resources: minus(this.#missing.resources, freed), memory: this.#missing.memory - memory };
  }

  /** Storm's words. */
  shortage(): string {
    const { resources, memory } = this.#missing ?? { resources: nothing, memory: 0 };
    const left = minus(this.#available, this.#placed);
    const parts: string[] = [];
    if (memory > 0) parts.push(`Additional Memory Required: ${memory} MB (Available: ${left.memory} MB).`);
    if (resources.cpu > 0) parts.push(`Additional CPU Required: ${resources.cpu}% CPU (Available: ${left.cpu} % CPU).`);
    for (const [name, amount] of resources.generic)
      if (amount > 0) parts.push(`Additional ${name} Required: ${amount} (Available: ${left.generic.get(name) ?? 0}).`);
    return parts.join(" ");
  }

  #look(cluster: Cluster): void {
    const workers = cluster.workersOf(this.#topology);
    this.#placed = sumOf(
      this.#topology,
      workers.flatMap(({ executors }) => executors),
    );
    this.#placedMemory = memoryOfAll(workers);
  }
}

function sumOf(topology: PlannedTopology, executors: readonly PlannedExecutor[]): Offer {
  return executors.reduce((sum, executor) => plus(sum, asOffer(topology.requestOf(executor))), nothing);
}

function sharedMemory({ details }: PlannedTopology): number {
  return Object.values(details.sharedMemory ?? {}).reduce(
    (sum, { onHeap, offHeapWorker, offHeapNode }) => sum + onHeap + offHeapWorker + offHeapNode,
    0,
  );
}

/** With what they share. All are of one topology. */
function memoryOfAll(workers: readonly Worker[]): number {
  const byNode = Map.groupBy(workers, ({ slot }) => slot.node);
  let memory = 0;
  for (const { total } of workers) memory += total.onHeap + total.offHeap;
  for (const theirs of byNode.values()) memory += sharedOnNode(theirs);
  return memory;
}

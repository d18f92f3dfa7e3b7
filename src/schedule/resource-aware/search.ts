/**
 * Places the executors of one topology, one after the other, each in the first slot where it fits; where none fits, the one before it is
 * moved on. Source: Storm's BaseResourceAwareStrategy and SchedulingSearcherState, 2.8 (DefaultResourceAwareStrategy adds nothing).
 */
import { assert, must } from "../../base/index.ts";
import { type Cluster, freePorts, keyOf, type Node, sharedOnNode, type Worker, workerOf } from "../cluster.ts";
import type { PlannedExecutor, PlannedTopology } from "../planned-topology.ts";
import { asOffer, holds, memoryOf } from "../resources.ts";
import type { Slot } from "../snapshot.ts";
import { ackerId, inPlacingOrder, isAcker } from "./executor-order.ts";
import { NodeOrder, Places } from "./node-order.ts";

export interface SearchResult {
  readonly success: boolean;
  /** How much was tried, in Storm's words. */
  readonly message: string;
}

/** So many nodes are looked at without getting further, at most. In place of Storm's limit in seconds: there is no clock here. */
const looksMax = 200_000;

/** Changes `cluster` on the way, also when it fails. */
export class Search {
  readonly #cluster: Cluster;
  readonly #topology: PlannedTopology;
  readonly #statesMax: number;
  readonly #executors: readonly PlannedExecutor[];
  readonly #places: Places;
  /** Slots that were free when the search began, by node. */
  readonly #slots = new Map<string, readonly Slot[]>();
  /** By index of the executor: where it is, and which slots were tried for it since the one before it was placed. */
  readonly #placed: Slot[] = [];
  readonly #tried: Set<string>[] = [];
  readonly #ackers: BoundAckers;
  #index = 0;
  #states = 0;
  #backtracks = 0;
  #furthest = 0;
  #looks = 0;

  constructor(cluster: Cluster, topology: PlannedTopology, statesMax: number) {
    this.#cluster = cluster;
    this.#topology = topology;
    this.#statesMax = statesMax;
    this.#executors = inPlacingOrder(topology, cluster.unassigned(topology));
    this.#places = new Places(cluster, topology);
    this.#ackers = new BoundAckers(topology, this.#executors.filter(isAcker));
    for (const node of cluster.nodes)
      this.#slots.set(
        node.id,
        freePorts(node).map((port) => ({ node: node.id, port })),
      );
  }

  run(): SearchResult {
    let order: NodeOrder | undefined;
    for (;;) {
      if (this.#index === this.#executors.length) return this.#result(true);
      if (this.#states > this.#statesMax || this.#looks > looksMax) return this.#result(false);
      const executor = must(this.#executors[this.#index], "executor");
      if (this.#ackers.has(executor)) {
        this.#index++;
        continue;
      }
      // Storm takes a fresh look before an executor of the same component as the last one, and keeps its order before another.
      if (order === undefined || this.#sameComponentAsLast()) {
        this.#looks += this.#slots.size;
        order = new NodeOrder(this.#places, this.#cluster, this.#topology, this.#topology.requestOf(executor));
      }
      if (this.#place(executor, order)) continue;
      order = undefined;
      if (!this.#backtrack()) return this.#result(false);
    }
  }

  /** In the first slot that fits, without those that were tried for it before. False: there is none. */
  #place(executor: PlannedExecutor, order: NodeOrder): boolean {
    this.#tried[this.#index] ??= new Set();
    const tried = must(this.#tried[this.#index], "tried slots");
    for (const id of order) {
      this.#looks++;
      if (!this.#couldEverFit(this.#cluster.node(id), executor)) continue;
      for (const slot of this.#slots.get(id) ?? []) {
        // The empty slots of a node are as good as each other: one of them is enough.
        const way = this.#cluster.workerAt(slot) === undefined ? id : keyOf(slot);
        if (tried.has(way)) continue;
        tried.add(way);
        if (!this.#fits(slot, executor)) continue;
        this.#states++;
        this.#add(slot, executor);
        this.#ackers.bind(slot, executor, (acker) => this.#fits(slot, acker) && this.#add(slot, acker));
        this.#placed[this.#index++] = slot;
        if (this.#index > this.#furthest) [this.#furthest, this.#looks] = [this.#index, 0];
        return true;
      }
    }
    return false;
  }

  /** False: there is nothing to go back to. */
  #backtrack(): boolean {
    this.#tried[this.#index]?.clear();
    do this.#index--;
    while (this.#index >= 0 && this.#ackers.has(must(this.#executors[this.#index], "executor")));
    if (this.#index < 0) return false;
    this.#backtracks++;
    const executor = must(this.#executors[this.#index], "executor");
    const slot = must(this.#placed[this.#index], "slot");
    this.#remove(slot, [executor, ...this.#ackers.release(slot, executor)]);
    return true;
  }

  #sameComponentAsLast(): boolean {
    const last = this.#executors[this.#index - 1];
    return last === undefined || last.component === this.#executors[this.#index]?.component;
  }

  #couldEverFit({ open, supervisor, available }: Node, executor: PlannedExecutor): boolean {
    if (!open || supervisor === undefined) return false;
    const request = asOffer(this.#topology.requestOf(executor));
    // A worker with less than the least cpu may be there already and have room for it.
    const cpu = Math.max(0, request.cpu - this.#cluster.minWorkerCpu);
    return holds(available, { ...request, cpu });
  }

  #fits(slot: Slot, executor: PlannedExecutor): boolean {
    const { conf } = this.#topology.details;
    const node = this.#cluster.node(slot.node);
    if (!this.#couldEverFit(node, executor)) return false;
    const before = node.workers.get(slot.port);
    const after = this.#with(slot, before, executor);
    if (after.total.cpu - (before?.total.cpu ?? 0) > node.available.cpu) return false;
    const worker = memoryOf(after.total) - (before === undefined ? 0 : memoryOf(before.total));
    const memory = worker + this.#sharedMore(node, after);
    if (memory > node.available.memory || after.total.onHeap > maxHeap(this.#topology)) return false;
    if (before === undefined) return true;
    if (conf["topology.ras.one.executor.per.worker"] === true) return false;
    return (
      conf["topology.ras.one.component.per.worker"] !== true ||
      before.executors.every(({ component }) => component === executor.component)
    );
  }

  /** What the node shares more with this worker in the place of the one before. */
  #sharedMore(node: Node, after: Worker): number {
    if (this.#topology.details.sharedMemory === undefined) return 0;
    const workers = new Map([...node.workers, [after.slot.port, after]]);
    return sharedOnNode(workers.values()) - sharedOnNode(node.workers.values());
  }

  #with(slot: Slot, before: Worker | undefined, executor: PlannedExecutor): Worker {
    return workerOf(this.#topology, slot, [...(before?.executors ?? []), executor], this.#cluster.minWorkerCpu);
  }

  #add(slot: Slot, executor: PlannedExecutor): boolean {
    const before = this.#cluster.workerAt(slot);
    if (before !== undefined) this.#cluster.free(slot);
    this.#cluster.assign(slot, this.#topology, [...(before?.executors ?? []), executor]);
    return true;
  }

  #remove(slot: Slot, executors: readonly PlannedExecutor[]): void {
    const { executors: before } = must(this.#cluster.workerAt(slot), "worker");
    const rest = before.filter((executor) => !executors.includes(executor));
    this.#cluster.free(slot);
    if (rest.length > 0) this.#cluster.assign(slot, this.#topology, rest);
  }

  #result(success: boolean): SearchResult {
    const placed = success ? "" : `, ${Math.max(0, this.#index)} of ${this.#executors.length} executors scheduled`;
    const tried = `(${this.#states} states traversed, backtracked ${this.#backtracks} times${placed})`;
    return {
      success,
      message: `${success ? "Fully Scheduled" : "Cannot schedule"} by DefaultResourceAwareStrategy ${tried}`,
    };
  }
}

function maxHeap({ details }: PlannedTopology): number {
  const max = details.conf["topology.worker.max.heap.size.mb"];
  return typeof max === "number" ? max : stormMaxHeapMb;
}

const stormMaxHeapMb = 768;

/** Each new worker gets its share of ackers together with its first executor. */
class BoundAckers {
  readonly #topology: PlannedTopology;
  readonly #perWorker: number;
  readonly #free: PlannedExecutor[];
  readonly #bound = new Set<PlannedExecutor>();
  readonly #bySlot = new Map<string, { readonly to: PlannedExecutor; readonly ackers: readonly PlannedExecutor[] }>();

  constructor(topology: PlannedTopology, ackers: readonly PlannedExecutor[]) {
    const { conf } = topology.details;
    const perWorker = conf["topology.ras.acker.executors.per.worker"];
    const apart = ["topology.ras.one.executor.per.worker", "topology.ras.one.component.per.worker"];
    this.#topology = topology;
    this.#perWorker = apart.some((key) => conf[key] === true) ? 0 : typeof perWorker === "number" ? perWorker : 1;
    this.#free = [...ackers];
  }

  has(executor: PlannedExecutor): boolean {
    return this.#bound.has(executor);
  }

  /** `add` answers whether there was room for it. */
  bind(slot: Slot, to: PlannedExecutor, add: (acker: PlannedExecutor) => boolean): void {
    const [first] = this.#free;
    if (first === undefined || to.component.id === ackerId || this.#bySlot.has(keyOf(slot))) return;
    const heap = maxHeap(this.#topology) - this.#topology.requestOf(to).onHeap;
    const room = Math.floor(heap / this.#topology.requestOf(first).onHeap);
    const ackers: PlannedExecutor[] = [];
    for (const acker of this.#free.slice(0, Math.max(0, Math.min(room, this.#perWorker)))) {
      if (!add(acker)) break;
      ackers.push(acker);
    }
    if (ackers.length === 0) return;
    this.#free.splice(0, ackers.length);
    for (const acker of ackers) this.#bound.add(acker);
    this.#bySlot.set(keyOf(slot), { to, ackers });
  }

  /** The ackers that came with this executor, which are free again, in their old order. */
  release(slot: Slot, executor: PlannedExecutor): readonly PlannedExecutor[] {
    const binding = this.#bySlot.get(keyOf(slot));
    if (binding?.to !== executor) return [];
    this.#bySlot.delete(keyOf(slot));
    for (const acker of binding.ackers) assert(this.#bound.delete(acker), "a bound acker");
    this.#free.unshift(...binding.ackers);
    return binding.ackers;
  }
}

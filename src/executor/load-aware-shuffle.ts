/**
 * Storm 2's shuffle: a ring of slots filled by weight, refreshed each second. It starts with the targets in this worker; when their mean
 * load passes the higher bound it widens to all, and it narrows again when the local mean is below the lower bound. Source:
 * Storm's LoadAwareShuffleGrouping (weights 100, +1 near the lowest load, −10 otherwise).
 */
import type { EdgeIds } from "./edge-ids.ts";
import { type LoadOf, Route, shuffled, type Target } from "./routes.ts";

const weightMax = 100;
const weightGain = 1;
const weightLoss = 10;
/** Targets whose load is this near to the lowest gain weight. */
const nearLowest = 0.05;
const ringSizeMin = 1000;
const slotsPerTarget = 5;

export interface LocalityBounds {
  /** `topology.localityaware.higher.bound` */
  readonly higher: number;
  /** `topology.localityaware.lower.bound` */
  readonly lower: number;
}

export class LoadAwareShuffleRoute extends Route {
  private readonly ids: EdgeIds;
  private readonly bounds: LocalityBounds;
  private readonly all: readonly number[];
  private readonly local: readonly number[];
  private readonly weights: number[];
  private scope: readonly number[];
  private ring: readonly number[] = [];
  private next = 0;

  constructor(targets: readonly Target[], ids: EdgeIds, bounds: LocalityBounds) {
    super(targets);
    this.ids = ids;
    this.bounds = bounds;
    this.all = targets.map((_, index) => index);
    this.local = this.all.filter((index) => targets[index]?.queue !== null);
    this.weights = targets.map(() => weightMax);
    this.scope = this.local.length > 0 ? this.local : this.all;
    this.fillRing();
  }

  pick(): number {
    const index = this.ring[this.next] as number;
    this.next = this.next + 1 === this.ring.length ? 0 : this.next + 1;
    return index;
  }

  override refreshLoad(loadOf: LoadOf, busy: number): void {
    const loads = this.targets.map((target) => loadOf(target.taskId));
    this.moveScope(loads, busy);
    const lowest = Math.min(...this.scope.map((index) => loads[index] as number));
    for (const index of this.scope) {
      const near = (loads[index] as number) <= lowest + nearLowest;
      const weight = (this.weights[index] as number) + (near ? weightGain : -weightLoss);
      this.weights[index] = Math.min(weightMax, Math.max(1, weight));
    }
    this.fillRing();
  }

  /**
   * In Storm a thread that cannot keep up shows in its queue. Executors here share one thread, which stops asking spouts before queues
   * grow long: when it has no time left its tasks are loaded, however short their queues.
   */
  private moveScope(loads: readonly number[], busy: number): void {
    if (this.local.length === 0 || this.local.length === this.all.length) return;
    const queueMean = this.local.reduce((sum, index) => sum + (loads[index] as number), 0) / this.local.length;
    const localMean = Math.max(queueMean, busy);
    if (this.scope === this.local && localMean > this.bounds.higher) this.scope = this.all;
    else if (this.scope === this.all && localMean < this.bounds.lower) this.scope = this.local;
  }

  private fillRing(): void {
    const size = Math.max(ringSizeMin, this.scope.length * slotsPerTarget);
    const total = this.scope.reduce((sum, index) => sum + (this.weights[index] as number), 0);
    const slots: number[] = [];
    for (const index of this.scope) {
      const share = Math.max(1, Math.floor((size * (this.weights[index] as number)) / total));
      for (let slot = 0; slot < share; slot++) slots.push(index);
    }
    this.ring = shuffled(slots, this.ids);
    this.next = 0;
  }
}

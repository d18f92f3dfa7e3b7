/**
 * From a stream and its values to target tasks: one route for each subscription. `pick` answers an index into `targets`, or −1 when
 * the choice is a list, which is then in `picked`. Source of each rule: Storm, Concepts, "Stream groupings".
 */

import { type CustomStreamGrouping, fieldsTaskIndex, stringHash } from "../topology/index.ts";
import type { EdgeIds } from "./edge-ids.ts";
import type { ExecutorQueue } from "./executor-queue.ts";
import { javaRandomPair } from "./java-random.ts";

export interface Target {
  readonly taskId: number;
  /** Null: the task runs in another worker. */
  readonly queue: ExecutorQueue | null;
  /** `[taskId]`, made once: what `emit` returns for a single target. */
  readonly only: readonly number[];
}

/** Load of a task, 0 … 1. */
export type LoadOf = (taskId: number) => number;

export abstract class Route {
  readonly targets: readonly Target[];
  /** Whether `pick` always answers an index. */
  readonly single: boolean;
  /** The choice after `pick` answered −1: indexes into `targets`. */
  picked: readonly number[] = [];

  constructor(targets: readonly Target[], single = true) {
    this.targets = targets;
    this.single = single;
  }

  abstract pick(values: readonly unknown[]): number;

  /** Once a second. `busy`: share of its time that this worker was at work. */
  refreshLoad(_loadOf: LoadOf, _busy: number): void {}
}

export class FieldsRoute extends Route {
  private readonly indexes: readonly number[];
  /** Of the usual case, one field and a number of tasks that is a power of two; else −1. */
  private readonly mask: number;

  constructor(targets: readonly Target[], indexes: readonly number[]) {
    super(targets);
    this.indexes = indexes;
    this.mask = indexes.length === 1 && (targets.length & (targets.length - 1)) === 0 ? targets.length - 1 : -1;
  }

  pick(values: readonly unknown[]): number {
    if (this.mask >= 0) {
      const value = values[this.indexes[0] as number];
      if (typeof value === "string") return (31 + stringHash(value)) & this.mask;
    }
    return fieldsTaskIndex(values, this.indexes, this.targets.length);
  }
}

/** With `topology.disable.loadaware.messaging`: round-robin over a list shuffled once. */
export class ShuffleRoute extends Route {
  private readonly order: number[];
  private next = 0;

  constructor(targets: readonly Target[], ids: EdgeIds) {
    super(targets);
    this.order = shuffled(
      targets.map((_, index) => index),
      ids,
    );
  }

  pick(): number {
    const index = this.order[this.next] as number;
    this.next = this.next + 1 === this.order.length ? 0 : this.next + 1;
    return index;
  }
}

export class AllRoute extends Route {
  constructor(targets: readonly Target[]) {
    super(targets, false);
    this.picked = targets.map((_, index) => index);
  }

  pick(): number {
    return -1;
  }
}

/** The lowest task id. */
export class GlobalRoute extends Route {
  pick(): number {
    return 0;
  }
}

/** Independent uniform draws. */
export class NoneRoute extends Route {
  private readonly ids: EdgeIds;

  constructor(targets: readonly Target[], ids: EdgeIds) {
    super(targets);
    this.ids = ids;
  }

  pick(): number {
    return this.ids.below(this.targets.length);
  }
}

/** Of a key's two candidates, the one that this source has used less. */
export class PartialKeyRoute extends Route {
  private readonly indexes: readonly number[];
  private readonly sent: number[];

  constructor(targets: readonly Target[], indexes: readonly number[]) {
    super(targets);
    this.indexes = indexes;
    this.sent = targets.map(() => 0);
  }

  pick(values: readonly unknown[]): number {
    let key = "";
    for (const index of this.indexes) key += String(values[index]);
    const [first, second] = javaRandomPair(keyHash(key), this.targets.length);
    const index = (this.sent[first] as number) > (this.sent[second] as number) ? second : first;
    this.sent[index] = (this.sent[index] as number) + 1;
    return index;
  }
}

export class CustomRoute extends Route {
  private readonly grouping: CustomStreamGrouping;
  private readonly taskId: number;
  private readonly indexOf = new Map<number, number>();

  constructor(targets: readonly Target[], grouping: CustomStreamGrouping, taskId: number) {
    super(targets, false);
    this.grouping = grouping;
    this.taskId = taskId;
    for (const [index, target] of targets.entries()) this.indexOf.set(target.taskId, index);
  }

  pick(values: readonly unknown[]): number {
    this.picked = this.grouping.chooseTasks(this.taskId, values).map((taskId) => {
      const index = this.indexOf.get(taskId);
      if (index === undefined)
        throw new RangeError(`the custom grouping chose task ${taskId}, which is no target of the stream`);
      return index;
    });
    return -1;
  }

  override refreshLoad(loadOf: LoadOf): void {
    this.grouping.refreshLoad?.({ load: loadOf });
  }
}

export function shuffled<T>(items: readonly T[], ids: EdgeIds): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = ids.below(last + 1);
    const item = result[last] as T;
    result[last] = result[other] as T;
    result[other] = item;
  }
  return result;
}

/** `Arrays.hashCode` of the key's UTF-8 bytes; for ASCII it differs from the string's hash by the list's start value alone. */
function keyHash(key: string): number {
  if (isAscii(key)) return (stringHash(key) + power31(key.length)) | 0;
  let hash = 1;
  for (const byte of new TextEncoder().encode(key)) hash = (Math.imul(31, hash) + ((byte << 24) >> 24)) | 0;
  return hash;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function power31(exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i++) power = Math.imul(31, power);
  return power;
}

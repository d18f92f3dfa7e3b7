/**
 * An executor's receive queue: a ring of tuples with a high and a low mark. It never refuses a tuple (what is emitted must not be lost);
 * above the high mark it asks its producers to stop, and below the low mark to go on, so it overshoots by no more than what
 * they emit in one `execute` or `nextTuple`, and by what was already on its way from other workers.
 */
import type { Loop } from "./loop.ts";
import type { TaskTuple } from "./tuple.ts";

/** Told when the queue passes its marks. */
export interface QueuePressure {
  full(): void;
  drained(): void;
}

const initialCapacity = 256;

export class ExecutorQueue {
  size = 0;
  isFull = false;
  private ring: Array<TaskTuple | undefined> = new Array(initialCapacity).fill(undefined);
  private mask = initialCapacity - 1;
  private head = 0;
  private readonly highMark: number;
  private readonly lowMark: number;
  private readonly pressure: QueuePressure;
  private readonly loop: Loop;

  constructor(highMark: number, pressure: QueuePressure, loop: Loop) {
    this.highMark = highMark;
    this.lowMark = highMark >> 1;
    this.pressure = pressure;
    this.loop = loop;
  }

  push(tuple: TaskTuple): void {
    if (this.size > this.mask) this.grow();
    const { size } = this;
    this.ring[(this.head + size) & this.mask] = tuple;
    this.size = size + 1;
    // Whoever left something in the queue while the loop is idle wakes it when it may be taken.
    if (size === 0) this.loop.wake();
    if (size + 1 >= this.highMark && !this.isFull) this.fill();
  }

  /** Undefined when empty. */
  shift(): TaskTuple | undefined {
    if (this.size === 0) return undefined;
    const { ring, head } = this;
    const tuple = ring[head];
    ring[head] = undefined;
    this.head = (head + 1) & this.mask;
    this.size--;
    if (this.isFull) this.drain();
    return tuple;
  }

  /** How full, 0 … 1 (and beyond, by the overshoot). */
  get load(): number {
    return this.size / this.highMark;
  }

  private fill(): void {
    this.isFull = true;
    this.pressure.full();
  }

  private drain(): void {
    if (this.size > this.lowMark) return;
    this.isFull = false;
    this.pressure.drained();
  }

  private grow(): void {
    const { ring, head, mask, size } = this;
    const larger: Array<TaskTuple | undefined> = new Array(ring.length * 2).fill(undefined);
    for (let i = 0; i < size; i++) larger[i] = ring[(head + i) & mask];
    this.ring = larger;
    this.mask = larger.length - 1;
    this.head = 0;
  }
}

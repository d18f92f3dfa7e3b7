/**
 * Storm's RotatingMap over 64-bit ids: entries live in buckets, `rotate` drops the oldest bucket and returns what was in it. With n
 * buckets and a rotation every T an entry expires after (n−1)·T to n·T.
 */
import { LongMap } from "./long-map.ts";

export class RotatingMap<V> {
  /** Newest first. */
  private readonly buckets: LongMap<V>[];

  constructor(bucketCount: number) {
    this.buckets = Array.from({ length: bucketCount }, () => new LongMap<V>());
  }

  get size(): number {
    let size = 0;
    for (let i = 0; i < this.buckets.length; i++) size += (this.buckets[i] as LongMap<V>).size;
    return size;
  }

  get(hi: number, lo: number): V | undefined {
    for (let i = 0; i < this.buckets.length; i++) {
      const value = (this.buckets[i] as LongMap<V>).get(hi, lo);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Into the newest bucket. The id must not be in another one: see `renew`. */
  set(hi: number, lo: number, value: V): void {
    (this.buckets[0] as LongMap<V>).set(hi, lo, value);
  }

  take(hi: number, lo: number): V | undefined {
    for (let i = 0; i < this.buckets.length; i++) {
      const value = (this.buckets[i] as LongMap<V>).take(hi, lo);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Moves an entry to the newest bucket; false when there is none. */
  renew(hi: number, lo: number): boolean {
    const value = this.take(hi, lo);
    if (value !== undefined) this.set(hi, lo, value);
    return value !== undefined;
  }

  rotate(): LongMap<V> {
    const oldest = this.buckets.pop() as LongMap<V>;
    this.buckets.unshift(new LongMap<V>());
    return oldest;
  }
}

/**
 * Entries that go when they have been there for a time, as in Storm's TimeCacheMap; but without a thread: it looks at the clock when
 * something is put in. An entry goes between `expiryMs` and one and a half times that, or later if nothing comes any more.
 */
import type { Clock } from "../base/index.ts";

const bucketCount = 3;

export class TimeCacheMap<K, V> {
  readonly #clock: Clock;
  readonly #bucketMs: number;
  readonly #expired: (key: K, value: V) => void;
  /** Newest first. */
  #buckets: Map<K, V>[] = Array.from({ length: bucketCount }, () => new Map<K, V>());
  #rotatedMs: number;

  constructor(clock: Clock, expiryMs: number, expired: (key: K, value: V) => void = () => {}) {
    this.#clock = clock;
    this.#bucketMs = expiryMs / (bucketCount - 1);
    this.#expired = expired;
    this.#rotatedMs = clock.monotonicMs();
  }

  get size(): number {
    return this.#buckets.reduce((size, bucket) => size + bucket.size, 0);
  }

  get(key: K): V | undefined {
    for (let i = 0; i < bucketCount; i++) {
      const value = (this.#buckets[i] as Map<K, V>).get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** One that is not in it. */
  set(key: K, value: V): void {
    this.#rotate();
    this.#buckets[0]?.set(key, value);
  }

  take(key: K): V | undefined {
    for (const bucket of this.#buckets) {
      const value = bucket.get(key);
      if (value === undefined) continue;
      bucket.delete(key);
      return value;
    }
    return undefined;
  }

  #rotate(): void {
    const due = Math.floor((this.#clock.monotonicMs() - this.#rotatedMs) / this.#bucketMs);
    if (due === 0) return;
    this.#rotatedMs += due * this.#bucketMs;
    for (let turn = 0; turn < Math.min(due, bucketCount); turn++) {
      const oldest = this.#buckets.pop() ?? new Map<K, V>();
      this.#buckets.unshift(new Map());
      for (const [key, value] of oldest) this.#expired(key, value);
    }
  }
}

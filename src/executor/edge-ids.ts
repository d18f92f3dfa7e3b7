/** Random 64-bit ids for roots and edges, as two 32-bit integers: xoshiro128+, seeded from the runtime, inlined for the hot path. */
import type { Random } from "../base/index.ts";

/** Numbers made at a time: a refill keeps the generator's state in registers. */
const batchSize = 2048;

export class EdgeIds {
  /** The id made by the last `next()`. Never 0 as a whole. */
  hi = 0;
  lo = 0;
  private readonly state: Int32Array;
  private readonly batch = new Int32Array(batchSize);
  private used = batchSize;

  constructor(random: Random) {
    this.state = Int32Array.of(random.uint32() | 1, random.uint32(), random.uint32(), random.uint32());
  }

  next(): void {
    if (this.used === batchSize) this.refill();
    this.hi = this.batch[this.used] as number;
    // A zero edge would complete nothing and cancel nothing; one in 2³² low halves is remapped.
    this.lo = (this.batch[this.used + 1] as number) || 1;
    this.used += 2;
  }

  /** 0 ≤ x < bound. */
  below(bound: number): number {
    this.next();
    return (this.hi >>> 0) % bound;
  }

  private refill(): void {
    const { batch, state } = this;
    let [a, b, c, d] = state as unknown as [number, number, number, number];
    for (let i = 0; i < batchSize; i++) {
      batch[i] = a + d;
      const t = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = (d << 11) | (d >>> 21);
    }
    state.set([a, b, c, d]);
    this.used = 0;
  }
}

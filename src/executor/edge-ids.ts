/** Random 64-bit ids for roots and edges, as two 32-bit integers: xoshiro128+, seeded from the runtime, inlined for the hot path. */
import type { Random } from "../base/index.ts";

export class EdgeIds {
  /** The id made by the last `next()`. Never 0 as a whole. */
  hi = 0;
  lo = 0;
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(random: Random) {
    this.a = random.uint32() | 1;
    this.b = random.uint32() | 0;
    this.c = random.uint32() | 0;
    this.d = random.uint32() | 0;
  }

  next(): void {
    this.hi = this.step();
    // A zero edge would complete nothing and cancel nothing; one in 2⁶⁴ is remapped.
    this.lo = this.step() || 1;
  }

  /** 0 ≤ x < bound. */
  below(bound: number): number {
    return (this.step() >>> 0) % bound;
  }

  private step(): number {
    const result = (this.a + this.d) | 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }
}

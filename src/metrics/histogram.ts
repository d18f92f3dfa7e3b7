/** How often a value was at most so large: counted in buckets whose bounds are fixed, so that it never grows. */

export interface Distribution {
  /** Ascending bounds, each with how many values were at most that. All of them are `count`. */
  readonly buckets: readonly (readonly [bound: number, count: number])[];
  readonly sum: number;
  readonly count: number;
}

/** Times from a millisecond to a minute, in seconds. */
export const secondsBounds: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

export class Histogram {
  readonly #bounds: readonly number[];
  /** Values within each bound and above the one before; the last: above all. */
  readonly #counts: number[];
  #sum = 0;

  /** `bounds`: ascending. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const found = this.#bounds.findIndex((bound) => value <= bound);
    const index = found < 0 ? this.#bounds.length : found;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
  }

  get distribution(): Distribution {
    let count = 0;
    const buckets = this.#bounds.map((bound, index) => {
      count += this.#counts[index] ?? 0;
      return [bound, count] as const;
    });
    return { buckets, sum: this.#sum, count: count + (this.#counts[this.#bounds.length] ?? 0) };
  }
}

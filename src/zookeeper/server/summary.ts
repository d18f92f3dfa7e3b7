/** Times of one kind, as `mntr` sums them up: average, smallest, largest, how many, all together. Source: AvgMinMaxCounter of 3.8. */

export class Summary {
  #min = Number.POSITIVE_INFINITY;
  max = 0;
  count = 0;
  sum = 0;

  add(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.max) this.max = value;
  }

  get min(): number {
    return this.count === 0 ? 0 : this.#min;
  }

  get average(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  reset(): void {
    this.#min = Number.POSITIVE_INFINITY;
    this.max = 0;
    this.count = 0;
    this.sum = 0;
  }
}

/** Sizes in bytes: −1 until there is one. Source: BufferStats of 3.8. */
export class Sizes {
  last = -1;
  min = -1;
  max = -1;

  add(bytes: number): void {
    this.last = bytes;
    if (this.min < 0 || bytes < this.min) this.min = bytes;
    if (bytes > this.max) this.max = bytes;
  }

  reset(): void {
    this.last = -1;
    this.min = -1;
    this.max = -1;
  }
}

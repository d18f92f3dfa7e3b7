/**
 * A map keyed by 64-bit ids that are held as two 32-bit integers: no BigInt, no text keys, no boxing. Open addressing with
 * linear probing; ids are random, so their low bits serve as the hash.
 */
const initialCapacity = 64;

export class LongMap<V> {
  private keys = new Int32Array(initialCapacity * 2);
  private values: Array<V | undefined> = new Array(initialCapacity).fill(undefined);
  private mask = initialCapacity - 1;
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(hi: number, lo: number): V | undefined {
    if (this.count === 0) return undefined;
    return this.values[this.find(hi, lo)];
  }

  set(hi: number, lo: number, value: V): void {
    let slot = this.find(hi, lo);
    if (this.values[slot] === undefined) {
      if ((this.count + 1) * 2 > this.mask + 1) {
        this.grow();
        slot = this.find(hi, lo);
      }
      this.count++;
      this.keys[slot * 2] = hi;
      this.keys[slot * 2 + 1] = lo;
    }
    this.values[slot] = value;
  }

  /** Removes the entry and returns its value; undefined when there is none. */
  take(hi: number, lo: number): V | undefined {
    if (this.count === 0) return undefined;
    const slot = this.find(hi, lo);
    const value = this.values[slot];
    if (value !== undefined) this.removeAt(slot);
    return value;
  }

  forEach(visit: (value: V, hi: number, lo: number) => void): void {
    for (let slot = 0; slot <= this.mask; slot++) {
      const value = this.values[slot];
      if (value !== undefined) visit(value, this.keys[slot * 2] as number, this.keys[slot * 2 + 1] as number);
    }
  }

  private find(hi: number, lo: number): number {
    const { keys, values, mask } = this;
    let slot = (lo ^ (hi << 7)) & mask;
    while (values[slot] !== undefined && (keys[slot * 2] !== hi || keys[slot * 2 + 1] !== lo)) slot = (slot + 1) & mask;
    return slot;
  }

  /** Moves later entries of the run back, so that no tombstones are needed. */
  private removeAt(start: number): void {
    const { keys, values, mask } = this;
    let hole = start;
    for (let slot = (hole + 1) & mask; values[slot] !== undefined; slot = (slot + 1) & mask) {
      const home = ((keys[slot * 2 + 1] as number) ^ ((keys[slot * 2] as number) << 7)) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      keys[hole * 2] = keys[slot * 2] as number;
      keys[hole * 2 + 1] = keys[slot * 2 + 1] as number;
      values[hole] = values[slot];
      hole = slot;
    }
    values[hole] = undefined;
    this.count--;
  }

  private grow(): void {
    const { keys, values } = this;
    const capacity = (this.mask + 1) * 2;
    this.keys = new Int32Array(capacity * 2);
    this.values = new Array(capacity).fill(undefined);
    this.mask = capacity - 1;
    this.count = 0;
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot];
      if (value !== undefined) this.set(keys[slot * 2] as number, keys[slot * 2 + 1] as number, value);
    }
  }
}

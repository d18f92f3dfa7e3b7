/**
 * From counts that grow in steps, at each heartbeat, to tuples a second: the growth between the last two steps that were seen, over the
 * time between them. Pure but for what it remembers.
 */

interface Seen {
  readonly value: number;
  readonly atMs: number;
  readonly rate: number;
}

/** A count that has not grown for so long stands still. */
const stillMs = 10_000;
/** Steps that come closer are one. */
const stepMs = 500;

export class Rates {
  #seen = new Map<string, Seen>();

  /** Of this count, now. */
  add(key: string, value: number, nowMs: number): number {
    const before = this.#seen.get(key);
    if (before === undefined || value < before.value) {
      this.#seen.set(key, { value, atMs: nowMs, rate: 0 });
      return 0;
    }
    const elapsedMs = nowMs - before.atMs;
    if (value === before.value) return elapsedMs > stillMs ? 0 : before.rate;
    if (elapsedMs < stepMs) return before.rate;
    const rate = ((value - before.value) * 1000) / elapsedMs;
    this.#seen.set(key, { value, atMs: nowMs, rate });
    return rate;
  }
}

/** `950`, `12.3k`, `1.2M`: three figures. */
export function shortNumber(value: number): string {
  for (const [size, unit] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e4, "k"],
  ] as const) {
    if (value >= size) {
      const scaled = value / (unit === "k" ? 1e3 : size);
      return `${scaled.toFixed(scaled >= 100 ? 0 : 1)}${unit}`;
    }
  }
  return value >= 100 || Number.isInteger(value) ? `${Math.round(value)}` : value.toFixed(1);
}

/** What a task counts. Counts are exact; times are measured for one tuple in `1 / topology.stats.sample.rate`. */

/** Mean and distribution of sampled durations. */
class Latency {
  count = 0;
  totalUs = 0;
  /** Made with the first sample: most streams of most tasks have none. */
  private buckets: Uint32Array | null = null;

  record(us: number): void {
    this.count++;
    this.totalUs += us;
    this.buckets ??= new Uint32Array(bucketCount);
    const bucket = bucketOf(us);
    this.buckets[bucket] = (this.buckets[bucket] as number) + 1;
  }

  snapshot(): LatencySnapshot {
    return { count: this.count, totalUs: this.totalUs, buckets: this.buckets === null ? {} : sparse(this.buckets) };
  }
}

/** Plain data: it travels between processes. */
export interface LatencySnapshot {
  readonly count: number;
  readonly totalUs: number;
  /** Bucket number → samples in it. */
  readonly buckets: Readonly<Record<number, number>>;
}

export const noLatency: LatencySnapshot = Object.freeze({ count: 0, totalUs: 0, buckets: {} });

export function addLatency(a: LatencySnapshot, b: LatencySnapshot): LatencySnapshot {
  const buckets: Record<number, number> = { ...a.buckets };
  for (const [bucket, count] of Object.entries(b.buckets))
    buckets[Number(bucket)] = (buckets[Number(bucket)] ?? 0) + count;
  return { count: a.count + b.count, totalUs: a.totalUs + b.totalUs, buckets };
}

export function meanMs(latency: LatencySnapshot): number {
  return latency.count === 0 ? 0 : latency.totalUs / latency.count / 1000;
}

/** `quantile` 0 … 1; within 7 % of the true value, the width of a bucket. */
export function quantileMs(latency: LatencySnapshot, quantile: number): number {
  const wanted = Math.ceil(latency.count * quantile);
  let seen = 0;
  for (const bucket of Object.keys(latency.buckets)
    .map(Number)
    .sort((a, b) => a - b)) {
    seen += latency.buckets[bucket] ?? 0;
    if (seen >= wanted) return upperBoundUs(bucket) / 1000;
  }
  return 0;
}

/**
 * Buckets: each microsecond up to sixteen, then sixteen for each doubling. Bit tricks instead of a logarithm: a sample must cost
 * less than what it measures.
 */
const perDoubling = 16;
const perDoublingBits = 4;
const bucketCount = perDoubling * 28;

function bucketOf(us: number): number {
  const whole = us | 0;
  if (whole < perDoubling) return Math.max(whole, 0);
  const doublings = 31 - Math.clz32(whole) - perDoublingBits;
  return doublings * perDoubling + (whole >> doublings);
}

function upperBoundUs(bucket: number): number {
  if (bucket < perDoubling) return bucket + 1;
  const doublings = Math.floor(bucket / perDoubling) - 1;
  return (bucket - doublings * perDoubling + 1) * 2 ** doublings;
}

function sparse(buckets: Uint32Array): Record<number, number> {
  const result: Record<number, number> = {};
  for (const [bucket, count] of buckets.entries()) if (count > 0) result[bucket] = count;
  return result;
}

/** A bolt task's counters for one input stream. */
export class InputStats {
  executed = 0;
  acked = 0;
  failed = 0;
  readonly execute = new Latency();
  readonly process = new Latency();
}

/** A spout task's counters for one of its streams. */
export class SpoutStats {
  acked = 0;
  failed = 0;
  readonly complete = new Latency();
}

/** More samples a second than this make no figure better, and reading the clock costs as much as a small bolt. */
const samplesPerSecondMax = 2000;

/**
 * Says which tuples are measured: one random position in every `1 / rate`, as Storm samples. A task that handles very many a second
 * is sampled more thinly, unless the rate is 1: who asks for every tuple gets every tuple.
 */
export class Sampler {
  private everyMin: number;
  private every: number;
  /** Tuples up to and with the next one that is measured; then those that are left of its `every`. */
  private until: number;
  private after: number;
  private samples = 0;
  private readonly below: (bound: number) => number;

  constructor(rate: number, below: (bound: number) => number) {
    this.everyMin = Math.max(1, Math.round(1 / rate));
    this.every = this.everyMin;
    this.below = below;
    const position = below(this.every);
    this.until = position + 1;
    this.after = this.every - this.until;
  }

  hit(): boolean {
    if (--this.until > 0) return false;
    this.next();
    return true;
  }

  /** From here on every tuple is measured. */
  takeAll(): void {
    this.everyMin = 1;
    this.every = 1;
    this.until = 1;
    this.after = 0;
  }

  /** Once a second. */
  adapt(): void {
    if (this.everyMin === 1) return;
    const wanted = Math.ceil((this.every * this.samples) / samplesPerSecondMax);
    this.every = Math.max(this.everyMin, wanted);
    this.samples = 0;
  }

  private next(): void {
    this.samples++;
    const position = this.every > 1 ? this.below(this.every) : 0;
    this.until = this.after + position + 1;
    this.after = this.every - position - 1;
  }
}

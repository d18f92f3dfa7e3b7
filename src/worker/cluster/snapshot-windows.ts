/**
 * Statistics of the last ten minutes, three hours and day out of counters that only grow: the value now, less the snapshot of about
 * then. Each window is cut into `num.stat.buckets` buckets; the last snapshot before the end of each is kept, so a window reaches
 * back its length, and up to one bucket and one call of `note` more. Pure.
 */

/** Storm's windows, in seconds; besides them there is `:all-time`. */
export const windowsSecs = [600, 10_800, 86_400] as const;

interface Window {
  readonly bucketMs: number;
  /** At the ends of the last buckets, oldest first; null: nothing had been counted. */
  readonly ends: unknown[];
  nextEndMs: number;
}

export class SnapshotWindows<S> {
  readonly #endsKept: number;
  #last: S | null = null;
  readonly #windows: ReadonlyMap<number, Window>;

  constructor(options: { readonly startMs: number; readonly buckets: number }) {
    // One more than the window has: the oldest is to lie before its beginning also right after a bucket has ended.
    this.#endsKept = options.buckets + 1;
    this.#windows = new Map(
      windowsSecs.map((secs) => {
        const bucketMs = (secs * 1000) / options.buckets;
        return [secs, { bucketMs, ends: [], nextEndMs: options.startMs + bucketMs }];
      }),
    );
  }

  /** How often `note` has to be called at least, for the shortest bucket. */
  get periodMs(): number {
    return Math.min(...[...this.#windows.values()].map(({ bucketMs }) => bucketMs));
  }

  /** The counters as they are at this monotonic time, which never goes back. */
  note(nowMs: number, snapshot: S): void {
    for (const window of this.#windows.values()) {
      const passed = Math.floor((nowMs - window.nextEndMs) / window.bucketMs) + 1;
      if (passed <= 0) continue;
      window.nextEndMs += passed * window.bucketMs;
      // Buckets that passed unseen, as in a process that was stopped, end with what was seen before them.
      for (let bucket = 0; bucket < Math.min(passed, this.#endsKept); bucket++) window.ends.push(this.#last);
      window.ends.splice(0, window.ends.length - this.#endsKept);
    }
    this.#last = snapshot;
  }

  /** What is to be taken off the counters of now; null: nothing, the window reaches back to the start. */
  before(windowSecs: number): S | null {
    const ends = this.#windows.get(windowSecs)?.ends ?? [];
    return ends.length < this.#endsKept ? null : (ends[0] as S | null);
  }
}

/** What happened, as a rolling hash (two runs of one seed must agree) and, if asked for, as lines to read. */

import { foldNumber } from "../../random.ts";

export class Trace {
  /** Everything that was noted so far. */
  count = 0;
  readonly #timeline: ((line: string) => void) | undefined;
  #low = 0x811c9dc5;
  #high = 0x2545f491;

  constructor(timeline: ((line: string) => void) | undefined) {
    this.#timeline = timeline;
  }

  /** Whether lines are wanted: callers build a line only then. */
  get readable(): boolean {
    return this.#timeline !== undefined;
  }

  note(timeUs: number, who: number, what: number, detail = 0): void {
    this.count++;
    this.#low = foldNumber(foldNumber(this.#low, timeUs * 1000), detail);
    this.#high = foldNumber(foldNumber(this.#high, who), what);
  }

  line(timeUs: number, who: string, text: string): void {
    this.#timeline?.(`${(timeUs / 1000).toFixed(3).padStart(14)} ms  ${who.padEnd(16)} ${text}`);
  }

  /** 16 hexadecimal digits. */
  get hash(): string {
    return hex(this.#low) + hex(this.#high);
  }
}

/** What a trace entry is about. */
export const traced = {
  turn: 1,
  start: 2,
  exit: 3,
  segment: 4,
  reset: 5,
  frame: 6,
  file: 7,
  log: 8,
  fault: 9,
  random: 10,
} as const;

/** A cheap fingerprint: all of the first and last 64 bytes, and the length. */
export function hashBytes(bytes: Uint8Array): number {
  const length = bytes.length;
  let hash = 0x811c9dc5 ^ length;
  const head = Math.min(length, 64);
  for (let i = 0; i < head; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  for (let i = Math.max(head, length - 64); i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash | 0;
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

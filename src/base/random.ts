/**
 * A small seeded generator (sfc32, period ≥ 2³²): the same seed gives the same numbers on every machine.
 * Not for secrets.
 */

import type { Random } from "./runtime/runtime.ts";

export class SeededRandom implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** `stream` gives one seed any number of independent sequences. */
  constructor(seed: number | readonly number[], stream = "") {
    const words = typeof seed === "number" ? [seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0] : seed;
    this.#a = mixWords(words, 0x9e3779b9) ^ hashText(stream, 0x85ebca6b);
    this.#b = mixWords(words, 0x243f6a88) ^ hashText(stream, 0xc2b2ae35);
    this.#c = mixWords(words, 0xb7e15162) ^ hashText(stream, 0x27d4eb2f);
    for (let round = 0; round < 15; round++) this.uint32();
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  float(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  below(bound: number): number {
    return Math.floor((this.uint32() / 0x1_0000_0000) * bound);
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += 4) {
      let word = this.uint32();
      for (let i = at; i < at + 4 && i < count; i++) {
        bytes[i] = word & 0xff;
        word >>>= 8;
      }
    }
    return bytes;
  }

  /** `min` ≤ x < `max`, fractions included. */
  between(min: number, max: number): number {
    return min + (max - min) * this.float();
  }

  chance(probability: number): boolean {
    return probability > 0 && this.float() < probability;
  }
}

/** 32-bit hash of a text's UTF-16 units, for seeds and traces. */
export function hashText(text: string, start = 0x811c9dc5): number {
  let hash = start | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return finish(hash);
}

/** Folds one number into a 32-bit hash. */
export function foldNumber(hash: number, value: number): number {
  const low = value | 0;
  const high = (value / 0x1_0000_0000) | 0;
  return Math.imul(Math.imul(hash ^ low, 0x9e3779b1) ^ high ^ (hash >>> 15), 0x85ebca77) ^ (low >>> 13);
}

function mixWords(words: readonly number[], start: number): number {
  let hash = start | 0;
  for (const word of words) hash = finish(Math.imul(hash ^ word, 0x9e3779b1) + 0x7f4a7c15);
  return hash;
}

function finish(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

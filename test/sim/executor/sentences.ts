/**
 * The source that the spouts read and the record of what the bolts did. It lives in the test, outside of every simulated
 * process, as a message broker and a database would; a dead process cannot write into it.
 */
import type { Random } from "../../../src/base/index.ts";

/** One emit of one sentence: the message id. */
export interface Emission {
  readonly number: number;
  readonly sentence: number;
  readonly words: readonly string[];
  /** Word positions that the counter has executed, and that have come through the join. */
  readonly counted: Set<number>;
  readonly joined: Set<number>;
  /** Which life of which spout task emitted it. */
  readonly life: string;
  /** Virtual time of the first bolt that failed a word of it. */
  failedMs: number | null;
  end: "ack" | "fail" | null;
}

/** A bolt's fail reaches the spout without waiting for a time-out, as long as no worker and no link fails. */
const failMsMax = 1000;

const vocabulary = [
  "the",
  "cow",
  "jumped",
  "over",
  "moon",
  "constructor",
  "__proto__",
  "牛",
  "an",
  "apple",
  "a",
  "day",
];

export class Sentences {
  readonly texts: readonly (readonly string[])[];
  readonly emissions: Emission[] = [];
  readonly violations: string[] = [];
  readonly acked = new Set<number>();
  /** Executions of a word that had been executed in the same emission before. */
  duplicates = 0;
  /** Fails of bolts that took a time-out to reach the spout. */
  slowFails = 0;

  constructor(count: number, random: Random) {
    this.texts = Array.from({ length: count }, () =>
      Array.from({ length: random.below(9) }, () => vocabulary[random.below(vocabulary.length)] as string),
    );
  }

  get allAcked(): boolean {
    return this.acked.size === this.texts.length;
  }

  /** Of a task's share, what was not acked in an earlier life. */
  unacked(taskIndex: number, taskCount: number): number[] {
    return [...this.texts.keys()].filter((index) => index % taskCount === taskIndex && !this.acked.has(index));
  }

  emit(sentence: number, life: string): Emission {
    const words = this.texts[sentence] as readonly string[];
    const emission: Emission = {
      number: this.emissions.length,
      sentence,
      words,
      counted: new Set(),
      joined: new Set(),
      life,
      failedMs: null,
      end: null,
    };
    this.emissions.push(emission);
    return emission;
  }

  counted(number: number, position: number): void {
    const { counted } = this.emissions[number] as Emission;
    if (counted.has(position)) this.duplicates++;
    counted.add(position);
  }

  joined(number: number, position: number): void {
    this.emissions[number]?.joined.add(position);
  }

  /** A bolt fails a word. */
  failing(number: number, nowMs: number): void {
    const emission = this.emissions[number] as Emission;
    emission.failedMs ??= nowMs;
  }

  /** An acked tuple was fully processed: the invariant, asked at the moment of the ack. */
  ended(number: number, end: "ack" | "fail", life: string, nowMs: number): void {
    const emission = this.emissions[number] as Emission;
    const name = `emission ${number} (sentence ${emission.sentence})`;
    if (emission.life !== life)
      this.violations.push(`${name}: ${end} came to ${life}, it was emitted by ${emission.life}`);
    if (emission.end !== null) this.violations.push(`${name}: ${end} after ${emission.end}`);
    emission.end = end;
    if (end === "fail") {
      const { failedMs } = emission;
      if (failedMs !== null && nowMs - failedMs > failMsMax) this.slowFails++;
      return;
    }
    if (emission.failedMs !== null) this.violations.push(`${name}: acked although a bolt had failed a word`);
    this.acked.add(emission.sentence);
    const { words, counted, joined } = emission;
    if (counted.size < words.length)
      this.violations.push(`${name}: acked with ${counted.size} of ${words.length} words counted`);
    if (joined.size < words.length)
      this.violations.push(`${name}: acked with ${joined.size} of ${words.length} words joined`);
  }

  /** When all is quiet: nothing forgotten by a spout that lives, every surplus of the counts explained by a replay. */
  close(livingLives: ReadonlySet<string>): void {
    for (const { number, life, end } of this.emissions) {
      if (end === null && livingLives.has(life)) this.violations.push(`emission ${number} of ${life} was forgotten`);
    }
    if (this.duplicates > 0) this.violations.push(`${this.duplicates} words were executed twice in one emission`);
    const [truth, counted] = [new Map<string, number>(), new Map<string, number>()];
    const emits = new Map<number, number>();
    for (const { sentence, words, counted: positions } of this.emissions) {
      emits.set(sentence, (emits.get(sentence) ?? 0) + 1);
      for (const position of positions) add(counted, words[position] as string, 1);
    }
    const most = new Map<string, number>();
    for (const [sentence, words] of this.texts.entries()) {
      for (const word of words) {
        add(truth, word, 1);
        add(most, word, emits.get(sentence) ?? 0);
      }
    }
    for (const [word, count] of truth) {
      const got = counted.get(word) ?? 0;
      if (got < count) this.violations.push(`"${word}" was counted ${got} times of ${count}`);
      if (got > (most.get(word) ?? 0)) this.violations.push(`"${word}" was counted ${got} times, more than its emits`);
    }
  }
}

function add(map: Map<string, number>, key: string, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}

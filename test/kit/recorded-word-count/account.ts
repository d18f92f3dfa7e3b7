/** Whether the records of a recorded word count add up: nothing forgotten, and every word beyond the text told by a replay. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sentenceOf } from "./text.ts";

export interface Account {
  readonly sentences: number;
  readonly words: number;
  /** Times that a sentence was emitted again. */
  readonly replays: number;
  /** Of them, those of a spout that was started again and did not know what had become of the first. */
  readonly afterRestart: number;
  /** Words counted beyond those of the text. */
  readonly surplus: number;
}

interface Records {
  /** Attempts by sentence, in their order. */
  readonly emits: ReadonlyMap<number, readonly string[]>;
  /** `index attempt` */
  readonly fails: ReadonlySet<string>;
  /** Attempt that was acked, by sentence: the first of them. */
  readonly acks: ReadonlyMap<number, string>;
  /** Words by `index attempt`, by position. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

export async function accountOf(folder: string, sentences: number): Promise<Account> {
  const records = await readRecords(folder);
  const unacked = Array.from({ length: sentences }, (_, index) => index).filter((index) => !records.acks.has(index));
  assert.deepEqual(unacked, [], "sentences that were never acked");
  let [words, surplus, replays, afterRestart] = [0, 0, 0, 0];
  for (let index = 0; index < sentences; index++) {
    const sentence = sentenceOf(index);
    const attempts = records.emits.get(index) ?? [];
    const acked = records.acks.get(index) ?? "";
    words += sentence.length;
    for (const attempt of attempts) {
      const counted = records.counts.get(`${index} ${attempt}`) ?? new Map<number, string>();
      for (const [position, word] of counted) assert.equal(word, sentence[position], `sentence ${index}`);
      if (attempt === acked)
        assert.equal(counted.size, sentence.length, `sentence ${index} was acked before it was counted`);
      else surplus += counted.size;
    }
    assert.ok(attempts.includes(acked), `sentence ${index} was acked and not emitted`);
    for (const [at, attempt] of attempts.slice(0, -1).entries()) {
      const failed = records.fails.has(`${index} ${attempt}`);
      const restarted = lifeOf(attempts[at + 1] ?? "") > lifeOf(attempt);
      assert.ok(failed || restarted, `sentence ${index} was emitted again without having failed`);
      if (!failed) afterRestart++;
    }
    replays += attempts.length - 1;
  }
  const all = [...records.counts.values()].reduce((sum, counted) => sum + counted.size, 0);
  assert.equal(all, words + surplus, "words counted beyond the text and its replays");
  return { sentences, words, replays, afterRestart, surplus };
}

async function readRecords(folder: string): Promise<Records> {
  const emits = new Map<number, string[]>();
  const fails = new Set<string>();
  const acks = new Map<number, string>();
  const counts = new Map<string, Map<number, string>>();
  for (const name of await readdir(folder)) {
    if (name === "start") continue;
    const text = await readFile(join(folder, name), "utf8");
    assert.ok(text.endsWith("\n"), `${name} ends within a line`);
    for (const line of text.split("\n").slice(0, -1)) {
      const [first = "", second = "", third = "", word = ""] = line.split(" ");
      if (name.startsWith("acks-")) acks.set(Number(first), acks.get(Number(first)) ?? second);
      else if (name.startsWith("counts-")) count(counts, `${first} ${second}`, Number(third), word);
      else if (first === "fail") fails.add(`${second} ${third}`);
      else if (first === "emit") emits.set(Number(second), [...(emits.get(Number(second)) ?? []), third]);
    }
  }
  return { emits, fails, acks, counts };
}

function count(counts: Map<string, Map<number, string>>, attempt: string, position: number, word: string): void {
  const counted = counts.get(attempt) ?? new Map<number, string>();
  assert.equal(counted.has(position), false, `word ${position} of ${attempt} was counted twice in one attempt`);
  counted.set(position, word);
  counts.set(attempt, counted);
}

function lifeOf(attempt: string): number {
  return Number(attempt.split(".")[0]);
}

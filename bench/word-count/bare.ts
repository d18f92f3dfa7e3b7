/** The same word count as one hand-written loop, with nothing around it: the yardstick. */
import { sentences } from "./sentences.ts";

/** Sentences a second. */
export function bareLoop(measureMs: number): number {
  const counts = new Map<string, number>();
  return rate(measureMs, (sentence) => {
    for (const word of sentence.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  });
}

/** The same with Storm's acking by hand: a random root, a random edge for each delivery, a ledger of XORs, completion found by it. */
export function bareAckedLoop(measureMs: number): number {
  const counts = new Map<string, number>();
  const ledger = new Map<number, number>();
  let completed = 0;
  let emitted = 0;
  const perSecond = rate(measureMs, (sentence) => {
    const root = randomId();
    const edge = randomId();
    emitted++;
    ledger.set(root, edge);
    let children = 0;
    for (const word of sentence.split(" ")) {
      const child = randomId();
      children ^= child;
      counts.set(word, (counts.get(word) ?? 0) + 1);
      ledger.set(root, (ledger.get(root) as number) ^ child);
    }
    if (((ledger.get(root) as number) ^ edge ^ children) !== 0) return;
    ledger.delete(root);
    completed++;
  });
  if (completed !== emitted) throw new Error(`${emitted - completed} sentences were not completed`);
  return perSecond;
}

const batch = 1000;

function rate(measureMs: number, count: (sentence: string) => void): number {
  let done = 0;
  const startMs = performance.now();
  let nowMs = startMs;
  while (nowMs - startMs < measureMs) {
    for (let i = 0; i < batch; i++) count(sentences[i % sentences.length] as string);
    done += batch;
    nowMs = performance.now();
  }
  return done / ((nowMs - startMs) / 1000);
}

let state = 0x9e3779b9;

/** xorshift32. */
function randomId(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state;
}

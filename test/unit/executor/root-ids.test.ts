import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Acks } from "../../../src/executor/acks.ts";
import { ExecutorQueue } from "../../../src/executor/executor-queue.ts";
import { Loop } from "../../../src/executor/loop.ts";

const half = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(0, 1, -1, 2 ** 31 - 1));
const timers = { after: () => ({ cancel: () => {} }), every: () => ({ cancel: () => {} }), soon: () => {} };

/** Ackers of which those that are `here` have a queue. */
function acksWith(here: readonly boolean[]): Acks {
  const loop = new Loop(timers, () => false);
  const acks = new Acks({ send: () => {} }, loop, () => {});
  const queue = () => new ExecutorQueue(16, { full: () => {}, drained: () => {} }, loop);
  acks.setAckers(here.map((near, index) => ({ taskId: index + 1, queue: near ? queue() : null, only: [index + 1] })));
  return acks;
}

/** What every worker makes of a root's id: fields grouping. */
function ackerOf(hi: number, lo: number, ackers: number): number {
  return ((hi ^ lo) >>> 0) % ackers;
}

describe("the id of a new root", () => {
  it("hashes to an acker of this worker, if there is one, and is never 0", () => {
    fc.assert(
      fc.property(half, half, fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }), (hi, lo, here) => {
        fc.pre(hi !== 0 || lo !== 0);
        const low = acksWith(here).lowHalf(hi, lo);
        assert.equal(low, low | 0);
        assert.ok(hi !== 0 || low !== 0);
        if (here.includes(true)) assert.equal(here[ackerOf(hi, low, here.length)], true);
      }),
      { numRuns: 2000 },
    );
  });

  it("stays as it was drawn when its acker is here already, or when all are elsewhere", () => {
    fc.assert(
      fc.property(half, half, fc.array(fc.boolean(), { maxLength: 9 }), (hi, lo, here) => {
        const needless = !here.includes(true) || here[ackerOf(hi, lo, here.length)] === true;
        if (needless) assert.equal(acksWith(here).lowHalf(hi, lo), lo);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives up no more randomness than the choice of an acker", () => {
    const acks = acksWith([false, true]);
    const seen = new Set<number>();
    for (let lo = 0; lo < 1000; lo++) seen.add(acks.lowHalf(12345, lo));
    assert.equal(seen.size, 500);
  });

  it("reaches every acker of this worker", () => {
    const acks = acksWith([true, false, true, false, false]);
    const reached = new Set<number>();
    for (let lo = 0; lo < 1000; lo++) reached.add(ackerOf(-7, acks.lowHalf(-7, lo), 5));
    assert.deepEqual([...reached].sort(), [0, 2]);
  });
});

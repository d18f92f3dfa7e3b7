import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../../../src/base/index.ts";

function draw(random: SeededRandom, count: number): number[] {
  return Array.from({ length: count }, () => random.uint32());
}

describe("seeded random", () => {
  it("gives one sequence for one seed and stream, another for any other", () => {
    const first = draw(new SeededRandom(7, "disk"), 100);
    assert.deepEqual(draw(new SeededRandom(7, "disk"), 100), first);
    for (const other of [
      new SeededRandom(8, "disk"),
      new SeededRandom(7, "net"),
      new SeededRandom(7 + 2 ** 32, "disk"),
    ]) {
      const shared = draw(other, 100).filter((word) => first.includes(word));
      assert.ok(shared.length < 3, `${shared.length} words shared`);
    }
  });

  it("gives the same numbers on every machine", () => {
    assert.deepEqual(draw(new SeededRandom(1), 4), [2426824002, 1546637641, 287136773, 1498356635]);
  });

  it("spreads evenly", () => {
    const random = new SeededRandom(42);
    const buckets = new Array<number>(16).fill(0);
    for (let i = 0; i < 160_000; i++) buckets[random.below(16)]! += 1;
    for (const count of buckets) assert.ok(Math.abs(count - 10_000) < 500, String(buckets));
    let ones = 0;
    for (const byte of random.bytes(10_001)) ones += byte.toString(2).replaceAll("0", "").length;
    assert.ok(Math.abs(ones - 40_004) < 1000, String(ones));
  });

  it("keeps to its bounds", () => {
    const random = new SeededRandom(3);
    for (let i = 0; i < 10_000; i++) {
      const between = random.between(-2, 3);
      assert.ok(between >= -2 && between < 3);
      assert.ok(random.below(1) === 0 && random.below(2 ** 32) < 2 ** 32);
    }
    assert.equal(random.chance(0), false);
    assert.equal(random.chance(1), true);
  });
});

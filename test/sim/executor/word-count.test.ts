/** A tracked word count over worker processes that are killed: no sentence is forgotten, and none is acked before it was processed. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seeds } from "../../kit/index.ts";
import { plantedBugs } from "./planted-bugs.ts";
import { runSeed } from "./run-seed.ts";

/** `npm run soak -- word-count-kills` takes a thousand. */
const smoke = { smoke: 200 };

describe("a word count whose workers are killed", () => {
  it("acks every sentence that was fully processed, fails and replays the rest, forgets none", async () => {
    let [runs, deaths, replays] = [0, 0, 0];
    for (const seed of seeds(smoke)) {
      runs++;
      const result = await runSeed(seed);
      assert.deepEqual(result.violations, [], `npm run sim -- --seed ${seed} sim/executor`);
      deaths += result.deaths;
      replays += result.replays;
    }
    // A single seed may be a lucky one.
    if (runs >= smoke.smoke)
      assert.ok(deaths > runs / 2 && replays > runs, `the faults were felt: ${deaths} deaths, ${replays} replays`);
  });

  it("without faults acks everything the first time", async () => {
    for (const seed of [1, 2, 3]) {
      const { violations, deaths, replays } = await runSeed(seed, { faults: false });
      assert.deepEqual([violations, deaths, replays], [[], 0, 0], `seed ${seed}`);
    }
  });

  it("is the same to the byte for the same seed", async () => {
    for (const seed of [4, 5]) assert.deepEqual(await runSeed(seed), await runSeed(seed));
  });

  for (const { name, faults, plant } of plantedBugs) {
    it(`is found out when it has ${name}`, async (t) => {
      const remove = plant();
      t.after(remove);
      const found: number[] = [];
      for (let seed = 1; seed <= 20 && found.length === 0; seed++) {
        const { violations, replays } = await runSeed(seed, { faults });
        if (violations.length > 0 || (!faults && replays > 0)) found.push(seed);
      }
      assert.notDeepEqual(found, []);
    });
  }
});

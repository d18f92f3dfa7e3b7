/** The seeds are worth something only if they notice what must not be. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { plantedBugs } from "./planted-bugs.ts";
import { runSeed } from "./run-seed.ts";

const seedsMax = 60;

describe("an ensemble with a planted bug", () => {
  for (const { name, options } of plantedBugs) {
    it(`that ${name} is found out`, async () => {
      for (let seed = 1; seed <= seedsMax; seed++) {
        const { violations } = await runSeed(seed, options);
        if (violations.length > 0) return;
      }
      assert.fail(`${seedsMax} seeds did not notice a server that ${name}`);
    });
  }
});

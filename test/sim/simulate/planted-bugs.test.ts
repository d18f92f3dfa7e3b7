/** The seeds are worth something only if they notice what must not be. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { plantedBugs } from "./planted-bugs.ts";
import { runSeed } from "./run-seed.ts";

/** Small clusters. */
const candidates = Array.from({ length: 40 }, (_, index) => index + 1).filter((seed) => seed % 5 !== 0);

describe("a cluster with a planted bug", () => {
  for (const { name, breaks, plant } of plantedBugs) {
    it(`is found out: ${name}`, async (context) => {
      const remove = plant();
      context.after(remove);
      for (const seed of candidates) {
        const { well, checks } = await runSeed(seed);
        if (well || !checks.some(({ check, holds }) => check === breaks && !holds)) continue;
        context.diagnostic(`by seed ${seed}`);
        return;
      }
      assert.fail(`${candidates.length} seeds did not notice ${name}`);
    });
  }
});

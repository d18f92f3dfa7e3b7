/**
 * Seeds of crashes, power cuts, pauses, partitions and bad networks over ensembles of three and five.
 *
 *   npm test -- zookeeper/ensemble-seeds                              the first seeds
 *   npm test -- zookeeper/ensemble-seeds --seed 27                    one seed again, with every server's log
 *   npm run soak -- zookeeper-seeds                                   two thousand
 *   npm test -- zookeeper/ensemble-seeds --minutes 10                 as many as the time allows
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seeds } from "../../kit/index.ts";
import { runSeed } from "./run-seed.ts";

const smokeSeeds = 100;
const replayed = process.env.STORM_LAB_SEED !== undefined;

describe("an ensemble under faults", () => {
  it("keeps every promise that it made to a client", async (context) => {
    let committed = 0;
    let modelled = 0;
    let runs = 0;
    for (const seed of seeds({ smoke: smokeSeeds })) {
      const print = (line: string) => process.stderr.write(`${line}\n`);
      const { violations, counts } = await runSeed(seed, replayed ? { print } : {});
      assert.deepEqual(violations, [], `seed ${seed}; again: npm test -- zookeeper/ensemble-seeds --seed ${seed}`);
      runs++;
      committed += counts.committed;
      modelled += counts.modelled;
    }
    context.diagnostic(`${runs} seeds, ${committed} transactions; ${modelled} seeds compared with the model`);
    assert.ok(committed >= 50 * runs, `only ${committed} transactions in ${runs} seeds prove little`);
    assert.ok(modelled >= runs / 2, `only ${modelled} of ${runs} seeds could be compared with the model`);
  });

  it("runs the same again from the same seed", async () => {
    const first = await runSeed(11, { faultyMs: 4000 });
    const again = await runSeed(11, { faultyMs: 4000 });
    assert.equal(again.trace, first.trace);
    assert.deepEqual(again.counts, first.counts);
    assert.notEqual((await runSeed(13, { faultyMs: 4000 })).trace, first.trace);
  });
});

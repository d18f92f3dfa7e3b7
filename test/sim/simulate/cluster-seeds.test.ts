/**
 * Whole clusters of three to a thousand nodes under crashes, pauses, partitions, ended sessions and wrong clocks.
 *
 *   npm test -- sim/simulate/cluster-seeds                            the first seeds
 *   npm test -- sim/simulate/cluster-seeds --seed 27                  one seed again, with every daemon's log
 *   npm run soak -- cluster-seeds                                     a thousand
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seeds } from "../../kit/index.ts";
import { nodesOf, runSeed } from "./run-seed.ts";

/** About half a second each; the first cluster of a thousand nodes is that of seed 50. */
const smokeSeeds = 30;
const replayed = process.env.STORM_LAB_SEED !== undefined;

describe("a cluster under faults", () => {
  it("keeps every promise, and comes right in time when they cease", async (context) => {
    const print = (line: string) => process.stderr.write(`${line}\n`);
    const faults = new Map<string, number>();
    let [runs, largest, worstMs, killed, writes, leaders] = [0, 0, 0, 0, 0, 0];
    for (const seed of seeds({ smoke: smokeSeeds })) {
      const report = await runSeed(seed, replayed ? print : undefined);
      const broken = report.checks.filter(({ holds }) => !holds).map(({ check }) => check);
      const again = `seed ${seed}; again: npm test -- sim/simulate/cluster-seeds --seed ${seed}`;
      assert.deepEqual([...broken, ...report.violations], [], again);
      assert.ok(report.well, again);
      runs++;
      largest = Math.max(largest, nodesOf(seed));
      for (const [kind, count] of Object.entries(report.faults)) faults.set(kind, (faults.get(kind) ?? 0) + count);
      for (const check of report.checks) {
        if (check.check === "converged") worstMs = Math.max(worstMs, check.tookMs);
        if (check.check === "killed-is-killed") killed += check.topologies;
        if (check.check === "one-writer") [writes, leaders] = [writes + check.writes, leaders + check.leaders];
      }
    }
    const kinds = [...faults].sort().map(([kind, count]) => `${count} ${kind}`);
    context.diagnostic(`${runs} seeds, clusters of 3 to ${largest} nodes; faults: ${kinds.join(", ")}`);
    context.diagnostic(`${killed} topologies killed, ${writes} writes under ${leaders} leaderships`);
    context.diagnostic(`right again at most ${(worstMs / 1000).toFixed(1)} s after the last fault`);
    // A single seed may be a lucky one.
    if (runs < smokeSeeds) return;
    assert.equal(faults.size, 5, "every kind of fault befell somebody");
    assert.ok(killed >= runs && leaders > 1.2 * runs, `${killed} kills and ${leaders} leaderships prove little`);
  });

  it("is the same to the byte for the same seed", async () => {
    const told = async (seed: number) => {
      const lines: string[] = [];
      const { trace } = await runSeed(seed, (line) => lines.push(line));
      return { trace, lines };
    };
    const first = await told(4);
    assert.ok(first.lines.length > 100);
    assert.deepEqual(await told(4), first);
    assert.notEqual((await told(12)).trace, first.trace);
  });
});

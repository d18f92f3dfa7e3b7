/** Which faults befall a simulated cluster. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../../../src/base/index.ts";
import { faultKinds } from "../../../src/simulate/events.ts";
import { type FaultPlanOptions, planFaults } from "../../../src/simulate/faults.ts";

const options: FaultPlanOptions = { kinds: faultKinds, nodes: 3, durationMs: 60_000, sessionMs: 4000 };
const plan = (seed: number, differing: Partial<FaultPlanOptions> = {}) =>
  planFaults(new SeededRandom(seed), { ...options, ...differing });

describe("a plan of faults", () => {
  it("is that of its seed, in the order of time, within its duration", () => {
    assert.deepEqual(plan(1), plan(1));
    assert.notDeepEqual(plan(1), plan(2));
    for (let seed = 1; seed <= 50; seed++) {
      const starts = plan(seed, { nodes: 200 }).map(({ startMs }) => startMs);
      assert.deepEqual(
        starts,
        starts.toSorted((a, b) => a - b),
      );
      assert.ok(starts.every((startMs) => startMs > 0 && startMs < options.durationMs));
    }
  });

  it("has the kinds that are asked for, none when none is, and all of them sooner or later", () => {
    assert.deepEqual(plan(1, { kinds: [] }), []);
    const some = plan(1, { kinds: ["pause", "partition"] });
    assert.deepEqual([...new Set(some.map(({ fault }) => fault))].sort(), ["partition", "pause"]);
    const all = Array.from({ length: 10 }, (_, seed) => plan(seed)).flat();
    assert.deepEqual([...new Set(all.map(({ fault }) => fault))].sort(), [...faultKinds].sort());
  });

  it("befalls more nodes of a larger cluster, and nimbus and ZooKeeper no more than in a small one", () => {
    const count = (nodes: number, victims: readonly string[]) =>
      Array.from({ length: 20 }, (_, seed) => plan(seed, { nodes }))
        .flat()
        .filter(({ victim }) => victims.includes(victim)).length;
    const nodes = ["node", "supervisor", "worker"];
    assert.ok(count(400, nodes) > 5 * count(3, nodes));
    const head = ["nimbus", "zookeeper"];
    assert.ok(count(400, head) < 1.5 * count(3, head));
  });

  it("lets a session end that it means to end", () => {
    const all = Array.from({ length: 10 }, (_, seed) => plan(seed, { sessionMs: 10_000 })).flat();
    for (const { fault, forMs } of all) if (fault === "session-expiry") assert.ok(forMs > 10_000);
  });
});

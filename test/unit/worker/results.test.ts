import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Published } from "../../../src/topology/index.ts";
import { mergeReports, type ResultValue, workerReport } from "../../../src/worker/results.ts";

const awkward = ["__proto__", "constructor", "toString", "hasOwnProperty", "length", "", "a", "牛"];

function merged(...values: Published[]): ResultValue | undefined {
  return mergeReports([workerReport(new Map([["result", values]]), [])], 1).results.result;
}

describe("results of several tasks", () => {
  it("that are numbers add", () => {
    assert.equal(merged(1, 2, 3.5), 6.5);
  });

  it("that are lists are joined in task order", () => {
    assert.deepEqual(merged([1], [], [2, [3]]), [1, 2, [3]]);
  });

  it("that are maps or objects merge key by key, at any depth", () => {
    const value = merged(new Map([["a", new Map([["x", 1]])]]), { a: { x: 2, y: [1] }, b: 1 }, { a: { y: [2] } });
    assert.deepEqual(JSON.parse(JSON.stringify(value)), { a: { x: 3, y: [1, 2] }, b: 1 });
  });

  it("that are anything else: the later counts", () => {
    assert.equal(merged("a", "b"), "b");
    assert.equal(merged(true, null), null);
    assert.equal(merged(1, "b"), "b");
    assert.deepEqual(merged([1], new Map([["a", 1]])), Object.assign(Object.create(null), { a: 1 }));
  });

  it("that JSON cannot hold become what comes nearest", () => {
    const odd = [10n, 2n ** 70n, undefined, () => 1, Symbol("s"), [undefined]] as unknown as Published;
    assert.deepEqual(merged(odd), [10, "1180591620717411303424", null, null, null, [null]]);
  });

  it("count words that are names of JavaScript's own like any other", () => {
    const counts = () => new Map(awkward.map((word, index) => [word, index + 1]));
    const value = merged(counts(), counts()) as Record<string, number>;
    assert.deepEqual(
      new Map(Object.entries(JSON.parse(JSON.stringify(value)) as object)),
      new Map(awkward.map((word, index) => [word, 2 * (index + 1)])),
    );
  });

  it("may be published under such names, too", () => {
    const results = new Map<string, Published[]>(awkward.map((name) => [name, [1, 2]]));
    const report = mergeReports([workerReport(results, []), workerReport(results, [])], 1);
    assert.deepEqual(new Map(Object.entries(report.results)), new Map(awkward.map((name) => [name, 6])));
  });

  it("add up to the same over any division among tasks and workers", () => {
    const words = fc.array(fc.constantFrom(...awkward), { maxLength: 60 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), (all, tasks, workers) => {
        const counts = Array.from({ length: tasks }, () => new Map<string, number>());
        for (const [index, word] of all.entries()) {
          const map = counts[index % tasks] as Map<string, number>;
          map.set(word, (map.get(word) ?? 0) + 1);
        }
        const reports = Array.from({ length: workers }, (_, worker) =>
          workerReport(new Map([["counts", counts.filter((_map, task) => task % workers === worker)]]), []),
        );
        // As between processes.
        const travelled = JSON.parse(JSON.stringify(reports)) as typeof reports;
        const result = new Map(Object.entries(mergeReports(travelled, 1).results.counts ?? {}));
        for (const word of awkward)
          assert.equal(result.get(word) ?? 0, all.filter((each) => each === word).length, word);
      }),
    );
  });

  it("do not change what tasks go on counting", () => {
    const live = new Map([["a", 1]]);
    const value = merged(live, live);
    assert.deepEqual({ ...(value as object) }, { a: 2 });
    assert.deepEqual([...live], [["a", 1]]);
    const plain = { a: { b: 1 } };
    merged(plain, { a: { b: 2 } });
    assert.deepEqual(plain, { a: { b: 1 } });
  });
});

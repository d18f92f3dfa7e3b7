import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { partitionFixed, taskCount } from "../../../src/topology/index.ts";

describe("taskCount", () => {
  it("is what topology.tasks says, else the hint, capped by topology.max.task.parallelism", () => {
    assert.equal(taskCount(3, {}), 3);
    assert.equal(taskCount(3, { "topology.tasks": null, "topology.max.task.parallelism": null }), 3);
    assert.equal(taskCount(3, { "topology.tasks": 8 }), 8);
    assert.equal(taskCount(3, { "topology.tasks": 8, "topology.max.task.parallelism": 5 }), 5);
    assert.equal(taskCount(3, { "topology.max.task.parallelism": 2 }), 2);
  });
});

describe("partitionFixed", () => {
  it("keeps every item once, in order, in parts that differ by one at most, the larger first", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (items, parts) => {
        const made = partitionFixed(items, parts);
        assert.equal(made.length, Math.min(parts, items.length));
        assert.deepEqual(made.flat(), items);
        const sizes = made.map(({ length }) => length);
        assert.ok(sizes.length === 0 || (sizes[0] ?? 0) - (sizes.at(-1) ?? 0) <= 1);
        assert.deepEqual(
          sizes,
          sizes.toSorted((a, b) => b - a),
        );
      }),
    );
  });
});

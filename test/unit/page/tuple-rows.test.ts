/** The rows in which the page shows a followed tuple. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { TupleTree } from "../../../src/page/api-types.ts";
import { rowsOf, sinceStart } from "../../../src/page/tuple-rows.ts";

const tuple = (id: string, anchors: string[]) => ({
  id,
  anchors,
  component: "split",
  toComponent: "count",
  toTask: 7,
  values: `[${id}]`,
  worker: null,
  emittedMs: 100,
  executedMs: null,
  settled: null,
  settledMs: null,
});

const tree: TupleTree = {
  root: "aa",
  component: "spout",
  task: 1,
  messageId: "m1",
  worker: "n1:6700",
  startMs: 100,
  end: null,
  endMs: null,
  tuples: [tuple("s", []), tuple("a", ["s"]), tuple("b", ["s"]), tuple("c", ["a", "b"]), tuple("lost", ["gone"])],
};

it("each tuple hangs below what it is anchored to, and is shown once", () => {
  assert.deepEqual(
    rowsOf(tree).map((row) => [row.tuple.id, row.depth, row.isJoined]),
    [
      ["s", 0, false],
      ["a", 1, false],
      ["c", 2, true],
      ["b", 1, false],
      ["lost", 0, false],
    ],
  );
});

it("times count from the spout's emit", () => {
  assert.deepEqual(
    [sinceStart(tree, 100.5), sinceStart(tree, 99.999), sinceStart(tree, null)],
    ["+0.50 ms", "+0.00 ms", "–"],
  );
});

/** Trees of followed tuples out of what several workers have written. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { TupleStep } from "../../../src/state/index.ts";
import { treesOf } from "../../../src/ui/tuple-trees.ts";

const root = "aa";
const emitted = (id: string, anchors: string[], toComponent: string, timeMs: number): TupleStep => ({
  step: "emitted",
  root,
  id,
  anchors,
  component: anchors.length === 0 ? "spout" : "split",
  task: 1,
  stream: "default",
  toComponent,
  toTask: 7,
  values: `[${id}]`,
  timeMs,
});
const end = (step: "executed" | "acked" | "failed", id: string, timeMs: number): TupleStep => ({
  step,
  root,
  id,
  timeMs,
});
const ofRoot = (step: "rooted" | "completed" | "given-up", timeMs: number, of = root): TupleStep => ({
  step,
  root: of,
  component: "spout",
  task: 1,
  messageId: "m1",
  timeMs,
});

const spoutSide = [ofRoot("rooted", 100), emitted("s", [], "split", 100.1)];
const boltSide = [
  end("executed", "s", 100.5),
  emitted("b", ["s"], "count", 100.7),
  emitted("a", ["s"], "count", 100.6),
  end("acked", "s", 100.8),
];
const workers = (...more: TupleStep[]) => [
  { worker: "n1:6700", steps: [...spoutSide, ...more] },
  { worker: "n2:6701", steps: boltSide },
];

it("a tree is put together from what all workers saw, in the order of the emits", () => {
  const [tree] = treesOf(workers());
  assert.deepEqual(
    [tree?.root, tree?.messageId, tree?.worker, tree?.startMs, tree?.end, tree?.endMs],
    [root, "m1", "n1:6700", 100, null, null],
  );
  assert.deepEqual(
    tree?.tuples.map(({ id, worker, settled, executedMs, settledMs }) => [id, worker, settled, executedMs, settledMs]),
    [
      ["s", "n2:6701", "acked", 100.5, 100.8],
      ["a", null, null, null, null],
      ["b", null, null, null, null],
    ],
  );
});

it("tells how it ended, and which tuple was failed", () => {
  const [tree] = treesOf(workers(end("failed", "a", 101), ofRoot("given-up", 102)));
  assert.deepEqual([tree?.end, tree?.endMs], ["given-up", 102]);
  assert.equal(tree?.tuples.find(({ id }) => id === "a")?.settled, "failed");
  assert.equal(treesOf(workers(ofRoot("completed", 103)))[0]?.end, "completed");
});

it("newest come first, and a tree without its beginning is none", () => {
  const later = { worker: "n1:6700", steps: [ofRoot("rooted", 200, "bb"), end("acked", "x", 201)] };
  assert.deepEqual(
    treesOf([...workers(), later]).map((tree) => tree.root),
    ["bb", root],
  );
  assert.deepEqual(treesOf([{ worker: "n2:6701", steps: boltSide }]), []);
});

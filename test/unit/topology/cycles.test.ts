import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ComponentSpec, cyclesOf, TopologyBuilder } from "../../../src/topology/index.ts";
import { LineSpout, SplitBolt } from "./components.ts";

function graph(edges: Readonly<Record<string, readonly string[]>>): ComponentSpec[] {
  return Object.entries(edges).map(([id, sources]) => ({
    id,
    kind: "rich-bolt",
    parallelismHint: 1,
    streams: {},
    inputs: sources.map((componentId) => ({ componentId, streamId: "default", grouping: { type: "shuffle" } })),
    conf: {},
  }));
}

test("chains and diamonds are no cycles", () => {
  assert.deepEqual(cyclesOf(graph({ a: [], b: ["a"], c: ["a"], d: ["b", "c"] })), []);
});

test("a component that subscribes to itself, a ring, and two rings that share a component", () => {
  assert.deepEqual(cyclesOf(graph({ a: [], b: ["a", "b"] })), [["b"]]);
  assert.deepEqual(cyclesOf(graph({ a: [], b: ["a", "d"], c: ["b"], d: ["c"], e: ["d"] })), [["b", "c", "d"]]);
  assert.deepEqual(cyclesOf(graph({ a: ["b", "c"], b: ["a"], c: ["a"], d: [] })), [["a", "b", "c"]]);
  assert.deepEqual(cyclesOf(graph({ a: ["b"], b: ["a"], c: ["d", "a"], d: ["c"] })), [
    ["a", "b"],
    ["c", "d"],
  ]);
});

test("a cycle is legal and warned about, as in Storm", () => {
  const builder = new TopologyBuilder();
  builder.setSpout("spout", new LineSpout());
  builder.setBolt("a", new SplitBolt()).shuffleGrouping("spout").shuffleGrouping("b");
  builder.setBolt("b", new SplitBolt()).shuffleGrouping("a");
  assert.deepEqual(builder.createTopology().description.warnings, ["the components a → b form a cycle"]);
});

test("components are on one cycle exactly when each reaches the other", () => {
  const ids = ["a", "b", "c", "d", "e"];
  const edges = fc.record(Object.fromEntries(ids.map((id) => [id, fc.subarray(ids)])));
  fc.assert(
    fc.property(edges, (sources) => {
      const reaches = reachability(ids, sources);
      const cycles = cyclesOf(graph(sources));
      const together = (a: string, b: string) => cycles.some((cycle) => cycle.includes(a) && cycle.includes(b));
      for (const a of ids) {
        for (const b of ids) assert.equal(together(a, b), reaches(a, b) && reaches(b, a), `${a} ${b}`);
      }
    }),
  );
});

/** Warshall's closure: another way to the same answer. */
function reachability(ids: readonly string[], sources: Readonly<Record<string, readonly string[]>>) {
  const pairs = new Set(ids.flatMap((id) => (sources[id] ?? []).map((source) => `${source}${id}`)));
  for (const via of ids) {
    for (const from of ids) {
      for (const to of ids) if (pairs.has(from + via) && pairs.has(via + to)) pairs.add(from + to);
    }
  }
  return (from: string, to: string) => pairs.has(from + to);
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TaskCounters } from "../../../src/executor/index.ts";
import { ExecutorStats } from "../../../src/wire/thrift/index.ts";
import { executorStats, snapshotOf } from "../../../src/worker/cluster/executor-stats.ts";

const none = { count: 0, totalUs: 0 };

function bolt(taskId: number, executed: number): TaskCounters {
  const input = { componentId: "s", streamId: "default", executed, acked: executed, failed: 1 };
  const times = { execute: { count: 2, totalUs: 4000 * executed }, process: none };
  const output = { streamId: "words", emitted: 2 * executed, transferred: 4 * executed, acked: 0, failed: 0 };
  return {
    taskId,
    componentId: "b",
    kind: "bolt",
    outputs: [{ ...output, complete: none }],
    inputs: [{ ...input, ...times }],
  };
}

function spout(taskId: number, acked: number): TaskCounters {
  const output = { streamId: "default", emitted: 9, transferred: 9, acked, failed: 0 };
  return {
    taskId,
    componentId: "s",
    kind: "spout",
    outputs: [{ ...output, complete: { count: acked, totalUs: 1500 * acked } }],
    inputs: [],
  };
}

describe("the statistics of executors", () => {
  const before = snapshotOf([bolt(1, 10), bolt(2, 20)]);
  const now = snapshotOf([bolt(1, 15), bolt(2, 40), spout(3, 4)]);
  const stats = executorStats({
    executors: [
      [1, 2],
      [3, 3],
      [4, 4],
    ],
    now,
    windows: [
      ["600", before],
      [":all-time", null],
    ],
    rate: 0.05,
  });
  const of = (first: number) => stats.find(([{ task_start }]) => task_start === first)?.[1] as ExecutorStats;

  it("are sums over the executor's tasks, by window and stream", () => {
    const { emitted, transferred, specific } = of(1);
    const by = (recent: number, ever: number) =>
      new Map([
        ["600", new Map([["words", recent]])],
        [":all-time", new Map([["words", ever]])],
      ]);
    assert.deepEqual(emitted, by(50, 110));
    assert.deepEqual(transferred, by(100, 220));
    const input = { componentId: "s", streamId: "default" };
    assert.deepEqual(
      specific.bolt?.executed,
      new Map([
        ["600", [[input, 25]]],
        [":all-time", [[input, 55]]],
      ]),
    );
    assert.deepEqual(specific.bolt?.failed.get("600"), [[input, 0]]);
  });

  it("have the mean of the durations within the window, and 0 without any", () => {
    const { bolt: bolts } = of(1).specific;
    const input = { componentId: "s", streamId: "default" };
    // Nothing was sampled between the two snapshots, although the totals differ: no mean can be told.
    assert.deepEqual(bolts?.execute_ms_avg.get("600"), [[input, 0]]);
    assert.deepEqual(bolts?.execute_ms_avg.get(":all-time"), [[input, 55]]);
    assert.deepEqual(bolts?.process_ms_avg.get(":all-time"), [[input, 0]]);
  });

  it("are a spout's for a spout", () => {
    const { spout: spouts, bolt: bolts } = of(3).specific;
    assert.equal(bolts, undefined);
    assert.deepEqual(spouts?.acked.get(":all-time"), new Map([["default", 4]]));
    assert.deepEqual(spouts?.complete_ms_avg.get("600"), new Map([["default", 1.5]]), "it began within the window");
  });

  it("are there for an acker too, without streams", () => {
    assert.deepEqual(of(4).specific.bolt?.executed.get(":all-time"), []);
    assert.deepEqual([...of(4).emitted.keys()], ["600", ":all-time"]);
  });

  it("are what Storm's Thrift can carry", () => {
    for (const [, each] of stats) assert.deepEqual(ExecutorStats.decode(ExecutorStats.encode(each)), each);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { componentOf, planTopology, type TopologyPlan } from "../../../src/executor/plan.ts";
import { type Conf, TopologyBuilder } from "../../../src/topology/index.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";

const source = spout({ declares: ["value"], nextTuple: () => {} });
const sink = bolt({ execute: () => {} });

/** Components in the order given, each with its hint and number of tasks; the first is the spout. */
function plan(
  parts: ReadonlyArray<readonly [id: string, hint: number, tasks?: number]>,
  conf: Conf = {},
): TopologyPlan {
  const builder = new TopologyBuilder();
  const [first, ...rest] = parts as [(typeof parts)[number], ...typeof parts];
  const declarers = [
    builder.setSpout(first[0], source, first[1]),
    ...rest.map(([id, hint]) => builder.setBolt(id, sink, hint).shuffleGrouping(first[0])),
  ];
  for (const [index, [, , tasks]] of parts.entries()) if (tasks !== undefined) declarers[index]?.setNumTasks(tasks);
  return planTopology(builder.createTopology().description, conf);
}

function tasksOf(planned: TopologyPlan): Record<string, readonly number[]> {
  return Object.fromEntries([...planned.components].map(([id, { tasks }]) => [id, tasks]));
}

const noAckers = { "topology.acker.executors": 0 };

describe("the plan of a topology", () => {
  it("numbers tasks from 1, component ids in sorted order (Storm, StormCommon)", () => {
    const planned = plan(
      [
        ["words", 2],
        ["Zebra", 1],
        ["count", 3],
      ],
      noAckers,
    );
    assert.deepEqual(tasksOf(planned), { Zebra: [1], count: [2, 3, 4], words: [5, 6] });
    assert.equal(componentOf(planned, 4).id, "count");
    assert.throws(() => componentOf(planned, 7));
    assert.throws(() => componentOf(planned, 0));
  });

  it("takes executors as a rebalance has cut them, and keeps the tasks", () => {
    const builder = new TopologyBuilder();
    builder.setSpout("s", source, 2);
    builder.setBolt("b", sink, 2).shuffleGrouping("s").setNumTasks(4);
    const { description } = builder.createTopology();
    const asDeclared = planTopology(description, noAckers);
    const cut = planTopology(description, noAckers, [
      [1, 3],
      [4, 4],
      [5, 6],
    ]);
    assert.deepEqual(
      cut.executors.map(({ componentId, tasks }) => [componentId, tasks]),
      [
        ["b", [1, 2, 3]],
        ["b", [4]],
        ["s", [5, 6]],
      ],
    );
    assert.deepEqual(cut.componentOfTask, asDeclared.componentOfTask);
    assert.deepEqual(tasksOf(cut), tasksOf(asDeclared));
    assert.throws(() => planTopology(description, noAckers, [[4, 5]]), /one component/);
    assert.throws(() => planTopology(description, noAckers, [[6, 7]]));
  });

  it("sorts the ackers among the components: after capitals, before small letters", () => {
    const planned = plan(
      [
        ["Spout", 1],
        ["bolt", 1],
      ],
      { "topology.acker.executors": 2 },
    );
    assert.deepEqual(tasksOf(planned), { Spout: [1], __acker: [2, 3], bolt: [4] });
    assert.deepEqual(planned.ackerTasks, [2, 3]);
  });

  it("gives an executor a contiguous range of tasks, the larger ranges first (Storm, partitionFixed)", () => {
    const planned = plan([["a", 3, 8]], noAckers);
    assert.deepEqual(
      planned.executors.map(({ tasks }) => tasks),
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8],
      ],
    );
  });

  it("has as many tasks as the parallelism hint, unless topology.tasks says otherwise", () => {
    assert.deepEqual(
      tasksOf(
        plan(
          [
            ["a", 2],
            ["b", 1, 3],
          ],
          noAckers,
        ),
      ),
      { a: [1, 2], b: [3, 4, 5] },
    );
  });

  it("has no executor without a task: fewer tasks than the hint mean fewer executors", () => {
    const planned = plan([["a", 4, 2]], noAckers);
    assert.deepEqual(
      planned.executors.map(({ tasks }) => tasks),
      [[1], [2]],
    );
  });

  it("caps tasks and executors by topology.max.task.parallelism, but not the ackers", () => {
    const conf = { "topology.max.task.parallelism": 2, "topology.acker.executors": 3 };
    const planned = plan(
      [
        ["a", 5],
        ["b", 1, 4],
      ],
      conf,
    );
    assert.deepEqual(tasksOf(planned), { __acker: [1, 2, 3], a: [4, 5], b: [6, 7] });
    assert.equal(planned.executors.filter(({ componentId }) => componentId === "b").length, 1);
  });

  it("has one acker executor a worker by default, none with 0 (Storm, topology.acker.executors)", () => {
    assert.equal(plan([["a", 1]]).ackerTasks.length, 1);
    assert.equal(plan([["a", 1]], { "topology.workers": 4 }).ackerTasks.length, 4);
    const without = plan([["a", 1]], { ...noAckers, "topology.workers": 4 });
    assert.deepEqual(without.ackerTasks, []);
    assert.deepEqual(
      without.streams.map(({ streamId }) => streamId),
      ["default", "__tick"],
    );
  });

  it("numbers streams by their place, so that every worker knows a stream by its number", () => {
    const planned = plan([
      ["a", 1],
      ["b", 1],
    ]);
    assert.deepEqual(
      planned.streams.map(({ index }) => index),
      [...planned.streams.keys()],
    );
    const again = plan([
      ["a", 1],
      ["b", 1],
    ]);
    const named = ({ streams }: TopologyPlan) =>
      streams.map(({ componentId, streamId }) => `${componentId} ${streamId}`);
    assert.deepEqual(named(planned), named(again));
    assert.equal(new Set(named(planned)).size, planned.streams.length);
  });

  it("puts a component's conf on top of the topology's, and that on top of the defaults", () => {
    const builder = new TopologyBuilder();
    builder.setSpout("a", source, 1).setMaxSpoutPending(5);
    const { components } = planTopology(builder.createTopology().description, {
      "topology.max.spout.pending": 9,
      "topology.message.timeout.secs": 7,
    });
    assert.equal(components.get("a")?.conf["topology.max.spout.pending"], 5);
    assert.equal(components.get("__acker")?.conf["topology.max.spout.pending"], 9);
    assert.equal(components.get("a")?.conf["topology.message.timeout.secs"], 7);
    assert.equal(components.get("a")?.conf["topology.stats.sample.rate"], 0.05);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LocalCluster } from "../../../src/local/index.ts";
import { type TaskHook, TopologyBuilder, type TopologyContext } from "../../../src/topology/index.ts";
import { ListRecord, listSpout } from "../../kit/list-spout.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";
import { VirtualCluster, withCode } from "../../kit/virtual-cluster.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => [index]);

function counting(record = new ListRecord(), count = 100) {
  const builder = new TopologyBuilder();
  builder.setSpout("s", listSpout(numbers(count), record));
  builder
    .setBolt(
      "b",
      bolt(() => {
        let executed = 0;
        return {
          prepare: (_out, context) => context.publish("executed", () => executed),
          execute: (tuple, out) => {
            executed++;
            out.ack(tuple);
          },
        };
      }),
      3,
    )
    .shuffleGrouping("s");
  return builder.createTopology();
}

describe("LocalCluster (Storm, Local mode)", () => {
  it("submits, waits for the end, reports, kills", async () => {
    const cluster = new VirtualCluster();
    const topology = await cluster.submit(counting(), { "topology.workers": 2 }, "first");
    assert.equal(topology.name, "first");
    const report = await cluster.finish(topology.waitForCompletion(), "the end");
    assert.deepEqual({ ...report.results }, { executed: 100 });
    assert.equal(topology.report().components.s?.acked, 100);
    await cluster.finish(topology.kill(), "killed");
    await assert.rejects(cluster.finish(topology.kill(), "killed"), withCode("SL-TOPOLOGY-UNKNOWN"));
    await assert.rejects(cluster.finish(topology.waitForCompletion(), "the end"), withCode("SL-TOPOLOGY-UNKNOWN"));
  });

  it("runs several topologies beside each other, and refuses a name twice until it is free again", async () => {
    const cluster = new VirtualCluster();
    const records = [new ListRecord(), new ListRecord()];
    const [one, two] = [
      await cluster.submit(counting(records[0]), {}, "one"),
      await cluster.submit(counting(records[1], 50), {}, "two"),
    ];
    await assert.rejects(cluster.submit(counting(), {}, "one"), withCode("SL-TOPOLOGY-EXISTS"));
    await cluster.finish(Promise.all([one.waitForCompletion(), two.waitForCompletion()]), "both end");
    assert.deepEqual(
      records.map(({ acks }) => acks.length),
      [100, 50],
    );
    await cluster.finish(one.kill(), "killed");
    await cluster.submit(counting(), {}, "one");
    await cluster.finish(cluster.cluster.shutdown(), "shut down");
  });

  it("refuses a name and a conf that Storm would refuse", async () => {
    const cluster = new VirtualCluster();
    for (const name of ["", "a/b", "a.b", "a:b", "a\\b"]) {
      await assert.rejects(cluster.submit(counting(), {}, name), withCode("SL-TOPOLOGY-NAME"));
    }
    await assert.rejects(cluster.submit(counting(), { "topology.workers": 0 }), withCode("SL-CONF-VALUE"));
  });

  it("waits no longer than the deadline, on its runtime's clock", async () => {
    const cluster = new VirtualCluster();
    const builder = new TopologyBuilder();
    builder.setSpout("s", spout({ declares: ["v"], nextTuple: () => {} }));
    builder.setBolt("b", bolt({ execute: () => {} })).shuffleGrouping("s");
    const topology = await cluster.submit(builder.createTopology());
    const beforeMs = cluster.world.nowMs;
    await assert.rejects(cluster.finish(topology.waitForCompletion(7000), "the deadline"), withCode("SL-DEADLINE"));
    assert.ok(cluster.world.nowMs - beforeMs >= 7000 && cluster.world.nowMs - beforeMs < 7100);
    await cluster.finish(topology.kill(), "killed");
  });

  it("is the same for the same seed: results, order and trace", async () => {
    const run = async (seed: number) => {
      const cluster = new VirtualCluster({ seed });
      const record = new ListRecord();
      const report = await cluster.complete(counting(record), { "topology.workers": 3 });
      return { hash: cluster.world.trace.hash, acks: record.acks, report };
    };
    assert.deepEqual(await run(11), await run(11));
    assert.notEqual((await run(11)).hash, (await run(12)).hash);
  });

  it("runs in the real world when it is given no runtime, and leaves nothing behind", async () => {
    await using cluster = new LocalCluster({ onError: (error) => assert.fail(error) });
    const record = new ListRecord();
    const topology = await cluster.submitTopology("real", { "topology.workers": 2 }, counting(record));
    await topology.waitForCompletion(30_000);
    assert.equal(record.acks.length, 100);
  });

  it("tells onError of what ends a topology, and waitForCompletion rejects with it", async () => {
    const cluster = new VirtualCluster();
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout(numbers(1), new ListRecord()));
    builder.setBolt("b", bolt({ execute: () => assert.fail("odd") })).shuffleGrouping("s");
    const topology = await cluster.submit(builder.createTopology());
    await assert.rejects(cluster.finish(topology.waitForCompletion(), "the end"), withCode("SL-COMPONENT-FAILED"));
    assert.deepEqual(
      cluster.errors.map(({ code }) => code),
      ["SL-COMPONENT-FAILED"],
    );
    await cluster.finish(topology.kill(), "killed");
  });
});

describe("the context of a task", () => {
  it("knows the topology: its tasks, streams, sources and targets", async () => {
    const cluster = new VirtualCluster();
    const contexts: TopologyContext[] = [];
    const builder = new TopologyBuilder();
    builder.setSpout(
      "s",
      spout({ declares: { default: ["v"], other: ["w", "x"] }, nextTuple: (out) => out.exhausted() }),
      2,
    );
    const remember = bolt({ prepare: (_out, context) => void contexts.push(context), execute: () => {} });
    builder.setBolt("b", remember, 2).fieldsGrouping("s", ["v"]).allGrouping("s", "other").addConfiguration("mine", 1);
    await cluster.complete(builder.createTopology(), { "topology.workers": 2, theirs: 2 });
    const [context] = contexts as [TopologyContext];
    assert.deepEqual(
      contexts.map(({ thisTaskId, thisTaskIndex }) => [thisTaskId, thisTaskIndex]),
      [
        [3, 0],
        [4, 1],
      ],
    );
    assert.deepEqual([context.thisComponentId, context.topologyName, context.thisWorkerPort], ["b", "test", 0]);
    assert.match(context.topologyId, /^test-1-\d+$/);
    assert.deepEqual([context.conf.mine, context.conf.theirs, context.conf["topology.workers"]], [1, 2, 2]);
    assert.deepEqual(context.getComponentIds(), ["b", "s"]);
    assert.deepEqual([context.getComponentTasks("s"), context.getComponentId(5)], [[5, 6], "s"]);
    assert.deepEqual(context.getComponentStreams("s"), ["default", "other"]);
    assert.deepEqual(context.getComponentOutputFields("s", "other").names, ["w", "x"]);
    assert.deepEqual(
      [...(context.getSources("b").get("s") ?? [])],
      [
        ["default", { type: "fields", fields: ["v"] }],
        ["other", { type: "all" }],
      ],
    );
    assert.deepEqual([...context.getTargets("s").keys()], ["default", "other"]);
    assert.deepEqual(
      contexts.flatMap(({ thisWorkerTasks }) => thisWorkerTasks).toSorted((a, b) => a - b),
      [1, 2, 3, 4, 5, 6],
    );
    assert.throws(() => context.getComponentTasks("nobody"), withCode("SL-COMPONENT-UNKNOWN"));
  });

  it("publishes values and readings, one a task; counters and gauges belong to the task", async () => {
    const cluster = new VirtualCluster();
    const hook: TaskHook = {};
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout(numbers(10), new ListRecord()));
    builder
      .setBolt(
        "b",
        bolt(() => {
          const seen: number[] = [];
          return {
            prepare: (_out, context) => {
              context.addTaskHook(hook);
              context.publish("seen", seen);
              context.publish("task", new Map([[String(context.thisTaskIndex), 1]]));
              context.publish("count", () => seen.length);
              const counter = context.registerCounter("constructor");
              counter.increment();
              counter.increment(2);
              context.registerGauge("__proto__", () => seen.length);
            },
            execute: (tuple, out) => {
              seen.push(tuple.getNumber(0));
              out.ack(tuple);
            },
          };
        }),
        2,
      )
      .shuffleGrouping("s");
    const { results } = await cluster.complete(builder.createTopology(), { "topology.workers": 2 });
    assert.equal(results.count, 10);
    assert.deepEqual({ ...(results.task as object) }, { 0: 1, 1: 1 });
    assert.deepEqual(
      (results.seen as number[]).toSorted((a, b) => a - b),
      numbers(10).flat(),
    );
  });
});

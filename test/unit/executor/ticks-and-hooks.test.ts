import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type TaskHook, TopologyBuilder } from "../../../src/topology/index.ts";
import { ListRecord } from "../../kit/list-spout.ts";
import { bolt, pair, type SpoutScript, spout } from "../../kit/scripted-components.ts";
import { VirtualCluster } from "../../kit/virtual-cluster.ts";

describe("tick tuples (Storm, topology.tick.tuple.freq.secs)", () => {
  it("come from __system on __tick with the interval, to every task of the bolt, and need no ack", async () => {
    const cluster = new VirtualCluster();
    const ticks: unknown[] = [];
    const builder = new TopologyBuilder();
    let emits = 0;
    builder.setSpout("s", spout({ declares: ["v"], nextTuple: () => void emits++ }));
    builder
      .setBolt(
        "b",
        bolt({
          execute: (tuple, _out, { thisTaskIndex }) => {
            ticks.push([
              tuple.getSourceComponent(),
              tuple.getSourceStreamId(),
              tuple.getSourceTask(),
              ...tuple.getValues(),
              thisTaskIndex,
            ]);
          },
        }),
        2,
      )
      .shuffleGrouping("s")
      .addConfiguration("topology.tick.tuple.freq.secs", 3);
    builder.setBolt("other", bolt({ execute: () => assert.fail("this bolt wants no ticks") })).shuffleGrouping("s");
    const topology = await cluster.submit(builder.createTopology());
    await cluster.world.run({ forMs: 10_000 });
    assert.deepEqual(
      ticks,
      [0, 1, 0, 1, 0, 1].map((task) => ["__system", "__tick", -1, 3, task]),
    );
    assert.equal(topology.report().components.b?.executed, 0, "ticks are not counted as the author's tuples");
    await cluster.finish(topology.kill(), "killed");
  });

  it("of the topology's conf go to all bolts, and never to a spout's code", async () => {
    const cluster = new VirtualCluster();
    let ticks = 0;
    const builder = new TopologyBuilder();
    builder.setSpout(
      "s",
      spout({ declares: ["v"], nextTuple: () => {}, fail: () => assert.fail("nothing was emitted") }),
    );
    for (const id of ["a", "b"]) builder.setBolt(id, bolt({ execute: () => void ticks++ })).shuffleGrouping("s");
    const topology = await cluster.submit(builder.createTopology(), { "topology.tick.tuple.freq.secs": 1 });
    await cluster.world.run({ forMs: 5_500 });
    assert.equal(ticks, 10);
    await cluster.finish(topology.kill(), "killed");
  });
});

describe("task hooks (Storm, Hooks)", () => {
  it("see every emit, ack, fail and execute of their task, and its end", async () => {
    const cluster = new VirtualCluster();
    const seen: string[] = [];
    const hook = (name: string): TaskHook => ({
      prepare: (_conf, { thisTaskId }) => void seen.push(`${name} prepare ${thisTaskId}`),
      emit: ({ values, stream, taskId, outTasks }) =>
        void seen.push(`${name} emit ${values} ${stream} ${taskId}→${outTasks}`),
      spoutAck: ({ messageId, spoutTaskId, completeLatencyMs = -1 }) => {
        assert.ok(completeLatencyMs >= 0);
        seen.push(`${name} spoutAck ${messageId} ${spoutTaskId}`);
      },
      spoutFail: ({ messageId, failLatencyMs = -1 }) => {
        assert.ok(failLatencyMs >= 0);
        seen.push(`${name} spoutFail ${messageId}`);
      },
      boltExecute: ({ tuple, executingTaskId, executeLatencyMs = -1 }) => {
        assert.ok(executeLatencyMs >= 0);
        seen.push(`${name} execute ${tuple.getValue(0)} ${executingTaskId}`);
      },
      boltAck: ({ tuple, processLatencyMs = -1 }) => {
        assert.ok(processLatencyMs >= 0);
        seen.push(`${name} boltAck ${tuple.getValue(0)}`);
      },
      boltFail: ({ tuple, failLatencyMs = -1 }) => {
        assert.ok(failLatencyMs >= 0);
        seen.push(`${name} boltFail ${tuple.getValue(0)}`);
      },
      cleanup: () => void seen.push(`${name} cleanup`),
    });
    const record = new ListRecord();
    let next = 0;
    const source: SpoutScript = {
      declares: ["v"],
      open: (_out, context) => context.addTaskHook(hook("s")),
      nextTuple: (out) => (next < 2 ? void out.emit([next], `m${next++}`) : out.exhausted()),
    };
    const sink = bolt({
      prepare: (_out, context) => context.addTaskHook(hook("b")),
      execute: (tuple, out) => (tuple.getNumber(0) === 0 ? out.ack(tuple) : out.fail(tuple)),
    });
    await cluster.complete(pair(spout(source), sink));
    assert.deepEqual(record.emits, []);
    assert.deepEqual(
      seen.filter((line) => line.startsWith("b")),
      ["b prepare 2", "b boltAck 0", "b execute 0 2", "b boltFail 1", "b execute 1 2", "b cleanup"],
    );
    assert.deepEqual(seen.filter((line) => line.startsWith("s")).toSorted(), [
      "s cleanup",
      "s emit 0 default 3→2",
      "s emit 1 default 3→2",
      "s prepare 3",
      "s spoutAck m0 3",
      "s spoutFail m1",
    ]);
  });
});

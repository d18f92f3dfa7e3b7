import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields, TopologyBuilder, type TopologyDescription, Values } from "../../../src/topology/index.ts";
import { LineSpout, SinkBolt, SplitBolt } from "./components.ts";

function described(build: (builder: TopologyBuilder) => void): TopologyDescription {
  const builder = new TopologyBuilder();
  build(builder);
  return builder.createTopology().description;
}

function component(description: TopologyDescription, id: string) {
  const found = description.components.find((candidate) => candidate.id === id);
  assert.ok(found !== undefined);
  return found;
}

test("the description is plain data: what goes through JSON comes back the same", () => {
  const description = described((builder) => {
    const lines = builder.setSpout("lines", new LineSpout(), 2);
    const words = builder.setBolt("words", new SplitBolt(), 4).shuffleGrouping(lines).setNumTasks(8);
    builder.setBolt("count", new SinkBolt()).fieldsGrouping(words, ["word"]);
  });
  assert.deepEqual(JSON.parse(JSON.stringify(description)), {
    components: [
      {
        id: "count",
        kind: "basic-bolt",
        parallelismHint: 1,
        streams: {},
        inputs: [{ componentId: "words", streamId: "default", grouping: { type: "fields", fields: ["word"] } }],
        conf: {},
      },
      {
        id: "lines",
        kind: "spout",
        parallelismHint: 2,
        streams: {
          default: { fields: ["line", "number"], direct: false },
          errors: { fields: ["message"], direct: false },
          orders: { fields: ["order"], direct: true },
        },
        inputs: [],
        conf: {},
      },
      {
        id: "words",
        kind: "rich-bolt",
        parallelismHint: 4,
        streams: { default: { fields: ["word", "num"], direct: false } },
        inputs: [{ componentId: "lines", streamId: "default", grouping: { type: "shuffle" } }],
        conf: { "topology.tasks": 8 },
      },
    ],
    warnings: [],
  });
});

test("components are in the order of their ids, whatever the order of the calls", () => {
  const ids = ["b", "B", "a10", "a9", "_", "词"];
  const orders = [ids, ids.toReversed(), ids.toSorted()].map((order) =>
    described((builder) => {
      for (const id of order) builder.setSpout(id, new LineSpout());
    }).components.map(({ id }) => id),
  );
  for (const order of orders) assert.deepEqual(order, ["B", "_", "a10", "a9", "b", "词"]);
});

test("each grouping, on the default stream and on another, by handle and by id", () => {
  const description = described((builder) => {
    const spout = builder.setSpout("spout", new LineSpout());
    builder
      .setBolt("sink", new SinkBolt())
      .shuffleGrouping(spout)
      .localOrShuffleGrouping("spout", "errors")
      .fieldsGrouping(spout, new Fields("number", "line"))
      .fieldsGrouping(spout, "errors", ["message"])
      .partialKeyGrouping("spout", ["line"])
      .partialKeyGrouping(spout, "errors", new Fields("message"))
      .allGrouping(spout)
      .globalGrouping("spout", "errors")
      .noneGrouping(spout)
      .directGrouping(spout, "orders");
  });
  const inputs = component(description, "sink").inputs.map(({ componentId, streamId, grouping }) => {
    assert.equal(componentId, "spout");
    const fields = "fields" in grouping ? `(${grouping.fields})` : "";
    return `${streamId} ${grouping.type}${fields}`;
  });
  assert.deepEqual(inputs, [
    "default shuffle",
    "errors local-or-shuffle",
    "default fields(number,line)",
    "errors fields(message)",
    "default partial-key(line)",
    "errors partial-key(message)",
    "default all",
    "errors global",
    "default none",
    "orders direct",
  ]);
});

test("a handle knows its id, so a bolt may subscribe to what is declared later", () => {
  const builder = new TopologyBuilder();
  const sink = builder.setBolt("sink", new SinkBolt());
  sink.shuffleGrouping(builder.setSpout("spout", new LineSpout()));
  assert.equal(sink.id, "sink");
  assert.equal(builder.createTopology().description.components.length, 2);
});

test("the builder's conf calls set Storm's keys, over the component's own", () => {
  class Configured extends LineSpout {
    getComponentConfiguration() {
      return { "topology.max.spout.pending": 5, "topology.debug": true, own: 1 };
    }
  }
  const description = described((builder) => {
    builder
      .setSpout("spout", new Configured())
      .setMaxSpoutPending(7)
      .setMaxTaskParallelism(3)
      .setMemoryLoad(128, 16)
      .setCPULoad(50)
      .addResource("gpu", 1)
      .addResource("net", 2)
      .addConfiguration("mine", [1])
      .addConfigurations({ yours: null });
    builder.setBolt("sink", new SinkBolt()).shuffleGrouping("spout").setDebug(false);
  });
  assert.deepEqual(component(description, "spout").conf, {
    "topology.max.spout.pending": 7,
    "topology.debug": true,
    own: 1,
    "topology.max.task.parallelism": 3,
    "topology.component.resources.onheap.memory.mb": 128,
    "topology.component.resources.offheap.memory.mb": 16,
    "topology.component.cpu.pcore.percent": 50,
    "topology.component.resources.map": { gpu: 1, net: 2 },
    mine: [1],
    yours: null,
  });
  assert.deepEqual(component(description, "sink").conf, { "topology.debug": false });
});

test("what was described does not change with the builder", () => {
  const builder = new TopologyBuilder();
  const spout = builder.setSpout("spout", new LineSpout());
  const sink = builder.setBolt("sink", new SinkBolt()).shuffleGrouping(spout);
  const { description } = builder.createTopology();
  const before = structuredClone(description);
  sink.allGrouping(spout, "errors").setNumTasks(3);
  builder.setBolt("more", new SinkBolt()).shuffleGrouping(spout);
  assert.deepEqual(description, before);
  assert.equal(builder.createTopology().description.components.length, 3);
});

test("Values is the list itself", () => {
  const values = new Values("storm", undefined, [1]);
  assert.ok(Array.isArray(values));
  assert.deepEqual(values, ["storm", undefined, [1]]);
  assert.equal(Object.getPrototypeOf(values), Array.prototype);
  assert.deepEqual(new Values(3), [3], "one number is a value and no length");
  assert.deepEqual(new Values(), []);
});

test("Fields", () => {
  const fields = new Fields("word", "num");
  assert.equal(fields.size, 2);
  assert.equal(fields.get(1), "num");
  assert.equal(fields.get(2), undefined);
  assert.equal(fields.indexOf("num"), 1);
  assert.equal(fields.indexOf("none"), -1);
  assert.ok(fields.contains("word") && !fields.contains("none"));
  assert.equal(String(fields), "[word, num]");
});

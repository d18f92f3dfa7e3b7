import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { topologyFromThrift, topologyToThrift } from "../../../src/code/index.ts";
import { type CustomStreamGrouping, TopologyBuilder, type TopologyDescription } from "../../../src/topology/index.ts";
import { type Bolt, type ComponentObject, StormTopology } from "../../../src/wire/thrift/index.ts";
import { basicBolt, bolt, spout } from "../../kit/scripted-components.ts";
import { anyDescription } from "./descriptions.ts";

const nothing = { nextTuple: () => {} };
const entry = "labs/topology.ts";

class ToTheLast implements CustomStreamGrouping {
  prepare(): void {}
  chooseTasks(): readonly number[] {
    return [];
  }
}

function builder(): TopologyBuilder {
  const made = new TopologyBuilder();
  made.setSpout("lines", spout({ ...nothing, declares: ["line", "number"] }), 2).setNumTasks(4);
  return made;
}

function overTheWire(description: TopologyDescription): TopologyDescription {
  return topologyFromThrift(StormTopology.decode(StormTopology.encode(topologyToThrift(description, entry))));
}

describe("a topology as Storm's Thrift", () => {
  it("comes back as it was, whatever it is", () => {
    fc.assert(
      fc.property(anyDescription, (description) => {
        const { components } = overTheWire(description);
        assert.deepEqual(plain(components), plain(description.components));
      }),
    );
  });

  it("has Storm's own words for groupings, streams, parallelism and conf", () => {
    const made = builder();
    made.setBolt("shuffled", bolt({ execute: () => {} }), 3).shuffleGrouping("lines");
    made.setBolt("keyed", bolt({ execute: () => {} })).fieldsGrouping("lines", ["number"]);
    made.setBolt("one", basicBolt({ execute: () => {} })).globalGrouping("lines");
    made.setBolt("first", bolt({ execute: () => {} })).partialKeyGrouping("lines", ["line"]);
    made.setBolt("second", bolt({ execute: () => {} })).partialKeyGrouping("lines", ["number"]);
    made.setBolt("own", bolt({ execute: () => {} })).customGrouping("lines", new ToTheLast());
    const { spouts, bolts, state_spouts } = topologyToThrift(made.createTopology().description, entry);
    assert.deepEqual(spouts.get("lines"), {
      spout_object: { shell: { execution_command: "storm-lab", script: "component labs/topology.ts#lines" } },
      common: {
        inputs: [],
        streams: new Map([["default", { output_fields: ["line", "number"], direct: false }]]),
        parallelism_hint: 2,
        json_conf: '{"topology.tasks":4}',
      },
    });
    assert.equal(bolts.get("shuffled")?.common.parallelism_hint, 3);
    const groupings = [...bolts].map(([id, { common }]) => [id, common.inputs[0]?.[1]]);
    const partialKey = "org.apache.storm.grouping.PartialKeyGrouping";
    assert.deepEqual(Object.fromEntries(groupings), {
      shuffled: { shuffle: {} },
      keyed: { fields: ["number"] },
      one: { fields: [] },
      first: { custom_object: { full_class_name: partialKey, args_list: [] } },
      second: { custom_object: { full_class_name: partialKey, args_list: [{ string_arg: "number" }] } },
      own: {
        custom_object: { full_class_name: "storm-lab.CustomStreamGrouping", args_list: [{ string_arg: "ToTheLast" }] },
      },
    });
    assert.equal(state_spouts.size, 0);
  });

  it("tells of cycles again", () => {
    const made = builder();
    made
      .setBolt("a", bolt({ execute: () => {}, declares: ["x"] }))
      .shuffleGrouping("lines")
      .shuffleGrouping("b");
    made.setBolt("b", bolt({ execute: () => {}, declares: ["x"] })).shuffleGrouping("a");
    const { description } = made.createTopology();
    assert.equal(description.warnings.length, 1);
    assert.deepEqual(overTheWire(description).warnings, description.warnings);
  });
});

describe("what Storm's Thrift cannot say", () => {
  it("is refused: two groupings for one stream", () => {
    const made = builder();
    made
      .setBolt("split", bolt({ execute: () => {} }))
      .shuffleGrouping("lines")
      .allGrouping("lines");
    const { description } = made.createTopology();
    assert.throws(() => topologyToThrift(description, entry), {
      code: "SL-SUBSCRIBED-TWICE",
      message: 'bolt "split" subscribes twice to stream "default" of "lines"',
    });
  });

  const itself: Record<string, unknown> = {};
  itself.again = itself;
  const values: ReadonlyArray<readonly [what: string, value: unknown, says: RegExp]> = [
    ["a function", () => {}, /own\.key is of type function/],
    ["a number that is not finite", [1, Number.NaN], /own\.key\.1 is NaN/],
    ["an object of a class", new Map(), /own\.key is a Map/],
    ["a hole in a list", [undefined], /own\.key\.0 is of type undefined/],
    ["a value that contains itself", itself, /own\.key\.again contains itself/],
  ];
  for (const [what, value, says] of values) {
    it(`is refused: ${what} in a conf`, () => {
      const made = builder();
      made.setSpout("more", spout(nothing)).addConfiguration("own.key", value);
      const { description } = made.createTopology();
      assert.throws(() => topologyToThrift(description, entry), { code: "SL-CONF-JSON", message: says });
    });
  }
});

describe("a component that is no storm-lab code", () => {
  const objects: ReadonlyArray<readonly [what: string, object: ComponentObject]> = [
    ["a serialised Java object", { serialized_java: new Uint8Array(1) }],
    ["the Java class x.Y", { java_object: { full_class_name: "x.Y", args_list: [] } }],
    ['the command "python3 split.py"', { shell: { execution_command: "python3", script: "split.py" } }],
    [
      'the command "storm-lab component a.ts#b"',
      { shell: { execution_command: "storm-lab", script: "component a.ts#b" } },
    ],
  ];
  for (const [what, bolt_object] of objects) {
    it(`is refused: ${what}`, () => {
      const common: Bolt["common"] = { inputs: [], streams: new Map(), parallelism_hint: 1, json_conf: "" };
      const topology: StormTopology = {
        spouts: new Map(),
        bolts: new Map([["split", { bolt_object, common }]]),
        state_spouts: new Map(),
      };
      assert.throws(() => topologyFromThrift(topology), {
        code: "SL-TOPOLOGY-FOREIGN",
        message: `component "split" is ${what}`,
      });
    });
  }

  it("is refused: a grouping that is a Java object", () => {
    const made = builder();
    made.setBolt("split", bolt({ execute: () => {} })).shuffleGrouping("lines");
    const topology = topologyToThrift(made.createTopology().description, entry);
    const split = topology.bolts.get("split") as Bolt;
    const [[stream] = []] = split.common.inputs;
    assert.ok(stream !== undefined);
    for (const grouping of [
      { custom_serialized: new Uint8Array(1) },
      { custom_object: { full_class_name: "x.Y", args_list: [] } },
    ]) {
      const bolts = new Map([
        ["split", { ...split, common: { ...split.common, inputs: [[stream, grouping] as const] } }],
      ]);
      assert.throws(() => topologyFromThrift({ ...topology, bolts }), { code: "SL-TOPOLOGY-FOREIGN" });
    }
  });
});

/** Frozen objects and objects without a prototype are equal to plain ones for this purpose. */
function plain(components: TopologyDescription["components"]): unknown {
  return JSON.parse(JSON.stringify(components));
}

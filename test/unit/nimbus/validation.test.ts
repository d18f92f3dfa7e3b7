import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StormConf } from "../../../src/conf/index.ts";
import { validateConfText, validateName, validateTopology } from "../../../src/nimbus/validate-topology.ts";
import {
  type Bolt,
  type ComponentCommon,
  InvalidTopologyException,
  type SpoutSpec,
  type StormTopology,
} from "../../../src/wire/thrift/index.ts";

const cluster = new StormConf({});
const shell = (id: string) => ({ shell: { execution_command: "storm-lab", script: `component topology.ts#${id}` } });
const common = (parts: Partial<ComponentCommon> = {}): ComponentCommon => ({
  inputs: [],
  streams: new Map(),
  parallelism_hint: 1,
  ...parts,
});

function spout(id: string, parts: Partial<ComponentCommon> = {}): SpoutSpec {
  const streams = new Map([["default", { output_fields: ["word"], direct: false }]]);
  return { spout_object: shell(id), common: common({ streams, ...parts }) };
}

function bolt(id: string, parts: Partial<ComponentCommon> = {}): Bolt {
  const inputs = [[{ componentId: "s", streamId: "default" }, { shuffle: {} }] as const];
  return { bolt_object: shell(id), common: common({ inputs, ...parts }) };
}

function topology(parts: Partial<StormTopology> = {}): StormTopology {
  return {
    spouts: new Map([["s", spout("s")]]),
    bolts: new Map([["b", bolt("b")]]),
    state_spouts: new Map(),
    ...parts,
  };
}

function refused(check: () => unknown, message: RegExp): void {
  assert.throws(check, (error) => {
    assert.ok(InvalidTopologyException.is(error), String(error));
    assert.match(error.value.msg, message);
    return true;
  });
}

const check = (parts: Partial<StormTopology>, conf = {}) => validateTopology(topology(parts), conf, cluster);
const from = (componentId: string, streamId = "default", grouping: object = { shuffle: {} }) =>
  [[{ componentId, streamId }, grouping]] as never;

describe("a topology's name", () => {
  it("may be any plain word, of every language", () => {
    for (const name of ["word-count", "wc 2", "词频统计", "a".repeat(150)]) validateName(name);
  });

  it("must not be what Storm, or a file, cannot have", () => {
    for (const name of ["", "a/b", "a.b", "a:b", "a\\b", " ", "a\nb", "a\0b", "x".repeat(300), "<b>"]) {
      refused(() => validateName(name), /Topology name/);
    }
  });
});

describe("a topology's conf", () => {
  it("is a JSON object with values that its keys can have", () => {
    assert.deepEqual(validateConfText('{"topology.workers": 3, "my.key": [1]}'), {
      "topology.workers": 3,
      "my.key": [1],
    });
    assert.deepEqual(validateConfText(""), {});
    refused(() => validateConfText("{"), /no JSON object/);
    refused(() => validateConfText("[]"), /no JSON object/);
    refused(() => validateConfText("null"), /no JSON object/);
    refused(() => validateConfText('{"topology.workers": "three"}'), /topology\.workers.*whole number/);
    refused(() => validateConfText('{"topology.blobstore.map": {}}'), /topology\.blobstore\.map/);
  });
});

describe("a topology's structure", () => {
  it("is taken when it is whole", () => {
    check({});
    check({ bolts: new Map() });
  });

  it("needs a spout, and legal ids, each once", () => {
    refused(() => check({ spouts: new Map() }), /no spout.*add one with setSpout/);
    refused(() => check({ bolts: new Map([["__b", bolt("__b")]]) }), /"__b" is not a valid component id/);
    refused(() => check({ bolts: new Map([["s", bolt("s")]]) }), /Duplicate component ids: \[s\]/);
    const streams = new Map([["__x", { output_fields: [], direct: false }]]);
    refused(() => check({ bolts: new Map([["b", bolt("b", { streams })]]) }), /"__x" of "b" is not a valid stream id/);
    refused(
      () => check({ spouts: new Map([["s", spout("s", { inputs: from("b") })]]) }),
      /May not declare inputs for a spout/,
    );
  });

  it("subscribes only to what is there", () => {
    const with_ = (inputs: ComponentCommon["inputs"]) => () =>
      check({ bolts: new Map([["b", bolt("b", { inputs })]]) });
    refused(with_(from("nobody")), /non-existent component \[nobody\]; the topology has: b, s/);
    refused(with_(from("s", "other")), /non-existent stream: \[other\] of component \[s\]; it declares: default/);
    refused(with_(from("s", "default", { fields: ["line"] })), /non-existent fields: \[line\]; its fields are: word/);
    refused(with_(from("s", "default", { direct: {} })), /a direct stream and a direct grouping need each other/);
    refused(with_([]), /subscribes to nothing/);
    with_(from("s", "default", { fields: ["word"] }))();
    with_(from("s", "default", { fields: [] }))();
  });

  it("is our own code", () => {
    const foreign = (object: object) => () =>
      check({ bolts: new Map([["b", { ...bolt("b"), bolt_object: object as never }]]) });
    refused(foreign({ shell: { execution_command: "python3", script: "bolt.py" } }), /"b".*python3/);
    refused(foreign({ serialized_java: Buffer.from("x") }), /serialised Java object/);
    refused(foreign({ java_object: { full_class_name: "org.example.B", args_list: [] } }), /org\.example\.B/);
  });

  it("has a size that can be run", () => {
    const hinted =
      (parallelism_hint: number, json_conf = "{}") =>
      () =>
        check({ bolts: new Map([["b", bolt("b", { parallelism_hint, json_conf })]]) });
    for (const hint of [0, -1, 2_000_000_000]) refused(hinted(hint), /has .* executors/);
    refused(hinted(1, '{"topology.tasks": 0}'), /0 tasks/);
    refused(hinted(1, '{"topology.tasks": 1e9}'), /tasks/);
    refused(hinted(1, "not json"), /JSON/);
    refused(() => check({}, { "topology.workers": 0 }), /topology\.workers is 0/);
    const small = new StormConf({ "nimbus.slots.perTopology": 2, "nimbus.executors.perTopology": 3 });
    refused(() => validateTopology(topology(), { "topology.workers": 3 }, small), /more than 2 workers/);
    refused(
      () => validateTopology(topology({ bolts: new Map([["b", bolt("b", { parallelism_hint: 3 })]]) }), {}, small),
      /more than 3 executors/,
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isStormLabError, SimulatedWorld, type StormLabError } from "../../../src/base/index.ts";
import { knownKeys, parseOverrides, parseStormYaml, readStormConf, StormConf } from "../../../src/conf/index.ts";

function refusalOf(text: string): StormLabError {
  try {
    parseStormYaml(text, "storm.yaml");
  } catch (error) {
    if (isStormLabError(error)) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} was taken`);
}

describe("the known keys", () => {
  it("have a default that is itself allowed", () => {
    for (const [key, spec] of Object.entries(knownKeys))
      assert.ok((spec.default ?? null) === null || spec.rule.holds(spec.default), key);
  });

  it("tell why, where nothing comes of one", () => {
    for (const [key, spec] of Object.entries(knownKeys)) assert.equal(spec.why === "", spec.honoured === "yes", key);
  });

  it("hold Storm's own values", () => {
    const conf = new StormConf({});
    assert.equal(conf.number("nimbus.thrift.port"), 6627);
    assert.equal(conf.text("storm.zookeeper.root"), "/storm");
    assert.deepEqual(conf.numbers("supervisor.slots.ports"), [6700, 6701, 6702, 6703]);
    assert.deepEqual(conf.texts("nimbus.seeds"), ["localhost"]);
    assert.equal(conf.flag("supervisor.enable"), true);
    assert.equal(conf.number("topology.message.timeout.secs"), 30);
    assert.equal(
      conf.optional((c) => c.text("storm.local.hostname"), "storm.local.hostname"),
      null,
    );
  });
});

describe("storm.yaml", () => {
  it("is read with the author's own keys in it", () => {
    const { values, warnings } = parseStormYaml('nimbus.seeds: ["a", "b"]\nmy.own: {x: 1}\n', "storm.yaml");
    assert.deepEqual(values, { "nimbus.seeds": ["a", "b"], "my.own": { x: 1 } });
    assert.deepEqual(warnings, []);
  });

  it("is YAML 1.1, as Storm reads it", () => {
    const { values } = parseStormYaml(
      "topology.debug: yes\nui.actions.enabled: off\nnimbus.queue.size: 10_000\n",
      "storm.yaml",
    );
    assert.deepEqual(values, { "topology.debug": true, "ui.actions.enabled": false, "nimbus.queue.size": 10_000 });
  });

  it("may be empty, or only comments", () => {
    for (const text of ["", "# nothing\n"]) assert.deepEqual(parseStormYaml(text, "storm.yaml").values, {});
  });

  for (const [text, code, what, why] of [
    ["a: 1\nnimbus.thrift.port: yes\n", "SL-CONF-VALUE", "storm.yaml:2 nimbus.thrift.port is true", /0 to 65535/],
    ["nimbus.seeds:\n\t- a\n", "SL-CONF-FILE", "storm.yaml:2:1 is not YAML", /spaces only/],
    ["nimbus.thrift.port:6627\nui.port: 8080\n", "SL-CONF-FILE", "storm.yaml:1:1 is not YAML", /followed by a space/],
    ["nimbus.thrift.port:6627\n", "SL-CONF-FILE", "storm.yaml holds one text", /followed by a space/],
    ["- a\n- b\n", "SL-CONF-FILE", "storm.yaml holds a list", /followed by a space/],
    ["a: 1\nb: 2\na: 3\n", "SL-CONF-FILE", "storm.yaml:3:1 is not YAML", /unique|not what YAML/],
    ["supervisor.slots.ports: [6700, 6700]\n", "SL-CONF-VALUE", "storm.yaml:1 supervisor.slots.ports", /different/],
    [
      "storm.zookeeper.auth.scheme: digest\n",
      "SL-CONF-REFUSED",
      "storm.yaml:1 storm.zookeeper.auth.scheme",
      /Apache Storm/,
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const error = refusalOf(text);
      assert.equal(error.code, code);
      assert.ok(error.message.startsWith(what), error.message);
      assert.match(error.why, why);
    });
  }

  it("warns of what is probably misspelt, and of what nothing comes", () => {
    const text = "nimbus.thrift.prot: 1\nworker.childopts: -Xmx1g\nmine: 1\nstorm.quantum.leaps: 1\nui.users: null\n";
    assert.deepEqual(parseStormYaml(text, "storm.yaml").warnings, [
      "storm.yaml:1 nimbus.thrift.prot is no key of Storm's; is nimbus.thrift.port meant?",
      "storm.yaml:2 nothing comes of worker.childopts: a worker is no Java process",
      "storm.yaml:4 nothing comes of storm.quantum.leaps: no daemon here knows it",
    ]);
  });
});

describe("-c key=value", () => {
  it("is JSON where it parses, else a text", () => {
    assert.deepEqual(parseOverrides(["a=1", "b=x=y", 'c=["p"]', "d=", "e=true", 'f="1"']), {
      a: 1,
      b: "x=y",
      c: ["p"],
      d: "",
      e: true,
      f: "1",
    });
  });

  it("needs a key", () => {
    for (const word of ["=1", "a", ""]) assert.throws(() => parseOverrides([word]), { code: "SL-CONF-OVERRIDE" });
  });
});

describe("precedence", () => {
  async function read(sources: { file?: string; candidates?: string[]; overrides?: string[] }) {
    const world = new SimulatedWorld({ seed: 1 });
    const { runtime } = world.start({ host: "a", name: "a" });
    const write = async () => {
      await runtime.fs.makeDirectory("/conf");
      await runtime.fs.writeFile("/conf/storm.yaml", Buffer.from("ui.pagination: 30\nnimbus.thrift.port: 1\n"));
      const { file = null, candidates = [], overrides = [] } = sources;
      return readStormConf(runtime, { file, candidates, overrides });
    };
    return world.finish(write(), { what: "the conf is read" });
  }

  it("is defaults, then the file, then the command line", async () => {
    const { conf, file } = await read({ file: "/conf/storm.yaml", overrides: ["nimbus.thrift.port=2"] });
    assert.equal(file, "/conf/storm.yaml");
    assert.equal(conf.number("ui.pagination"), 30);
    assert.equal(conf.number("nimbus.thrift.port"), 2);
    assert.equal(conf.number("supervisor.thrift.port"), 6628);
  });

  it("takes the first candidate that is there, or none", async () => {
    assert.equal((await read({ candidates: ["/no", "/conf/storm.yaml"] })).file, "/conf/storm.yaml");
    assert.equal((await read({ candidates: ["/no"] })).file, null);
  });

  it("needs a file that is named", async () => {
    await assert.rejects(read({ file: "/no" }), { code: "SL-CONF-FILE" });
  });
});

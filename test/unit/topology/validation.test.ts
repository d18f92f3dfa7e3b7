import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BoltComponent,
  type IRichSpout,
  type OutputFieldsDeclarer,
  parallelismMax,
  type SpoutComponent,
  TopologyBuilder,
  validateTopologyName,
} from "../../../src/topology/index.ts";
import { DeclaringSpout, LineSpout, SinkBolt, SplitBolt } from "./components.ts";
import { assertRefused } from "./refusal.ts";

function built(build: (builder: TopologyBuilder) => void): () => unknown {
  return () => {
    const builder = new TopologyBuilder();
    build(builder);
    return builder.createTopology();
  };
}

function declaring(declaration: (declarer: OutputFieldsDeclarer) => unknown): () => unknown {
  return built((builder) => builder.setSpout("spout", new DeclaringSpout(declaration)));
}

test("SL-NO-SPOUT", () => {
  const expected = {
    code: "SL-NO-SPOUT",
    what: "the topology has no spout",
    why: "nothing would ever be emitted",
    hint: "add one with setSpout",
  };
  assertRefused(
    built(() => {}),
    expected,
  );
  assertRefused(
    built((builder) => builder.setBolt("a", new SinkBolt()).shuffleGrouping("a")),
    expected,
  );
});

test("SL-NO-INPUT", () => {
  const action = built((builder) => {
    builder.setSpout("spout", new LineSpout());
    builder.setBolt("sink", new SinkBolt());
  });
  assertRefused(action, {
    code: "SL-NO-INPUT",
    what: 'bolt "sink" subscribes to nothing',
    why: "it would never receive a tuple",
    hint: "add a grouping, such as .shuffleGrouping(source)",
  });
});

test("SL-COMPONENT-ID", () => {
  for (const [id, shown] of [
    ["", '""'],
    [7, "7"],
    [undefined, "undefined"],
    [null, "null"],
  ] as const) {
    assertRefused(
      built((builder) => builder.setSpout(id as string, new LineSpout())),
      {
        code: "SL-COMPONENT-ID",
        what: `a component's id is ${shown}`,
        why: "an id is a text with at least one character",
        hint: "name it after what it does, such as split",
      },
    );
  }
});

test("SL-COMPONENT-DUPLICATE, over spouts and bolts", () => {
  const action = built((builder) => {
    builder.setSpout("a", new LineSpout());
    builder.setSpout("b", new LineSpout());
    builder.setBolt("a", new SinkBolt()).shuffleGrouping("b");
  });
  assertRefused(action, {
    code: "SL-COMPONENT-DUPLICATE",
    what: 'two components have the id "a"',
    why: "ids are unique over spouts and bolts",
    hint: "rename one of them",
  });
});

test("SL-ID-RESERVED, for components and streams", () => {
  const rest = {
    code: "SL-ID-RESERVED",
    why: "such ids belong to the system (__acker, __system, __tick …)",
    hint: "choose an id without the leading underscores",
  };
  assertRefused(
    built((builder) => builder.setSpout("__acker", new LineSpout())),
    { ...rest, what: 'component id "__acker" begins with __' },
  );
  assertRefused(
    declaring((declarer) => declarer.declareStream("__tick", ["a"])),
    { ...rest, what: 'stream "__tick" of component "spout" begins with __' },
  );
  built((builder) => builder.setSpout("_spout", new LineSpout()))();
});

test("SL-COMPONENT-KIND", () => {
  const why = "a spout extends BaseRichSpout; a bolt extends BaseRichBolt or BaseBasicBolt";
  for (const [spout, got] of [
    [new SplitBolt(), "a rich-bolt"],
    [new SinkBolt(), "a basic-bolt"],
    [{}, "something that is no spout and no bolt"],
    [undefined, "something that is no spout and no bolt"],
    [null, "something that is no spout and no bolt"],
    [() => 7, "something that is no spout and no bolt"],
  ] as const) {
    assertRefused(
      built((builder) => builder.setSpout("a", spout as unknown as SpoutComponent)),
      { code: "SL-COMPONENT-KIND", what: `setSpout("a", …) got ${got}`, why, hint: "pass a spout, or call setBolt" },
    );
  }
  assertRefused(
    built((builder) => builder.setBolt("a", new LineSpout() as unknown as BoltComponent)),
    { code: "SL-COMPONENT-KIND", what: 'setBolt("a", …) got a spout', why, hint: "pass a bolt, or call setSpout" },
  );
});

test("SL-COMPONENT-KIND: a class instead of an object of it", () => {
  const action = built((builder) => builder.setSpout("a", LineSpout as unknown as () => LineSpout));
  assertRefused(action, {
    code: "SL-COMPONENT-KIND",
    what: 'setSpout("a", …) got the class LineSpout',
    why: "a spout extends BaseRichSpout; a bolt extends BaseRichBolt or BaseBasicBolt",
    hint: "pass an object: new LineSpout(…)",
  });
});

test("SL-COMPONENT-UNKNOWN", () => {
  const action = built((builder) => {
    builder.setSpout("spout", new LineSpout());
    builder.setBolt("sink", new SinkBolt()).shuffleGrouping("spuot");
  });
  assertRefused(action, {
    code: "SL-COMPONENT-UNKNOWN",
    what: 'bolt "sink" subscribes to "spuot", which does not exist',
    why: "the topology has: sink, spout",
    hint: "correct the id, or pass what setSpout or setBolt returned",
  });
});

test("SL-STREAM-UNKNOWN", () => {
  const hint = "declare it in declareOutputFields, or correct the stream's id";
  const to = (source: SpoutComponent, streamId?: string) =>
    built((builder) => {
      builder.setSpout("spout", source);
      builder.setBolt("sink", new SinkBolt()).shuffleGrouping("spout", streamId);
    });
  assertRefused(to(new LineSpout(), "error"), {
    code: "SL-STREAM-UNKNOWN",
    what: 'bolt "sink" subscribes to stream "error" of "spout", which it does not declare',
    why: '"spout" declares: default, errors, orders',
    hint,
  });
  assertRefused(to(new DeclaringSpout(() => undefined)), {
    code: "SL-STREAM-UNKNOWN",
    what: 'bolt "sink" subscribes to stream "default" of "spout", which it does not declare',
    why: '"spout" declares: no stream at all',
    hint,
  });
});

test("a stream named like a member of every object is just another unknown stream", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    const action = built((builder) => {
      builder.setSpout("spout", new LineSpout());
      builder.setBolt("sink", new SinkBolt()).shuffleGrouping("spout", name);
    });
    assertRefused(action, { code: "SL-STREAM-UNKNOWN", what: /does not declare$/, why: /declares/, hint: /declare/ });
  }
  const declared = built((builder) => {
    builder.setSpout("spout", new DeclaringSpout((declarer) => declarer.declareStream("constructor", ["a"])));
    builder.setBolt("sink", new SinkBolt()).shuffleGrouping("spout", "constructor");
  });
  assert.doesNotThrow(declared);
});

test("SL-FIELD-UNKNOWN, by fields and by partial key", () => {
  for (const grouping of ["fieldsGrouping", "partialKeyGrouping"] as const) {
    const action = built((builder) => {
      builder.setSpout("spout", new LineSpout());
      builder.setBolt("split", new SplitBolt()).shuffleGrouping("spout");
      builder.setBolt("count", new SinkBolt())[grouping]("split", ["num", "wrod"]);
    });
    assertRefused(action, {
      code: "SL-FIELD-UNKNOWN",
      what: 'bolt "count" groups by field "wrod", which stream "default" of "split" does not have',
      why: "its fields are: word, num",
      hint: "correct the field's name",
    });
  }
});

test("SL-STREAM-DECLARED", () => {
  const rest = {
    code: "SL-STREAM-DECLARED",
    why: "a stream is declared once, with distinct field names",
    hint: "correct declareOutputFields",
  };
  assertRefused(
    declaring((declarer) => declarer.declare(["a"]).declare(["b"])),
    { ...rest, what: 'stream "default" of component "spout" is declared twice' },
  );
  assertRefused(
    declaring((declarer) => declarer.declareStream("s", ["a", "b", "a"])),
    { ...rest, what: 'stream "s" of component "spout" names a field twice: a, b, a' },
  );
  for (const field of ["", undefined, 7]) {
    assertRefused(
      declaring((declarer) => declarer.declare(["a", field as string])),
      { ...rest, what: 'stream "default" of component "spout" has a field without a name' },
    );
  }
  for (const id of ["", undefined, 7]) {
    assertRefused(
      declaring((declarer) => declarer.declareStream(id as string, ["a"])),
      { ...rest, what: /^component "spout" declares a stream whose id is (""|undefined|7)$/ },
    );
  }
  for (const fields of [undefined, "word", null, 7]) {
    assertRefused(
      declaring((declarer) => declarer.declare(fields as unknown as string[])),
      { ...rest, what: /^stream "default" of component "spout" is declared with .*, which is no list of field names$/ },
    );
  }
});

test("SL-GROUPING-DIRECT, both ways", () => {
  const why = "only emitDirect names its task, so a direct stream and a direct grouping need each other";
  assertRefused(
    built((builder) => {
      const spout = builder.setSpout("spout", new LineSpout());
      builder.setBolt("sink", new SinkBolt()).allGrouping(spout, "orders");
    }),
    {
      code: "SL-GROUPING-DIRECT",
      what: 'bolt "sink" subscribes to the direct stream "orders" of "spout" by all grouping',
      why,
      hint: "use directGrouping",
    },
  );
  assertRefused(
    built((builder) => {
      const spout = builder.setSpout("spout", new LineSpout());
      builder.setBolt("sink", new SinkBolt()).directGrouping(spout, "errors");
    }),
    {
      code: "SL-GROUPING-DIRECT",
      what: 'bolt "sink" subscribes to stream "errors" of "spout" by direct grouping, but it is not direct',
      why,
      hint: "declare the stream direct, or choose another grouping",
    },
  );
});

test("SL-PARALLELISM, of executors and of tasks", () => {
  const rest = {
    code: "SL-PARALLELISM",
    why: `it must be a whole number from 1 to ${parallelismMax}`,
    hint: "start with 1 and raise it when the component's capacity comes near 1.0",
  };
  for (const hint of [0, -1, 1.5, Number.NaN, 1e9, Number.POSITIVE_INFINITY, "2", null]) {
    assertRefused(
      built((builder) => builder.setSpout("spout", new LineSpout(), hint as number)),
      { ...rest, what: `the parallelism of "spout" is ${hint}` },
    );
  }
  assertRefused(
    built((builder) => builder.setSpout("spout", new LineSpout()).setNumTasks(1e9)),
    { ...rest, what: 'the number of tasks of "spout" is 1000000000' },
  );
  built((builder) => builder.setSpout("spout", new LineSpout(), parallelismMax))();
});

test("SL-CONF-VALUE, in a component's conf", () => {
  const rest = { code: "SL-CONF-VALUE", hint: /^set it to / };
  for (const tasks of [0, Number.NaN, 2.5]) {
    assertRefused(
      built((builder) => builder.setSpout("spout", new LineSpout()).setNumTasks(tasks)),
      {
        ...rest,
        what: `topology.tasks is ${tasks} in the conf of component "spout"`,
        why: "topology.tasks must be a whole number above 0",
      },
    );
  }
  class PendingSpout extends LineSpout {
    getComponentConfiguration() {
      return { "topology.max.spout.pending": "1000" };
    }
  }
  assertRefused(
    built((builder) => builder.setSpout("spout", new PendingSpout())),
    {
      ...rest,
      what: 'topology.max.spout.pending is "1000" in the conf of component "spout"',
      why: "topology.max.spout.pending must be a whole number above 0",
    },
  );
});

test("null leaves a conf key at its default", () => {
  const conf = { "topology.tasks": null, "topology.max.spout.pending": null };
  assert.doesNotThrow(built((builder) => builder.setSpout("spout", new LineSpout()).addConfigurations(conf)));
});

test("an error of the author's own declareOutputFields stays as it is", () => {
  const own = new Error("mine");
  const action = declaring(() => {
    throw own;
  });
  assert.throws(action, own);
});

test("SL-TOPOLOGY-NAME", () => {
  for (const name of ["", "a/b", "a.b", "a:b", "a\\b", 7, undefined]) {
    assertRefused(() => validateTopologyName(name), {
      code: "SL-TOPOLOGY-NAME",
      what: `the topology's name is ${JSON.stringify(name)}`,
      why: "a name must not be empty nor have any of / . : \\ in it",
      hint: "give it a plain name, such as word-count",
    });
  }
  for (const name of ["word-count", "词频 统计", "__x"]) validateTopologyName(name);
});

test("a spout that extends nothing but has the members is a spout", () => {
  class Bare implements IRichSpout {
    readonly componentKind = "spout";
    declareOutputFields(): void {}
    open(): void {}
    nextTuple(): void {}
    close(): void {}
    activate(): void {}
    deactivate(): void {}
    ack(): void {}
    fail(): void {}
  }
  assert.doesNotThrow(built((builder) => builder.setSpout("spout", new Bare())));
});

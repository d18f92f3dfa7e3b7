import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Conf,
  type OutputCollector,
  type SpoutOutputCollector,
  type StormTopology,
  TopologyBuilder,
  type Tuple,
} from "../../../src/topology/index.ts";
import { ListRecord, listSpout } from "../../kit/list-spout.ts";
import { basicBolt, bolt, spout } from "../../kit/scripted-components.ts";
import { VirtualCluster, withCode } from "../../kit/virtual-cluster.ts";

const sink = bolt({ execute: (tuple, out) => out.ack(tuple) });

/** A spout whose one call of nextTuple does this. */
function spoutDoing(act: (out: SpoutOutputCollector) => void): StormTopology {
  const builder = new TopologyBuilder();
  let done = false;
  builder.setSpout(
    "s",
    spout({
      declares: { default: ["a", "b"], other: ["c"] },
      nextTuple: (out) => {
        if (done) return out.exhausted();
        done = true;
        act(out);
      },
    }),
  );
  builder.setBolt("sink", sink).shuffleGrouping("s").shuffleGrouping("s", "other");
  return builder.createTopology();
}

function boltDoing(act: (tuple: Tuple, out: OutputCollector) => void): StormTopology {
  const builder = new TopologyBuilder();
  builder.setSpout("s", listSpout([[1]], new ListRecord()));
  builder
    .setBolt(
      "b",
      bolt({
        declares: { default: ["a", "b"], other: ["c"] },
        execute: (tuple, out) => {
          act(tuple, out);
          out.ack(tuple);
        },
      }),
    )
    .shuffleGrouping("s");
  builder.setBolt("sink", sink).shuffleGrouping("b").shuffleGrouping("b", "other");
  return builder.createTopology();
}

async function refused(topology: StormTopology, code: string, message: RegExp, conf: Conf = {}): Promise<void> {
  const cluster = new VirtualCluster();
  await assert.rejects(cluster.complete(topology, conf), (error: Error) => {
    assert.ok(withCode(code)(error), `${String(error)} is not ${code}`);
    assert.match(error.message, message);
    assert.match(error.message, /component "\w+" \(task \d+\)/);
    return true;
  });
}

/** What an author who writes JavaScript may pass. */
const anything = (value: unknown) => value as readonly unknown[];

describe("emit refuses", () => {
  const wrongValues: ReadonlyArray<readonly [what: string, values: unknown, message: RegExp]> = [
    ["undefined", undefined, /given undefined instead of a list/],
    ["null", null, /instead of a list/],
    ["a text", "text", /(stream "text")|(instead of a list)/],
    ["too few values", [1], /1 value\(s\) for 2 field\(s\)/],
    ["too many values", [1, 2, 3], /3 value\(s\) for 2 field\(s\)/],
    ["undefined for a field", [1, undefined], /undefined for its field "b"/],
    ["a hole", new Array(2), /undefined for its field "a"/],
    ["an object", { a: 1, b: 2 }, /given a object instead of a list/],
  ];
  for (const [what, values, message] of wrongValues) {
    const code = typeof values === "string" ? "SL-EMIT-STREAM" : "SL-EMIT-VALUES";
    it(`${what}, from a spout, a bolt and a bolt that anchors`, async () => {
      await refused(
        spoutDoing((out) => void out.emit(anything(values))),
        code,
        message,
      );
      await refused(
        spoutDoing((out) => void out.emit(anything(values), "id")),
        code,
        message,
      );
      await refused(
        boltDoing((_tuple, out) => void out.emit(anything(values))),
        code,
        message,
      );
      if (code === "SL-EMIT-VALUES")
        await refused(
          boltDoing((tuple, out) => void out.emit(tuple, anything(values))),
          code,
          message,
        );
    });
  }

  it("a stream that is not declared, and names those that are", async () => {
    await refused(
      spoutDoing((out) => void out.emit("wrong", [1])),
      "SL-EMIT-STREAM",
      /stream "wrong"/,
    );
    await refused(
      boltDoing((tuple, out) => void out.emit("constructor", tuple, [1])),
      "SL-EMIT-STREAM",
      /"constructor"/,
    );
    await refused(
      boltDoing((_tuple, out) => void out.emit("__ack_ack", [1])),
      "SL-EMIT-VALUES",
      /__ack_ack/,
    );
  });

  it("emitDirect on a stream that is not direct", async () => {
    await refused(
      spoutDoing((out) => out.emitDirect(3, [1, 2])),
      "SL-EMIT-DIRECT",
      /task 3/,
    );
    await refused(
      boltDoing((tuple, out) => out.emitDirect(3, tuple, [1, 2])),
      "SL-EMIT-DIRECT",
      /task 3/,
    );
  });

  it("emitDirect to a task that does not subscribe, and names those that do", async () => {
    const builder = new TopologyBuilder();
    builder.setSpout("s", spout({ declares: ["v"], direct: true, nextTuple: (out) => out.emitDirect(99, [1]) }));
    builder.setBolt("b", sink, 2).directGrouping("s");
    const cluster = new VirtualCluster();
    await assert.rejects(cluster.complete(builder.createTopology()), (error: Error & { why?: string }) => {
      assert.ok(withCode("SL-EMIT-DIRECT")(error));
      assert.match(error.why ?? "", /2, 3/);
      return true;
    });
  });

  it("values after cleanup, and after close", async () => {
    const cluster = new VirtualCluster();
    const collectors: { spout?: SpoutOutputCollector; bolt?: OutputCollector } = {};
    const builder = new TopologyBuilder();
    builder.setSpout(
      "s",
      spout({
        declares: ["v"],
        open: (out) => {
          collectors.spout = out;
        },
        nextTuple: (out) => out.exhausted(),
      }),
    );
    builder
      .setBolt(
        "b",
        bolt({
          declares: ["v"],
          prepare: (out) => {
            collectors.bolt = out;
          },
          execute: () => {},
        }),
      )
      .shuffleGrouping("s");
    await cluster.complete(builder.createTopology());
    assert.throws(() => collectors.spout?.emit([1], "id"), withCode("SL-EMIT-CLOSED"));
    assert.throws(() => collectors.bolt?.emit([1]), withCode("SL-EMIT-CLOSED"));
  });
});

describe("emit", () => {
  it("returns the tasks that the tuple went to, over all subscribers", async () => {
    const cluster = new VirtualCluster();
    const returned: unknown[] = [];
    const builder = new TopologyBuilder();
    let done = false;
    builder.setSpout(
      "s",
      spout({
        declares: { default: ["v"], direct: ["v"], unheard: ["v"] },
        nextTuple: (out) => {
          if (done) return out.exhausted();
          done = true;
          returned.push(out.emit([1]), out.emit([1], "id"), out.emit("unheard", [1]), out.emit("unheard", [1], "id2"));
        },
      }),
    );
    builder.setBolt("a", sink, 3).allGrouping("s");
    builder.setBolt("g", sink, 2).globalGrouping("s");
    await cluster.complete(builder.createTopology());
    assert.deepEqual(returned, [[2, 3, 4, 5], [2, 3, 4, 5], [], []]);
  });

  it("takes null, and every falsy value but undefined, for a value", async () => {
    const cluster = new VirtualCluster();
    const values = [[null], [0], [""], [false], [Number.NaN]];
    const got: unknown[] = [];
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout(values, new ListRecord()));
    builder.setBolt("b", basicBolt({ execute: (tuple) => void got.push(tuple.getValue(0)) })).shuffleGrouping("s");
    await cluster.complete(builder.createTopology());
    assert.deepEqual(got, values.flat());
  });

  it("by emitDirect goes to the task that is named, tracked and anchored like any other", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const got: number[] = [];
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout([[1], [2], [3]], record));
    builder
      .setBolt(
        "to",
        bolt(() => {
          let targets: readonly number[] = [];
          return {
            declares: ["v"],
            direct: true,
            prepare: (_out, context) => {
              targets = context.getComponentTasks("sink");
            },
            execute: (tuple, out) => {
              out.emitDirect(targets[tuple.getNumber(0) % 2] as number, tuple, [1]);
              out.emitDirect(targets[0] as number, [2]);
              out.ack(tuple);
            },
          };
        }),
      )
      .shuffleGrouping("s");
    builder
      .setBolt(
        "sink",
        bolt({
          execute: (tuple, out, { thisTaskIndex }) => {
            if (tuple.getNumber(0) === 1) got.push(thisTaskIndex);
            if (tuple.getNumber(0) === 2) out.fail(tuple);
            out.ack(tuple);
          },
        }),
        2,
      )
      .directGrouping("to");
    await cluster.complete(builder.createTopology());
    assert.deepEqual(got.toSorted(), [0, 1, 1]);
    assert.deepEqual([record.acks.length, record.fails.length], [3, 0]);
  });

  it("of a spout by emitDirect is tracked, or acked at once without ackers", async () => {
    for (const ackers of [1, 0]) {
      const cluster = new VirtualCluster();
      const acked: unknown[] = [];
      const builder = new TopologyBuilder();
      let done = false;
      builder.setSpout(
        "s",
        spout({
          declares: ["v"],
          direct: true,
          nextTuple: (out) => {
            if (done) return out.exhausted();
            done = true;
            const [task] = ackers === 1 ? [2] : [1];
            out.emitDirect(task as number, [1], "id");
          },
          ack: (id) => void acked.push(id),
        }),
      );
      builder.setBolt("b", sink).directGrouping("s");
      await cluster.complete(builder.createTopology(), { "topology.acker.executors": ackers });
      assert.deepEqual(acked, ["id"]);
    }
  });
});

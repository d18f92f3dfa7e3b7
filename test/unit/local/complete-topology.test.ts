import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Runtime, SimulatedWorld } from "../../../src/base/index.ts";
import { completeTopology } from "../../../src/local/index.ts";
import { type StormTopology, TopologyBuilder } from "../../../src/topology/index.ts";
import { basicBolt, bolt, spout } from "../../kit/scripted-components.ts";
import { withCode } from "../../kit/virtual-cluster.ts";

function wordCount(sourceId = "lines"): StormTopology {
  const builder = new TopologyBuilder();
  builder.setSpout(sourceId, spout({ declares: ["line"], nextTuple: () => assert.fail("the real spout runs") }), 2);
  builder
    .setBolt(
      "split",
      basicBolt({
        declares: { default: ["word"], empty: ["line"] },
        execute: (tuple, out) => {
          if (tuple.getString(0) === "") out.emit("empty", [""]);
          for (const word of tuple.getString(0).split(" ")) if (word !== "") out.emit([word]);
        },
      }),
    )
    .shuffleGrouping(sourceId);
  builder
    .setBolt(
      "count",
      basicBolt(() => {
        const counts = new Map<string, number>();
        return {
          declares: ["word", "count"],
          execute: (tuple, out) => {
            const word = tuple.getString(0);
            counts.set(word, (counts.get(word) ?? 0) + 1);
            out.emit([word, counts.get(word)]);
          },
        };
      }),
      2,
    )
    .fieldsGrouping("split", ["word"]);
  return builder.createTopology();
}

function inWorld<T>(
  act: (runtime: Runtime) => Promise<T>,
  seed = 1,
): { readonly world: SimulatedWorld; readonly result: Promise<T> } {
  const world = new SimulatedWorld({ seed, logLevel: "error" });
  const promise = act(world.start({ host: "local", name: "test" }).runtime);
  return { world, result: world.finish(promise, { what: "the end", deadlineMs: 600_000 }) };
}

describe("completeTopology (Storm, Testing.completeTopology)", () => {
  it("runs a topology on mocked spouts and returns what every component emitted", async () => {
    const mockSources = { lines: [["a b a"], [""], ["b"]] };
    const { result } = inWorld((runtime) => completeTopology(wordCount(), { mockSources, runtime }));
    const completed = await result;
    assert.deepEqual(
      completed.emitted("lines").map(({ values }) => values),
      [["a b a"], [""], ["b"]],
    );
    assert.deepEqual(
      completed.emitted("split").map(({ values }) => values),
      [["a"], ["b"], ["a"], ["b"]],
    );
    assert.deepEqual(
      completed.emitted("split", "empty").map(({ values }) => values),
      [[""]],
    );
    const counts = completed.emitted("count").map(({ values }) => values.join(" "));
    assert.deepEqual(counts.toSorted(), ["a 1", "a 2", "b 1", "b 2"]);
    assert.deepEqual(completed.emitted("nobody"), []);
    assert.equal(completed.report.components.lines?.acked, 3);
  });

  it("works on the real clock, too, and with several workers", async () => {
    const mockSources = { lines: [["a b"], ["c"]] };
    const completed = await completeTopology(wordCount(), { mockSources, conf: { "topology.workers": 3 } });
    assert.equal(completed.emitted("count").length, 3);
  });

  it("is the same for the same seed, trace and all, and on virtual time takes none", async () => {
    const mockSources = { lines: Array.from({ length: 50 }, (_, index) => [`a b ${index}`]) };
    const runs = [7, 7, 8].map((seed) =>
      inWorld(
        (runtime) => completeTopology(wordCount(), { mockSources, runtime, conf: { "topology.workers": 2 } }),
        seed,
      ),
    );
    const emitted = await Promise.all(runs.map(async ({ result }) => (await result).emitted("count")));
    const traces = runs.map(({ world }) => world.trace.hash);
    assert.deepEqual(emitted[0], emitted[1]);
    assert.equal(traces[0], traces[1]);
    assert.notEqual(traces[0], traces[2]);
  });

  it("emits mocked tuples again that fail, and on any stream that the spout declares", async () => {
    const builder = new TopologyBuilder();
    builder.setSpout("s", spout({ declares: { default: ["v"], other: ["v"] }, nextTuple: () => {} }));
    let tries = 0;
    builder
      .setBolt(
        "b",
        bolt({
          declares: ["v"],
          execute: (tuple, out) => {
            if (tuple.getSourceStreamId() === "other" && tries++ < 2) return out.fail(tuple);
            out.emit(tuple, [`${tuple.getSourceStreamId()} ${tuple.getValue(0)}`]);
            out.ack(tuple);
          },
        }),
      )
      .shuffleGrouping("s")
      .shuffleGrouping("s", "other");
    const mockSources = { s: [["x"], { stream: "other", values: ["y"] }] };
    const { result } = inWorld((runtime) => completeTopology(builder.createTopology(), { mockSources, runtime }));
    const completed = await result;
    assert.deepEqual(
      completed.emitted("b").map(({ values }) => values[0]),
      ["default x", "other y"],
    );
    assert.equal(completed.emitted("s", "other").length, 3);
  });

  it("leaves spouts as they are that are not mocked, whatever their ids", async () => {
    const builder = new TopologyBuilder();
    let left = 2;
    builder.setSpout(
      "constructor",
      spout({
        declares: ["v"],
        nextTuple: (out) => (left-- > 0 ? void out.emit(["real"]) : out.exhausted()),
      }),
    );
    builder.setSpout("mocked", spout({ declares: ["v"], nextTuple: () => {} }));
    builder
      .setBolt("b", basicBolt({ declares: ["v"], execute: (tuple, out) => void out.emit([tuple.getValue(0)]) }))
      .shuffleGrouping("constructor")
      .shuffleGrouping("mocked");
    const { result } = inWorld((runtime) =>
      completeTopology(builder.createTopology(), { mockSources: { mocked: [["mocked"]] }, runtime }),
    );
    const values = (await result).emitted("b").map(({ values: [value] }) => value);
    assert.deepEqual(values.toSorted(), ["mocked", "real", "real"]);
  });

  it("refuses a source that is no spout", async () => {
    for (const id of ["split", "nobody"]) {
      await assert.rejects(completeTopology(wordCount(), { mockSources: { [id]: [] } }), withCode("SL-MOCK-SOURCE"));
    }
  });

  it("has a deadline, and leaves nothing running after it", async () => {
    const builder = new TopologyBuilder();
    builder.setSpout("s", spout({ declares: ["v"], nextTuple: () => {} }));
    builder.setBolt("b", bolt({ execute: () => {} })).shuffleGrouping("s");
    const options = { mockSources: { s: [[1]] }, deadlineMs: 5000 };
    const { world, result } = inWorld((runtime) => completeTopology(builder.createTopology(), { ...options, runtime }));
    await assert.rejects(result, withCode("SL-DEADLINE"));
    const { events } = world.trace;
    await world.run({ forMs: 100_000 });
    assert.ok(world.trace.events - events < 10, `${world.trace.events - events} events after the end`);
  });

  it("rejects with what user code threw", async () => {
    const builder = new TopologyBuilder();
    builder.setSpout("s", spout({ declares: ["v"], nextTuple: () => {} }));
    builder.setBolt("b", bolt({ execute: () => assert.fail("odd") })).shuffleGrouping("s");
    const { result } = inWorld((runtime) =>
      completeTopology(builder.createTopology(), { mockSources: { s: [[1]] }, runtime }),
    );
    await assert.rejects(result, withCode("SL-COMPONENT-FAILED"));
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BaseRichBolt,
  type Conf,
  KeyedFairBolt,
  LinearDRPCTopologyBuilder,
  LocalDRPC,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type TopologyContext,
  type Tuple,
} from "../../../src/index.ts";
import { VirtualCluster, withCode } from "../../kit/virtual-cluster.ts";
import { ExclaimBolt, exclamation, uniqueWords } from "./functions.ts";

function stage(seed = 1) {
  const cluster = new VirtualCluster({ seed });
  const drpc = new LocalDRPC({ runtime: cluster.runtime });
  const submit = (builder: LinearDRPCTopologyBuilder, conf: Conf = {}) =>
    cluster.submit(builder.createLocalTopology(drpc), conf, "functions");
  const call = (name: string, args?: string) => cluster.finish(drpc.execute(name, args), `${name} answers`, 600_000);
  return { cluster, drpc, submit, call };
}

describe("a linear DRPC topology (Storm, Distributed RPC)", () => {
  it("answers each of many calls with its own result", async () => {
    const { cluster, drpc, submit } = stage();
    await submit(exclamation(), { "topology.workers": 2 });
    const words = ["hello", "", "你好 🌩", "x".repeat(100_000), ...Array.from({ length: 500 }, (_, each) => `w${each}`)];
    const answers = await cluster.finish(Promise.all(words.map((word) => drpc.execute("exclamation", word))), "all");
    assert.deepEqual(
      answers,
      words.map((word) => `${word}!`),
    );
  });

  it("tells a caller when its call fails, and no other", async () => {
    const { cluster, drpc, submit, call } = stage();
    await submit(exclamation());
    const [failed, fine] = [drpc.execute("exclamation", "fail"), drpc.execute("exclamation", "fine")];
    await assert.rejects(cluster.finish(failed, "it fails"), { message: "Request failed" });
    assert.equal(await cluster.finish(fine, "it answers"), "fine!");
    assert.equal(await call("exclamation"), "!");
  });

  it("gathers all tuples of a request before a batch bolt finishes it, also none", async () => {
    const { cluster, drpc, submit, call } = stage();
    await submit(uniqueWords(), { "topology.workers": 3 });
    assert.equal(await call("unique-words", "a b a c d e f a"), "6");
    assert.equal(await call("unique-words", ""), "0");
    await assert.rejects(call("unique-words", "a fail b"), { message: "Request failed" });
    const text = (size: number) => Array.from({ length: size * 2 }, (_, each) => `w${each % size}`).join(" ");
    const sizes = Array.from({ length: 100 }, (_, each) => each * 7);
    const answers = sizes.map((size) => drpc.execute("unique-words", text(size)));
    assert.deepEqual(await cluster.finish(Promise.all(answers), "all"), sizes.map(String));
  });

  it("leaves a call to its time-out when nobody serves the function, and to nobody after the shutdown", async () => {
    const cluster = new VirtualCluster();
    const drpc = new LocalDRPC({ runtime: cluster.runtime, requestTimeoutMs: 5000 });
    await cluster.submit(exclamation().createLocalTopology(drpc));
    await assert.rejects(cluster.finish(drpc.execute("other"), "it is over"), { message: "Timed Out" });
    const waiting = drpc.execute("other");
    drpc.shutdown();
    await assert.rejects(cluster.finish(waiting, "it is over"), { message: "Server Shutting Down" });
    await assert.rejects(cluster.finish(drpc.execute("exclamation"), "it is over"), {
      message: "Server Shutting Down",
    });
  });

  it("fails what a bolt never acks within the message time-out", async () => {
    const { submit, call } = stage();
    const builder = new LinearDRPCTopologyBuilder("silent");
    builder.addBolt(new SilentBolt());
    await submit(builder, { "topology.message.timeout.secs": 5 });
    await assert.rejects(call("silent", "x"), { message: "Request failed" });
  });

  it("takes calls only while it is active", async () => {
    const { cluster, drpc, submit } = stage();
    const topology = await submit(exclamation());
    topology.deactivate();
    let answer: string | null = null;
    const call = drpc.execute("exclamation", "late").then((text) => {
      answer = text;
    });
    await cluster.finish(new Promise<void>((resolve) => cluster.runtime.timers.after(10_000, resolve)), "ten seconds");
    assert.equal(answer, null);
    topology.activate();
    await cluster.finish(call, "it answers");
    assert.equal(answer, "late!");
  });

  it("refuses what could not answer", () => {
    const empty = new LinearDRPCTopologyBuilder("f");
    assert.throws(() => empty.createRemoteTopology(), withCode("SL-DRPC-TOPOLOGY-EMPTY"));
    assert.throws(() => empty.addBolt(ExclaimBolt as never), withCode("SL-DRPC-TOPOLOGY-BOLT"));
    assert.throws(() => empty.addBolt({} as never), withCode("SL-DRPC-TOPOLOGY-BOLT"));
    empty.addBolt(new SilentBolt(["id", "result", "more"]));
    assert.throws(() => empty.createRemoteTopology(), withCode("SL-DRPC-TOPOLOGY-RESULT"));
  });

  it("has no servers to ask when none is named", async () => {
    const { cluster } = stage();
    const running = await cluster.submit(exclamation().createRemoteTopology());
    await assert.rejects(cluster.finish(running.waitForCompletion(), "it ends"), (error: unknown) => {
      const { cause } = error as { readonly cause?: unknown };
      return withCode("SL-DRPC-TOPOLOGY-SERVERS")(error) || withCode("SL-DRPC-TOPOLOGY-SERVERS")(cause);
    });
  });
});

describe("a KeyedFairBolt", () => {
  it("executes one tuple of each request in turn", async () => {
    const { cluster, drpc, submit } = stage();
    const order: string[] = [];
    const builder = new LinearDRPCTopologyBuilder("fair");
    builder.addBolt(new ManyBolt());
    builder.addBolt(() => new KeyedFairBolt(new NotingBolt(order)));
    await submit(builder);
    const calls = [drpc.execute("fair", "a"), drpc.execute("fair", "b"), drpc.execute("fair", "c")];
    assert.deepEqual(await cluster.finish(Promise.all(calls), "all answer"), ["a done", "b done", "c done"]);
    const last = (name: string) => order.lastIndexOf(name);
    const spread = Math.max(last("a"), last("b"), last("c")) - Math.min(last("a"), last("b"), last("c"));
    assert.equal(order.length, 3 * manyTuples);
    assert.ok(spread < manyTuples / 2, `the requests end within ${spread} of ${order.length} tuples`);
  });
});

const manyTuples = 60;

class ManyBolt extends ExclaimBolt {
  override execute(tuple: Tuple, collector: Parameters<ExclaimBolt["execute"]>[1]): void {
    for (let each = 0; each < manyTuples; each++) collector.emit([tuple.getValue(0), tuple.getString(1)]);
  }
}

/** Answers with the last of a request's tuples. */
class NotingBolt extends ExclaimBolt {
  private readonly order: string[];
  private readonly counts = new Map<unknown, number>();

  constructor(order: string[]) {
    super();
    this.order = order;
  }

  override execute(tuple: Tuple, collector: Parameters<ExclaimBolt["execute"]>[1]): void {
    const [id, name] = [tuple.getValue(0), tuple.getString(1)];
    this.order.push(name);
    const count = (this.counts.get(id) ?? 0) + 1;
    this.counts.set(id, count);
    if (count === manyTuples) collector.emit([id, `${name} done`]);
  }
}

class SilentBolt extends BaseRichBolt {
  private readonly fields: readonly string[];

  constructor(fields: readonly string[] = ["id", "result"]) {
    super();
    this.fields = fields;
  }

  override prepare(_conf: Conf, _context: TopologyContext, _collector: OutputCollector): void {}
  override execute(_tuple: Tuple): void {}
  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(this.fields);
  }
}

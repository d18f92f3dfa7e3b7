import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TopologyBuilder, type Tuple } from "../../../src/topology/index.ts";
import { ListRecord, listSpout } from "../../kit/list-spout.ts";
import { basicBolt, bolt, spout } from "../../kit/scripted-components.ts";
import { VirtualCluster } from "../../kit/virtual-cluster.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => [index]);
const acking = bolt({ execute: (tuple, out) => out.ack(tuple) });

/** A spout that feeds one bolt. */
function pair(source: Parameters<TopologyBuilder["setSpout"]>[1], sink: Parameters<TopologyBuilder["setBolt"]>[1]) {
  const builder = new TopologyBuilder();
  builder.setSpout("s", source);
  builder.setBolt("b", sink).shuffleGrouping("s");
  return builder.createTopology();
}

describe("guaranteed processing (Storm, Guaranteeing message processing)", () => {
  it("“fully processed when the tuple tree has been exhausted”: ack comes after the last of the tree", async () => {
    const cluster = new VirtualCluster();
    const events: string[] = [];
    const builder = new TopologyBuilder();
    let emitted = false;
    builder.setSpout(
      "s",
      spout({
        declares: ["v"],
        nextTuple: (out) => {
          if (emitted) return out.exhausted();
          emitted = true;
          out.emit([1], "id");
        },
        ack: (id) => void events.push(`acked ${id}`),
      }),
    );
    builder
      .setBolt(
        "split",
        bolt({
          declares: ["v"],
          execute: (tuple, out) => {
            for (let child = 0; child < 3; child++) out.emit(tuple, [child]);
            out.ack(tuple);
            events.push("split");
          },
        }),
      )
      .shuffleGrouping("s");
    builder
      .setBolt(
        "late",
        bolt({
          execute: (tuple, out) => {
            cluster.runtime.timers.after(100 * tuple.getNumber(0), () => {
              events.push(`leaf ${tuple.getNumber(0)}`);
              out.ack(tuple);
            });
          },
        }),
      )
      .shuffleGrouping("split");
    await cluster.complete(builder.createTopology());
    assert.deepEqual(events, ["split", "leaf 0", "leaf 1", "leaf 2", "acked id"]);
  });

  it("“considered failed when its tree of messages fails to be fully processed within a specified timeout”: 1 to 2 time-outs", async () => {
    for (const startMs of [0, 1500, 2900]) {
      const cluster = new VirtualCluster();
      let [emitMs, failMs, calls] = [0, 0, 0];
      const source = spout({
        declares: ["v"],
        nextTuple: (out) => {
          if (cluster.world.nowMs < startMs || calls > 0) return;
          calls++;
          emitMs = cluster.world.nowMs;
          out.emit([1], 1);
        },
        fail: () => {
          failMs = cluster.world.nowMs;
        },
      });
      const topology = await cluster.submit(pair(source, bolt({ execute: () => {} })), {
        "topology.message.timeout.secs": 3,
      });
      await cluster.until(() => failMs > 0, "the time-out");
      const tookMs = failMs - emitMs;
      assert.ok(tookMs >= 3000 && tookMs <= 6010, `failed after ${tookMs} ms`);
      await cluster.finish(topology.kill(), "killed");
    }
  });

  it("“the tuple … can be replayed”: what fails and is emitted again is acked in the end", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const tries = new Map<number, number>();
    const sink = bolt({
      execute: (tuple, out) => {
        const value = tuple.getNumber(0);
        tries.set(value, (tries.get(value) ?? 0) + 1);
        if (tries.get(value) === 3 || value % 2 === 0) out.ack(tuple);
        else out.fail(tuple);
      },
    });
    await cluster.complete(pair(listSpout(numbers(10), record), sink));
    for (let value = 0; value < 10; value++) {
      assert.equal(record.open(value), 0);
      assert.equal(record.fails.filter((id) => id === value).length, value % 2 === 0 ? 0 : 2);
    }
    assert.equal(record.acks.length, 10);
  });

  it("“fail immediately”: fail does not wait for the time-out, nor for the rest of the tree", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout([[1]], record, { replay: false }));
    builder.setBolt("silent", bolt({ execute: () => {} })).shuffleGrouping("s");
    builder.setBolt("fails", bolt({ execute: (tuple, out) => out.fail(tuple) })).shuffleGrouping("s");
    await cluster.complete(builder.createTopology());
    assert.deepEqual(record.fails, [0]);
    assert.ok(cluster.world.nowMs < 1000, `${cluster.world.nowMs} ms`);
  });

  it("“anchored to more than one input tuple”: a join that fails fails every tree it belongs to", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const held: Tuple[] = [];
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout(numbers(3), record, { replay: false }));
    builder
      .setBolt(
        "join",
        bolt({
          declares: ["v"],
          execute: (tuple, out) => {
            held.push(tuple);
            if (held.length < 3) return;
            out.emit(held.slice(0, 2), ["joined"]);
            for (const each of held) out.ack(each);
          },
        }),
      )
      .shuffleGrouping("s");
    builder.setBolt("fails", bolt({ execute: (tuple, out) => out.fail(tuple) })).shuffleGrouping("join");
    await cluster.complete(builder.createTopology());
    assert.deepEqual(record.fails.toSorted(), [0, 1]);
    assert.deepEqual(record.acks, [2]);
  });

  it("“unanchored”: a tuple emitted without an anchor is no part of the tree", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout(numbers(5), record));
    builder
      .setBolt(
        "b",
        bolt({
          declares: ["v"],
          execute: (tuple, out) => {
            out.emit([tuple.getNumber(0)]);
            out.ack(tuple);
          },
        }),
      )
      .shuffleGrouping("s");
    builder.setBolt("fails", bolt({ execute: (tuple, out) => out.fail(tuple) })).shuffleGrouping("b");
    await cluster.complete(builder.createTopology());
    assert.equal(record.acks.length, 5);
    assert.equal(record.fails.length, 0);
  });

  it("“every tuple you process must be acked or failed”: an ack after a fail, or a second ack, changes nothing", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const sink = bolt({
      execute: (tuple, out) => {
        if (tuple.getNumber(0) === 0) out.fail(tuple);
        out.ack(tuple);
        out.ack(tuple);
        out.fail(tuple);
      },
    });
    const report = await cluster.complete(pair(listSpout(numbers(4), record, { replay: false }), sink));
    assert.deepEqual([record.acks.toSorted(), record.fails], [[1, 2, 3], [0]]);
    assert.equal(report.components.b?.acked, 3);
    assert.equal(report.components.b?.failed, 1);
  });

  it("a spout's tuple that no bolt subscribes to is acked at once", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout(numbers(3), record));
    await cluster.complete(builder.createTopology());
    assert.deepEqual(record.acks, [0, 1, 2]);
  });

  it("without a message id a tuple is not tracked: neither ack nor fail is called", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    await cluster.complete(pair(listSpout(numbers(5), record, { tracked: false }), acking));
    assert.deepEqual([record.emits.length, record.acks.length, record.fails.length], [5, 0, 0]);
  });

  it("with no ackers every tuple is acked the moment it is emitted (Storm, topology.acker.executors 0)", async () => {
    const cluster = new VirtualCluster();
    const events: string[] = [];
    let next = 0;
    const source = spout({
      declares: ["v"],
      nextTuple: (out) => {
        if (next === 2) return out.exhausted();
        out.emit([next], next++);
        events.push("emitted");
      },
      ack: (id) => void events.push(`acked ${id}`),
    });
    const report = await cluster.complete(pair(source, bolt({ execute: (tuple, out) => out.fail(tuple) })), {
      "topology.acker.executors": 0,
    });
    assert.deepEqual(events, ["acked 0", "emitted", "acked 1", "emitted"]);
    assert.equal(report.components.s?.acked, 2);
    assert.equal(report.components.s?.failed, 0);
  });
});

describe("time-outs", () => {
  it("start anew with resetTimeout, as often as it is called", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const sink = bolt({
      execute: (tuple, out) => {
        let resets = 0;
        const timer = cluster.runtime.timers.every(800, () => {
          if (++resets < 12) return out.resetTimeout(tuple);
          timer.cancel();
          out.ack(tuple);
        });
      },
    });
    await cluster.complete(pair(listSpout([[1]], record), sink), { "topology.message.timeout.secs": 1 });
    assert.deepEqual([record.acks, record.fails], [[0], []]);
    assert.ok(cluster.world.nowMs > 9000);
  });

  it("do not come when topology.enable.message.timeouts is false", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const sink = bolt({ execute: (tuple, out) => void cluster.runtime.timers.after(20_000, () => out.ack(tuple)) });
    await cluster.complete(pair(listSpout([[1]], record), sink), {
      "topology.message.timeout.secs": 1,
      "topology.enable.message.timeouts": false,
    });
    assert.deepEqual([record.acks, record.fails], [[0], []]);
  });

  it("make a late ack worthless: the tuple has failed, and is not acked as well", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const sink = bolt({ execute: (tuple, out) => void cluster.runtime.timers.after(2500, () => out.ack(tuple)) });
    const topology = await cluster.submit(pair(listSpout([[1]], record, { replay: false }), sink), {
      "topology.message.timeout.secs": 1,
    });
    await cluster.world.run({ forMs: 10_000 });
    assert.deepEqual([record.acks, record.fails], [[], [0]]);
    await cluster.finish(topology.kill(), "killed");
  });

  it("come again and again for a bolt that never acks: every replay fails", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const topology = await cluster.submit(pair(listSpout(numbers(3), record), bolt({ execute: () => {} })), {
      "topology.message.timeout.secs": 1,
    });
    await cluster.until(() => record.fails.length === 12, "four rounds of failures");
    const { components } = topology.report();
    assert.equal(components.s?.failed, 12);
    assert.ok((components.b?.executed ?? 0) >= 12);
    await cluster.finish(topology.kill(), "killed");
  });
});

describe("topology.max.spout.pending", () => {
  it("bounds the tracked tuples of a spout task that are neither acked nor failed", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    let most = 0;
    const sink = bolt({
      execute: (tuple, out) => {
        most = Math.max(most, record.emits.length - record.acks.length);
        cluster.runtime.timers.after(5, () => out.ack(tuple));
      },
    });
    await cluster.complete(pair(listSpout(numbers(200), record), sink), { "topology.max.spout.pending": 7 });
    assert.equal(most, 7);
    assert.equal(record.acks.length, 200);
  });

  it("has no effect on untracked tuples", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    await cluster.complete(pair(listSpout(numbers(200), record, { tracked: false }), bolt({ execute: () => {} })), {
      "topology.max.spout.pending": 1,
    });
    assert.equal(record.emits.length, 200);
  });
});

describe("exhausted()", () => {
  it("ends a run only when nothing is pending any more", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const sink = basicBolt({
      execute: async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        cluster.runtime.timers.after(1000, resolve);
        await promise;
      },
    });
    await cluster.complete(pair(listSpout(numbers(3), record), sink));
    assert.equal(record.acks.length, 3);
  });

  it("ends a run only when untracked tuples, too, have been executed", async () => {
    const cluster = new VirtualCluster();
    const got: number[] = [];
    const sink = bolt({
      execute: async (tuple) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        cluster.runtime.timers.after(500, resolve);
        await promise;
        got.push(tuple.getNumber(0));
      },
    });
    await cluster.complete(pair(listSpout(numbers(4), new ListRecord(), { tracked: false }), sink), {
      "topology.workers": 2,
    });
    assert.deepEqual(got, [0, 1, 2, 3]);
  });

  it("no longer holds when the spout emits again, or when a tuple of its fails", async () => {
    const cluster = new VirtualCluster();
    let [calls, failed] = [0, false];
    const source = spout({
      declares: ["v"],
      nextTuple: (out) => {
        calls++;
        if (calls === 1 || calls === 40) out.emit([calls], calls);
        else if (calls < 40) out.exhausted();
        else if (failed) {
          failed = false;
          out.emit([calls], calls);
        } else out.exhausted();
      },
      fail: () => {
        failed = true;
      },
    });
    const got: number[] = [];
    // The first stays pending until the spout has emitted the second, which fails once.
    const first: (() => void)[] = [];
    const sink = bolt({
      execute: (tuple, out) => {
        got.push(tuple.getNumber(0));
        if (got.length === 1) first.push(() => out.ack(tuple));
        else if (got.length === 2) {
          out.fail(tuple);
          first[0]?.();
        } else out.ack(tuple);
      },
    });
    await cluster.complete(pair(source, sink));
    assert.equal(got.length, 3);
  });

  it("of one task does not end a run while another task still emits", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const builder = new TopologyBuilder();
    builder.setSpout("none", listSpout([], new ListRecord()));
    builder.setSpout("many", listSpout(numbers(5000), record), 2);
    builder.setBolt("b", acking).shuffleGrouping("none").shuffleGrouping("many");
    await cluster.complete(builder.createTopology());
    assert.equal(record.acks.length, 5000);
  });
});

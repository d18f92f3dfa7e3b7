import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Conf, TopologyBuilder } from "../../../src/topology/index.ts";
import { ListRecord, listSpout } from "../../kit/list-spout.ts";
import { basicBolt, bolt, spout } from "../../kit/scripted-components.ts";
import { VirtualCluster, withCode } from "../../kit/virtual-cluster.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => [index]);

describe("the order of tuples", () => {
  for (const workers of [1, 3]) {
    it(`is kept from each source task to each target task, with ${workers} worker(s)`, async () => {
      const cluster = new VirtualCluster();
      const got = new Map<string, number[]>();
      const builder = new TopologyBuilder();
      builder.setSpout("s", listSpout(numbers(3000), new ListRecord()), 3);
      builder
        .setBolt(
          "pass",
          bolt({
            declares: ["v"],
            execute: (tuple, out) => {
              out.emit(tuple, [tuple.getNumber(0)]);
              out.ack(tuple);
            },
          }),
          2,
        )
        .fieldsGrouping("s", ["value"]);
      builder
        .setBolt(
          "sink",
          bolt({
            execute: (tuple, out, { thisTaskId }) => {
              const way = `${tuple.getSourceTask()} → ${thisTaskId}`;
              got.set(way, [...(got.get(way) ?? []), tuple.getNumber(0)]);
              out.ack(tuple);
            },
          }),
          4,
        )
        .noneGrouping("pass");
      await cluster.complete(builder.createTopology(), { "topology.workers": workers });
      // Each pass task gets three ascending sequences, one of each spout task, in one queue.
      assert.equal(got.size, 8);
      for (const [way, values] of got) {
        const bySpout = Map.groupBy(values, (value) => value % 3);
        for (const list of bySpout.values())
          assert.deepEqual(
            list,
            list.toSorted((a, b) => a - b),
            way,
          );
      }
      assert.equal([...got.values()].flat().length, 3000);
    });
  }
});

interface Overlap {
  readonly finished: number[];
  most: number;
}

/** Executions that take virtual time, the earlier ones longer. */
async function overlapOf(conf: Conf, tasks = 1): Promise<Overlap> {
  const cluster = new VirtualCluster();
  const overlap: Overlap = { finished: [], most: 0 };
  let now = 0;
  const builder = new TopologyBuilder();
  builder.setSpout("s", listSpout(numbers(40), new ListRecord()));
  builder
    .setBolt(
      "slow",
      bolt({
        execute: async (tuple, out) => {
          overlap.most = Math.max(overlap.most, ++now);
          const { promise, resolve } = Promise.withResolvers<void>();
          cluster.runtime.timers.after(100 - tuple.getNumber(0), resolve);
          await promise;
          now--;
          overlap.finished.push(tuple.getNumber(0));
          out.ack(tuple);
        },
      }),
    )
    .setNumTasks(tasks)
    .shuffleGrouping("s");
  await cluster.complete(builder.createTopology(), conf);
  return overlap;
}

describe("an asynchronous execute", () => {
  it("keeps the order by default: the next tuple waits", async () => {
    const { finished, most } = await overlapOf({});
    assert.equal(most, 1);
    assert.deepEqual(finished, numbers(40).flat());
  });

  it("overlaps with others of its task up to storm-lab.task.execute.max.in.flight", async () => {
    const { finished, most } = await overlapOf({ "storm-lab.task.execute.max.in.flight": 7 });
    assert.equal(most, 7);
    assert.deepEqual(
      finished.toSorted((a, b) => a - b),
      numbers(40).flat(),
    );
    assert.notDeepEqual(finished, numbers(40).flat(), "later ones took less time");
  });

  it("overlaps with those of the other tasks of its executor only through the bound of each", async () => {
    const { most } = await overlapOf({ "storm-lab.task.execute.max.in.flight": 2 }, 3);
    assert.ok(most >= 2 && most <= 6, `${most} at once`);
  });

  it("that rejects ends the topology with what it was rejected with", async () => {
    const cluster = new VirtualCluster();
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout(numbers(3), new ListRecord()));
    builder.setBolt("b", bolt({ execute: () => Promise.reject(new Error("no database")) })).shuffleGrouping("s");
    await assert.rejects(cluster.complete(builder.createTopology()), (error: Error) => {
      assert.ok(withCode("SL-COMPONENT-FAILED")(error));
      assert.match(error.message, /component "b" \(task 2\) threw Error: no database/);
      return true;
    });
  });

  it("of a basic bolt acks when it has settled, and anchors to its own tuple while others overlap", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const roots: boolean[] = [];
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout(numbers(20), record));
    builder
      .setBolt(
        "b",
        basicBolt({
          declares: ["v", "ids"],
          execute: async (tuple, out) => {
            const { promise, resolve } = Promise.withResolvers<void>();
            cluster.runtime.timers.after(50 - tuple.getNumber(0), resolve);
            await promise;
            assert.equal(record.acks.includes(tuple.getNumber(0)), false, "acked before it was done");
            out.emit([tuple.getNumber(0), [...tuple.getMessageId().keys()].join()]);
          },
        }),
      )
      .shuffleGrouping("s");
    builder
      .setBolt(
        "sink",
        basicBolt({
          execute: (tuple) => {
            roots.push([...tuple.getMessageId().keys()].join() === tuple.getString(1));
          },
        }),
      )
      .shuffleGrouping("b");
    await cluster.complete(builder.createTopology(), { "storm-lab.task.execute.max.in.flight": 5 });
    assert.deepEqual(
      roots,
      numbers(20).map(() => true),
    );
    assert.deepEqual(
      record.acks.toSorted((a, b) => a - b),
      numbers(20).flat(),
    );
  });

  it("may answer anything that is no promise, such as what emit returned", async () => {
    const cluster = new VirtualCluster();
    const got: number[] = [];
    const builder = new TopologyBuilder();
    let next = 0;
    const script = spout({
      declares: ["v"],
      nextTuple: (out) => {
        if (next < 3) return out.emit([next], next++) as unknown as undefined;
        return out.exhausted();
      },
    });
    builder.setSpout("s", script);
    builder
      .setBolt(
        "b",
        bolt({
          execute: (tuple, out) => {
            out.ack(tuple);
            return got.push(tuple.getNumber(0)) as unknown as undefined;
          },
        }),
      )
      .shuffleGrouping("s");
    await cluster.complete(builder.createTopology());
    assert.deepEqual(got, [0, 1, 2]);
  });
});

describe("an asynchronous nextTuple", () => {
  it("is not called again, nor are ack and fail, before it has settled", async () => {
    const cluster = new VirtualCluster();
    const events: string[] = [];
    let running = false;
    let next = 0;
    const builder = new TopologyBuilder();
    const note = (what: string) => {
      assert.equal(running, false, `${what} during nextTuple`);
      events.push(what);
    };
    builder.setSpout(
      "s",
      spout({
        declares: ["v"],
        nextTuple: async (out) => {
          note(`next ${next}`);
          if (next === 5) return out.exhausted();
          running = true;
          out.emit([next], next);
          next++;
          const { promise, resolve } = Promise.withResolvers<void>();
          cluster.runtime.timers.after(20, resolve);
          await promise;
          running = false;
        },
        ack: (id) => note(`ack ${id}`),
      }),
    );
    builder.setBolt("b", bolt({ execute: (tuple, out) => out.ack(tuple) })).shuffleGrouping("s");
    await cluster.complete(builder.createTopology());
    assert.deepEqual(events.slice(0, 6), ["next 0", "ack 0", "next 1", "ack 1", "next 2", "ack 2"]);
    assert.equal(events.filter((event) => event.startsWith("ack")).length, 5);
  });

  it("that rejects ends the topology", async () => {
    const cluster = new VirtualCluster();
    const builder = new TopologyBuilder();
    builder.setSpout("s", spout({ declares: ["v"], nextTuple: () => Promise.reject(new TypeError("no file")) }));
    builder.setBolt("b", bolt({ execute: () => {} })).shuffleGrouping("s");
    await assert.rejects(
      cluster.complete(builder.createTopology()),
      /component "s" \(task 3\) threw TypeError: no file/,
    );
  });

  it("that emits nothing is asked again after the wait strategy's time, not at once", async () => {
    const cluster = new VirtualCluster();
    let calls = 0;
    const builder = new TopologyBuilder();
    builder.setSpout("s", spout({ declares: ["v"], nextTuple: async () => void calls++ }));
    builder.setBolt("b", bolt({ execute: () => {} })).shuffleGrouping("s");
    const topology = await cluster.submit(builder.createTopology(), {
      "topology.sleep.spout.wait.strategy.time.ms": 10,
    });
    await cluster.world.run({ forMs: 1000 });
    assert.ok(calls >= 90 && calls <= 101, `${calls} calls in a second`);
    await cluster.finish(topology.kill(), "killed");
  });
});

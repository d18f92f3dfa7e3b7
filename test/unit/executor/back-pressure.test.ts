import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExecutorQueue } from "../../../src/executor/executor-queue.ts";
import { Loop } from "../../../src/executor/loop.ts";
import { StreamInfo } from "../../../src/executor/plan.ts";
import { TaskTuple } from "../../../src/executor/tuple.ts";
import { type StormTopology, TopologyBuilder } from "../../../src/topology/index.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";
import { VirtualCluster } from "../../kit/virtual-cluster.ts";

const noTimer = { cancel: () => {} };
const info = new StreamInfo(0, "s", "default", ["v"], false);
const tuple = (value: number) => new TaskTuple([value], info, 1, 2, null, 0, 0);

describe("an executor's queue", () => {
  function queueOf(highMark: number) {
    const told: string[] = [];
    const loop = new Loop({ after: () => noTimer, every: () => noTimer, soon: () => {} }, () => false);
    const pressure = { full: () => void told.push("full"), drained: () => void told.push("drained") };
    return { queue: new ExecutorQueue(highMark, pressure, loop), told };
  }

  it("says once that it is full, at its high mark, and once that it has drained, at half of it", () => {
    const { queue, told } = queueOf(10);
    for (let i = 0; i < 9; i++) queue.push(tuple(i));
    assert.deepEqual(told, []);
    for (let i = 9; i < 14; i++) queue.push(tuple(i));
    assert.deepEqual(told, ["full"]);
    assert.equal(queue.isFull, true);
    for (let i = 0; i < 8; i++) queue.shift();
    assert.deepEqual(told, ["full"]);
    queue.shift();
    assert.deepEqual(told, ["full", "drained"]);
    while (queue.shift() !== undefined);
    assert.deepEqual(told, ["full", "drained"]);
  });

  it("takes what comes beyond its mark, and keeps the order while it grows", () => {
    const { queue } = queueOf(10);
    let next = 0;
    for (let i = 0; i < 2000; i++) {
      queue.push(tuple(i));
      if (i % 3 === 0) assert.equal(queue.shift()?.values[0], next++);
    }
    for (let got = queue.shift(); got !== undefined; got = queue.shift()) assert.equal(got.values[0], next++);
    assert.equal(next, 2000);
    assert.equal(queue.size, 0);
  });

  it("with room for one alone is full with one and drained with none", () => {
    const { queue, told } = queueOf(1);
    queue.push(tuple(1));
    queue.shift();
    assert.deepEqual(told, ["full", "drained"]);
  });
});

/** An untracked spout that never stops, a fan-out, and a bolt that takes 1 ms for each tuple. */
function flood(
  cluster: VirtualCluster,
  fanOut: number,
): { topology: StormTopology; counts: { made: number; done: number } } {
  const counts = { made: 0, done: 0 };
  const builder = new TopologyBuilder();
  builder.setSpout("s", spout({ declares: ["v"], nextTuple: (out) => void out.emit([counts.made++]) }));
  builder
    .setBolt(
      "pass",
      bolt({
        declares: ["v"],
        execute: (each, out) => {
          for (let i = 0; i < fanOut; i++) out.emit([each.getNumber(0)]);
          out.ack(each);
        },
      }),
    )
    .shuffleGrouping("s");
  builder
    .setBolt(
      "slow",
      bolt({
        execute: async (each, out) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          cluster.runtime.timers.after(1, resolve);
          await promise;
          counts.done++;
          out.ack(each);
        },
      }),
    )
    .shuffleGrouping("pass");
  return { topology: builder.createTopology(), counts };
}

describe("back-pressure", () => {
  for (const workers of [1, 3]) {
    it(`holds the spout behind a slow bolt two hops away, with ${workers} worker(s)`, async () => {
      const cluster = new VirtualCluster();
      const { topology, counts } = flood(cluster, 3);
      const running = await cluster.submit(topology, {
        "topology.executor.receive.buffer.size": 100,
        "topology.workers": workers,
        "topology.acker.executors": 0,
      });
      let most = 0;
      for (let look = 0; look < 200; look++) {
        await cluster.world.run({ forMs: 20 });
        most = Math.max(most, counts.made * 3 - counts.done);
      }
      assert.ok(counts.done > 1500, `the slow bolt got its time: ${counts.done}`);
      // Two queues of 100 each, the first counted threefold, the emits of one step, and what is under way between workers.
      const bound = 3 * (100 + 32) + 100 + 3 * 100 + (workers === 1 ? 0 : 3 * 40_000);
      assert.ok(most <= bound, `${most} tuples between spout and slow bolt`);
      await cluster.finish(running.kill(), "killed");
    });
  }

  it("between workers holds by what the tasks say, not only by what the outboxes hold", async () => {
    const cluster = new VirtualCluster();
    const { topology, counts } = flood(cluster, 1);
    const running = await cluster.submit(topology, {
      "topology.executor.receive.buffer.size": 100,
      "topology.workers": 3,
      "topology.acker.executors": 0,
    });
    await cluster.world.run({ forMs: 2000 });
    const madeAtTwo = counts.made;
    await cluster.world.run({ forMs: 2000 });
    // Two seconds at one tuple a millisecond: the spout may run ahead in bursts, never in the long run.
    assert.ok(counts.made - madeAtTwo < 4000, `${counts.made - madeAtTwo} tuples in two seconds`);
    assert.ok(counts.done > 3000);
    await cluster.finish(running.kill(), "killed");
  });

  it("lets a cycle go on: its members never wait for one another", async () => {
    const cluster = new VirtualCluster();
    const builder = new TopologyBuilder();
    let [next, done] = [0, 0];
    builder.setSpout(
      "s",
      spout({
        declares: ["v"],
        nextTuple: (out) => (next < 300 ? void out.emit([40], next++) : out.exhausted()),
      }),
    );
    const round = bolt({
      declares: ["v"],
      execute: (each, out) => {
        const left = each.getNumber(0);
        if (left > 0) out.emit(each, [left - 1]);
        else done++;
        out.ack(each);
      },
    });
    builder.setBolt("there", round).shuffleGrouping("s").shuffleGrouping("back");
    builder.setBolt("back", round).shuffleGrouping("there");
    const topology = builder.createTopology();
    assert.equal(topology.description.warnings.length, 1);
    await cluster.complete(topology, { "topology.executor.receive.buffer.size": 4, "topology.workers": 2 });
    assert.equal(done, 300);
  });

  it("lets a bolt that feeds itself go on", async () => {
    const cluster = new VirtualCluster();
    const builder = new TopologyBuilder();
    let [emitted, done] = [false, 0];
    builder.setSpout(
      "s",
      spout({
        declares: ["v"],
        nextTuple: (out) => {
          if (emitted) return out.exhausted();
          emitted = true;
          out.emit([12], 1);
        },
      }),
    );
    const doubling = bolt({
      declares: ["v"],
      execute: (each, out) => {
        const left = each.getNumber(0);
        for (let i = 0; left > 0 && i < 2; i++) out.emit(each, [left - 1]);
        done++;
        out.ack(each);
      },
    });
    builder.setBolt("b", doubling).shuffleGrouping("s").shuffleGrouping("b");
    await cluster.complete(builder.createTopology(), { "topology.executor.receive.buffer.size": 2 });
    assert.equal(done, 2 ** 13 - 1);
  });

  it("does not hold acks: a full spout's queue or acker never stops a bolt", async () => {
    const cluster = new VirtualCluster();
    const builder = new TopologyBuilder();
    let [next, acked] = [0, 0];
    builder.setSpout(
      "s",
      spout({
        declares: ["v"],
        nextTuple: (out) => (next < 5000 ? void out.emit([next], next++) : out.exhausted()),
        ack: () => void acked++,
      }),
    );
    builder.setBolt("b", bolt({ execute: (each, out) => out.ack(each) }), 2).shuffleGrouping("s");
    await cluster.complete(builder.createTopology(), {
      "topology.executor.receive.buffer.size": 1,
      "topology.workers": 2,
    });
    assert.equal(acked, 5000);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { componentMetrics, type TaskMetrics } from "../../../src/executor/metrics.ts";
import { addLatency, InputStats, meanMs, noLatency, quantileMs, Sampler } from "../../../src/executor/stats.ts";
import { TopologyBuilder } from "../../../src/topology/index.ts";
import { ListRecord, listSpout } from "../../kit/list-spout.ts";
import { bolt } from "../../kit/scripted-components.ts";
import { VirtualCluster } from "../../kit/virtual-cluster.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => [index]);

describe("the metrics of a run", () => {
  it("count exactly, whatever the sample rate: emitted once an emit, transferred once a target", async () => {
    for (const rate of [0.05, 1]) {
      const cluster = new VirtualCluster();
      const builder = new TopologyBuilder();
      builder.setSpout("s", listSpout(numbers(1000), new ListRecord(), { replay: false }), 2);
      const halving = bolt({
        declares: { default: ["v"], odd: ["v"] },
        execute: (tuple, out) => {
          const value = tuple.getNumber(0);
          if (value % 10 === 0) return out.fail(tuple);
          out.emit(value % 2 === 0 ? "default" : "odd", tuple, [value]);
          out.ack(tuple);
        },
      });
      builder.setBolt("b", halving, 2).shuffleGrouping("s");
      builder.setBolt("all", bolt({ execute: (tuple, out) => out.ack(tuple) }), 3).allGrouping("b", "odd");
      const conf = { "topology.stats.sample.rate": rate, "topology.workers": 2 };
      const { components } = await cluster.complete(builder.createTopology(), conf);
      const { s, b, all } = components;
      assert.deepEqual([s?.emitted, s?.transferred, s?.acked, s?.failed, s?.tasks], [1000, 1000, 900, 100, 2]);
      assert.deepEqual([b?.executed, b?.acked, b?.failed, b?.emitted, b?.transferred], [1000, 900, 100, 900, 1500]);
      assert.deepEqual([all?.executed, all?.acked, all?.emitted, all?.tasks], [1500, 1500, 0, 3]);
      assert.deepEqual(Object.keys(components).toSorted(), ["all", "b", "s"], "the ackers are not the author's");
    }
  });

  it("tell the times of execute, process and the whole tree, and the share of time spent executing", async () => {
    const cluster = new VirtualCluster();
    const builder = new TopologyBuilder();
    builder.setSpout("s", listSpout(numbers(100), new ListRecord()));
    const waiting = bolt({
      execute: async (tuple, out) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        cluster.runtime.timers.after(10, () => {
          out.ack(tuple);
          cluster.runtime.timers.after(10, resolve);
        });
        await promise;
      },
    });
    builder.setBolt("b", waiting).shuffleGrouping("s");
    const conf = { "topology.stats.sample.rate": 1, "topology.max.spout.pending": 1 };
    const { components } = await cluster.complete(builder.createTopology(), conf);
    const { s, b } = components;
    const near = (value: number | undefined, wanted: number, by: number, what: string) =>
      assert.ok(value !== undefined && Math.abs(value - wanted) <= by, `${what}: ${value}, not ${wanted}`);
    near(b?.executeLatencyMs, 20, 0.5, "execute");
    near(b?.processLatencyMs, 10, 0.5, "process");
    // The next tuple comes when the one before is acked, and waits for its execution to end.
    near(s?.completeLatencyMs, 20, 1, "complete");
    near(s?.completeLatencyP99Ms, 20, 2, "complete p99");
    near(b?.capacity, 1, 0.05, "capacity");
  });
});

describe("durations", () => {
  it("have the mean of what was recorded, and quantiles within 7 %, or a microsecond", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (all, quantile) => {
          const latency = new InputStats().execute;
          for (const us of all) latency.record(us);
          const snapshot = latency.snapshot();
          const mean = all.reduce((sum, us) => sum + us, 0) / all.length / 1000;
          assert.ok(Math.abs(meanMs(snapshot) - mean) < 1e-6 * mean + 1e-9);
          const wanted = (all.toSorted((a, b) => a - b)[Math.ceil(all.length * quantile) - 1] as number) / 1000;
          const got = quantileMs(snapshot, quantile);
          const most = Math.max(wanted * 1.07, wanted + 0.001) + 1e-9;
          assert.ok(got >= wanted && got <= most, `${got} ms for ${wanted} ms`);
        },
      ),
    );
  });

  it("add up as if they had been recorded in one place", () => {
    const all = [5, 80, 80, 3000, 1, 0, 999_999_999];
    const [one, first, second] = [new InputStats().execute, new InputStats().execute, new InputStats().execute];
    for (const [index, us] of all.entries()) {
      one.record(us);
      (index % 2 === 0 ? first : second).record(us);
    }
    assert.deepEqual(addLatency(addLatency(noLatency, first.snapshot()), second.snapshot()), one.snapshot());
    assert.equal(meanMs(noLatency), 0);
    assert.equal(quantileMs(noLatency, 0.99), 0);
  });

  it("are sampled at one random place in every so many", () => {
    let draws = 0;
    const sampler = new Sampler(0.05, (bound) => {
      assert.equal(bound, 20);
      return draws++ % bound;
    });
    for (let round = 0; round < 50; round++) {
      const hits = Array.from({ length: 20 }, () => sampler.hit()).filter(Boolean);
      assert.equal(hits.length, 1);
    }
    const each = new Sampler(1, () => 0);
    assert.ok(Array.from({ length: 30 }, () => each.hit()).every(Boolean));
  });
});

describe("the sum of a component's tasks", () => {
  const task = (taskId: number, part: Partial<TaskMetrics>): TaskMetrics => ({
    taskId,
    componentId: "b",
    kind: "bolt",
    emitted: 0,
    transferred: 0,
    acked: 0,
    failed: 0,
    executed: 0,
    pending: 0,
    execute: noLatency,
    process: noLatency,
    complete: noLatency,
    emittedByStream: {},
    executedByStream: {},
    counters: {},
    gauges: {},
    ...part,
  });

  it("adds counts, and has the capacity of the busiest task (Storm, Capacity)", () => {
    const busy = { count: 10, totalUs: 10 * 5000, buckets: {} };
    const summed = componentMetrics(
      [task(1, { executed: 100, execute: busy, acked: 3 }), task(2, { executed: 50, execute: busy, acked: 4 })],
      1000,
    );
    assert.equal(summed.b?.capacity, 0.5);
    assert.deepEqual(
      [summed.b?.executed, summed.b?.acked, summed.b?.tasks, summed.b?.executeLatencyMs],
      [150, 7, 2, 5],
    );
  });

  it("adds the author's counters, and keeps a gauge of each task", () => {
    const summed = componentMetrics(
      [
        task(1, { counters: { long: 2, constructor: 1 }, gauges: { size: 7 } }),
        task(2, { counters: { long: 3 }, gauges: { size: 8, age: 1 } }),
      ],
      1,
    );
    assert.deepEqual(summed.b?.counters, { long: 5, constructor: 1 });
    assert.deepEqual(summed.b?.gauges, { size: { 1: 7, 2: 8 }, age: { 2: 1 } });
  });

  it("keeps components apart whose ids are names of JavaScript's own", () => {
    const summed = componentMetrics(
      [task(1, { componentId: "constructor", executed: 2 }), task(2, { componentId: "toString", executed: 3 })],
      1,
    );
    assert.deepEqual(Object.keys(summed), ["constructor", "toString"]);
    assert.deepEqual(
      Object.values(summed).map(({ executed }) => executed),
      [2, 3],
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { componentNumbers } from "../../../src/nimbus/stats/component-stats.ts";
import type { ExecutorBeat } from "../../../src/nimbus/stats/executor-beats.ts";
import { windows } from "../../../src/nimbus/stats/sums.ts";
import { topologyNumbers } from "../../../src/nimbus/stats/topology-stats.ts";
import { workerSummaries } from "../../../src/nimbus/stats/worker-summaries.ts";
import {
  ComponentPageInfo,
  type ExecutorStats,
  type GlobalStreamId,
  TopologyPageInfo,
} from "../../../src/wire/thrift/index.ts";

const count = fc.integer({ min: 0, max: 1_000_000 });
const ms = fc.double({ min: 0, max: 1000, noNaN: true });
const streams = ["default", "other", "__ack_ack", "__metrics"];
const inputs: readonly GlobalStreamId[] = [
  { componentId: "s", streamId: "default" },
  { componentId: "b", streamId: "other" },
];
const byStream = <T>(value: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(fc.constantFrom(...streams), { maxLength: 4 })
    .chain((names) =>
      fc
        .tuple(...names.map(() => value))
        .map((values) => new Map(names.map((name, index) => [name, values[index] as T]))),
    );
const byInput = <T>(value: fc.Arbitrary<T>) =>
  fc
    .subarray([...inputs])
    .chain((some) =>
      fc
        .tuple(...some.map(() => value))
        .map((values) => some.map((input, index) => [input, values[index] as T] as const)),
    );
const byWindow = <T>(value: fc.Arbitrary<T>) =>
  fc
    .subarray([...windows])
    .chain((some) =>
      fc
        .tuple(...some.map(() => value))
        .map((values) => new Map(some.map((window, index) => [window, values[index] as T]))),
    );
const sent = { emitted: byWindow(byStream(count)), transferred: byWindow(byStream(count)), rate: fc.constant(0.05) };
const spoutStats = fc.record({
  ...sent,
  specific: fc.record({
    spout: fc.record({
      acked: byWindow(byStream(count)),
      failed: byWindow(byStream(count)),
      complete_ms_avg: byWindow(byStream(ms)),
    }),
  }),
});
const boltStats = fc.record({
  ...sent,
  specific: fc.record({
    bolt: fc.record({
      acked: byWindow(byInput(count)),
      failed: byWindow(byInput(count)),
      process_ms_avg: byWindow(byInput(ms)),
      executed: byWindow(byInput(count)),
      execute_ms_avg: byWindow(byInput(ms)),
    }),
  }),
});

function beat(componentId: string, task: number, stats: unknown, uptimeSecs = 1000): ExecutorBeat {
  return {
    executor: [task, task + 1],
    componentId,
    node: "n",
    host: "h",
    port: 6700,
    uptimeSecs,
    stats: stats as ExecutorStats,
  };
}

const spoutBeats = fc
  .array(spoutStats, { maxLength: 4 })
  .map((all) => all.map((stats, index) => beat("s", index * 2 + 1, stats)));
const boltBeats = fc
  .array(boltStats, { maxLength: 4 })
  .map((all) => all.map((stats, index) => beat("b", index * 2 + 101, stats)));
const ackerBeats = fc
  .array(boltStats, { maxLength: 2 })
  .map((all) => all.map((stats, index) => beat("__acker", index * 2 + 201, stats)));
const someWindow = fc.constantFrom(...windows);

const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);
const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

describe("a topology's numbers", () => {
  it("are the sums of its components', for every window", () => {
    fc.assert(
      fc.property(spoutBeats, boltBeats, ackerBeats, fc.boolean(), (spouts, bolts, ackers, includeSys) => {
        for (const window of windows) {
          const numbers = topologyNumbers([...spouts, ...bolts, ...ackers], window, includeSys);
          const all = [...numbers.spouts.values(), ...numbers.bolts.values()];
          const of = (key: "emitted" | "transferred") => total(all.map(({ common_stats }) => common_stats?.[key] ?? 0));
          assert.equal(numbers.stats.window_to_emitted?.get(window), of("emitted"));
          assert.equal(numbers.stats.window_to_transferred?.get(window), of("transferred"));
          const trees = [...numbers.spouts.values()];
          for (const key of ["acked", "failed"] as const) {
            const sum = total(trees.map(({ common_stats }) => common_stats?.[key] ?? 0));
            assert.equal(numbers.stats[`window_to_${key}`]?.get(window), sum, "whole trees are the spouts'");
          }
          assert.equal(numbers.bolts.has("__acker"), includeSys && ackers.length > 0);
        }
      }),
    );
  });

  it("count every executor and task once", () => {
    fc.assert(
      fc.property(spoutBeats, boltBeats, someWindow, (spouts, bolts, window) => {
        const numbers = topologyNumbers([...spouts, ...bolts], window, false);
        for (const [found, beats] of [
          [numbers.spouts.get("s"), spouts],
          [numbers.bolts.get("b"), bolts],
        ] as const) {
          assert.equal(found?.common_stats?.num_executors ?? 0, beats.length);
          assert.equal(found?.common_stats?.num_tasks ?? 0, beats.length * 2);
        }
      }),
    );
  });

  it("have latencies between the lowest and the highest of their parts", () => {
    fc.assert(
      fc.property(boltBeats, someWindow, (bolts, window) => {
        const latency =
          topologyNumbers(bolts, window, true).bolts.get("b")?.specific_stats?.bolt?.execute_latency_ms ?? 0;
        const parts = bolts.flatMap(({ stats }) =>
          (stats.specific.bolt?.execute_ms_avg.get(window) ?? []).map(([, each]) => each),
        );
        assert.ok(latency >= 0 && latency <= Math.max(0, ...parts) + 1e-9, `${latency} of ${parts}`);
      }),
    );
  });

  it("have the capacity of the busiest executor, over ten minutes or its life", () => {
    const busy = (executed: number, average: number, uptimeSecs: number) =>
      beat(
        "b",
        1,
        {
          emitted: new Map(),
          transferred: new Map(),
          rate: 1,
          specific: {
            bolt: {
              acked: new Map(),
              failed: new Map(),
              process_ms_avg: new Map(),
              executed: new Map([["600", [[inputs[0], executed]]]]),
              execute_ms_avg: new Map([["600", [[inputs[0], average]]]]),
            },
          },
        },
        uptimeSecs,
      );
    const capacity = (...beats: ExecutorBeat[]) =>
      topologyNumbers(beats, "86400", false).bolts.get("b")?.specific_stats?.bolt?.capacity;
    assert.equal(capacity(busy(600_000, 0.5, 5000)), 0.5);
    assert.equal(capacity(busy(1000, 10, 20), busy(1000, 10, 10)), 1);
    assert.equal(capacity(busy(1000, 10, 0)), 0);
  });
});

describe("a component's numbers", () => {
  it("add up alike by executor, by stream and by window, and can be written", () => {
    fc.assert(
      fc.property(boltBeats, someWindow, fc.boolean(), (bolts, window, includeSys) => {
        const numbers = componentNumbers(bolts, "BOLT", window, includeSys);
        const whole = numbers.window_to_stats?.get(window);
        for (const key of ["emitted", "transferred"] as const) {
          const byOutput = total(
            [...(numbers.sid_to_output_stats?.values() ?? [])].map((each) => each.common_stats?.[key] ?? 0),
          );
          const byExecutor = total((numbers.exec_stats ?? []).map(({ stats }) => stats?.common_stats?.[key] ?? 0));
          assert.deepEqual([byOutput, byExecutor], [whole?.common_stats?.[key], whole?.common_stats?.[key]], key);
        }
        const in_ = (numbers.gsid_to_input_stats ?? []).map(([, each]) => each);
        for (const key of ["acked", "failed"] as const) {
          assert.equal(total(in_.map((each) => each.common_stats?.[key] ?? 0)), whole?.common_stats?.[key]);
        }
        assert.equal(
          total(in_.map((each) => each.specific_stats?.bolt?.executed ?? 0)),
          whole?.specific_stats?.bolt?.executed,
        );
        const busyMs = total(
          in_.map(
            (each) => (each.specific_stats?.bolt?.execute_latency_ms ?? 0) * (each.specific_stats?.bolt?.executed ?? 0),
          ),
        );
        const executed = whole?.specific_stats?.bolt?.executed ?? 0;
        assert.ok(near(busyMs, (whole?.specific_stats?.bolt?.execute_latency_ms ?? 0) * executed));
        const page: ComponentPageInfo = { component_id: "b", component_type: "BOLT", ...numbers };
        assert.deepEqual(ComponentPageInfo.decode(ComponentPageInfo.encode(page)), page);
      }),
    );
  });

  it("of a spout are those of its streams", () => {
    fc.assert(
      fc.property(spoutBeats, someWindow, (spouts, window) => {
        const numbers = componentNumbers(spouts, "SPOUT", window, true);
        const whole = numbers.window_to_stats?.get(window);
        for (const key of ["emitted", "transferred", "acked", "failed"] as const) {
          const sum = total(
            [...(numbers.sid_to_output_stats?.values() ?? [])].map((each) => each.common_stats?.[key] ?? 0),
          );
          assert.equal(sum, whole?.common_stats?.[key], key);
        }
        assert.equal(numbers.gsid_to_input_stats, undefined);
      }),
    );
  });

  it("can all be written as a topology's page", () => {
    fc.assert(
      fc.property(spoutBeats, boltBeats, someWindow, (spouts, bolts, window) => {
        const numbers = topologyNumbers([...spouts, ...bolts], window, true);
        const page: TopologyPageInfo = {
          id: "t",
          id_to_spout_agg_stats: numbers.spouts,
          id_to_bolt_agg_stats: numbers.bolts,
          topology_stats: numbers.stats,
        };
        assert.deepEqual(TopologyPageInfo.decode(TopologyPageInfo.encode(page)), page);
      }),
    );
  });
});

describe("a topology's workers", () => {
  it("share all its tasks, those of the system only if wanted", () => {
    const components = new Map([
      [1, "__acker"],
      [2, "b"],
      [3, "b"],
      [4, "s"],
    ]);
    const place = (first: number, last: number, port: number) => ({
      executor: [first, last] as const,
      componentId: components.get(first) ?? "",
      node: port < 6702 ? "n1" : "n2",
      host: "h",
      port,
    });
    const places = [place(1, 1, 6700), place(2, 3, 6701), place(4, 4, 6702)];
    const topology = { id: "t", name: "t", owner: "me", assignment: null, places, beats: [], components };
    const seen = (includeSys: boolean, node?: string) =>
      workerSummaries(topology, includeSys, node).map(({ port, num_executors, component_to_num_tasks }) => [
        port,
        num_executors,
        [...(component_to_num_tasks ?? [])],
      ]);
    assert.deepEqual(seen(true), [
      [6700, 1, [["__acker", 1]]],
      [6701, 1, [["b", 2]]],
      [6702, 1, [["s", 1]]],
    ]);
    assert.deepEqual(seen(false, "n1"), [
      [6700, 1, []],
      [6701, 1, [["b", 2]]],
    ]);
  });
});

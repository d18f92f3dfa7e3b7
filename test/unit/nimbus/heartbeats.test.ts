import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeartbeatCache } from "../../../src/nimbus/heartbeats.ts";
import type { Executor } from "../../../src/nimbus/system-topology.ts";
import type { Assignment } from "../../../src/wire/thrift/index.ts";

const rules = { timeoutSecs: 30, launchSecs: 120 };
const executors: readonly Executor[] = [
  [1, 2],
  [3, 3],
];

function stage(startSecs = 1000) {
  const clock = { ms: 0, wallMs: startSecs * 1000, nowMs: () => clock.wallMs + clock.ms, monotonicMs: () => clock.ms };
  const cache = new HeartbeatCache(clock);
  cache.begin();
  const assignment: Assignment = {
    master_code_dir: "",
    node_host: new Map([["n1", "h"]]),
    executor_node_port: executors.map((executor) => [executor, { node: "n1", port: new Set([6700]) }]),
    executor_start_time_secs: executors.map((executor) => [executor, startSecs]),
    worker_resources: [],
    total_shared_off_heap: new Map(),
  };
  return {
    clock,
    cache,
    beat: (node: string | null = "n1", all: readonly Executor[] = executors) =>
      cache.heard(
        { storm_id: "t", time_secs: 0, executors: all.map(([task_start, task_end]) => ({ task_start, task_end })) },
        node,
      ),
    alive: (changed: Partial<Assignment> = {}, present = ["n1"]) =>
      cache.alive("t", executors, { ...assignment, ...changed }, rules, new Map(present.map((id) => [id, {}]))).length,
  };
}

describe("executors", () => {
  it("are forgiven their silence after an assignment, and live from then on by their beats", () => {
    const { clock, beat, alive } = stage();
    assert.equal(alive(), 2);
    clock.ms = 119_000;
    assert.equal(alive(), 2);
    clock.ms = 120_000;
    assert.equal(alive(), 0);
    beat("n1", [[1, 2]]);
    assert.equal(alive(), 1);
    clock.ms = 149_999;
    assert.equal(alive(), 1);
    clock.ms = 150_000;
    assert.equal(alive(), 0);
  });

  it("are not waited for where the supervisor is gone that would launch them", () => {
    const { clock, cache, beat, alive } = stage();
    clock.ms = 40_000;
    assert.equal(alive({}, []), 0);
    assert.equal(alive({}, ["n2"]), 0);
    beat();
    assert.equal(alive({}, []), 2, "a worker outlives its supervisor");
    clock.ms = 70_000;
    assert.equal(alive({}, []), 0);
    assert.equal(alive(), 2);
    cache.begin();
    assert.equal(alive({}, []), 2, "who begins to lead has heard of nobody");
  });

  it("are given their time anew by a leader that has heard of nobody yet", () => {
    const { clock, cache, alive } = stage();
    clock.ms = 500_000;
    cache.begin();
    assert.equal(alive(), 2);
    clock.ms = 529_999;
    assert.equal(alive(), 2);
    clock.ms = 530_000;
    assert.equal(alive(), 0);
  });

  it("do not live by the beats of a node that has lost them, nor without a place", () => {
    const { clock, beat, alive } = stage();
    clock.ms = 200_000;
    beat("n2");
    assert.equal(alive(), 0);
    beat(null);
    assert.equal(alive(), 2, "a worker that speaks for itself");
    beat("n1");
    assert.equal(alive({ executor_start_time_secs: [[[1, 2], 1000]] }), 1);
  });

  it("are remembered only up to a number, whoever beats for whatever", () => {
    const { cache } = stage();
    for (let each = 0; each < 10_100; each++) cache.heard({ storm_id: `t${each}`, time_secs: 0, executors: [] }, "n");
    assert.equal(cache.topologies.length, 10_000);
  });
});

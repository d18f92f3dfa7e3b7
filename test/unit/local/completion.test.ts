import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planTopology } from "../../../src/executor/index.ts";
import { dealTasks } from "../../../src/local/assign.ts";
import { Completion } from "../../../src/local/completion.ts";
import { TopologyBuilder } from "../../../src/topology/index.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";

const worker = (sent: number, received: number, quiet = true) => ({ sent, received, quiet });

describe("completion", () => {
  it("takes two equal looks at quiet workers that have received all that was sent", () => {
    const completion = new Completion();
    assert.equal(completion.check([worker(5, 3), worker(3, 5)]), false);
    assert.equal(completion.check([worker(5, 3), worker(3, 5)]), true);
  });

  it("is not believed while something is under way", () => {
    const completion = new Completion();
    for (let look = 0; look < 5; look++) assert.equal(completion.check([worker(5, 3), worker(3, 4)]), false);
  });

  it("is not believed when the counters moved between the looks, though they balance both times", () => {
    const completion = new Completion();
    assert.equal(completion.check([worker(5, 3), worker(3, 5)]), false);
    assert.equal(completion.check([worker(6, 4), worker(4, 6)]), false);
    assert.equal(completion.check([worker(6, 4), worker(4, 6)]), true);
  });

  it("begins anew when a worker was busy in between", () => {
    const completion = new Completion();
    assert.equal(completion.check([worker(1, 1)]), false);
    assert.equal(completion.check([worker(1, 1, false)]), false);
    assert.equal(completion.check([worker(1, 1)]), false);
    assert.equal(completion.check([worker(1, 1)]), true);
  });
});

describe("the tasks of workers", () => {
  const builder = new TopologyBuilder();
  builder.setSpout("s", spout({ declares: ["v"], nextTuple: () => {} }), 2);
  builder
    .setBolt("b", bolt({ execute: () => {} }), 2)
    .shuffleGrouping("s")
    .setNumTasks(5);
  const plan = planTopology(builder.createTopology().description, { "topology.acker.executors": 1 });

  it("are dealt executor by executor, round-robin (Storm, default scheduler)", () => {
    // Executors: __acker [1], b [2–4], b [5–6], s [7], s [8].
    assert.deepEqual([...dealTasks(plan, 1).values()], [[1, 2, 3, 4, 5, 6, 7, 8]]);
    assert.deepEqual(
      [...dealTasks(plan, 2).values()],
      [
        [1, 5, 6, 8],
        [2, 3, 4, 7],
      ],
    );
  });

  it("leave no worker empty: with more workers than executors the last are left out", () => {
    assert.equal(dealTasks(plan, 40).size, 5);
    for (const tasks of dealTasks(plan, 40).values()) assert.ok(tasks.length > 0);
  });
});

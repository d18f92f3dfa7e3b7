import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ClusterSnapshot, schedulerOf } from "../../../src/schedule/index.ts";
import { after, noAssignments, shown, supervisor, topology } from "./clusters.ts";

const scheduler = schedulerOf({});

function scheduled(snapshot: ClusterSnapshot): string {
  return shown(scheduler.schedule(snapshot));
}

describe("the default scheduler", () => {
  it("deals executors in turn to slots of different nodes, the node with more free slots first", () => {
    const supervisors = [supervisor("s1", 2), supervisor("s2", 3), supervisor("s3", 4)];
    assert.equal(
      scheduled({ supervisors, topologies: [topology("wc", 4, [2, 3, 4])], assignments: noAssignments }),
      `wc: Fully Scheduled
  s1:6700 3 7
  s2:6700 2 6
  s3:6700 1 5 9
  s3:6701 4 8
`,
    );
  });

  it("says how many workers it is short of, and why", () => {
    const supervisors = [supervisor("s1", 2)];
    assert.equal(
      scheduled({
        supervisors,
        topologies: [topology("a", 3, [4]), topology("b", 1, [2])],
        assignments: noAssignments,
      }),
      `a: Not enough slots for 3 workers, so all executors run in 2: 2 in all, 0 free
  s1:6700 1 3
  s1:6701 2 4
b: Not enough slots for 2 of 2 executors: 2 in all, 0 free
`,
    );
    assert.equal(
      scheduled({ supervisors: [], topologies: [topology("a", 1, [1])], assignments: noAssignments }),
      "a: Not enough slots for 1 of 1 executors: no supervisor offers a slot\n",
    );
  });

  it("serves the older topology first", () => {
    const old = topology("z", 1, [1], { launchTimeSecs: 10 });
    const young = topology("a", 1, [1], { launchTimeSecs: 20 });
    assert.equal(
      scheduled({ supervisors: [supervisor("s1", 1)], topologies: [young, old], assignments: noAssignments }),
      `z: Fully Scheduled
  s1:6700 1
a: Not enough slots for 1 of 1 executors: 1 in all, 0 free
`,
    );
  });

  it("moves what a dead worker had, and gives its slot to nobody in the same round", () => {
    const supervisors = [supervisor("s1", 2), supervisor("s2", 2)];
    const topologies = [topology("wc", 2, [4])];
    const first = scheduler.schedule({ supervisors, topologies, assignments: noAssignments });
    const second = scheduler.schedule({
      supervisors,
      topologies,
      assignments: first.assignments,
      deadExecutors: new Map([
        [
          "wc",
          [
            [1, 1],
            [3, 3],
          ],
        ],
      ]),
    });
    assert.equal(shown(first), "wc: Fully Scheduled\n  s1:6700 1 3\n  s2:6700 2 4\n");
    assert.equal(shown(second), "wc: Fully Scheduled\n  s1:6701 1 3\n  s2:6700 2 4\n");
  });

  it("waits for the next round when only the slots of the dead are left", () => {
    const supervisors = [supervisor("s1", 1)];
    const topologies = [topology("wc", 1, [1])];
    const { assignments } = scheduler.schedule({ supervisors, topologies, assignments: noAssignments });
    const deadExecutors = new Map([["wc", [[1, 1] as const]]]);
    const bare = scheduler.schedule({ supervisors, topologies, assignments, deadExecutors });
    assert.equal(
      shown(bare),
      "wc: Not enough slots for 1 of 1 executors: 1 in all, 0 free, 1 of dead workers, free in the next round\n",
    );
    assert.equal(
      scheduled({ supervisors, topologies, assignments: bare.assignments }),
      "wc: Fully Scheduled\n  s1:6700 1\n",
    );
  });

  it("takes more workers as soon as there are slots, and leaves those whose share is right", () => {
    const topologies = [topology("wc", 4, [10])];
    const small = { supervisors: [supervisor("s1", 3)], topologies, assignments: noAssignments };
    const first = scheduler.schedule(small);
    assert.equal(
      shown(first),
      `wc: Not enough slots for 4 workers, so all executors run in 3: 3 in all, 0 free
  s1:6700 1 4 7 10
  s1:6701 2 5 8
  s1:6702 3 6 9
`,
    );
    assert.equal(
      scheduled({ ...after(small, first), supervisors: [supervisor("s1", 3), supervisor("s2", 2)] }),
      `wc: Fully Scheduled
  s1:6700 4 10
  s1:6701 2 5 8
  s1:6702 3 6 9
  s2:6700 1 7
`,
    );
  });

  it("places nothing new on a host that is avoided, and leaves what runs there", () => {
    const supervisors = [supervisor("s1", 2), supervisor("s2", 2)];
    const topologies = [topology("a", 2, [2])];
    const first = scheduler.schedule({ supervisors, topologies, assignments: noAssignments });
    const later = topology("b", 2, [2], { launchTimeSecs: 1 });
    assert.equal(
      scheduled({
        supervisors,
        topologies: [...topologies, later],
        assignments: first.assignments,
        blacklistedHosts: new Set(["host-s1"]),
      }),
      `a: Fully Scheduled
  s1:6700 1
  s2:6700 2
b: Not enough slots for 2 workers, so all executors run in 1: 4 in all, 0 free, 2 on hosts closed to it
  s2:6701 1 2
`,
    );
  });

  it("gives a slot that two topologies were given to the older one", () => {
    const topologies = [topology("a", 1, [1]), topology("b", 1, [1])];
    const worker = { slot: { node: "s1", port: 6700 }, executors: [[1, 1] as const] };
    const assignments = new Map([
      ["a", [worker]],
      ["b", [worker]],
      ["gone", [worker]],
    ]);
    assert.equal(
      scheduled({ supervisors: [supervisor("s1", 2)], topologies, assignments }),
      "a: Fully Scheduled\n  s1:6700 1\nb: Fully Scheduled\n  s1:6701 1\n",
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { schedulerOf } from "../../../src/schedule/index.ts";
import { arbitraryCluster, assertBalanced, assertSound } from "./arbitrary-clusters.ts";
import { noAssignments, shown, supervisor, topology } from "./clusters.ts";

function isolating(machines: Readonly<Record<string, number>>) {
  return schedulerOf({
    "storm.scheduler": "org.apache.storm.scheduler.IsolationScheduler",
    "isolation.scheduler.machines": machines,
  });
}

const three = [supervisor("s1", 2), supervisor("s2", 2), supervisor("s3", 2)];

describe("the isolation scheduler", () => {
  it("gives whole machines to the topologies that are listed, and the rest to the others", () => {
    const topologies = [topology("free", 2, [4]), topology("prod", 3, [3, 3], { launchTimeSecs: 1 })];
    assert.equal(
      shown(isolating({ prod: 2 }).schedule({ supervisors: three, topologies, assignments: noAssignments })),
      `free: Fully Scheduled
  s3:6700 1 3
  s3:6701 2 4
prod: Fully Scheduled
  s1:6700 1 4
  s1:6701 2 5
  s2:6700 3 6
`,
    );
  });

  it("takes a machine from others, and lets them wait until it has all", () => {
    const free = topology("free", 4, [4]);
    const before = schedulerOf({}).schedule({ supervisors: three, topologies: [free], assignments: noAssignments });
    const { assignments } = before;
    const prod = topology("prod", 2, [2], { launchTimeSecs: 1 });
    assert.equal(
      shown(isolating({ prod: 2 }).schedule({ supervisors: three, topologies: [free, prod], assignments })),
      `free: Not enough slots for 4 workers, so all executors run in 2: 6 in all, 0 free, 4 on hosts closed to it
  s3:6700 1 3
  s3:6701 2 4
prod: Fully Scheduled
  s1:6700 1
  s2:6700 2
`,
    );
    const large = topology("prod", 6, [6], { launchTimeSecs: 1 });
    assert.equal(
      shown(isolating({ prod: 2 }).schedule({ supervisors: three, topologies: [free, large], assignments })),
      `free: Waits until isolated topologies have their machines: prod
prod: Not enough machines: 0 of 2 for this isolated topology; the next must have 3 slots
`,
    );
  });

  it("leaves a machine alone on which an isolated topology is as it should be", () => {
    const snapshot = { supervisors: three, topologies: [topology("prod", 3, [3])], assignments: noAssignments };
    const scheduler = isolating({ prod: 2 });
    const { assignments } = scheduler.schedule(snapshot);
    const [s1, ...others] = assignments.get("prod") ?? [];
    const half = new Map([["prod", others]]);
    assert.equal(s1?.slot.node, "s1");
    assert.equal(
      shown(scheduler.schedule({ ...snapshot, supervisors: three.slice(1), assignments: half })),
      "prod: Fully Scheduled\n  s2:6700 3\n  s3:6700 1\n  s3:6701 2\n",
    );
  });

  it("is sound, balanced and stable", () => {
    const scheduler = isolating({ t0: 1, t1: 2, t2: 9 });
    fc.assert(
      fc.property(arbitraryCluster, (snapshot) => {
        const first = scheduler.schedule(snapshot);
        assertSound(snapshot, first);
        assertBalanced(first);
        assertAlone(snapshot.supervisors, first.assignments);
        assert.deepEqual(scheduler.schedule({ ...snapshot, assignments: first.assignments }), first);
      }),
    );
  });
});

/** t0, t1 and t2 share no host with anybody. */
function assertAlone(
  supervisors: readonly { readonly id: string; readonly host: string }[],
  assignments: ReadonlyMap<string, readonly { readonly slot: { readonly node: string } }[]>,
): void {
  const hostOf = new Map(supervisors.map(({ id, host }) => [id, host]));
  const hosts = [...assignments].map(([id, workers]) => ({
    id,
    hosts: new Set(workers.map(({ slot }) => hostOf.get(slot.node))),
  }));
  for (const isolated of hosts.filter(({ id }) => ["t0", "t1", "t2"].includes(id)))
    for (const other of hosts.filter(({ id }) => id !== isolated.id))
      for (const host of isolated.hosts) assert.ok(!other.hosts.has(host), `${isolated.id} shares ${host}`);
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type ClusterSnapshot, type Schedule, schedulerOf } from "../../../src/schedule/index.ts";
import { arbitraryCluster, assertBalanced, assertSound, placesIn } from "./arbitrary-clusters.ts";
import { after } from "./clusters.ts";

const scheduler = schedulerOf({});
const pick = fc.nat(1000);

describe("any schedule of the default scheduler", () => {
  it("has one owner a slot and each executor once, in shares that differ by one at most", () => {
    fc.assert(
      fc.property(arbitraryCluster, (snapshot) => {
        const schedule = scheduler.schedule(snapshot);
        assertSound(snapshot, schedule);
        assertBalanced(schedule);
      }),
    );
  });

  it("leaves no slot empty while a topology waits for one", () => {
    fc.assert(
      fc.property(arbitraryCluster, (snapshot) => {
        const { status, assignments } = scheduler.schedule(snapshot);
        const short = [...status.values()].some(({ message }) => message !== "Fully Scheduled");
        const used = [...assignments.values()].flat().length;
        if (short) assert.equal(used, openSlots(snapshot));
      }),
    );
  });

  it("stays the same when nothing changes, whatever the order in which things are listed", () => {
    fc.assert(
      fc.property(arbitraryCluster, (snapshot) => {
        const first = scheduler.schedule(snapshot);
        const next = { ...snapshot, assignments: first.assignments };
        assert.deepEqual(scheduler.schedule(next), first);
        const shuffled = {
          ...next,
          supervisors: [...next.supervisors].reverse(),
          topologies: [...next.topologies].reverse(),
          assignments: new Map([...next.assignments].reverse().map(([id, workers]) => [id, [...workers].reverse()])),
        };
        assert.deepEqual(scheduler.schedule(shuffled).assignments, first.assignments);
      }),
    );
  });

  it("moves only what was on a node that died, if there is room elsewhere", () => {
    fc.assert(
      fc.property(arbitraryCluster, pick, (snapshot, which) => {
        const { first, killed, dead } = killOne(snapshot, which);
        const second = scheduler.schedule(killed);
        assertSound(killed, second);
        const lost = [...first.assignments.values()].flat().filter(({ slot }) => slot.node === dead).length;
        const free = openSlots(killed) - [...first.assignments.values()].flat().length + lost;
        const wasFull = [...first.status.values()].every(({ message }) => message === "Fully Scheduled");
        if (free < lost || !wasFull) return;
        assertBalanced(second);
        const before = placesIn(first.assignments);
        for (const [executor, place] of placesIn(second.assignments)) {
          if (before.get(executor) !== place) assert.ok(before.get(executor)?.startsWith(`${dead}:`), executor);
        }
      }),
    );
  });

  it("comes to rest, whole and balanced, after a node died and came back", () => {
    fc.assert(
      fc.property(arbitraryCluster, pick, (snapshot, which) => {
        const { killed } = killOne(snapshot, which);
        let schedule = scheduler.schedule(killed);
        let rounds = 0;
        for (let last: Schedule | undefined; rounds < 3 && !same(last, schedule); rounds++) {
          last = schedule;
          schedule = scheduler.schedule(after(snapshot, schedule));
        }
        assert.ok(same(scheduler.schedule(after(snapshot, schedule)), schedule), "three rounds are enough");
        assertSound(after(snapshot, schedule), schedule);
        assertBalanced(schedule);
      }),
    );
  });
});

function openSlots({ supervisors, blacklistedHosts }: ClusterSnapshot): number {
  return supervisors
    .filter(({ host }) => blacklistedHosts?.has(host) !== true)
    .reduce((sum, { ports }) => sum + ports.length, 0);
}

/** A node with all its workers is gone. */
function killOne(snapshot: ClusterSnapshot, which: number) {
  const first = scheduler.schedule(snapshot);
  const dead = snapshot.supervisors[which % Math.max(1, snapshot.supervisors.length)]?.id;
  const deadExecutors = new Map(
    [...first.assignments].map(([id, workers]) => [
      id,
      workers.filter(({ slot }) => slot.node === dead).flatMap(({ executors }) => executors),
    ]),
  );
  const supervisors = snapshot.supervisors.filter(({ id }) => id !== dead);
  return { first, dead, killed: { ...snapshot, supervisors, assignments: first.assignments, deadExecutors } };
}

function same(a: Schedule | undefined, b: Schedule): boolean {
  return JSON.stringify([...(a?.assignments ?? [])]) === JSON.stringify([...b.assignments]);
}

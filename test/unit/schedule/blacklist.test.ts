import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Blacklist, emptyBlacklist, nextBlacklist } from "../../../src/schedule/blacklist.ts";
import { BlacklistScheduler, blacklistRules, type ClusterSnapshot, schedulerOf } from "../../../src/schedule/index.ts";
import { noAssignments, supervisor, topology } from "./clusters.ts";

const [s1, s2, s3] = [supervisor("s1", 2), supervisor("s2", 2), supervisor("s3", 2)];
const storm = blacklistRules({});

/** Who is avoided after each round. */
function rounds(rules: typeof storm, snapshots: readonly ClusterSnapshot[]): { avoided: string[]; end: Blacklist } {
  let end = emptyBlacklist;
  const avoided = snapshots.map((snapshot) => {
    end = nextBlacklist(rules, end, snapshot);
    return [...end.hosts].join();
  });
  return { avoided, end };
}

function cluster(...supervisors: ClusterSnapshot["supervisors"]): ClusterSnapshot {
  return { supervisors, topologies: [], assignments: noAssignments };
}

describe("the rules of the blacklist", () => {
  it("are Storm's, in rounds of nimbus.monitor.freq.secs", () => {
    assert.deepEqual(storm, { windowRounds: 30, toleranceCount: 3, resumeRounds: 180, badSlots: true });
    assert.equal(blacklistRules({ "nimbus.monitor.freq.secs": 1 }).windowRounds, 300);
  });
});

describe("the blacklist", () => {
  it("avoids a supervisor that was missing in three rounds of the last ones, for as long as told", () => {
    const gone = cluster(s1, s3);
    const all = cluster(s1, s2, s3);
    const rules = { ...storm, windowRounds: 5, resumeRounds: 4 };
    assert.deepEqual(rounds(rules, [all, gone, all, gone, all, gone, all, all, all, all, all]).avoided, [
      "",
      "",
      "",
      "",
      "",
      "",
      "host-s2",
      "host-s2",
      "host-s2",
      "",
      "",
    ]);
  });

  it("counts a supervisor whose worker is dead, since it misses a slot", () => {
    const topologies = [topology("t", 1, [1])];
    const assignments = new Map([["t", [{ slot: { node: "s1", port: 6700 }, executors: [[1, 1] as const] }]]]);
    const deadExecutors = new Map([["t", [[1, 1] as const]]]);
    const bad = { supervisors: [s1, s2], topologies, assignments, deadExecutors };
    assert.deepEqual(rounds(storm, [cluster(s1, s2), bad, bad, bad]).avoided, ["", "", "", "host-s1"]);
    const lenient = { ...storm, badSlots: false };
    assert.deepEqual(rounds(lenient, [cluster(s1, s2), bad, bad, bad]).avoided, ["", "", "", ""]);
  });

  it("places nothing there, unless there is no other room, and says who it is", () => {
    const said: string[] = [];
    const rules = { ...storm, toleranceCount: 1, resumeRounds: 3 };
    const scheduler = new BlacklistScheduler(schedulerOf({}), rules, (message) => said.push(message));
    const nodesOf = (workers: number) => {
      const snapshot = { ...cluster(s1, s2), topologies: [topology("t", workers, [4])] };
      return scheduler
        .schedule(snapshot)
        .assignments.get("t")
        ?.map(({ slot }) => slot.node);
    };
    scheduler.schedule(cluster(s1, s2));
    scheduler.schedule(cluster(s1));
    assert.deepEqual([scheduler.avoids("s1"), scheduler.avoids("s2")], [false, true]);
    assert.deepEqual(nodesOf(2), ["s1", "s1"]);
    assert.deepEqual(nodesOf(3), ["s1", "s1", "s2"]);
    assert.equal(scheduler.avoids("s2"), false);
    assert.deepEqual(said, [
      "Supervisor s2 was missing, or missed slots, in 1 of the last 30 rounds: its host is avoided for 3 rounds",
      "Supervisor s2 is avoided no longer",
    ]);
  });

  it("does not wait for ever for what is gone", () => {
    const rules = { ...storm, windowRounds: 3, resumeRounds: 2 };
    const gone = cluster(s1);
    const { end } = rounds(rules, [cluster(s1, s2), gone, gone, gone, gone, gone, gone, gone, gone]);
    assert.deepEqual([...end.known.keys()], ["s1"]);
    assert.deepEqual([...end.avoided.keys()], []);
  });
});

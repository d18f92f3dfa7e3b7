import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ClusterPicture, emptyPicture, type PicturedTopology } from "../../../src/ui/events/cluster-picture.ts";
import { differences } from "../../../src/ui/events/differences.ts";
import { EventLog } from "../../../src/ui/events/event-log.ts";

const one = { host: "node1", port: 6700 };
const two = { host: "node2", port: 6701 };

function topology(parts: Partial<PicturedTopology> = {}): PicturedTopology {
  return {
    name: "wc",
    status: "ACTIVE",
    workers: 2,
    isDebugged: false,
    slots: new Map([["node1:6700", one]]),
    beating: new Map(),
    errors: new Map(),
    ...parts,
  };
}

function picture(parts: Partial<ClusterPicture> = {}): ClusterPicture {
  return { ...emptyPicture, ...parts };
}

const running = (parts?: Partial<PicturedTopology>) => picture({ topologies: new Map([["wc-1-1", topology(parts)]]) });
const beats = (startedSecs: number, uptimeSecs = 9) =>
  new Map([["node1:6700", { ...one, executors: 3, startedSecs, uptimeSecs }]]);

describe("what happened between two pictures of a cluster", () => {
  it("is nothing between equal ones", () => {
    assert.deepEqual(differences(running(), running()), []);
  });

  it("is who came, who went and who leads", () => {
    const nimbus = (name: string) => ({ host: name, port: 6627 });
    const before = picture({
      nimbuses: new Map([["n1:6627", nimbus("n1")]]),
      leader: "n1:6627",
      supervisors: new Map([["s1", { host: "node1", slots: 4 }]]),
    });
    const after = picture({
      nimbuses: new Map([["n2:6627", nimbus("n2")]]),
      leader: "n2:6627",
      supervisors: new Map([["s2", { host: "node2", slots: 2 }]]),
    });
    assert.deepEqual(differences(before, after), [
      { event: "nimbus-joined", ...nimbus("n2") },
      { event: "nimbus-lost", ...nimbus("n1") },
      { event: "leader-lost", ...nimbus("n1") },
      { event: "leader-elected", ...nimbus("n2") },
      { event: "supervisor-joined", id: "s2", host: "node2", slots: 2 },
      { event: "supervisor-lost", id: "s1", host: "node1" },
    ]);
  });

  it("is a topology's life: submitted, scheduled, moved, killed, removed", () => {
    const id = "wc-1-1";
    assert.deepEqual(differences(picture(), running({ beating: beats(100) })), [
      { event: "topology-submitted", id, name: "wc", status: "ACTIVE", workers: 2 },
      { event: "topology-scheduled", id, given: [one], taken: [] },
      { event: "worker-started", id, place: one, executors: 3 },
    ]);
    const moved = running({ status: "KILLED", slots: new Map([["node2:6701", two]]) });
    assert.deepEqual(differences(running({ beating: beats(100) }), moved), [
      { event: "topology-status", id, name: "wc", from: "ACTIVE", status: "KILLED" },
      { event: "topology-scheduled", id, given: [two], taken: [one] },
      { event: "worker-ended", id, place: one },
    ]);
    const again = differences(running({ beating: beats(100, 3) }), running({ beating: beats(101, 0) }));
    assert.deepEqual(
      again.map(({ event }) => event),
      ["worker-ended", "worker-started"],
      "a younger one in the same slot",
    );
    assert.deepEqual(differences(running({ beating: beats(100, 3) }), running({ beating: beats(101, 4) })), []);
    assert.deepEqual(differences(running({ beating: beats(100) }), picture()), [
      { event: "worker-ended", id, place: one },
      { event: "topology-removed", id, name: "wc" },
    ]);
  });

  it("tells a worker that was replaced from one that goes on", () => {
    const [before, same, another] = [100, 101, 103].map((secs) => running({ beating: beats(secs) }));
    assert.ok(before !== undefined && same !== undefined && another !== undefined);
    assert.deepEqual(differences(before, same), []);
    assert.deepEqual(differences(before, another), [
      { event: "worker-ended", id: "wc-1-1", place: one },
      { event: "worker-started", id: "wc-1-1", place: one, executors: 3 },
    ]);
  });

  it("is an error of a component, each once", () => {
    const failing = (timeSecs: number) =>
      running({ errors: new Map([["split", { error: "no", timeSecs, place: one }]]) });
    const error = { event: "error", id: "wc-1-1", component: "split", error: "no", place: one };
    assert.deepEqual(differences(running(), failing(5)), [error]);
    assert.deepEqual(differences(failing(5), failing(5)), []);
    assert.deepEqual(differences(failing(5), failing(6)), [error]);
  });
});

describe("an event log", () => {
  it("numbers what it is told, tells listeners, and knows what came after a number", () => {
    const log = new EventLog({ nowMs: () => 7, monotonicMs: () => 0 }, 3);
    const heard: number[] = [];
    const stop = log.listen(({ seq }) => heard.push(seq));
    const lost = { event: "nimbus-lost", host: "n", port: 1 } as const;
    log.add([lost, lost]);
    stop();
    log.add([lost]);
    assert.deepEqual(heard, [1, 2]);
    assert.deepEqual(log.after(2), [{ seq: 3, atMs: 7, ...lost }]);
    assert.deepEqual([log.after(3), log.after(4)], [[], null]);
    for (let each = 0; each < 10; each++) log.add([lost]);
    assert.equal(log.after(1), null, "forgotten");
    const kept = log.after(log.lastSeq - 3) ?? [];
    assert.deepEqual(
      kept.map(({ seq }) => seq),
      [11, 12, 13],
    );
  });
});

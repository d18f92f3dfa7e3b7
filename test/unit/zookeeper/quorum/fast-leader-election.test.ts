import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type ElectionEffect,
  FastLeaderElection,
  type Notification,
} from "../../../../src/zookeeper/server/quorum/fast-leader-election.ts";
import { majorityVerifier } from "../../../../src/zookeeper/server/quorum/quorum-verifier.ts";
import type { ServerState, Vote } from "../../../../src/zookeeper/server/quorum/vote.ts";

const decisionOf = (effects: readonly ElectionEffect[]): ElectionEffect | undefined =>
  effects.find((effect) => effect.kind === "decided");
const sent = (effects: readonly ElectionEffect[]) => effects.filter((effect) => effect.kind === "send");

function notification(sid: number, state: ServerState, vote: Vote): Notification {
  return { sid, state, ...vote, version: 2, configVersion: 0 };
}

function threeServers(myId: number): FastLeaderElection {
  return new FastLeaderElection({ myId, verifier: majorityVerifier([1, 2, 3]) });
}

describe("FastLeaderElection", () => {
  it("begins by telling its own vote to every voter, itself among them", () => {
    const effects = threeServers(1).look(0x100000005, 1);
    assert.deepEqual(
      sent(effects).map((effect) => effect.to),
      [1, 2, 3],
    );
    assert.ok(
      effects.some(
        (effect) => effect.kind === "log" && effect.message === "New election. My id = 1, proposed zxid=0x100000005",
      ),
    );
  });

  it("adopts the better vote by epoch, then zxid, then id", () => {
    const better: readonly (readonly [number, number, number])[] = [
      [2, 0, 5],
      [1, 9, 1],
      [1, 5, 3],
    ];
    for (const [peerEpoch, zxid, leader] of better) {
      const election = new FastLeaderElection({ myId: 2, verifier: majorityVerifier([1, 2, 3, 5]) });
      election.look(5, 1);
      const effects = election.receive(
        notification(leader === 1 ? 1 : leader, "LOOKING", { leader, zxid, electionEpoch: 1, peerEpoch }),
      );
      assert.equal(sent(effects)[0]?.vote.leader, leader);
    }
  });

  it("waits 200 ms for something better before it takes a quorum's vote as final", () => {
    const election = threeServers(1);
    election.look(0, 0);
    const vote: Vote = { leader: 3, zxid: 0, electionEpoch: 1, peerEpoch: 0 };
    election.receive(notification(3, "LOOKING", vote));
    const quorum = election.receive(notification(1, "LOOKING", vote));
    assert.equal(decisionOf(quorum), undefined);
    assert.deepEqual(quorum.filter((effect) => effect.kind === "arm").at(-1), { kind: "arm", delayMs: 200 });
    const decided = decisionOf(election.timeout(true));
    assert.deepEqual(decided, { kind: "decided", state: "FOLLOWING", vote });
    assert.equal(election.serverState, "FOLLOWING");
  });

  it("goes on when something better comes within that time", () => {
    const election = new FastLeaderElection({ myId: 1, verifier: majorityVerifier([1, 2, 3]) });
    election.look(0, 0);
    const two: Vote = { leader: 2, zxid: 0, electionEpoch: 1, peerEpoch: 0 };
    election.receive(notification(2, "LOOKING", two));
    election.receive(notification(1, "LOOKING", two));
    const effects = election.receive(notification(3, "LOOKING", { ...two, leader: 3 }));
    assert.deepEqual(
      sent(effects).map((effect) => effect.vote.leader),
      [3, 3, 3],
    );
  });

  it("doubles its patience from 200 ms to a minute, and dials when nothing could be delivered", () => {
    const election = threeServers(1);
    election.look(0, 0);
    const delays: number[] = [];
    for (let index = 0; index < 11; index++) {
      const effects = election.timeout(false);
      assert.ok(effects.some((effect) => effect.kind === "connect-all"));
      for (const effect of effects) if (effect.kind === "arm") delays.push(effect.delayMs);
    }
    assert.deepEqual(delays, [400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000, 60000]);
    assert.deepEqual(
      sent(election.timeout(true)).map((effect) => effect.to),
      [1, 2, 3],
    );
  });

  it("takes a higher round over and answers a lower one with its proposal", () => {
    const election = threeServers(2);
    election.look(7, 1);
    const higher = election.receive(notification(1, "LOOKING", { leader: 1, zxid: 3, electionEpoch: 9, peerEpoch: 1 }));
    assert.deepEqual(sent(higher)[0]?.vote, { leader: 2, zxid: 7, electionEpoch: 9, peerEpoch: 1 });
    const lower = election.receive(notification(3, "LOOKING", { leader: 3, zxid: 9, electionEpoch: 4, peerEpoch: 1 }));
    assert.deepEqual(sent(lower), [
      { kind: "send", to: 3, state: "LOOKING", vote: { leader: 2, zxid: 7, electionEpoch: 9, peerEpoch: 1 } },
    ]);
  });

  it("joins a settled quorum only when the leader itself was heard to lead", () => {
    const election = threeServers(1);
    election.look(0, 0);
    const vote: Vote = { leader: 3, zxid: 8, electionEpoch: 4, peerEpoch: 2 };
    assert.equal(decisionOf(election.receive(notification(2, "FOLLOWING", vote))), undefined);
    const decided = decisionOf(election.receive(notification(3, "LEADING", vote)));
    assert.equal(decided?.kind === "decided" && decided.state, "FOLLOWING");
  });

  it("does not join on the leader's word alone", () => {
    const election = threeServers(1);
    election.look(0, 0);
    const vote: Vote = { leader: 3, zxid: 8, electionEpoch: 4, peerEpoch: 2 };
    for (let index = 0; index < 5; index++) {
      assert.equal(decisionOf(election.receive(notification(3, "LEADING", vote))), undefined);
    }
  });

  it("settled, answers those who look with its settled vote and the epoch it serves in", () => {
    const election = threeServers(1);
    election.look(0, 0);
    const vote: Vote = { leader: 3, zxid: 8, electionEpoch: 4, peerEpoch: 2 };
    election.receive(notification(2, "FOLLOWING", vote));
    election.receive(notification(3, "LEADING", vote));
    election.serving(3);
    const effects = election.receive(
      notification(2, "LOOKING", { leader: 2, zxid: 8, electionEpoch: 5, peerEpoch: 3 }),
    );
    assert.deepEqual(sent(effects), [{ kind: "send", to: 2, state: "FOLLOWING", vote: { ...vote, peerEpoch: 3 } }]);
    assert.deepEqual(sent(election.receive(notification(3, "LEADING", vote))), []);
  });

  it("an observer proposes nothing and follows", () => {
    const election = new FastLeaderElection({ myId: 9, verifier: majorityVerifier([1, 2, 3]) });
    const proposed = sent(election.look(5, 1))[0]?.vote;
    assert.equal(proposed?.zxid, -(2 ** 63));
    const vote: Vote = { leader: 3, zxid: 8, electionEpoch: 4, peerEpoch: 2 };
    election.receive(notification(3, "LEADING", vote));
    const decided = decisionOf(election.receive(notification(1, "FOLLOWING", vote)));
    assert.equal(decided?.kind === "decided" && decided.state, "OBSERVING");
  });

  it("whatever the order of delivery, all servers agree on the one with the newest history", () => {
    const server = fc.record({ zxid: fc.integer({ min: 0, max: 5 }), epoch: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(server, { minLength: 3, maxLength: 7 }), fc.infiniteStream(fc.nat()), (servers, picks) => {
        const decided = electAll(servers, picks);
        const best = servers
          .map((one, index) => ({ ...one, sid: index + 1 }))
          .sort((a, b) => b.epoch - a.epoch || b.zxid - a.zxid || b.sid - a.sid)[0]!.sid;
        assert.deepEqual(
          decided,
          servers.map(() => best),
        );
      }),
      { numRuns: 300 },
    );
  });
});

/** Delivers everything in the order that `picks` says; timers run out only when no message is under way. */
function electAll(
  servers: readonly { readonly zxid: number; readonly epoch: number }[],
  picks: IterableIterator<number>,
): (number | undefined)[] {
  const voters = servers.map((_, index) => index + 1);
  const machines = voters.map((myId) => new FastLeaderElection({ myId, verifier: majorityVerifier(voters) }));
  const channels = new Map<string, { readonly to: number; readonly message: Notification }[]>();
  const decided: (number | undefined)[] = servers.map(() => undefined);
  const perform = (sid: number, effects: readonly ElectionEffect[]): void => {
    for (const effect of effects) {
      if (effect.kind === "decided") decided[sid - 1] = effect.vote.leader;
      if (effect.kind !== "send") continue;
      const key = `${sid}>${effect.to}`;
      const queue = channels.get(key) ?? [];
      queue.push({ to: effect.to, message: notification(sid, effect.state, effect.vote) });
      channels.set(key, queue);
    }
  };
  servers.forEach((one, index) => {
    perform(index + 1, machines[index]!.look(one.zxid, one.epoch));
  });
  for (let step = 0; step < 5_000; step++) {
    const busy = [...channels.values()].filter((queue) => queue.length > 0);
    if (busy.length > 0) {
      const next = busy[picks.next().value! % busy.length]!.shift()!;
      perform(next.to, machines[next.to - 1]!.receive(next.message));
    } else if (decided.every((leader) => leader !== undefined)) {
      return decided;
    } else {
      machines.forEach((machine, index) => {
        perform(index + 1, machine.timeout(true));
      });
    }
  }
  return decided;
}

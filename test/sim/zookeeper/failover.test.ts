/** What a user notices of an ensemble: how fast it is there, how fast a leader is replaced, and that calm is kept. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../src/base/index.ts";
import { SimulatedEnsemble } from "./ensemble.ts";
import { runSeed } from "./run-seed.ts";

async function serving(seed: number, size: number, log: string[] = []): Promise<SimulatedEnsemble> {
  const world = new SimulatedWorld({ seed, log: (line, process) => log.push(`${process.name}: ${line.message}`) });
  const ensemble = new SimulatedEnsemble({ world, size, tickMs: 500 });
  ensemble.startAll();
  await world.until(() => ensemble.leader !== null && ensemble.serving.length === size, {
    what: "all servers serve",
    deadlineMs: 5000,
  });
  return ensemble;
}

describe("an ensemble at tickTime 500", () => {
  it("has a new leader that serves within two seconds of the old one's kill", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const ensemble = await serving(seed, seed % 2 === 0 ? 3 : 5);
      const { world, leader } = ensemble;
      assert.ok(leader);
      ensemble.kill(leader);
      await world.until(() => ensemble.leader !== null, { what: "a new leader serves", deadlineMs: 2000 });
    }
  });

  it("replaces a leader that is paused, and takes it back as a follower", async () => {
    const ensemble = await serving(3, 3);
    const { world, leader } = ensemble;
    assert.ok(leader?.process);
    world.pause(leader.process.pid);
    const others = ensemble.members.filter((member) => member !== leader);
    await world.until(() => others.some((member) => member.server?.role?.mode === "leader"), {
      what: "another leader serves",
      deadlineMs: 2500 + 2000,
    });
    world.resume(leader.process.pid);
    await world.until(() => leader.server?.role?.mode === "follower", { what: "the old leader follows" });
  });

  it("steps down when it has no quorum, and serves nobody then", async () => {
    const ensemble = await serving(4, 3);
    const { world, leader } = ensemble;
    assert.ok(leader);
    for (const member of ensemble.members) if (member !== leader) ensemble.kill(member);
    await world.until(() => leader.server?.role === null, { what: "the leader steps down", deadlineMs: 2500 + 1000 });
    await world.run({ forMs: 10_000 });
    assert.equal(leader.server?.role, null);
    assert.equal(leader.peer?.state, "LOOKING");
  });

  it("says in ZooKeeper's words that a server cannot be reached, at each attempt and not more often", async () => {
    const log: string[] = [];
    const world = new SimulatedWorld({ seed: 5, log: (line, process) => log.push(`${process.name}: ${line.message}`) });
    const ensemble = new SimulatedEnsemble({ world, size: 3, tickMs: 500 });
    // Its machine is there, and nothing listens.
    world.host("zk3");
    for (const member of ensemble.members) if (member.sid !== 3) ensemble.start(member);
    await world.until(() => ensemble.serving.length === 2, { what: "two of three serve", deadlineMs: 5000 });
    const complaints = () =>
      log.filter((line) => line === "zk1: Cannot open channel to 3 at election address zk3:3888");
    assert.ok(complaints().length > 0);
    const { length } = complaints();
    await world.run({ forMs: 60_000 });
    assert.equal(complaints().length, length);
  });

  it("expires no session of a client that is there", async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const { violations, counts } = await runSeed(seed, { faults: false, faultyMs: 30_000 });
      assert.deepEqual(violations, []);
      assert.equal(counts.expired, 0);
    }
  });
});

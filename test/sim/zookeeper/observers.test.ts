/** Observers see and serve everything, and decide nothing. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../src/base/index.ts";
import { openZooKeeper } from "../../../src/zookeeper/index.ts";
import { runAdminCommand } from "../../../src/zookeeper/server/admin-commands.ts";
import { SimulatedEnsemble } from "./ensemble.ts";

async function observed(seed: number) {
  const world = new SimulatedWorld({ seed, logLevel: "error" });
  const ensemble = new SimulatedEnsemble({ world, size: 5, observers: 2, tickMs: 500 });
  ensemble.startAll();
  await world.until(() => ensemble.whole, { what: "voters and observers serve", deadlineMs: 10_000 });
  const user = world.start({ host: "user" });
  const [first] = ensemble.members.slice(3);
  assert.ok(first);
  const client = openZooKeeper(user.runtime, { servers: `${first.host}:2181`, sessionTimeoutMs: 5000 });
  return { world, ensemble, client, observer: first };
}

describe("an ensemble with observers", () => {
  it("takes writes through them, and they follow every leader", async () => {
    const { world, ensemble, client, observer } = await observed(1);
    assert.equal(observer.server?.role?.mode, "observer");
    await world.finish(client.create("/a", Buffer.from("1")), { what: "a write", deadlineMs: 3000 });
    const { leader } = ensemble;
    assert.ok(leader);
    ensemble.kill(leader);
    await world.until(() => ensemble.leader !== null && observer.peer?.leaderSid === ensemble.leader.sid, {
      what: "the observer follows another leader",
      deadlineMs: 10_000,
    });
    await world.until(() => observer.server?.role != null, { what: "the observer serves", deadlineMs: 10_000 });
    const written = client.setData("/a", Buffer.from("2")).catch(() => client.setData("/a", Buffer.from("2")));
    await world.finish(written, { what: "a write after it", deadlineMs: 10_000 });
    const read = await world.finish(client.getData("/a"), { what: "a read", deadlineMs: 3000 });
    assert.equal(read?.data?.toString(), "2");
    await world.run({ forMs: 1000 });
    for (const { server } of ensemble.members) {
      if (server !== null) assert.equal(server.database.tree.get("/a")?.data?.toString(), "2");
    }
  });

  it("tells through the leader who they are and what passed", async () => {
    const { world, ensemble, client } = await observed(3);
    const ask = async (name: string) => {
      const server = ensemble.leader?.server;
      assert.ok(server);
      return world.finish(runAdminCommand(server, name, ""), { what: name, deadlineMs: 1000 });
    };
    await world.finish(client.create("/a", null), { what: "a write", deadlineMs: 3000 });
    const before = await ask("observers");
    assert.equal(before.synced_observers, 2);
    const seen = before.observers as { sid: number; requests: number; packets_sent: number }[];
    assert.deepEqual(seen.map(({ sid }) => sid).sort(), [4, 5]);
    assert.ok(seen.some(({ sid, requests }) => sid === 4 && requests > 0));
    assert.ok(seen.every(({ packets_sent }) => packets_sent > 0));
    await ask("observer_connection_stat_reset");
    const after = (await ask("observers")).observers as { requests: number; last_zxid: number }[];
    assert.ok(after.every(({ requests, last_zxid }) => requests === 0 && last_zxid === -1));
    const follower = ensemble.members.find(({ server }) => server?.role?.mode === "follower")?.server;
    assert.ok(follower);
    assert.equal(
      (await world.finish(runAdminCommand(follower, "obsr", ""), { what: "obsr", deadlineMs: 1000 })).observers,
      undefined,
    );
  });

  it("does not count them for a majority", async () => {
    const { world, ensemble } = await observed(2);
    for (const member of ensemble.members.slice(0, 2)) ensemble.kill(member);
    await world.until(() => ensemble.serving.length === 0, { what: "nobody serves any more", deadlineMs: 10_000 });
    await world.run({ forMs: 20_000 });
    assert.equal(ensemble.serving.length, 0);
  });
});

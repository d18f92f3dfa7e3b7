/** Rules of a server that is killed and started again on its data. */
import assert from "node:assert/strict";
import { deadline } from "../../kit/index.ts";
import { type Rule, tickTimeMs } from "./contract.ts";
import { Events, stepMs, type World } from "./world.ts";

async function restart(world: World): Promise<void> {
  for (const server of world.ensemble.servers) await server.kill();
  for (const server of world.ensemble.servers) server.start();
  await Promise.all(world.ensemble.servers.map((server) => server.served()));
}

export const restartRules: readonly Rule[] = [
  {
    name: "what was answered is there after kill -9",
    async run(world) {
      const client = world.client({ patienceMs: stepMs });
      const top = await client.create(world.path());
      const made = await Promise.all(
        Array.from({ length: 100 }, () =>
          client.create(`${top}/n-`, Buffer.from("x"), { mode: "persistentSequential" }),
        ),
      );
      await client.setData(`${top}/n-0000000007`, Buffer.from("seven"));
      await client.delete(`${top}/n-0000000008`);
      const before = await client.exists(top);
      await restart(world);
      const names = (await client.getChildren(top))?.children.map((name) => `${top}/${name}`);
      assert.deepEqual(names?.sort(), made.filter((path) => path !== `${top}/n-0000000008`).sort());
      assert.deepEqual(await client.exists(top), before);
      const seven = await client.getData(`${top}/n-0000000007`);
      assert.deepEqual([seven?.data?.toString(), seven?.stat.version], ["seven", 1]);
      const next = await client.create(`${top}/n-`, null, { mode: "persistentSequential" });
      assert.equal(next, `${top}/n-0000000100`);
    },
  },
  {
    name: "sessions, their ephemeral nodes and watches live on over a restart",
    async run(world) {
      const [owner, writer] = [world.client({ patienceMs: stepMs }), world.client({ patienceMs: stepMs })];
      const path = await owner.create(world.path(), null, { mode: "ephemeral" });
      const watched = await writer.create(world.path());
      const session = await owner.session();
      const seen = new Events();
      await owner.getData(watched, { watch: seen.handler });
      await restart(world);
      assert.equal((await writer.exists(path))?.ephemeralOwner, session.id);
      await owner.sync("/");
      assert.equal(await owner.session(), session);
      await writer.setData(watched, Buffer.from("x"));
      assert.deepEqual(await seen.next(), { type: "NodeDataChanged", path: watched });
    },
  },
  {
    name: "a session that its client gave up is closed before the next one opens",
    needs38: true,
    async run(world) {
      const owner = world.client({ sessionTimeoutMs: 2 * tickTimeMs, patienceMs: stepMs });
      const path = await owner.create(world.path(), null, { mode: "ephemeral" });
      const session = await owner.session();
      const ended = new Promise((resolve) => session.ended.addEventListener("abort", resolve));
      for (const server of world.ensemble.servers) await server.kill();
      await deadline(ended, stepMs, "the end of the session");
      // Servers that come back give every session its whole time-out again.
      for (const server of world.ensemble.servers) server.start();
      const next = await owner.session();
      assert.notEqual(next.id, session.id);
      assert.equal(await next.create(path, null, { mode: "ephemeral" }), path);
    },
  },
  {
    name: "ACLs and credentials hold over a restart",
    async run(world) {
      const [ada, other] = [world.client({ patienceMs: stepMs }), world.client({ patienceMs: stepMs })];
      ada.addAuth("digest", "ada:pw");
      const path = world.path();
      await ada.create(path, null, { acl: [{ perms: 31, scheme: "auth", id: "" }] });
      await restart(world);
      assert.equal((await ada.setData(path, Buffer.from("x"))).version, 1);
      await assert.rejects(other.setData(path, Buffer.from("y")), { code: "SL-ZK-NO-AUTH" });
    },
  },
];

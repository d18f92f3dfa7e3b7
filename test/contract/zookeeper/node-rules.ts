/** Rules of nodes: creating, reading, changing, deleting, their numbers and names. */
import assert from "node:assert/strict";
import type { Rule } from "./contract.ts";

export const nodeRules: readonly Rule[] = [
  {
    name: "a new node has equal zxids, versions 0 and no owner",
    async run(world) {
      const client = world.client();
      const path = world.path();
      assert.equal(await client.create(path, Buffer.from("word")), path);
      const node = await client.getData(path);
      assert.ok(node);
      assert.equal(node.data?.toString(), "word");
      const { czxid, mzxid, pzxid, ctimeMs, mtimeMs, ...rest } = node.stat;
      assert.ok(czxid > 0);
      assert.deepEqual([mzxid, pzxid, mtimeMs], [czxid, czxid, ctimeMs]);
      assert.deepEqual(rest, {
        version: 0,
        cversion: 0,
        aversion: 0,
        ephemeralOwner: 0n,
        dataLength: 4,
        numChildren: 0,
      });
    },
  },
  {
    name: "no data and empty data are two things",
    async run(world) {
      const client = world.client();
      const [without, empty] = [world.path(), world.path()];
      await client.create(without);
      await client.create(empty, Buffer.alloc(0));
      const [a, b] = [await client.getData(without), await client.getData(empty)];
      assert.equal(a?.data, null);
      assert.equal(b?.data?.length, 0);
      assert.deepEqual([a.stat.dataLength, b.stat.dataLength], [0, 0]);
    },
  },
  {
    name: "create refuses a node that exists and a parent that does not",
    async run(world) {
      const client = world.client();
      const path = world.path();
      await client.create(path);
      await assert.rejects(client.create(path), { code: "SL-ZK-NODE-EXISTS" });
      await assert.rejects(client.create(`${path}/no/parent`), { code: "SL-ZK-NO-NODE" });
    },
  },
  {
    name: "reads of a missing node say that it is missing",
    async run(world) {
      const client = world.client();
      const path = world.path();
      assert.equal(await client.exists(path), null);
      assert.equal(await client.getData(path), null);
      assert.equal(await client.getChildren(path), null);
      assert.equal(await client.getAcl(path), null);
      assert.equal(await client.delete(path), false);
      await assert.rejects(client.setData(path, Buffer.from("x")), { code: "SL-ZK-NO-NODE" });
    },
  },
  {
    name: "sequence numbers count every create of the parent and never go back",
    async run(world) {
      const client = world.client();
      const parent = await client.create(world.path());
      const sequential = () => client.create(`${parent}/n-`, null, { mode: "persistentSequential" });
      assert.equal(await sequential(), `${parent}/n-0000000000`);
      await client.create(`${parent}/plain`);
      assert.equal(await sequential(), `${parent}/n-0000000002`);
      await client.delete(`${parent}/n-0000000002`);
      assert.equal(await sequential(), `${parent}/n-0000000003`);
      assert.equal(
        await client.create(`${parent}/e-`, null, { mode: "ephemeralSequential" }),
        `${parent}/e-0000000004`,
      );
    },
  },
  {
    name: "an ephemeral node belongs to its session and has no children",
    async run(world) {
      const client = world.client();
      const path = await client.create(world.path(), null, { mode: "ephemeral" });
      const session = await client.session();
      assert.equal((await client.exists(path))?.ephemeralOwner, session.id);
      await assert.rejects(client.create(`${path}/child`), { code: "SL-ZK-EPHEMERAL-CHILDREN" });
    },
  },
  {
    name: "setData counts the version, and expects the one it is given",
    async run(world) {
      const client = world.client();
      const path = await client.create(world.path(), Buffer.from("a"));
      const before = await client.exists(path);
      const first = await client.setData(path, Buffer.from("bb"), 0);
      assert.deepEqual([first.version, first.dataLength, first.czxid], [1, 2, before?.czxid]);
      assert.ok(first.mzxid > first.czxid);
      assert.equal(first.pzxid, first.czxid);
      await assert.rejects(client.setData(path, Buffer.from("c"), 0), { code: "SL-ZK-BAD-VERSION" });
      assert.equal((await client.setData(path, Buffer.from("d"))).version, 2);
    },
  },
  {
    name: "delete expects a version, and no children",
    async run(world) {
      const client = world.client();
      const path = await client.create(world.path());
      await client.create(`${path}/child`);
      await assert.rejects(client.delete(path), { code: "SL-ZK-NOT-EMPTY" });
      await client.setData(`${path}/child`, Buffer.from("x"));
      await assert.rejects(client.delete(`${path}/child`, 0), { code: "SL-ZK-BAD-VERSION" });
      assert.equal(await client.delete(`${path}/child`, 1), true);
      assert.equal(await client.delete(path), true);
      assert.equal(await client.exists(path), null);
    },
  },
  {
    name: "a parent counts creates and deletes below it, not changes",
    async run(world) {
      const client = world.client();
      const parent = await client.create(world.path());
      await client.create(`${parent}/a`);
      await client.create(`${parent}/b`);
      const two = await client.exists(parent);
      assert.ok(two);
      assert.deepEqual([two.cversion, two.numChildren, two.version], [2, 2, 0]);
      assert.equal(two.pzxid, (await client.exists(`${parent}/b`))?.czxid);
      await client.setData(`${parent}/a`, Buffer.from("x"));
      assert.deepEqual(await client.exists(parent), two);
      await client.delete(`${parent}/a`);
      const one = await client.exists(parent);
      assert.deepEqual([one?.cversion, one?.numChildren], [3, 1]);
      assert.ok((one?.pzxid ?? 0) > two.pzxid);
    },
  },
  {
    name: "getChildren lists names with the parent's numbers",
    async run(world) {
      const client = world.client();
      const parent = await client.create(world.path());
      for (const name of ["b", "a", "词"]) await client.create(`${parent}/${name}`);
      const listed = await client.getChildren(parent);
      assert.deepEqual([...(listed?.children ?? [])].sort(), ["a", "b", "词"]);
      assert.deepEqual(listed?.stat, await client.exists(parent));
    },
  },
  {
    name: "the root and ZooKeeper's own nodes are there and stay",
    async run(world) {
      const client = world.client();
      assert.ok((await client.getChildren("/"))?.children.includes("zookeeper"));
      const own = [...((await client.getChildren("/zookeeper"))?.children ?? [])].sort();
      assert.deepEqual(own, ["config", "quota"]);
      await assert.rejects(client.delete("/zookeeper/quota"), { code: "SL-ZK-BAD-ARGUMENTS" });
      assert.ok(await client.exists("/zookeeper/quota"));
    },
  },
  {
    name: "data of almost 1 MiB is kept, more is refused before it is sent",
    async run(world) {
      const client = world.client();
      const large = Buffer.alloc(1024 * 1024 - 1024, 7);
      const path = await client.create(world.path(), large);
      assert.deepEqual((await client.getData(path))?.data, large);
      await assert.rejects(client.setData(path, Buffer.alloc(1024 * 1024)), { code: "SL-ZK-TOO-LARGE" });
    },
  },
  {
    name: "sync lets a client read what another has written",
    async run(world) {
      const [writer, reader] = [world.client(), world.client()];
      const path = await writer.create(world.path(), Buffer.from("0"));
      for (const value of ["1", "2", "3"]) {
        await writer.setData(path, Buffer.from(value));
        await reader.sync(path);
        assert.equal((await reader.getData(path))?.data?.toString(), value);
      }
    },
  },
  {
    name: "requests of one client are carried out in their order",
    async run(world) {
      const client = world.client();
      const path = await client.create(world.path(), Buffer.from("0"));
      const answers: Promise<string | undefined>[] = [];
      for (let value = 1; value <= 200; value++) {
        void client.setData(path, Buffer.from(String(value)));
        answers.push(client.getData(path).then((node) => node?.data?.toString()));
      }
      const expected = Array.from({ length: 200 }, (_, index) => String(index + 1));
      assert.deepEqual(await Promise.all(answers), expected);
    },
  },
  {
    name: "createWithStat answers the numbers of the new node",
    needs38: true,
    async run(world) {
      const client = world.client();
      const { path, stat } = await client.createWithStat(world.path(), Buffer.from("x"));
      assert.deepEqual(stat, await client.exists(path));
    },
  },
  {
    name: "containers and TTL nodes look like ordinary ones",
    needs38: true,
    async run(world) {
      const client = world.client();
      const container = await client.createWithStat(world.path(), null, { mode: "container" });
      const mortal = await client.createWithStat(world.path(), null, { mode: "persistentWithTtl", ttlMs: 100_000 });
      assert.deepEqual([container.stat.ephemeralOwner, mortal.stat.ephemeralOwner], [0n, 0n]);
      await client.create(`${container.path}/child`);
      await client.create(`${mortal.path}/child`);
      const numbered = await client.create(`${mortal.path}/n-`, null, {
        mode: "persistentSequentialWithTtl",
        ttlMs: 100_000,
      });
      assert.equal(numbered, `${mortal.path}/n-0000000001`);
      const without = client.create(world.path(), null, { mode: "persistentWithTtl", ttlMs: 0 });
      await assert.rejects(without, { code: "SL-ZK-BAD-ARGUMENTS" });
    },
  },
  {
    name: "getEphemerals and getAllChildrenNumber look below a path",
    needs38: true,
    async run(world) {
      const client = world.client();
      const top = await client.create(world.path());
      await client.create(`${top}/a`);
      await client.create(`${top}/a/b`);
      const [one, two] = [`${top}/a/e1`, `${top}/e2`];
      await client.create(one, null, { mode: "ephemeral" });
      await client.create(two, null, { mode: "ephemeral" });
      assert.deepEqual([...(await client.getEphemerals(top))].sort(), [one, two].sort());
      assert.deepEqual(await client.getEphemerals(`${top}/a`), [one]);
      assert.equal(await client.getAllChildrenNumber(top), 4);
      assert.equal(await client.getAllChildrenNumber(world.path()), null);
    },
  },
];

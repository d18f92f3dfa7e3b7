/** Rules of watches: which change tells whom, how often, and in what order with answers. */
import assert from "node:assert/strict";
import type { Rule } from "./contract.ts";
import { Events } from "./world.ts";

export const watchRules: readonly Rule[] = [
  {
    name: "a data watch tells of the next change only",
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = await writer.create(world.path(), Buffer.from("0"));
      const seen = new Events();
      await watcher.getData(path, { watch: seen.handler });
      await writer.setData(path, Buffer.from("1"));
      assert.deepEqual(await seen.next(), { type: "NodeDataChanged", path });
      await writer.setData(path, Buffer.from("2"));
      await watcher.sync(path);
      assert.equal((await watcher.getData(path))?.data?.toString(), "2");
      assert.deepEqual(seen.untaken, []);
    },
  },
  {
    name: "exists watches a missing node for its creation, and a present one for its end",
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = world.path();
      const seen = new Events();
      assert.equal(await watcher.exists(path, { watch: seen.handler }), null);
      await writer.create(path);
      assert.deepEqual(await seen.next(), { type: "NodeCreated", path });
      assert.ok(await watcher.exists(path, { watch: seen.handler }));
      await writer.delete(path);
      assert.deepEqual(await seen.next(), { type: "NodeDeleted", path });
    },
  },
  {
    name: "reading a missing node sets no watch",
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = world.path();
      const seen = new Events();
      assert.equal(await watcher.getData(path, { watch: seen.handler }), null);
      assert.equal(await watcher.getChildren(path, { watch: seen.handler }), null);
      await writer.create(path);
      await writer.create(`${path}/child`);
      await watcher.sync(path);
      assert.ok(await watcher.exists(path));
      assert.deepEqual(seen.untaken, []);
    },
  },
  {
    name: "a child watch tells of children that come and go, not of their data",
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = await writer.create(world.path());
      const seen = new Events();
      await watcher.getChildren(path, { watch: seen.handler });
      await writer.create(`${path}/child`);
      assert.deepEqual(await seen.next(), { type: "NodeChildrenChanged", path });
      await watcher.getChildren(path, { watch: seen.handler });
      await writer.setData(`${path}/child`, Buffer.from("x"));
      await writer.setData(path, Buffer.from("x"));
      await watcher.sync(path);
      assert.deepEqual(seen.untaken, []);
      await writer.delete(`${path}/child`);
      assert.deepEqual(await seen.next(), { type: "NodeChildrenChanged", path });
    },
  },
  {
    name: "the end of a node is told to its data and child watches",
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = await writer.create(world.path());
      const [data, children] = [new Events(), new Events()];
      await watcher.getData(path, { watch: data.handler });
      await watcher.getChildren(path, { watch: children.handler });
      await writer.delete(path);
      assert.deepEqual(await data.next(), { type: "NodeDeleted", path });
      assert.deepEqual(await children.next(), { type: "NodeDeleted", path });
    },
  },
  {
    name: "changing an ACL tells nobody",
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = await writer.create(world.path());
      const seen = new Events();
      await watcher.getData(path, { watch: seen.handler });
      await watcher.getChildren(path, { watch: seen.handler });
      await writer.setAcl(path, [{ perms: 31, scheme: "world", id: "anyone" }]);
      await watcher.sync(path);
      assert.equal((await watcher.exists(path))?.aversion, 1);
      assert.deepEqual(seen.untaken, []);
    },
  },
  {
    name: "an event comes before any answer that shows the change",
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = await writer.create(world.path(), Buffer.from("0"));
      for (let value = 1; value <= 50; value++) {
        const seen = new Events();
        const before = (await watcher.getData(path, { watch: seen.handler }))?.data?.toString();
        assert.equal(before, String(value - 1));
        const written = writer.setData(path, Buffer.from(String(value)));
        for (;;) {
          const now = (await watcher.getData(path))?.data?.toString();
          if (now === String(value)) break;
          assert.deepEqual([now, seen.untaken], [before, []]);
        }
        assert.equal(seen.untaken.length, 1);
        await written;
      }
    },
  },
  {
    name: "a client's own change is told before its answer",
    async run(world) {
      const client = world.client();
      const path = await client.create(world.path());
      const order: string[] = [];
      await client.getData(path, { watch: ({ type }) => order.push(type) });
      await client.setData(path, Buffer.from("x")).then(() => order.push("answer"));
      assert.deepEqual(order, ["NodeDataChanged", "answer"]);
    },
  },
  {
    name: "many watchers of one node are all told",
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = await writer.create(world.path());
      const seen = Array.from({ length: 100 }, () => new Events());
      await Promise.all(seen.map((one) => watcher.getData(path, { watch: one.handler })));
      await writer.setData(path, Buffer.from("x"));
      for (const one of seen) assert.deepEqual(await one.next(), { type: "NodeDataChanged", path });
    },
  },
  {
    name: "a persistent watch stays, for the node and its children",
    needs38: true,
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = await writer.create(world.path());
      const seen = new Events();
      const remove = await watcher.addWatch(path, "persistent", seen.handler);
      await writer.setData(path, Buffer.from("x"));
      await writer.setData(path, Buffer.from("y"));
      await writer.create(`${path}/child`);
      await writer.setData(`${path}/child`, Buffer.from("x"));
      await writer.delete(`${path}/child`);
      await writer.delete(path);
      const types = [];
      for (let count = 0; count < 5; count++) types.push((await seen.next()).type);
      assert.deepEqual(types, [
        "NodeDataChanged",
        "NodeDataChanged",
        "NodeChildrenChanged",
        "NodeChildrenChanged",
        "NodeDeleted",
      ]);
      await remove();
      await writer.create(path);
      await watcher.sync(path);
      assert.deepEqual(seen.untaken, []);
    },
  },
  {
    name: "a recursive watch covers everything below, without child events",
    needs38: true,
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const top = await writer.create(world.path());
      const seen = new Events();
      await watcher.addWatch(top, "persistentRecursive", seen.handler);
      await writer.create(`${top}/a`);
      await writer.create(`${top}/a/b`);
      await writer.setData(`${top}/a/b`, Buffer.from("x"));
      await writer.delete(`${top}/a/b`);
      await writer.setData(top, Buffer.from("x"));
      const told = [];
      for (let count = 0; count < 5; count++) told.push(await seen.next());
      assert.deepEqual(told, [
        { type: "NodeCreated", path: `${top}/a` },
        { type: "NodeCreated", path: `${top}/a/b` },
        { type: "NodeDataChanged", path: `${top}/a/b` },
        { type: "NodeDeleted", path: `${top}/a/b` },
        { type: "NodeDataChanged", path: top },
      ]);
      await watcher.sync(top);
      assert.deepEqual(seen.untaken, []);
    },
  },
  {
    name: "removed watches are silent, and only set ones can be removed",
    needs38: true,
    async run(world) {
      const [watcher, writer] = [world.client(), world.client()];
      const path = await writer.create(world.path());
      const seen = new Events();
      await watcher.getData(path, { watch: seen.handler });
      await watcher.getChildren(path, { watch: seen.handler });
      await watcher.removeWatches(path);
      await writer.setData(path, Buffer.from("x"));
      await writer.create(`${path}/child`);
      await watcher.sync(path);
      assert.ok(await watcher.exists(`${path}/child`));
      assert.deepEqual(seen.untaken, []);
      await assert.rejects(watcher.removeWatches(path), { code: "SL-ZK-NO-WATCHER" });
    },
  },
];

/** Rules of sessions as a client lives them: time-outs, ends, ephemeral nodes, and the loop that opens the next one. */
import assert from "node:assert/strict";
import type { ConnectionState } from "../../../src/zookeeper/index.ts";
import { deadline } from "../../kit/index.ts";
import { type Rule, tickTimeMs } from "./contract.ts";
import { Events, stepMs } from "./world.ts";

export const sessionRules: readonly Rule[] = [
  {
    name: "the session time-out is clamped to 2 to 20 ticks",
    async run(world) {
      const asked = [1, 3000, 1_000_000];
      const sessions = asked.map((sessionTimeoutMs) =>
        world.client({ sessionTimeoutMs, patienceMs: stepMs }).session(),
      );
      const given = (await Promise.all(sessions)).map(({ timeoutMs }) => timeoutMs);
      assert.deepEqual(given, [2 * tickTimeMs, 3000, 20 * tickTimeMs]);
    },
  },
  {
    name: "closing a client removes its ephemeral nodes at once",
    async run(world) {
      const [owner, watcher] = [world.client(), world.client()];
      const path = await owner.create(world.path(), null, { mode: "ephemeral" });
      const seen = new Events();
      await watcher.exists(path, { watch: seen.handler });
      await owner.close();
      assert.deepEqual(await seen.next(), { type: "NodeDeleted", path });
      await assert.rejects(owner.exists(path), { code: "SL-ZK-CLOSED" });
    },
  },
  {
    name: "a short cut of the connection leaves the session and its ephemeral nodes",
    async run(world) {
      const link = await world.link();
      const [owner, other] = [world.client({ servers: link.address }), world.client()];
      const path = await owner.create(world.path(), null, { mode: "ephemeral" });
      const session = await owner.session();
      const states = new Events<ConnectionState>();
      owner.onState(states.handler);
      link.cut();
      assert.equal(await states.next("the loss of the connection"), "suspended");
      assert.equal((await other.exists(path))?.ephemeralOwner, session.id);
      link.restore();
      assert.equal(await states.next("the connection"), "reconnected");
      assert.equal(await owner.session(), session);
      assert.ok(await session.exists(path));
    },
  },
  {
    name: "a watch survives a cut connection and tells what was missed",
    async run(world) {
      const link = await world.link();
      const [watcher, writer] = [world.client({ servers: link.address }), world.client()];
      const paths = [world.path(), world.path(), world.path(), world.path()] as const;
      const [data, ended, parent, coming] = paths;
      for (const path of [data, ended, parent]) await writer.create(path);
      const seen = new Events();
      await watcher.getData(data, { watch: seen.handler });
      await watcher.getData(ended, { watch: seen.handler });
      await watcher.getChildren(parent, { watch: seen.handler });
      await watcher.exists(coming, { watch: seen.handler });
      link.cut();
      await writer.setData(data, Buffer.from("x"));
      await writer.delete(ended);
      await writer.create(`${parent}/child`);
      await writer.create(coming);
      assert.deepEqual(seen.untaken, []);
      link.restore();
      const told = [];
      for (let count = 0; count < 4; count++) told.push(await seen.next());
      const byPath = new Map(told.map(({ path, type }) => [path, type]));
      assert.deepEqual(
        paths.map((path) => byPath.get(path)),
        ["NodeDataChanged", "NodeDeleted", "NodeChildrenChanged", "NodeCreated"],
      );
    },
  },
  {
    name: "a session that is away for its time-out ends, here and at the servers",
    async run(world) {
      const link = await world.link();
      const [owner, watcher] = [world.client({ servers: link.address, sessionTimeoutMs: 1000 }), world.client()];
      const path = await owner.create(world.path(), null, { mode: "ephemeral" });
      const session = await owner.session();
      assert.ok(session.assuredMs() > 0);
      const seen = new Events();
      assert.ok(await watcher.exists(path, { watch: seen.handler }));
      const ended = new Promise((resolve) => session.ended.addEventListener("abort", resolve));
      link.cut();
      await deadline(ended, stepMs, "the end of the session");
      assert.equal(session.assuredMs(), 0);
      await assert.rejects(session.exists(path), { code: "SL-ZK-SESSION-EXPIRED" });
      assert.deepEqual(await seen.next("the end of the ephemeral node"), { type: "NodeDeleted", path });
      link.restore();
      const next = await owner.session();
      assert.notEqual(next.id, session.id);
      assert.equal(await next.exists(path), null);
      await assert.rejects(session.exists(path), { code: "SL-ZK-SESSION-EXPIRED" });
    },
  },
  {
    name: "watches set through the client live on in the next session",
    async run(world) {
      const link = await world.link();
      const [watcher, writer] = [
        world.client({ servers: link.address, sessionTimeoutMs: 1000, patienceMs: stepMs }),
        world.client(),
      ];
      const [missed, later] = [await writer.create(world.path()), await writer.create(world.path())];
      const seen = new Events();
      await watcher.getData(missed, { watch: seen.handler });
      await watcher.getData(later, { watch: seen.handler });
      const session = await watcher.session();
      const ended = new Promise((resolve) => session.ended.addEventListener("abort", resolve));
      link.cut();
      await deadline(ended, stepMs, "the end of the session");
      await writer.setData(missed, Buffer.from("x"));
      link.restore();
      assert.deepEqual(await seen.next("the missed change"), { type: "NodeDataChanged", path: missed });
      await watcher.session();
      await writer.setData(later, Buffer.from("x"));
      assert.deepEqual(await seen.next("the later change"), { type: "NodeDataChanged", path: later });
    },
  },
  {
    name: "watches set through a session end with it",
    async run(world) {
      const link = await world.link();
      const [watcher, writer] = [
        world.client({ servers: link.address, sessionTimeoutMs: 1000, patienceMs: stepMs }),
        world.client(),
      ];
      const path = await writer.create(world.path());
      const session = await watcher.session();
      const [bound, free] = [new Events(), new Events()];
      await session.getData(path, { watch: bound.handler });
      await watcher.getChildren(path, { watch: free.handler });
      const ended = new Promise((resolve) => session.ended.addEventListener("abort", resolve));
      link.cut();
      await deadline(ended, stepMs, "the end of the session");
      link.restore();
      await watcher.session();
      await writer.setData(path, Buffer.from("x"));
      await writer.create(`${path}/child`);
      await free.next();
      assert.deepEqual(bound.untaken, []);
    },
  },
  {
    name: "a server that falls silent is noticed",
    async run(world) {
      const link = await world.link();
      const client = world.client({ servers: link.address, sessionTimeoutMs: 2000 });
      await client.session();
      const states = new Events<ConnectionState>();
      client.onState(states.handler);
      link.stall();
      assert.equal(await states.next("that the silence is noticed"), "suspended");
      link.restore();
      assert.ok(["reconnected", "lost"].includes(await states.next("what comes after it")));
    },
  },
  {
    name: "requests wait for a connection, reads are asked again, and nothing waits for ever",
    async run(world) {
      const link = await world.link();
      const client = world.client({ servers: link.address, patienceMs: 1500 });
      const path = await client.create(world.path(), Buffer.from("x"));
      const suspended = new Events<ConnectionState>();
      client.onState(suspended.handler);
      link.cut();
      await suspended.next("the loss of the connection");
      const waiting = client.setData(path, Buffer.from("y"));
      link.restore();
      assert.equal((await waiting).version, 1);
      await suspended.next("the connection");
      link.cut();
      await suspended.next("the loss of the connection");
      await assert.rejects(client.getData(path), { code: "SL-ZK-UNREACHABLE", retriable: true });
      const given = new AbortController();
      const abandoned = client.getData(path, { signal: given.signal });
      given.abort();
      await assert.rejects(abandoned, { code: "SL-ZK-ABORTED" });
      link.restore();
    },
  },
  {
    name: "a full queue refuses at once",
    async run(world) {
      const link = await world.link();
      link.cut();
      const client = world.client({ servers: link.address, patienceMs: 500, queueMax: 2 });
      const waiting = [client.exists("/"), client.exists("/")];
      await assert.rejects(client.exists("/"), { code: "SL-ZK-QUEUE-FULL" });
      for (const one of await Promise.allSettled(waiting)) assert.equal(one.status, "rejected");
    },
  },
];

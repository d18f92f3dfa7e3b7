/** Rules of the client protocol itself: error numbers, zxids, special xids, handshakes, and what a server will not take. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import type { Acl } from "../../../src/wire/zookeeper/index.ts";
import { deadline } from "../../kit/index.ts";
import { type Rule, tickTimeMs } from "./contract.ts";
import { stepMs, type World } from "./world.ts";

const open: readonly Acl[] = [{ perms: 31, scheme: "world", id: "anyone" }];
const none = { data: [], exist: [], child: [], persistent: [], persistentRecursive: [] };

function create(path: string, flags = 0, acl = open) {
  return { op: "create", path, data: null, acl, flags } as const;
}

export const wireRules: readonly Rule[] = [
  {
    name: "each refusal has its number",
    async run(world) {
      const wire = await world.wire();
      const [path, missing] = [world.path(), world.path()];
      await wire.request(create(path));
      await wire.request(create(`${path}/e`, 1));
      const numbers = {
        exists: (await wire.request(create(path))).error,
        noParent: (await wire.request(create(`${missing}/x`))).error,
        underEphemeral: (await wire.request(create(`${path}/e/x`))).error,
        noNode: (await wire.request({ op: "getData", path: missing, watch: false })).error,
        notEmpty: (await wire.request({ op: "delete", path, version: -1 })).error,
        badVersion: (await wire.request({ op: "setData", path, data: null, version: 7 })).error,
        noAcl: (await wire.request(create(missing, 0, []))).error,
        badAcl: (await wire.request(create(missing, 0, [{ perms: 31, scheme: "moon", id: "man" }]))).error,
        noWatcher: (await wire.request({ op: "removeWatches", path, type: "any" })).error,
        root: (await wire.request({ op: "delete", path: "/", version: -1 })).error,
        badMode: (await wire.request(create(missing, 99))).error,
      };
      assert.deepEqual(numbers, {
        exists: -110,
        noParent: -101,
        underEphemeral: -108,
        noNode: -101,
        notEmpty: -111,
        badVersion: -103,
        noAcl: -114,
        badAcl: -114,
        noWatcher: -121,
        root: -8,
        badMode: -8,
      });
    },
  },
  {
    name: "a path that is none is refused by create with −8",
    async run(world) {
      const wire = await world.wire();
      const base = world.path();
      await wire.request(create(base));
      const wrong = ["relative", `${base}/`, `${base}/.`, `${base}/..`];
      wrong.push(`${base}/a\u0000b`, `${base}/a\u001fb`, `${base}/a\u007fb`, `${base}/😀`);
      for (const path of wrong) {
        assert.equal((await wire.request(create(path))).error, -8, JSON.stringify(path));
      }
      // The parent is looked for first: here it would be "/", ".." and the empty name.
      for (const path of [`${base}//x`, `${base}/../x`, `${base}/./x`]) {
        assert.equal((await wire.request(create(path))).error, -101, path);
      }
      assert.equal((await wire.request(create(`${base}/`, 2))).reply?.path, `${base}/0000000000`);
    },
  },
  {
    name: "a write answers its own zxid, a read the newest one, and zxids never go back",
    async run(world) {
      const wire = await world.wire();
      const path = world.path();
      const created = await wire.request({ ...create(path), op: "create2" });
      assert.equal(created.zxid, created.reply?.stat.czxid);
      const set = await wire.request({ op: "setData", path, data: Buffer.from("x"), version: -1 });
      assert.equal(set.zxid, set.reply?.stat.mzxid);
      assert.ok(set.zxid > created.zxid);
      const read = await wire.request({ op: "getData", path, watch: false });
      assert.ok(read.zxid >= set.zxid);
      const refused = await wire.request(create(path));
      assert.equal(refused.error, -110);
      assert.ok(refused.zxid > set.zxid, "a refused write has a zxid of its own");
    },
  },
  {
    name: "a failed multi answers 0, the culprit's number, then −2",
    async run(world) {
      const wire = await world.wire();
      const [a, b] = [world.path(), world.path()];
      const answer = await wire.request({
        op: "multi",
        operations: [create(a), { op: "delete", path: b, version: -1 }, create(b), create(`${a}/x`)],
      });
      assert.equal(answer.error, 0);
      assert.deepEqual(answer.reply?.results, [
        { op: "error", error: 0 },
        { op: "error", error: -101 },
        { op: "error", error: -2 },
        { op: "error", error: -2 },
      ]);
    },
  },
  {
    name: "every kind of create answers in a multi",
    async run(world) {
      const wire = await world.wire();
      const path = world.path();
      const answer = await wire.request({
        op: "multi",
        operations: [
          { ...create(path), op: "create2" },
          { ...create(`${path}/c`, 4), op: "createContainer" },
          { ...create(`${path}/t`, 5), op: "createTtl", ttlMs: 60_000 },
          { op: "setData", path, data: Buffer.from("x"), version: 0 },
        ],
      });
      assert.deepEqual(
        answer.reply?.results.map(({ op }) => op),
        ["create2", "create2", "create2", "setData"],
      );
      const [first, , , last] = answer.reply?.results ?? [];
      assert.ok(first?.op === "create2" && last?.op === "setData");
      assert.deepEqual([first.stat.czxid, first.stat.version], [answer.zxid, 0]);
      assert.deepEqual([last.stat.czxid, last.stat.mzxid, last.stat.version], [answer.zxid, answer.zxid, 1]);
    },
  },
  {
    name: "one connection is one watcher: one event for a change, data and child watch together",
    async run(world) {
      const wire = await world.wire();
      const path = world.path();
      await wire.request(create(path));
      await wire.request({ op: "getData", path, watch: true });
      await wire.request({ op: "exists", path, watch: true });
      await wire.request({ op: "getChildren", path, watch: true });
      await wire.request({ op: "delete", path, version: -1 });
      await wire.request({ op: "sync", path: "/" });
      assert.deepEqual(wire.events, [`2 ${path}`]);
      assert.deepEqual(
        wire.order.slice(-3).map((entry) => (typeof entry === "string" ? entry : entry.type)),
        [2, "delete", "sync"],
      );
    },
  },
  {
    name: "the child's event comes before the parent's",
    async run(world) {
      const wire = await world.wire();
      const path = world.path();
      await wire.request(create(path));
      await wire.request({ op: "exists", path: `${path}/x`, watch: true });
      await wire.request({ op: "getChildren2", path, watch: true });
      await wire.request(create(`${path}/x`));
      await wire.request({ op: "getData", path: `${path}/x`, watch: true });
      await wire.request({ op: "getChildren", path, watch: true });
      await wire.request({ op: "delete", path: `${path}/x`, version: -1 });
      await wire.request({ op: "sync", path: "/" });
      assert.deepEqual(wire.events, [`1 ${path}/x`, `4 ${path}`, `2 ${path}/x`, `4 ${path}`]);
    },
  },
  {
    name: "setWatches tells what changed since, and arms the rest",
    async run(world) {
      const [wire, other] = [await world.wire(), await world.wire()];
      const path = world.path();
      await other.request(create(path));
      const names = ["same", "changed", "gone", "came", "absent", "parent", "calm"] as const;
      const at = (name: (typeof names)[number]) => `${path}/${name}`;
      for (const name of names) if (name !== "came" && name !== "absent") await other.request(create(at(name)));
      const since = (await wire.request({ op: "sync", path: "/" })).zxid;
      await other.request({ op: "setData", path: at("changed"), data: Buffer.from("x"), version: -1 });
      await other.request({ op: "delete", path: at("gone"), version: -1 });
      await other.request(create(at("came")));
      await other.request(create(`${at("parent")}/x`));
      await wire.request({ op: "sync", path: "/" });
      const watches = {
        ...none,
        data: [at("same"), at("changed"), at("gone")],
        exist: [at("came"), at("absent")],
        child: [at("parent"), at("calm"), at("gone")],
      };
      const answer = await wire.request({ op: "setWatches", relativeZxid: since, watches });
      assert.equal(answer.error, 0);
      const told = [`3 ${at("changed")}`, `2 ${at("gone")}`, `1 ${at("came")}`, `4 ${at("parent")}`, `2 ${at("gone")}`];
      assert.deepEqual(wire.events.sort(), told.sort());
      await other.request({ op: "setData", path: at("same"), data: Buffer.from("x"), version: -1 });
      await other.request(create(at("absent")));
      await other.request(create(`${at("calm")}/x`));
      await wire.request({ op: "sync", path: "/" });
      const armed = [`3 ${at("same")}`, `1 ${at("absent")}`, `4 ${at("calm")}`];
      assert.deepEqual(wire.events.sort(), [...told, ...armed].sort());
    },
  },
  {
    name: "ping, auth and setWatches keep their own xids",
    async run(world) {
      const wire = await world.wire();
      const before = [wire.request({ op: "ping" }), wire.request({ op: "exists", path: "/", watch: false })];
      const first = await Promise.all(before);
      // Apache answers credentials where it reads them, ahead of what is still in its pipeline.
      const auth = await wire.request({ op: "auth", scheme: "digest", auth: Buffer.from("ada:pw") });
      const then = await Promise.all([
        wire.request({ op: "setWatches2", relativeZxid: 0, watches: none }),
        wire.request({ op: "ping" }),
        wire.request({ op: "exists", path: "/", watch: false }),
      ]);
      assert.deepEqual(
        [...first, auth, ...then].map(({ error }) => error),
        [0, 0, 0, 0, 0, 0],
      );
    },
  },
  {
    name: "refused credentials are answered with −115, then the connection ends",
    async run(world) {
      const wire = await world.wire();
      const { error } = await wire.request({ op: "auth", scheme: "moon", auth: Buffer.from("man") });
      assert.equal(error, -115);
      await wire.closed();
    },
  },
  {
    name: "a session is taken up again with its password, and by nobody else",
    async run(world) {
      const first = await world.wire();
      const path = world.path();
      await first.request(create(path, 1));
      const { sessionId, password, timeoutMs } = first.response;
      first.drop();
      const thief = await world.wire({ sessionId, password: Buffer.alloc(16, 1) });
      assert.deepEqual([thief.response.timeoutMs, thief.response.sessionId], [0, 0n]);
      await thief.closed();
      const again = await world.wire({ sessionId, password, timeoutMs });
      assert.deepEqual(
        [again.response.sessionId, again.response.timeoutMs, again.response.password],
        [sessionId, timeoutMs, password],
      );
      const node = await again.request({ op: "exists", path, watch: false });
      assert.equal(node.reply?.stat.ephemeralOwner, sessionId);
    },
  },
  {
    name: "a session moves to its newest connection, the older one ends",
    async run(world) {
      const first = await world.wire();
      const { sessionId, password } = first.response;
      const second = await world.wire({ sessionId, password });
      assert.equal(second.response.sessionId, sessionId);
      await first.closed();
      assert.equal((await second.request(create(world.path()))).error, 0);
    },
  },
  {
    name: "an ephemeral node stays for the time-out of a dropped session, then goes",
    async run(world) {
      const [owner, other] = [await world.wire({ timeoutMs: 2 * tickTimeMs }), world.client()];
      const path = world.path();
      await owner.request(create(path, 1));
      owner.drop();
      const gone = new Promise<void>((resolve) => {
        void other.exists(path, { watch: () => resolve() }).then((stat) => assert.ok(stat, "it stays at first"));
      });
      await deadline(gone, stepMs, "the end of the ephemeral node");
      assert.equal(await other.exists(path), null);
      const { sessionId, password } = owner.response;
      const late = await world.wire({ sessionId, password });
      assert.equal(late.response.timeoutMs, 0);
    },
  },
  {
    name: "closeSession is answered, then the connection ends and the session is unknown",
    async run(world) {
      const wire = await world.wire();
      const { sessionId, password } = wire.response;
      assert.equal((await wire.request({ op: "closeSession" })).error, 0);
      await wire.closed();
      assert.equal((await world.wire({ sessionId, password })).response.timeoutMs, 0);
    },
  },
  {
    name: "a client that has seen more than the server is sent away without an answer",
    async run(world) {
      await assert.rejects(world.wire({ lastZxidSeen: 2 ** 50 }), /closed|ECONNRESET/);
    },
  },
  {
    name: "a handshake without the read-only byte is answered without it",
    async run(world) {
      const handshake = Buffer.alloc(4 + 44);
      handshake.writeInt32BE(44, 0);
      handshake.writeInt32BE(10_000, 4 + 4 + 8);
      handshake.writeInt32BE(16, 4 + 4 + 8 + 4 + 8);
      const answer = await exchange(world, handshake, 4 + 36);
      assert.equal(answer.readInt32BE(0), 36);
      assert.equal(answer.length, 4 + 36);
    },
  },
  {
    name: "a packet that is too long, or no packet at all, ends that connection only",
    async run(world) {
      const wire = await world.wire();
      const tooLong = Buffer.alloc(8);
      tooLong.writeInt32BE(0x7fffffff, 0);
      await exchange(world, tooLong, Number.POSITIVE_INFINITY);
      const negative = Buffer.alloc(8);
      negative.writeInt32BE(-5, 0);
      await exchange(world, negative, Number.POSITIVE_INFINITY);
      assert.equal((await wire.request({ op: "exists", path: "/", watch: false })).error, 0);
    },
  },
];

/** Sends raw bytes to the first server; what it answered when `wanted` bytes are there or it has closed the connection. */
function exchange(world: World, bytes: Buffer, wanted: number): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const socket = connect({ host: "127.0.0.1", port: world.ensemble.servers[0]?.clientPort ?? 0 });
  let answer = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (part: Buffer) => {
    answer = Buffer.concat([answer, part]);
    if (answer.length >= wanted) socket.destroy();
  });
  socket.on("close", () => resolve(answer));
  socket.write(bytes);
  return deadline(promise, stepMs, "the server's reaction to raw bytes");
}

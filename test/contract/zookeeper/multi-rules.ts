/** Rules of multi and multiRead: all or nothing, one zxid, an answer for every part. */
import assert from "node:assert/strict";
import type { Rule } from "./contract.ts";

export const multiRules: readonly Rule[] = [
  {
    name: "a multi carries out all of its parts with one zxid",
    async run(world) {
      const client = world.client();
      const [a, b, gone] = [world.path(), world.path(), world.path()];
      await client.create(gone);
      const outcome = await client.multi([
        { op: "create", path: a, data: Buffer.from("x") },
        { op: "create", path: b },
        { op: "setData", path: a, data: Buffer.from("yy"), version: 0 },
        { op: "check", path: a, version: 1 },
        { op: "delete", path: gone },
      ]);
      assert.ok(outcome.done);
      assert.deepEqual(
        outcome.results.map(({ op }) => op),
        ["create", "create", "setData", "check", "delete"],
      );
      const [first, second] = [await client.getData(a), await client.exists(b)];
      assert.equal(first?.data?.toString(), "yy");
      assert.deepEqual([first.stat.czxid, first.stat.mzxid], [second?.czxid, second?.czxid]);
      assert.equal(await client.exists(gone), null);
    },
  },
  {
    name: "a multi with one impossible part does nothing and names the part",
    async run(world) {
      const client = world.client();
      const [a, b] = [world.path(), world.path()];
      await client.create(a, Buffer.from("old"));
      const outcome = await client.multi([
        { op: "setData", path: a, data: Buffer.from("new") },
        { op: "create", path: b },
        { op: "check", path: a, version: 0 },
        { op: "delete", path: a },
      ]);
      assert.deepEqual(outcome, { done: false, failed: 2, error: "SL-ZK-BAD-VERSION" });
      assert.equal((await client.getData(a))?.data?.toString(), "old");
      assert.equal(await client.exists(b), null);
    },
  },
  {
    name: "check with version 0 means version 0",
    async run(world) {
      const client = world.client();
      const path = await client.create(world.path());
      assert.ok((await client.multi([{ op: "check", path, version: 0 }])).done);
      await client.setData(path, Buffer.from("x"));
      const outcome = await client.multi([{ op: "check", path, version: 0 }]);
      assert.deepEqual(outcome, { done: false, failed: 0, error: "SL-ZK-BAD-VERSION" });
    },
  },
  {
    name: "parts of a multi see the parts before them",
    async run(world) {
      const client = world.client();
      const path = world.path();
      const outcome = await client.multi([
        { op: "create", path },
        { op: "create", path: `${path}/child-`, options: { mode: "persistentSequential" } },
        { op: "create", path: `${path}/child-`, options: { mode: "ephemeralSequential" } },
        { op: "delete", path: `${path}/child-0000000000` },
      ]);
      assert.ok(outcome.done);
      assert.deepEqual(
        outcome.results.map((result) => ("path" in result ? result.path : result.op)),
        [path, `${path}/child-0000000000`, `${path}/child-0000000001`, "delete"],
      );
      assert.deepEqual((await client.getChildren(path))?.children, ["child-0000000001"]);
    },
  },
  {
    name: "a multi that failed leaves no trace in sequence numbers and versions",
    async run(world) {
      const client = world.client();
      const path = await client.create(world.path());
      const before = await client.exists(path);
      const failed = await client.multi([
        { op: "create", path: `${path}/n-`, options: { mode: "persistentSequential" } },
        { op: "delete", path: `${path}/missing` },
      ]);
      assert.deepEqual(failed, { done: false, failed: 1, error: "SL-ZK-NO-NODE" });
      assert.deepEqual(await client.exists(path), before);
      const next = await client.create(`${path}/n-`, null, { mode: "persistentSequential" });
      assert.equal(next, `${path}/n-0000000000`);
    },
  },
  {
    name: "an empty multi is done",
    async run(world) {
      assert.deepEqual(await world.client().multi([]), { done: true, results: [] });
    },
  },
  {
    name: "multiRead answers every part by itself",
    needs38: true,
    async run(world) {
      const client = world.client();
      const path = await client.create(world.path(), Buffer.from("x"));
      await client.create(`${path}/child`);
      const missing = world.path();
      const results = await client.multiRead([
        { op: "getData", path },
        { op: "getData", path: missing },
        { op: "getChildren", path },
        { op: "getChildren", path: missing },
      ]);
      assert.deepEqual(results, [
        { op: "getData", data: Buffer.from("x"), stat: await client.exists(path) },
        { op: "error", error: -101 },
        { op: "getChildren", children: ["child"] },
        { op: "error", error: -101 },
      ]);
    },
  },
];

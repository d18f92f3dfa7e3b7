import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventType } from "../../../../src/wire/zookeeper/index.ts";
import { WatchTable } from "../../../../src/zookeeper/client/watch-table.ts";
import type { WatchEvent } from "../../../../src/zookeeper/index.ts";

/** A table with a handler of its own for each kind on `/a`; says which were told. */
function tableWithAll() {
  const table = new WatchTable();
  const told: string[] = [];
  for (const kind of ["data", "exist", "child", "persistent", "persistentRecursive"] as const) {
    table.add(kind, "/a", () => told.push(kind), null);
  }
  return {
    table,
    tell(type: number, path: string): string[] {
      told.length = 0;
      const taken = table.take({ type, path, state: 3 });
      for (const handler of taken?.handlers ?? []) handler(taken?.event as WatchEvent);
      return [...told].sort();
    },
  };
}

describe("the table of watches", () => {
  it("tells whom ZooKeeper's table names, one-shot watches once", () => {
    const { nodeCreated, nodeDeleted, nodeDataChanged, nodeChildrenChanged } = eventType;
    const lasting = ["persistent", "persistentRecursive"];
    for (const [type, first, second] of [
      [nodeCreated, ["data", "exist", ...lasting], lasting],
      [nodeDataChanged, ["data", "exist", ...lasting], lasting],
      [nodeDeleted, ["child", "data", "exist", ...lasting], lasting],
      [nodeChildrenChanged, ["child", "persistent"], ["persistent"]],
    ] as const) {
      const { tell } = tableWithAll();
      assert.deepEqual(tell(type, "/a"), [...first].sort());
      assert.deepEqual(tell(type, "/a"), second);
    }
  });

  it("tells recursive watches of everything below, and of nothing beside", () => {
    const { tell } = tableWithAll();
    assert.deepEqual(tell(eventType.nodeCreated, "/a/b/c"), ["persistentRecursive"]);
    assert.deepEqual(tell(eventType.nodeChildrenChanged, "/a/b"), []);
    assert.deepEqual(tell(eventType.nodeCreated, "/ab"), []);
    const table = new WatchTable();
    table.add("persistentRecursive", "/", () => {}, null);
    assert.equal(table.take({ type: eventType.nodeCreated, path: "/x/y", state: 3 })?.handlers.length, 1);
    assert.equal(table.take({ type: eventType.nodeDataChanged, path: "/", state: 3 })?.handlers.length, 1);
  });

  it("counts one function once on a path and kind", () => {
    const table = new WatchTable();
    const handler = () => {};
    for (let count = 0; count < 5; count++) table.add("data", "/a", handler, null);
    table.add("data", "/a", () => {}, null);
    assert.equal(table.take({ type: eventType.nodeDataChanged, path: "/a", state: 3 })?.handlers.length, 2);
    assert.equal(table.has("/a"), false);
  });

  it("forgets what a session owned, and nothing else", () => {
    const table = new WatchTable();
    const session = {};
    table.add("data", "/mine", () => {}, session);
    table.add("data", "/both", () => {}, session);
    table.add("data", "/both", () => {}, null);
    table.add("persistent", "/lasting", () => {}, session);
    table.removeOwned(session);
    assert.deepEqual(table.paths(), { data: ["/both"], exist: [], child: [], persistent: [], persistentRecursive: [] });
  });

  it("ignores events that nobody asked for", () => {
    const { table } = tableWithAll();
    assert.equal(table.take({ type: eventType.none, path: "", state: 0 }), null);
    assert.equal(table.take({ type: eventType.dataWatchRemoved, path: "/a", state: 3 }), null);
    assert.equal(table.take({ type: eventType.nodeDeleted, path: "/b", state: 3 }), null);
  });
});

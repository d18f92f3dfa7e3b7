/** Watches: which event reaches whom, once, and what stays afterwards. Source: the table of ZooKeeper's programmer's guide. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventType, watcherType } from "../../../../src/wire/zookeeper/index.ts";
import { DataTree } from "../../../../src/zookeeper/server/data-tree.ts";
import { type Watcher, WatchTable } from "../../../../src/zookeeper/server/watch-table.ts";
import { createTxn, deleteTxn, proposalOf, setDataTxn } from "./proposals.ts";

class Recorder implements Watcher {
  readonly events: string[] = [];
  deliver(type: number, path: string): void {
    this.events.push(`${names.get(type)} ${path}`);
  }
  take(): string[] {
    return this.events.splice(0);
  }
}

const names = new Map<number, string>([
  [eventType.nodeCreated, "created"],
  [eventType.nodeDeleted, "deleted"],
  [eventType.nodeDataChanged, "changed"],
  [eventType.nodeChildrenChanged, "children"],
]);

function setUp() {
  const tree = new DataTree();
  const watches = new WatchTable();
  tree.listen(watches);
  let zxid = 0;
  const apply = (txn: Parameters<typeof proposalOf>[1]) => tree.apply(proposalOf(++zxid, txn));
  return { tree, watches, apply, one: new Recorder(), two: new Recorder() };
}

describe("one-shot watches", () => {
  it("tell of a creation to data watchers of the node and child watchers of the parent", () => {
    const { watches, apply, one, two } = setUp();
    watches.addData("/a", one);
    watches.addChild("/", two);
    apply(createTxn("/a"));
    assert.deepEqual([one.take(), two.take()], [["created /a"], ["children /"]]);
    apply(deleteTxn("/a"));
    apply(createTxn("/a"));
    assert.deepEqual([one.take(), two.take()], [[], []], "each fires once");
  });

  it("tell of a deletion once to who watches both data and children", () => {
    const { watches, apply, one, two } = setUp();
    apply(createTxn("/a"));
    watches.addData("/a", one);
    watches.addChild("/a", one);
    watches.addChild("/a", two);
    watches.addChild("/", two);
    apply(deleteTxn("/a"));
    assert.deepEqual(one.take(), ["deleted /a"]);
    assert.deepEqual(two.take(), ["deleted /a", "children /"]);
    assert.equal(watches.summary().watches, 0);
  });

  it("tell of changed data, and of nothing else, to data watchers", () => {
    const { watches, apply, one, two } = setUp();
    apply(createTxn("/a"));
    watches.addData("/a", one);
    watches.addChild("/a", two);
    apply(createTxn("/a/b"));
    assert.deepEqual([one.take(), two.take()], [[], ["children /a"]]);
    apply(setDataTxn("/a", "x", 1));
    assert.deepEqual([one.take(), two.take()], [["changed /a"], []]);
  });
});

describe("persistent watches", () => {
  it("stay, and hear of data and children", () => {
    const { watches, apply, one } = setUp();
    watches.addPersistent("/a", one, false);
    apply(createTxn("/a"));
    apply(createTxn("/a/b"));
    apply(createTxn("/a/b/c"));
    apply(setDataTxn("/a", "x", 1));
    assert.deepEqual(one.take(), ["created /a", "children /a", "changed /a"]);
    apply(deleteTxn("/a/b/c"));
    apply(deleteTxn("/a/b"));
    apply(deleteTxn("/a"));
    assert.deepEqual(one.take(), ["children /a", "deleted /a"]);
    assert.equal(watches.summary().watches, 1);
  });

  it("cover the whole subtree when recursive, without events about children", () => {
    const { watches, apply, one } = setUp();
    watches.addPersistent("/a", one, true);
    apply(createTxn("/a"));
    apply(createTxn("/a/b"));
    apply(createTxn("/ab"));
    apply(setDataTxn("/a/b", "x", 1));
    apply(deleteTxn("/a/b"));
    assert.deepEqual(one.take(), ["created /a", "created /a/b", "changed /a/b", "deleted /a/b"]);
    watches.addPersistent("/", one, true);
    apply(createTxn("/z"));
    assert.deepEqual(one.take(), ["created /z"]);
  });

  it("survive a one-shot watch on the same path, and both together tell once", () => {
    const { watches, apply, one } = setUp();
    apply(createTxn("/a"));
    watches.addPersistent("/a", one, false);
    watches.addPersistent("/a", one, true);
    watches.addData("/a", one);
    apply(setDataTxn("/a", "x", 1));
    apply(setDataTxn("/a", "y", 2));
    assert.deepEqual(one.take(), ["changed /a", "changed /a"]);
  });
});

describe("a client that comes back", () => {
  it("is told at once what changed since, and watches the rest again", () => {
    const { tree, watches, apply, one } = setUp();
    for (const path of ["/same", "/changed", "/gone", "/parent", "/quiet"]) apply(createTxn(path));
    const relativeZxid = 5;
    apply(setDataTxn("/changed", "x", 1));
    apply(deleteTxn("/gone"));
    apply(createTxn("/parent/child"));
    apply(createTxn("/came"));
    const data = ["/same", "/changed", "/gone"];
    const lists = {
      exist: ["/came", "/absent"],
      child: ["/parent", "/quiet", "/gone"],
      persistent: [],
      persistentRecursive: [],
    };
    watches.restore(tree, { relativeZxid, data, ...lists }, one);
    assert.deepEqual(one.take(), [
      "changed /changed",
      "deleted /gone",
      "created /came",
      "children /parent",
      "deleted /gone",
    ]);
    apply(setDataTxn("/same", "x", 1));
    apply(createTxn("/absent"));
    apply(createTxn("/quiet/child"));
    assert.deepEqual(one.take(), ["changed /same", "created /absent", "children /quiet"]);
  });
});

describe("removal", () => {
  it("takes one kind, all kinds, or all of a connection", () => {
    const { watches, one, two } = setUp();
    for (const watcher of [one, two]) {
      watches.addData("/a", watcher);
      watches.addChild("/a", watcher);
      watches.addPersistent("/a", watcher, false);
    }
    assert.equal(watches.remove("/a", one, watcherType.data), true);
    assert.equal(watches.remove("/a", one, watcherType.data), false);
    assert.equal(watches.has("/a", one, watcherType.children), true);
    assert.equal(watches.remove("/a", one, watcherType.any), true);
    assert.equal(watches.has("/a", one, watcherType.any), false);
    assert.deepEqual(watches.summary(), { watchers: 1, paths: 1, watches: 3 });
    watches.removeWatcher(two);
    assert.deepEqual(watches.summary(), { watchers: 0, paths: 0, watches: 0 });
    assert.equal(watches.byPath().size, 0);
  });
});

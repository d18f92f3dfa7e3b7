/** The tree: exact stats, multis, quotas. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorCode, opCode, type Proposal } from "../../../../src/wire/zookeeper/index.ts";
import { DataTree } from "../../../../src/zookeeper/server/data-tree.ts";
import { createTxn, deleteTxn, proposalOf, setDataTxn } from "./proposals.ts";

function treeOf(...proposals: readonly Proposal[]): DataTree {
  const tree = new DataTree();
  for (const proposal of proposals) tree.apply(proposal);
  return tree;
}

describe("stats", () => {
  it("has ZooKeeper's own nodes from the start, and only those", () => {
    assert.deepEqual([...new DataTree().nodes.keys()], ["/", "/zookeeper", "/zookeeper/config", "/zookeeper/quota"]);
  });

  it("adds those that a snapshot of an old server lacks", () => {
    const tree = new DataTree();
    tree.clear();
    tree.finishSnapshot();
    assert.deepEqual([...tree.nodes.keys()].sort(), [...new DataTree().nodes.keys()].sort());
  });

  it("moves cversion by creates and deletes, pzxid by both", () => {
    const tree = treeOf(
      proposalOf(1, createTxn("/a")),
      proposalOf(2, createTxn("/a/b")),
      proposalOf(3, createTxn("/a/c")),
    );
    assert.equal(tree.get("/a")?.stat().cversion, 2);
    assert.equal(tree.get("/a")?.stat().pzxid, 3);
    tree.apply(proposalOf(4, deleteTxn("/a/b")));
    const stat = tree.get("/a")?.stat();
    assert.deepEqual([stat?.cversion, stat?.pzxid, stat?.numChildren, stat?.version], [3, 4, 1, 0]);
    assert.equal(tree.get("/a")?.cversion, 2, "the stored count names sequence nodes and knows creates only");
  });

  it("keeps null data apart from empty data", () => {
    const tree = treeOf(
      proposalOf(1, { ...createTxn("/null"), data: null } as ReturnType<typeof createTxn>),
      proposalOf(2, createTxn("/empty")),
    );
    assert.equal(tree.get("/null")?.data, null);
    assert.equal(tree.get("/empty")?.data?.length, 0);
    assert.equal(tree.get("/null")?.stat().dataLength, 0);
  });

  it("hides the owner marks of containers and TTL nodes from clients", () => {
    const base = createTxn("/x");
    assert.equal(base.kind, "create");
    const tree = treeOf(
      proposalOf(1, { ...base, path: "/c", type: opCode.createContainer } as typeof base),
      proposalOf(2, { ...base, path: "/t", type: opCode.createTtl, ttlMs: 5000 } as typeof base),
      proposalOf(3, createTxn("/e", { ephemeral: true }), 77n),
    );
    assert.deepEqual(
      ["/c", "/t", "/e"].map((path) => tree.get(path)?.stat().ephemeralOwner),
      [0n, 0n, 77n],
    );
    assert.deepEqual([[...tree.containers], [...tree.ttls]], [["/c"], ["/t"]]);
  });

  it("deletes a session's ephemerals with it, even those its closeSession does not list", () => {
    const tree = treeOf(
      proposalOf(1, createTxn("/e1", { ephemeral: true }), 5n),
      proposalOf(2, createTxn("/e2", { ephemeral: true }), 5n),
      proposalOf(3, createTxn("/other", { ephemeral: true }), 6n),
    );
    tree.apply(proposalOf(4, { kind: "closeSession", type: opCode.closeSession, paths: ["/e1"] }, 5n));
    assert.deepEqual([tree.get("/e1"), tree.get("/e2"), tree.get("/other")?.owner], [undefined, undefined, 6n]);
    assert.equal(tree.ephemeralCount, 1);
  });
});

describe("a multi with an error in it", () => {
  it("applies nothing and tells the culprit from those before and after", () => {
    const tree = treeOf(proposalOf(1, createTxn("/a")));
    const error = (code: number) => ({ kind: "error", type: opCode.error, error: code }) as const;
    const result = tree.apply(
      proposalOf(2, {
        kind: "multi",
        type: opCode.multi,
        txns: [createTxn("/b"), error(errorCode.nodeExists), error(errorCode.runtimeInconsistency)],
      }),
    );
    assert.equal(tree.get("/b"), undefined);
    assert.deepEqual(
      result.parts?.map((part) => part.error),
      [errorCode.ok, errorCode.nodeExists, errorCode.runtimeInconsistency],
    );
  });
});

describe("quotas", () => {
  it("keeps count and bytes of a limited subtree", () => {
    const tree = treeOf(
      proposalOf(1, createTxn("/a", { data: "12345" })),
      proposalOf(2, createTxn("/zookeeper/quota/a")),
      proposalOf(3, createTxn("/zookeeper/quota/a/zookeeper_limits", { data: "count=3,bytes=100" })),
      proposalOf(4, createTxn("/zookeeper/quota/a/zookeeper_stats", { data: "count=0,bytes=0" })),
      proposalOf(5, createTxn("/a/b", { data: "123" })),
      proposalOf(6, createTxn("/ab", { data: "not below /a" })),
      proposalOf(7, setDataTxn("/a/b", "1", 1)),
    );
    const stats = () => tree.get("/zookeeper/quota/a/zookeeper_stats")?.data?.toString();
    assert.equal(stats(), "count=2,bytes=6");
    tree.apply(proposalOf(8, deleteTxn("/a/b")));
    assert.equal(stats(), "count=1,bytes=5");
  });
});

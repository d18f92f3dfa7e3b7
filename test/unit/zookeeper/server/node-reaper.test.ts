/** Containers and TTL nodes: which may go, and that they go. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../../src/base/index.ts";
import { type CreateTxn, opCode } from "../../../../src/wire/zookeeper/index.ts";
import { DataTree } from "../../../../src/zookeeper/server/data-tree.ts";
import { NodeReaper, reapable } from "../../../../src/zookeeper/server/node-reaper.ts";
import { createTxn, deleteTxn, proposalOf, setDataTxn } from "./proposals.ts";

function special(path: string, type: number, ttlMs = 0): CreateTxn {
  return { ...(createTxn(path) as CreateTxn), type, ttlMs };
}

/** Made at 1001 ms and later; see `proposalOf`. */
function treeWithBoth(): DataTree {
  const tree = new DataTree();
  tree.apply(proposalOf(1, special("/c", opCode.createContainer)));
  tree.apply(proposalOf(2, special("/t", opCode.createTtl, 5000)));
  return tree;
}

describe("what may go", () => {
  it("is a container that had a child and has none", () => {
    const tree = treeWithBoth();
    assert.deepEqual([...reapable(tree, 2000)], [], "it never had a child");
    tree.apply(proposalOf(3, createTxn("/c/child")));
    assert.deepEqual([...reapable(tree, 2000)], []);
    tree.apply(proposalOf(4, deleteTxn("/c/child")));
    assert.deepEqual([...reapable(tree, 2000)], ["/c"]);
  });

  it("is a TTL node without children that nobody changed for its time", () => {
    const tree = treeWithBoth();
    assert.deepEqual([...reapable(tree, 6002)], []);
    assert.deepEqual([...reapable(tree, 6003)], ["/t"]);
    tree.apply(proposalOf(3, setDataTxn("/t", "x", 1)));
    assert.deepEqual([...reapable(tree, 6003)], []);
    tree.apply(proposalOf(4, createTxn("/t/child")));
    assert.deepEqual([...reapable(tree, 60_000)], []);
  });
});

describe("the reaper", () => {
  it("asks for each at every check, never for more than it may", async () => {
    const world = new SimulatedWorld({ seed: 1, logLevel: "error" });
    const { runtime } = world.start({ host: "zk" });
    const tree = new DataTree();
    for (let zxid = 1; zxid <= 30; zxid += 3) {
      tree.apply(proposalOf(zxid, special(`/c${zxid}`, opCode.createContainer)));
      tree.apply(proposalOf(zxid + 1, createTxn(`/c${zxid}/x`)));
      tree.apply(proposalOf(zxid + 2, deleteTxn(`/c${zxid}/x`)));
    }
    const asked: number[] = [];
    const reaper = new NodeReaper(runtime, tree, { checkMs: 30_000, perMinute: 8 }, ({ type }) => asked.push(type));
    await world.run({ forMs: 31_000 });
    assert.deepEqual(asked, new Array(4).fill(opCode.deleteContainer));
    reaper.close();
    await world.run({ forMs: 100_000 });
    assert.equal(asked.length, 4);
  });
});

/** The tree: exact stats, and transactions that may be applied again over a fuzzy snapshot. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { errorCode, opCode, type Proposal, type SessionId } from "../../../../src/wire/zookeeper/index.ts";
import { DataTree } from "../../../../src/zookeeper/server/data-tree.ts";
import { SnapshotDecoder, serializeImage } from "../../../../src/zookeeper/server/snapshot-codec.ts";
import { createTxn, deleteTxn, openAcl, proposalOf, setDataTxn } from "./proposals.ts";

function treeOf(...proposals: readonly Proposal[]): DataTree {
  const tree = new DataTree();
  for (const proposal of proposals) tree.apply(proposal);
  return tree;
}

/** Everything a client or a restart could see. */
function pictureOf(tree: DataTree): unknown {
  const nodes = [...tree.nodes].map(([path, node]) => [
    path,
    node.data?.toString("hex") ?? null,
    node.stat(),
    node.cversion,
    node.owner,
    tree.aclOf(node),
    [...(node.children ?? [])].sort(),
  ]);
  nodes.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const ephemerals = [...tree.ephemerals].map(([id, paths]) => [id, [...paths].sort()]).sort();
  return { nodes, ephemerals, bytes: tree.approximateDataBytes };
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

/** A history of valid transactions, as a preparer would make it. */
function history(choices: readonly (readonly [number, number, number])[]): Proposal[] {
  const tree = new DataTree();
  const proposals: Proposal[] = [];
  for (const [kind, pick, session] of choices) {
    const zxid = proposals.length + 1;
    const clientId: SessionId = BigInt(session);
    const paths = [...tree.nodes.keys()].filter((path) => !path.startsWith("/zookeeper"));
    const path = paths[pick % paths.length] ?? "/";
    const node = tree.get(path);
    const name = `${path === "/" ? "" : path}/n${zxid % 5}`;
    let proposal: Proposal | null = null;
    if (kind === 0 && node !== undefined && node.owner === 0n && tree.get(name) === undefined) {
      const acl = pick % 3 === 0 ? openAcl : [{ perms: pick % 31, scheme: "ip", id: `10.0.0.${pick % 9}` }];
      const options = { data: `d${zxid}`, ephemeral: pick % 4 === 0, cversion: node.cversion + 1, acl };
      proposal = proposalOf(zxid, createTxn(name, options), clientId);
    } else if (kind === 1 && path !== "/" && node?.childCount === 0) {
      proposal = proposalOf(zxid, deleteTxn(path), clientId);
    } else if (kind === 2 && node !== undefined) {
      proposal = proposalOf(zxid, setDataTxn(path, `s${zxid}`, node.version + 1), clientId);
    } else if (kind === 3) {
      const own = [...(tree.ephemerals.get(clientId) ?? [])];
      proposal = proposalOf(zxid, { kind: "closeSession", type: opCode.closeSession, paths: own }, clientId);
    }
    if (proposal === null) continue;
    tree.apply(proposal);
    proposals.push(proposal);
  }
  return proposals;
}

describe("snapshots", () => {
  const choices = fc.array(fc.tuple(fc.nat(3), fc.nat(1000), fc.integer({ min: 1, max: 3 })), { maxLength: 60 });

  it("give back the tree, in pieces of any size", () => {
    fc.assert(
      fc.property(choices, fc.integer({ min: 1, max: 300 }), (steps, pieceBytes) => {
        const tree = treeOf(...history(steps));
        const bytes = Buffer.concat([...serializeImage(tree, new Map([[9n, 4000]])), Buffer.from("rest")]);
        const decoder = new SnapshotDecoder();
        let rest: Buffer | null = null;
        let at = 0;
        for (; rest === null; at += pieceBytes) rest = decoder.push(bytes.subarray(at, at + pieceBytes));
        assert.equal(Buffer.concat([rest, bytes.subarray(at)]).toString(), "rest");
        const other = new DataTree();
        other.adopt(decoder.image.tree);
        assert.deepEqual(pictureOf(other), pictureOf(tree));
        assert.deepEqual([...decoder.image.sessions], [[9n, 4000]]);
      }),
      { numRuns: 60 },
    );
  });

  it("taken while transactions go on end in the same tree when those are replayed", () => {
    fc.assert(
      fc.property(choices, fc.nat(60), fc.nat(60), (steps, begin, step) => {
        const proposals = history(steps);
        const start = Math.min(begin, proposals.length);
        const tree = treeOf(...proposals.slice(0, start));
        // Node by node, with transactions in between: fuzzier than any real snapshot.
        const image = new DataTree();
        image.clear();
        for (const [key, acl] of tree.acls.entries()) image.acls.restore(key, acl);
        let next = start;
        let visited = 0;
        for (const [path, node] of tree.nodes) {
          image.insertFromSnapshot(
            path,
            Object.assign(Object.create(Object.getPrototypeOf(node)), node, { children: null }),
          );
          if (visited++ % (1 + (step % 3)) === 0 && next < proposals.length) tree.apply(proposals[next++]!);
        }
        image.finishSnapshot();
        for (const proposal of proposals.slice(start)) image.apply(proposal);
        for (const proposal of proposals.slice(next)) tree.apply(proposal);
        assert.deepEqual(pictureOf(image), pictureOf(tree));
      }),
      { numRuns: 200, seed: 20261123 },
    );
  });
});

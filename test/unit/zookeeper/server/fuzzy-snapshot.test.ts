/**
 * Images of the tree: whole, and fuzzy, that is written while transactions go on. Those are applied again over the image and
 * must end in the same tree, whether the image is ours (in the order of the tree's map) or Apache's (depth first, with
 * the children's names as of their parent's turn, younger nodes included).
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { opCode, type Proposal, type SessionId } from "../../../../src/wire/zookeeper/index.ts";
import { DataNode, parentOf } from "../../../../src/zookeeper/server/data-node.ts";
import { DataTree } from "../../../../src/zookeeper/server/data-tree.ts";
import { SnapshotDecoder, serializeImage } from "../../../../src/zookeeper/server/snapshot-codec.ts";
import { createTxn, deleteTxn, openAcl, proposalOf, setDataTxn } from "./proposals.ts";

const sessions = new Map([[9n, 4000]]);

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
  const lists = [...tree.acls.entries()].map(([, acl]) => JSON.stringify(acl)).sort();
  return { nodes, ephemerals, lists, bytes: tree.approximateDataBytes };
}

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
    } else if (kind === 4 && node !== undefined) {
      const acl = [{ perms: pick % 31, scheme: "ip", id: `10.0.0.${pick % 9}` }];
      proposal = proposalOf(zxid, { kind: "setAcl", type: opCode.setAcl, path, acl, version: node.aversion + 1 });
    } else if (kind === 5 && path !== "/" && node?.owner === 0n && node.childCount === 0) {
      // Deleted and made anew with a child, all at one zxid.
      const parentCversion = (tree.get(parentOf(path))?.cversion ?? 0) + 1;
      const txns = [
        deleteTxn(path),
        createTxn(path, { data: `m${zxid}`, cversion: parentCversion }),
        createTxn(`${path}/n${zxid % 5}`, { ephemeral: pick % 2 === 0, cversion: 1 }),
      ];
      proposal = proposalOf(zxid, { kind: "multi", type: opCode.multi, txns }, clientId);
    }
    if (proposal === null) continue;
    tree.apply(proposal);
    proposals.push(proposal);
  }
  return proposals;
}

/** Runs `between` after every node that a snapshot file takes: fuzzier than any real one. */
function writtenByUs(tree: DataTree, zxid: number, between: () => void): DataTree {
  const decoder = new SnapshotDecoder();
  for (const piece of serializeImage({ tree, sessions }, zxid, 1)) {
    decoder.push(piece);
    between();
  }
  return decoder.image.tree;
}

function writtenByApache(tree: DataTree, between: () => void): DataTree {
  const image = new DataTree();
  image.clear();
  for (const [key, acl] of tree.acls.entries()) image.acls.restore(key, acl);
  const write = (path: string): void => {
    const node = tree.get(path);
    if (node === undefined) return;
    const copy = Object.assign(new DataNode(null, 0, 0, 0, 0n), node, { children: null });
    assert.ok(image.insertFromSnapshot(path, copy), `the parent of ${path}`);
    const names = [...(node.children ?? [])];
    between();
    for (const name of names) write(`${path === "/" ? "" : path}/${name}`);
  };
  write("/");
  image.finishSnapshot();
  return image;
}

const choices = fc.array(fc.tuple(fc.nat(5), fc.nat(1000), fc.integer({ min: 1, max: 3 })), { maxLength: 60 });

describe("an image", () => {
  it("gives back the tree, in pieces of any size", () => {
    fc.assert(
      fc.property(choices, fc.integer({ min: 1, max: 300 }), (steps, pieceBytes) => {
        const tree = treeOf(...history(steps));
        const bytes = Buffer.concat([...serializeImage({ tree, sessions }, steps.length), Buffer.from("rest")]);
        const decoder = new SnapshotDecoder();
        let rest: Buffer | null = null;
        let at = 0;
        for (; rest === null; at += pieceBytes) rest = decoder.push(bytes.subarray(at, at + pieceBytes));
        assert.equal(Buffer.concat([rest, bytes.subarray(at)]).toString(), "rest");
        const other = new DataTree();
        other.adopt(decoder.image.tree);
        assert.deepEqual(pictureOf(other), pictureOf(tree));
        assert.deepEqual(decoder.image.sessions, sessions);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a fuzzy image", () => {
  for (const writer of ["us", "Apache"] as const) {
    it(`written by ${writer} ends in the same tree when the transactions are replayed`, () => {
      fc.assert(
        fc.property(choices, fc.nat(60), fc.nat(60), (steps, begin, step) => {
          const proposals = history(steps);
          const start = Math.min(begin, proposals.length);
          const tree = treeOf(...proposals.slice(0, start));
          let next = start;
          let visited = 0;
          const between = (): void => {
            if (visited++ % (1 + (step % 3)) === 0 && next < proposals.length) tree.apply(proposals[next++]!);
          };
          const image = writer === "us" ? writtenByUs(tree, start, between) : writtenByApache(tree, between);
          for (const proposal of proposals.slice(start)) image.apply(proposal);
          for (const proposal of proposals.slice(next)) tree.apply(proposal);
          assert.deepEqual(pictureOf(image), pictureOf(tree));
          // What is written next must have parents before their children, too.
          assert.deepEqual(pictureOf(writtenByUs(image, proposals.length, () => undefined)), pictureOf(tree));
        }),
        { numRuns: 200 },
      );
    });
  }

  it("may hold a parent made anew with its child, before the old parent's delete is replayed", () => {
    const before = [proposalOf(1, createTxn("/a", { cversion: 1 }))];
    const during = [
      proposalOf(2, deleteTxn("/a")),
      proposalOf(3, createTxn("/a", { cversion: 2 })),
      proposalOf(4, createTxn("/a/b", { cversion: 1, ephemeral: true }), 7n),
    ];
    const tree = treeOf(...before);
    let left = [...during];
    const image = writtenByApache(tree, () => {
      for (const proposal of left) tree.apply(proposal);
      left = [];
    });
    assert.deepEqual([...(image.get("/a")?.children ?? [])], ["b"], "the image is of after");
    for (const proposal of during) image.apply(proposal);
    const stat = image.get("/a")?.stat();
    assert.deepEqual([stat?.cversion, stat?.numChildren, stat?.czxid, stat?.pzxid], [1, 1, 3, 4]);
    assert.deepEqual(pictureOf(image), pictureOf(tree));
  });

  it("written by us holds no path twice", () => {
    const tree = treeOf(proposalOf(1, createTxn("/a")), proposalOf(2, createTxn("/b")));
    let left = [
      proposalOf(3, deleteTxn("/a")),
      proposalOf(4, createTxn("/a", { ephemeral: true }), 7n),
      proposalOf(5, setDataTxn("/b", "later", 1)),
    ];
    let visited = 0;
    const image = writtenByUs(tree, 2, () => {
      // "/", the three of /zookeeper and /a itself are written.
      if (++visited < 5) return;
      for (const proposal of left) tree.apply(proposal);
      left = [];
    });
    assert.deepEqual([image.get("/a")?.czxid, image.get("/b")?.data?.toString()], [1, "later"]);
    assert.equal(image.ephemeralCount, 0);
  });
});

/** Apache ZooKeeper's own bytes: its data folder opens here, and a server of ours gives the answers that it gave. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeProposal, encodeProposal, opCode } from "../../../../src/wire/zookeeper/index.ts";
import { parseZooConfig } from "../../../../src/zookeeper/server/config.ts";
import type { DataTree } from "../../../../src/zookeeper/server/data-tree.ts";
import { startServer } from "../../../../src/zookeeper/server/main.ts";
import { apacheExchange, apacheFiles } from "./apache-fixtures.ts";
import { Disk } from "./database-disk.ts";

function pictureOf(tree: DataTree): unknown {
  const nodes = [...tree.nodes].map(([path, node]) => [
    path,
    node.data?.toString("hex") ?? null,
    node.stat(),
    node.owner,
    tree.aclOf(node),
  ]);
  return nodes.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** The folder with some of its snapshots only. */
async function diskWith(snapshots: readonly string[]): Promise<Disk> {
  const disk = new Disk();
  await disk.run(disk.runtime.fs.makeDirectory("/data/version-2"));
  await disk.run(disk.runtime.fs.makeDirectory("/log/version-2"));
  for (const [name, bytes] of apacheFiles()) {
    if (name.startsWith("log."))
      await disk.replace(`/log/version-2/${name}`, Buffer.concat([bytes, Buffer.alloc(5000)]));
    else if (snapshots.includes(name)) await disk.replace(`/data/version-2/${name}`, bytes);
  }
  return disk;
}

describe("a data folder of Apache ZooKeeper", () => {
  it("gives the same tree from each of its snapshots, fuzzy as they are", async () => {
    const pictures: unknown[] = [];
    for (const snapshot of ["snapshot.0", "snapshot.5", "snapshot.9", "snapshot.d", "snapshot.11"]) {
      const database = await (await diskWith([snapshot])).open();
      assert.equal(database.lastProcessedZxid, 0x12, snapshot);
      pictures.push(pictureOf(database.tree));
    }
    for (const picture of pictures) assert.deepEqual(picture, pictures[0]);
  });

  it("holds what was written there", async () => {
    const { tree, sessions } = await (await diskWith(["snapshot.d"])).open();
    assert.equal(tree.get("/a")?.data?.toString(), "yy");
    assert.deepEqual(tree.aclOf(tree.get("/a")!), [
      { perms: 1, scheme: "world", id: "anyone" },
      { perms: 31, scheme: "digest", id: "u:6gMBD9KRlbLh3hqTxiGKnXhPLVM=" },
    ]);
    assert.equal(tree.get("/null")?.data, null);
    assert.equal(tree.get("/日本語")?.data?.toString(), "z");
    assert.deepEqual([[...tree.containers], [...tree.ttls]], [["/container"], ["/ttl"]]);
    assert.equal(tree.get("/m")?.version, 1);
    assert.equal(tree.get("/n"), undefined, "its multi failed");
    assert.deepEqual(
      [...tree.ephemerals.values()].map((paths) => [...paths]),
      [["/eph"]],
    );
    assert.equal(sessions.size, 1);
  });

  it("has transactions that we would write byte for byte, but for the digest", () => {
    let compared = 0;
    for (const [name, bytes] of apacheFiles()) {
      if (!name.startsWith("log.")) continue;
      for (let at = 16; at + 12 < bytes.length; ) {
        const length = bytes.readInt32BE(at + 8);
        const record = bytes.subarray(at + 12, at + 12 + length);
        const { header, txn } = decodeProposal(record);
        const ours = encodeProposal(header, txn).bytes;
        const digestBytes = txn.kind === "error" ? 0 : 12;
        assert.equal(
          ours.toString("hex"),
          record.subarray(0, length - digestBytes).toString("hex"),
          `${name} at ${at}`,
        );
        at += 12 + length + 1;
        compared++;
      }
    }
    assert.equal(compared, 0x12);
  });
});

/** Times differ; everything else must not. */
function timeless(hex: string): string {
  return hex.replace(/000001(a2|9b)[0-9a-f]{8}/g, "<time>");
}

describe("a server of ours", () => {
  it("answers byte for byte what Apache ZooKeeper answered", async () => {
    const { world } = new Disk();
    const { runtime } = world.start({ host: "server" });
    const config = parseZooConfig("dataDir=/zk\nclientPort=2181\nextendedTypesEnabled=true", "zoo.cfg");
    const running = await world.finish(startServer(runtime, config), { what: "the server" });
    const client = world.start({ host: "client" });
    const opening = client.runtime.net.connect({ host: "server", port: 2181, timeoutMs: 1000 });
    const socket = await world.finish(opening, { what: "the connection" });
    let received: Buffer = Buffer.alloc(0);
    let closed = false;
    socket.handle({
      data: (bytes) => {
        received = Buffer.concat([received, bytes]);
      },
      close: () => {
        closed = true;
      },
    });
    const connect = Buffer.from(`0000002d${"00".repeat(12)}00002710${"00".repeat(8)}00000010${"00".repeat(17)}`, "hex");
    socket.write(connect);
    await world.until(() => received.length === 41, { what: "the session" });
    for (const { request, reply } of apacheExchange()) {
      received = Buffer.alloc(0);
      socket.write(Buffer.from(request));
      const isWhoAmI = request.readInt32BE(8) === opCode.whoAmI;
      const enoughBytes = isWhoAmI ? 20 : reply.length / 2;
      await world.until(() => received.length >= enoughBytes, { what: `an answer to ${request.toString("hex")}` });
      await world.run({ forMs: 5 });
      // The addresses of the two clients differ.
      const ours = timeless(received.toString("hex"));
      if (isWhoAmI) assert.match(ours, /6469676573740000000175$/);
      else assert.equal(ours, timeless(reply), request.toString("hex"));
    }
    await world.until(() => closed, { what: "the end after an unknown operation" });
    await world.finish(running.stop(), { what: "the end" });
  });
});

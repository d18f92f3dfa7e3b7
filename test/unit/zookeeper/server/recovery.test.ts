/** What a start makes of what it finds on disk: torn tails are cut, damage stops it and nothing is overwritten. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isStormLabError } from "../../../../src/base/index.ts";
import { opCode, type Proposal } from "../../../../src/wire/zookeeper/index.ts";
import { purge } from "../../../../src/zookeeper/server/purge.ts";
import { SnapshotDecoder } from "../../../../src/zookeeper/server/snapshot-codec.ts";
import { Disk } from "./database-disk.ts";
import { createTxn, proposalOf } from "./proposals.ts";

const snapshots = "/data/version-2";
const logs = "/log/version-2";

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    assert.ok(isStormLabError(error), String(error));
    return error.code;
  }
  throw new Error("it started");
}

/** Ten transactions, closed in good order. */
async function tenTransactions(): Promise<Disk> {
  const disk = new Disk();
  const database = await disk.open();
  await disk.write(database, 1, 10);
  await disk.run(database.close());
  return disk;
}

describe("an empty folder", () => {
  it("gets its first snapshot before anything else", async () => {
    const disk = new Disk();
    await disk.open();
    assert.deepEqual(await disk.names(snapshots), ["snapshot.0"]);
    assert.equal((await disk.open()).lastProcessedZxid, 0);
  });
});

describe("a restart", () => {
  it("finds every transaction, sessions included", async () => {
    const disk = new Disk();
    const database = await disk.open();
    const session = proposalOf(1, { kind: "createSession", type: opCode.createSession, timeoutMs: 9000 }, 5n);
    database.append(session);
    await disk.run(database.sync());
    database.apply(session);
    await disk.write(database, 2, 10);
    const again = await disk.open();
    assert.equal(again.lastProcessedZxid, 10);
    assert.ok(again.tree.get("/n10") !== undefined);
    assert.deepEqual([...again.sessions], [[5n, 9000]]);
    assert.equal(again.committed.length, 10);
    assert.deepEqual([again.committed.minZxid, again.committed.maxZxid], [1, 10]);
  });

  it("reads the newest snapshot that is whole, and the logs behind it", async () => {
    const disk = new Disk();
    const database = await disk.open();
    await disk.write(database, 1, 4);
    await disk.run(database.takeSnapshot());
    await disk.write(database, 5, 8);
    await disk.run(database.takeSnapshot());
    await disk.write(database, 9, 10);
    await disk.run(database.close());
    assert.deepEqual(await disk.names(snapshots), ["snapshot.0", "snapshot.4", "snapshot.8"]);
    assert.deepEqual(
      (await disk.names(logs)).filter((name) => name.startsWith("log.")),
      ["log.1", "log.5", "log.9"],
    );
    const newest = await disk.bytes(`${snapshots}/snapshot.8`);
    newest[100] = newest[100]! ^ 0x40;
    await disk.replace(`${snapshots}/snapshot.8`, newest);
    const again = await disk.open();
    assert.equal(again.lastProcessedZxid, 10);
    assert.equal([...again.tree.nodes.keys()].filter((path) => /^\/n\d/.test(path)).length, 10);
  });

  it("takes a snapshot by itself between half and all of snapCount", async () => {
    const disk = new Disk();
    const database = await disk.open({ snapCount: 20 });
    await disk.write(database, 1, 60);
    await disk.run(database.close());
    const zxids = (await disk.names(snapshots))
      .map((name) => Number.parseInt(name.split(".")[1] ?? "", 16))
      .sort((a, b) => a - b);
    assert.ok(zxids.length >= 3, String(zxids));
    for (let index = 1; index < zxids.length; index++) {
      const apart = zxids[index]! - zxids[index - 1]!;
      assert.ok(apart >= 10 && apart <= 24, String(zxids));
    }
    assert.equal((await disk.open()).lastProcessedZxid, 60);
  });
});

describe("a torn last write", () => {
  it("is cut, wherever it was torn, and the next start goes on behind it", async () => {
    const original = await (await tenTransactions()).bytes(`${logs}/log.1`);
    const lastLength = original.length / 10;
    for (let cut = 1; cut < lastLength; cut += 7) {
      const disk = await tenTransactions();
      await disk.replace(`${logs}/log.1`, original.subarray(0, original.length - cut));
      const database = await disk.open();
      assert.equal(database.lastProcessedZxid, 9, `cut by ${cut}`);
      await disk.write(database, 10, 12);
      await disk.run(database.close());
      assert.equal((await disk.open()).lastProcessedZxid, 12);
    }
  });

  it("may have left any sectors of what was not synced, in any order", async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const disk = new Disk(seed);
      const database = await disk.open();
      await disk.write(database, 1, 5);
      const late: Proposal[] = [];
      for (let zxid = 6; zxid <= 40; zxid++)
        late.push(proposalOf(zxid, createTxn(`/n${zxid}`, { data: "x".repeat(100) })));
      for (const proposal of late) database.append(proposal);
      // The write is under way when the power fails: nobody was told of these.
      void database.sync().catch(() => undefined);
      await disk.world.run({ forMs: (seed % 7) * 0.15 });
      disk.crash();
      const again = await disk.open();
      assert.ok(
        again.lastProcessedZxid >= 5 && again.lastProcessedZxid <= 40,
        `seed ${seed}: ${again.lastProcessedZxid}`,
      );
      for (let zxid = 1; zxid <= 5; zxid++)
        assert.ok(again.tree.get(`/n${zxid}`) !== undefined, `seed ${seed} lost /n${zxid}`);
      await disk.write(again, again.lastProcessedZxid + 1, again.lastProcessedZxid + 3);
      const last = again.lastProcessedZxid;
      disk.crash();
      assert.equal((await disk.open()).lastProcessedZxid, last);
    }
  });

  it("of the padding that Apache writes is no tear at all", async () => {
    const disk = await tenTransactions();
    const path = `${logs}/log.1`;
    await disk.replace(path, Buffer.concat([await disk.bytes(path), Buffer.alloc(2_000_000)]));
    assert.equal((await disk.open()).lastProcessedZxid, 10);
    assert.equal((await disk.bytes(path)).length > 2_000_000, true, "padding is left alone");
  });
});

describe("damage", () => {
  it("to an acknowledged transaction stops the start and changes nothing, at every byte of it", async () => {
    const disk = await tenTransactions();
    const path = `${logs}/log.1`;
    const original = await disk.bytes(path);
    const entryBytes = (original.length - 16) / 10;
    assert.ok(Number.isInteger(entryBytes) === false || entryBytes > 0);
    for (let at = 0; at < original.length * 0.7; at += 13) {
      const damaged = Buffer.from(original);
      damaged[at] = damaged[at]! ^ 0xff;
      await disk.replace(path, damaged);
      assert.equal(await refusalOf(disk.open()), "SL-ZK-LOG-DAMAGED", `byte ${at}`);
      assert.ok((await disk.bytes(path)).equals(damaged), "the file is as it was");
    }
    await disk.replace(path, original);
    assert.equal((await disk.open()).lastProcessedZxid, 10);
  });

  it("is also a missing file between two others", async () => {
    const disk = new Disk();
    const database = await disk.open();
    for (const first of [1, 4, 7]) {
      await disk.write(database, first, first + 2);
      await disk.run(database.takeSnapshot());
    }
    await disk.run(database.close());
    for (const name of ["snapshot.3", "snapshot.6", "snapshot.9"])
      await disk.run(disk.runtime.fs.remove(`${snapshots}/${name}`));
    assert.equal((await disk.open()).lastProcessedZxid, 9);
    await disk.run(disk.runtime.fs.remove(`${logs}/log.4`));
    assert.equal(await refusalOf(disk.open()), "SL-ZK-LOG-DAMAGED");
  });

  it("to every snapshot is said, unless a start without one is asked for", async () => {
    const disk = await tenTransactions();
    await disk.replace(`${snapshots}/snapshot.0`, Buffer.from("nonsense"));
    assert.equal(await refusalOf(disk.open()), "SL-ZK-NO-SNAPSHOT");
    assert.equal((await disk.open({ trustEmptySnapshot: true })).lastProcessedZxid, 10);
  });
});

describe("a folder that was changed in zoo.cfg", () => {
  it("is noticed before transactions are forgotten", async () => {
    const disk = new Disk();
    const database = await disk.open({ dataLogDir: "/data" });
    await disk.write(database, 1, 5);
    await disk.run(database.close());
    assert.equal(await refusalOf(disk.open()), "SL-ZK-FOLDERS");
    assert.equal((await disk.open({ dataLogDir: "/data" })).lastProcessedZxid, 5);
    await disk.run(disk.runtime.fs.makeDirectory("/log/version-2"));
    for (const name of ["log.1", "synced"]) {
      await disk.run(disk.runtime.fs.rename(`/data/version-2/${name}`, `/log/version-2/${name}`));
    }
    assert.equal((await disk.open()).lastProcessedZxid, 5);
    await disk.run(disk.runtime.fs.rename("/data/version-2/snapshot.0", "/log/version-2/snapshot.0"));
    assert.equal(await refusalOf(disk.open()), "SL-ZK-FOLDERS");
  });
});

describe("the epochs", () => {
  it("survive a crash once they are set, and must fit each other", async () => {
    const disk = new Disk(3);
    const database = await disk.open();
    await disk.run(database.epochs.setAccepted(7));
    await disk.run(database.epochs.setCurrent(6));
    disk.crash();
    const { epochs } = await disk.open();
    assert.deepEqual([epochs.accepted, epochs.current], [7, 6]);
    await disk.replace(`${snapshots}/acceptedEpoch`, Buffer.from("5"));
    assert.equal(await refusalOf(disk.open()), "SL-ZK-EPOCH");
  });
});

describe("TRUNC", () => {
  it("forgets what comes after, in memory and on disk", async () => {
    const disk = new Disk();
    const database = await disk.open();
    await disk.write(database, 1, 4);
    await disk.run(database.takeSnapshot());
    await disk.write(database, 5, 9);
    await disk.run(database.truncate(6));
    assert.equal(database.lastProcessedZxid, 6);
    assert.deepEqual([database.tree.get("/n6") !== undefined, database.tree.get("/n7")], [true, undefined]);
    await disk.write(database, 2 ** 32 + 1, 2 ** 32 + 2);
    disk.crash();
    const again = await disk.open();
    assert.equal(again.lastProcessedZxid, 2 ** 32 + 2);
    assert.equal(again.tree.get("/n7"), undefined);
  });

  it("removes a snapshot that already held it", async () => {
    const disk = new Disk();
    const database = await disk.open();
    await disk.write(database, 1, 4);
    await disk.run(database.takeSnapshot());
    await disk.run(database.truncate(2));
    assert.deepEqual(await disk.names(snapshots), ["snapshot.0"]);
    assert.equal((await disk.open()).lastProcessedZxid, 2);
  });
});

describe("SNAP", () => {
  it("replaces everything, and a later start finds only that", async () => {
    const source = new Disk(1);
    const from = await source.open();
    await source.write(from, 1, 20);
    const disk = new Disk(2);
    const database = await disk.open();
    await disk.write(database, 30, 40);
    const decoder = new SnapshotDecoder();
    let rest: Buffer | null = null;
    for (const piece of from.serialize()) rest = decoder.push(piece);
    assert.equal(rest?.length, 0);
    await disk.run(database.restore(decoder.image, 20));
    await disk.run(database.takeSnapshot());
    await disk.write(database, 21, 22);
    disk.crash();
    const again = await disk.open();
    assert.equal(again.lastProcessedZxid, 22);
    assert.deepEqual([again.tree.get("/n20") !== undefined, again.tree.get("/n31")], [true, undefined]);
  });
});

describe("committedFromLog", () => {
  async function zxids(proposals: AsyncIterable<Proposal> | null): Promise<number[] | null> {
    if (proposals === null) return null;
    const found: number[] = [];
    for await (const proposal of proposals) found.push(proposal.header.zxid);
    return found;
  }

  it("starts at or before the zxid, ends with what is committed, and knows its limits", async () => {
    const disk = new Disk();
    const database = await disk.open();
    await disk.write(database, 1, 3);
    await disk.run(database.takeSnapshot());
    await disk.write(database, 4, 6);
    database.append(proposalOf(7, createTxn("/n7")));
    await disk.run(database.sync());
    const read = (zxid: number, bytes: number) => disk.run(database.committedFromLog(zxid, bytes).then(zxids));
    assert.deepEqual(await read(2, 1e9), [2, 3, 4, 5, 6]);
    assert.deepEqual(await read(3, 1e9), [3, 4, 5, 6]);
    assert.deepEqual(await read(6, 0), [6]);
    assert.equal(await read(2, 10), null, "the later files are larger than that");
    assert.equal(await read(0, 1e9), null, "the log does not reach back so far");
  });
});

describe("purge", () => {
  it("keeps the newest snapshots and every log that they need", async () => {
    const disk = new Disk();
    const database = await disk.open();
    for (let round = 0; round < 6; round++) {
      await disk.write(database, round * 3 + 1, round * 3 + 3);
      await disk.run(database.takeSnapshot());
    }
    await disk.write(database, 19, 20);
    await disk.run(database.close());
    await disk.run(purge(disk.runtime.fs, snapshots, logs, 3));
    assert.deepEqual(await disk.names(snapshots), ["snapshot.12", "snapshot.c", "snapshot.f"]);
    assert.deepEqual(
      (await disk.names(logs)).filter((name) => name.startsWith("log.")),
      ["log.10", "log.13", "log.a", "log.d"],
    );
    await disk.run(disk.runtime.fs.remove(`${snapshots}/snapshot.12`));
    await disk.run(disk.runtime.fs.remove(`${snapshots}/snapshot.f`));
    assert.equal((await disk.open()).lastProcessedZxid, 20, "the oldest snapshot that was kept is enough");
  });

  it("removes nothing while there are too few snapshots", async () => {
    const disk = await tenTransactions();
    assert.deepEqual(await disk.run(purge(disk.runtime.fs, snapshots, logs, 3)), []);
  });
});

describe("a full disk", () => {
  it("is said, and what was synced before is there after space was made", async () => {
    const disk = new Disk(1, 60 * 4096);
    const database = await disk.open();
    let written = 0;
    const fill = async (): Promise<void> => {
      for (let zxid = 1; zxid < 1000; zxid++) {
        const proposal = proposalOf(zxid, createTxn(`/n${zxid}`, { data: "x".repeat(2000) }));
        database.append(proposal);
        await disk.run(database.sync());
        database.apply(proposal);
        written = zxid;
      }
    };
    assert.equal(await refusalOf(fill()), "SL-ZK-DISK-FULL");
    assert.ok(written > 10);
    await assert.rejects(disk.run(database.sync()), "no later sync may claim success");
    const again = await disk.open();
    assert.equal(again.lastProcessedZxid >= written, true);
    assert.ok(again.tree.get(`/n${written}`) !== undefined);
  });
});

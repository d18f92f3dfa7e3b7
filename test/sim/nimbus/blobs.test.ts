/** The blob store by its calls: sessions that end, expire and are too many; versions; copies on other nimbuses; disks that fail. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SimulatedWorld } from "../../../src/base/index.ts";
import { BlobFiles } from "../../../src/nimbus/blobs/blob-files.ts";
import { BlobChecksum } from "../../../src/state/index.ts";
import { seeds, wordCountThrift } from "../../kit/index.ts";
import { Stage } from "./stage.ts";

const meta = { acl: [{ type: "OTHER" as const, name: "", access: 7 }], replication_factor: 1 };
type Calls = Parameters<Parameters<Stage["call"]>[0]>[0];

async function leading(seed: number): Promise<Stage> {
  const stage = new Stage(seed);
  const nimbus = stage.nimbus();
  await stage.until(() => nimbus.leads, "nimbus leads");
  return stage;
}

async function upload(calls: Calls, session: string, content: string): Promise<void> {
  for (let at = 0; at < content.length; at += 100_000) {
    await calls.uploadBlobChunk({ session, chunk: Buffer.from(content.slice(at, at + 100_000)) });
  }
  await calls.finishBlobUpload({ session });
}

async function download(calls: Calls, key: string): Promise<string> {
  const { session, data_size } = await calls.beginBlobDownload({ key });
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await calls.downloadBlobChunk({ session });
    if (chunk.length === 0) break;
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  assert.equal(bytes.length, data_size);
  return bytes.toString();
}

const create = async (calls: Calls, key: string, content: string) =>
  upload(calls, await calls.beginCreateBlob({ key, meta }), content);

describe("a blob", () => {
  it("is created, read, replaced and deleted, and is another version then", async () => {
    const stage = await leading(1);
    const large = "large ".repeat(100_000);
    await stage.call(async (calls) => {
      await create(calls, "mine", large);
      assert.equal(await download(calls, "mine"), large);
      const first = await calls.getBlobMeta({ key: "mine" });
      assert.deepEqual(first.settable, meta);
      assert.equal(first.version, new BlobChecksum().update(Buffer.from(large)).value);
      await assert.rejects(calls.beginCreateBlob({ key: "mine", meta }), { code: "SL-STORM-KEY-ALREADY-EXISTS" });
      // Who reads goes on reading what there was.
      const { session } = await calls.beginBlobDownload({ key: "mine" });
      await upload(calls, await calls.beginUpdateBlob({ key: "mine" }), "small");
      assert.match(Buffer.from(await calls.downloadBlobChunk({ session })).toString(), /^large /);
      assert.equal(await download(calls, "mine"), "small");
      assert.notEqual((await calls.getBlobMeta({ key: "mine" })).version, first.version);
      assert.equal(await calls.getBlobReplication({ key: "mine" }), 1);
      await assert.rejects(calls.updateBlobReplication({ key: "mine", replication: 2 }), /HDFS blob store/);
      assert.equal(await calls.isRemoteBlobExists({ blobKey: "mine" }), true);
      await calls.deleteBlob({ key: "mine" });
      assert.equal(await calls.isRemoteBlobExists({ blobKey: "mine" }), false);
      for (const call of [calls.getBlobMeta, calls.beginBlobDownload, calls.deleteBlob, calls.beginUpdateBlob]) {
        await assert.rejects(call({ key: "mine" }), { code: "SL-STORM-KEY-NOT-FOUND" });
      }
    });
    assert.deepEqual(await stage.do(stage.state.blobKeys()), []);
  });

  it("is what it was while an upload is not finished, cancelled or lost with nimbus", async () => {
    const stage = await leading(2);
    await stage.call(async (calls) => {
      await create(calls, "mine", "old");
      const session = await calls.beginUpdateBlob({ key: "mine" });
      await calls.uploadBlobChunk({ session, chunk: Buffer.from("new") });
      assert.equal(await download(calls, "mine"), "old");
      await calls.cancelBlobUpload({ session });
      await assert.rejects(calls.finishBlobUpload({ session }), /does not exist \(or timed out\)/);
      const lost = await calls.beginUpdateBlob({ key: "mine" });
      await calls.uploadBlobChunk({ session: lost, chunk: Buffer.from("new") });
      const created = await calls.beginCreateBlob({ key: "never", meta });
      await calls.uploadBlobChunk({ session: created, chunk: Buffer.from("x") });
    });
    const nimbus = stage.nimbuses.get("n1");
    nimbus?.kill();
    nimbus?.start();
    await stage.until(() => nimbus?.leads === true, "it leads again");
    assert.equal(await stage.call((calls) => download(calls, "mine")), "old");
    await stage.call((calls) => create(calls, "never", "now"));
    assert.deepEqual(await stage.do(stage.state.blobHolders("mine")), [{ nimbusId: "n1:6627:0", version: 1 }]);
  });

  it("of a topology cannot be deleted while the topology is there", async () => {
    const stage = await leading(3);
    await stage.submit("wc", wordCountThrift());
    const [id = ""] = await stage.do(stage.state.topologies());
    await assert.rejects(
      stage.call((calls) => calls.deleteBlob({ key: `${id}-stormcode.ser` })),
      /Attempting to delete blob .* from under active topology/,
    );
  });

  it("is listed with all others, a hundred an answer", async () => {
    const stage = await leading(4);
    await stage.call(async (calls) => {
      const keys = Array.from({ length: 230 }, (_, index) => `key-${String(index).padStart(3, "0")}`);
      for (const key of keys) await create(calls, key, key);
      const listed: string[] = [];
      const sizes: number[] = [];
      let session = "";
      for (;;) {
        const result = await calls.listBlobs({ session });
        session = result.session;
        sizes.push(result.keys.length);
        if (result.keys.length === 0) break;
        listed.push(...result.keys);
      }
      assert.deepEqual([listed, sizes], [keys, [100, 100, 30, 0]]);
      await assert.rejects(calls.listBlobs({ session }), /Blob list for session .* does not exist/);
    });
  });
});

describe("sessions", () => {
  it("are given up after their time of silence, with all that they hold", async () => {
    const stage = await leading(5);
    const [location, session, download_] = await stage.call(async (calls) => {
      await create(calls, "mine", "x");
      return [
        await calls.beginFileUpload(),
        await calls.beginUpdateBlob({ key: "mine" }),
        (await calls.beginBlobDownload({ key: "mine" })).session,
      ];
    });
    await stage.world.run({ forMs: 400_000 });
    await stage.call((calls) => calls.uploadBlobChunk({ session: session ?? "", chunk: Buffer.from("y") }));
    await stage.world.run({ forMs: 400_000 });
    await assert.rejects(
      stage.call((calls) => calls.uploadChunk({ location: location ?? "", chunk: Buffer.from("x") })),
      /timed out/,
    );
    await assert.rejects(
      stage.call((calls) => calls.downloadBlobChunk({ session: download_ ?? "" })),
      /timed out/,
    );
    await stage.call((calls) => calls.finishBlobUpload({ session: session ?? "" }));
    assert.equal(await stage.call((calls) => download(calls, "mine")), "y");
  });

  it("are never more than nimbus takes", async () => {
    const stage = await leading(6);
    await stage.call(async (calls) => {
      for (let each = 0; each < 100; each++) await calls.beginFileUpload();
      await assert.rejects(calls.beginFileUpload(), /nimbus has 100 open uploads and takes no more/);
    });
    await stage.world.run({ forMs: 900_000 });
    await stage.call((calls) => calls.beginFileUpload());
  });
});

describe("another nimbus", () => {
  it("copies every version, and drops what is gone", async () => {
    const stage = await leading(7);
    stage.nimbus("n2");
    await stage.call((calls) => create(calls, "mine", "one"));
    const held = async (version: number) =>
      (await stage.state.blobHolders("mine")).filter((holder) => holder.version === version).length === 2;
    await stage.eventually(() => held(1), "both have the first version", 2000);
    assert.equal(await stage.call((calls) => download(calls, "mine"), "n2"), "one");
    await stage.call(async (calls) => upload(calls, await calls.beginUpdateBlob({ key: "mine" }), "two"));
    await stage.eventually(() => held(2), "both have the second version", 2000);
    assert.equal(await stage.call((calls) => download(calls, "mine"), "n2"), "two");
    await assert.rejects(
      stage.call((calls) => calls.beginCreateBlob({ key: "other", meta }), "n2"),
      /not a leader/,
    );
    await stage.call((calls) => calls.deleteBlob({ key: "mine" }));
    await stage.eventually(
      () => stage.callFrom((calls) => calls.isRemoteBlobExists({ blobKey: "mine" }), "n2").then((is) => !is),
      "n2 drops it",
      2000,
    );
  });

  it("does not lead while it lacks a topology's code, and leads when it can have it", async () => {
    const stage = await leading(8);
    const first = stage.nimbuses.get("n1");
    await stage.submit("wc", wordCountThrift());
    first?.kill();
    const second = stage.nimbus("n2");
    await stage.world.run({ forMs: 30_000 });
    assert.equal(second.leads, false);
    assert.ok(
      stage.logs.some((line) =>
        /n2 warn Giving up leadership: code for all active topologies not available/.test(line),
      ),
    );
    first?.start();
    await stage.until(() => first?.leads === true || second.leads, "one of them leads", 20_000);
    await stage.eventually(
      async () => (await stage.state.blobHolders(`${(await stage.state.topologies())[0]}-stormcode.ser`)).length === 2,
      "both have the code",
    );
    first?.kill();
    await stage.until(() => second.leads, "the second one leads", 20_000);
    await stage.call((calls) => calls.deactivate({ name: "wc" }), "n2");
  });
});

describe("files of blobs", () => {
  it("are whole or not there, whenever the power fails", async () => {
    for (const seed of seeds({ smoke: 40 })) {
      const random = new SeededRandom(seed);
      const world = new SimulatedWorld({ seed, logLevel: "error" });
      const write = async (files: BlobFiles, content: string) => {
        await files.setMeta("key", meta);
        const draft = await files.write("key");
        for (const part of content.match(/.{1,3}/g) ?? []) await draft.write(Buffer.from(part));
        await draft.commit();
      };
      const open = () => {
        const process = world.start({ host: "h" });
        return { process, files: new BlobFiles(process.runtime, "/storm-local/blobs") };
      };
      const finish = <T>(promise: Promise<T>) => world.finish(promise, { what: "the disk" });
      await finish(write(open().files, "the old content"));
      const { process, files } = open();
      await finish(files.load());
      world.killAtOperation(process.pid, 1 + random.below(40));
      void write(files, "the new and longer content");
      await world.run({ forMs: 1000 });
      world.crashHost("h");
      const again = open().files;
      assert.deepEqual(await finish(again.load()), ["key"], `seed ${seed}`);
      const reader = await finish(again.open("key"));
      const content = Buffer.from(await finish(reader.read(1000))).toString();
      assert.ok(["the old content", "the new and longer content"].includes(content), `seed ${seed}: ${content}`);
      assert.equal((await finish(again.meta("key")))?.version, new BlobChecksum().update(Buffer.from(content)).value);
    }
  });
});

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { describe, it } from "node:test";
import { deflateRawSync } from "node:zlib";
import { unpackCode } from "../../../src/code/index.ts";
import { unzip, zip } from "../../../src/code/zip.ts";
import { temporaryDirectory } from "../../kit/index.ts";
import { pack, runtime, spoutText, topologyText, writeFiles } from "./author-code.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** What is written of an archive. */
async function unpacked(archive: Uint8Array): Promise<string[]> {
  await using worker = await temporaryDirectory();
  await unpackCode(runtime.fs, archive, worker.join("new"));
  return (await readdir(worker.path, { recursive: true })).sort();
}

async function assertRefused(archive: Uint8Array, says: RegExp): Promise<void> {
  await using worker = await temporaryDirectory();
  await assert.rejects(unpackCode(runtime.fs, archive, worker.path), { code: "SL-CODE-ARCHIVE", message: says });
  assert.deepEqual(await readdir(worker.path), [], "nothing was written");
}

async function packedTopology(): Promise<Map<string, Uint8Array>> {
  await using author = await temporaryDirectory();
  await writeFiles(author, { "topology.mjs": topologyText(spoutText("1")) });
  const [packed] = await pack(author.join("topology.mjs"));
  assert.ok(packed !== undefined);
  return unzip(packed.archive, () => true, { bytesMax: 1 << 30, filesMax: 1 << 20 });
}

describe("an archive", () => {
  it("of somebody else is unpacked as far as its resources go", async () => {
    const jar = zip(
      new Map([
        ["META-INF/MANIFEST.MF", bytes("x")],
        ["resources/split.py", bytes("print()")],
      ]),
    );
    assert.deepEqual(await unpacked(jar), ["new", "new/resources", "new/resources/split.py"]);
    assert.deepEqual(await unpacked(zip(new Map([["a.class", bytes("x")]]))), ["new", "new/resources"]);
  });

  for (const path of [
    "resources/../../x",
    "../resources/x",
    "/resources/x",
    "resources//x",
    "resources/./x",
    "resources\\x",
    "C:/x",
  ]) {
    it(`that leads out of its folder is refused: ${path}`, async () => {
      const archive = zip(
        new Map([
          ["resources/a", bytes("a")],
          [path, bytes("x")],
        ]),
      );
      await assertRefused(archive, /it has a file named/);
    });
  }

  it("that was changed is refused: a byte, a file too few, a file too many", async () => {
    const files = await packedTopology();
    const topology = "resources/topology.mjs";
    const other = Uint8Array.from(files.get(topology) ?? []);
    other[0] = 32;
    await assertRefused(zip(new Map([...files, [topology, other]])), /topology\.mjs is not what was packed/);
    await assertRefused(zip(new Map([...files].filter(([path]) => path !== topology))), /topology\.mjs is missing/);
    await assertRefused(zip(new Map([...files, ["resources/b.mjs", other]])), /b\.mjs was not packed/);
    const manifest = "resources/storm-lab.json";
    await assertRefused(zip(new Map([...files, [manifest, bytes("{")]])), /is no JSON/);
    await assertRefused(zip(new Map([...files, [manifest, bytes('{ "version": 1 }')]])), /has a wrong "entry"/);
    const newer = zip(new Map([...files, [manifest, bytes('{ "version": 2 }')]]));
    await assert.rejects(unpacked(newer), { code: "SL-CODE-VERSION" });
  });

  it("that was cut is refused, wherever it was cut", async () => {
    const archive = zip(await packedTopology());
    const directory = Buffer.from(archive).indexOf("PK\x01\x02");
    for (let length = 60; length < directory; length += 97)
      await assert.rejects(unpacked(archive.subarray(0, length)), { code: "SL-CODE-ARCHIVE" }, `${length}`);
  });

  it("that is none is refused, or has no resources", async () => {
    const noise = Uint8Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 251);
    assert.deepEqual(await unpacked(noise), ["new", "new/resources"]);
  });

  it("that says it is small and is not is stopped on the way", () => {
    const bomb = liar("resources/bomb", deflateRawSync(new Uint8Array(8 * 1024 * 1024)), 10);
    const open = () => unzip(bomb, () => true, { bytesMax: 1024 * 1024, filesMax: 1 });
    assert.throws(open, { code: "SL-CODE-ARCHIVE", message: /unpacks to more than 1048576 bytes/ });
  });

  it("of very many files is refused", () => {
    const many = zip(new Map(Array.from({ length: 11 }, (_, index) => [`resources/${index}`, bytes("")] as const)));
    const open = () => unzip(many, () => true, { bytesMax: 10, filesMax: 10 });
    assert.throws(open, { code: "SL-CODE-ARCHIVE", message: /more than 10 files/ });
  });
});

/** One file whose header claims another size. */
function liar(path: string, packed: Uint8Array, claimed: number): Uint8Array {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(claimed, 22);
  header.writeUInt16LE(path.length, 26);
  return Buffer.concat([header, Buffer.from(path), packed]);
}

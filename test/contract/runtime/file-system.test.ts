import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeOf, text } from "./conversation.ts";
import { bothSides } from "./sides.ts";

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

for (const side of bothSides) {
  describe(`files, ${side.name}`, () => {
    it("writes and reads a whole file", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        await fs.writeFile(`${directory}/a`, text("first, and longer"));
        await fs.writeFile(`${directory}/a`, text("second"));
        assert.equal(textOf(await fs.readFile(`${directory}/a`)), "second");
        const stat = await fs.stat(`${directory}/a`);
        assert.equal(stat?.kind, "file");
        assert.equal(stat?.size, 6);
        assert.ok((stat?.modifiedMs ?? 0) > 0);
      }));

    it("opens as the mode says", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        const path = `${directory}/a`;
        assert.equal(await codeOf(fs.open(path, "read")), "ENOENT");
        assert.equal(await codeOf(fs.open(path, "read-write")), "ENOENT");
        const made = await fs.open(path, "create-new");
        await made.write(text("hello"), 0);
        await made.close();
        assert.equal(await codeOf(fs.open(path, "create-new")), "EEXIST");
        const both = await fs.open(path, "read-write");
        await both.write(text("J"), 0);
        assert.equal(await both.size(), 5);
        await both.close();
        assert.equal(textOf(await fs.readFile(path)), "Jello");
        const appended = await fs.open(path, "append");
        await appended.write(text(" there"), 0);
        await appended.write(text("!"), 0);
        await appended.close();
        assert.equal(textOf(await fs.readFile(path)), "Jello there!");
        const emptied = await fs.open(path, "create");
        assert.equal(await emptied.size(), 0);
        await emptied.close();
        assert.equal(await codeOf(fs.open(`${directory}/no/file`, "create")), "ENOENT");
        assert.equal(await codeOf(fs.open(directory, "read")), "EISDIR");
        assert.equal(await codeOf(fs.open(directory, "create")), "EISDIR");
      }));

    it("reads and writes at positions, with holes that read as zeros", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        const handle = await fs.open(`${directory}/a`, "create");
        await handle.write(text("end"), 9000);
        await handle.write(text("begin"), 0);
        assert.equal(await handle.size(), 9003);
        const into = new Uint8Array(5).fill(1);
        assert.equal(await handle.read(into, 0), 5);
        assert.equal(textOf(into), "begin");
        assert.equal(await handle.read(into, 5000), 5);
        assert.deepEqual([...into], [0, 0, 0, 0, 0]);
        assert.equal(await handle.read(into, 9001), 2);
        assert.equal(textOf(into.subarray(0, 2)), "nd");
        assert.equal(await handle.read(into, 9003), 0);
        assert.equal(await handle.read(into, 20_000), 0);
        await handle.sync();
        await handle.close();
        assert.equal((await fs.readFile(`${directory}/a`)).length, 9003);
      }));

    it("truncates both ways, leaving zeros", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        const handle = await fs.open(`${directory}/a`, "create");
        await handle.write(new Uint8Array(10_000).fill(9), 0);
        await handle.truncate(4100);
        await handle.truncate(12_000);
        const bytes = await fs.readFile(`${directory}/a`);
        assert.equal(bytes.length, 12_000);
        assert.equal(bytes[4099], 9);
        assert.ok(bytes.subarray(4100).every((byte) => byte === 0));
        await handle.close();
      }));

    it("refuses to write to what was opened for reading, and anything after close", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        await fs.writeFile(`${directory}/a`, text("a"));
        const handle = await fs.open(`${directory}/a`, "read");
        assert.equal(await codeOf(handle.write(text("b"), 0)), "EBADF");
        await handle.close();
        assert.equal(await codeOf(handle.read(new Uint8Array(1), 0)), "EBADF");
        assert.equal(await codeOf(handle.close()), "EBADF");
      }));

    it("renames over what is there", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        await fs.writeFile(`${directory}/new`, text("new"));
        await fs.writeFile(`${directory}/old`, text("old"));
        await fs.rename(`${directory}/new`, `${directory}/old`);
        assert.deepEqual(await fs.list(directory), ["old"]);
        assert.equal(textOf(await fs.readFile(`${directory}/old`)), "new");
        assert.equal(await codeOf(fs.rename(`${directory}/none`, `${directory}/x`)), "ENOENT");
        await fs.makeDirectory(`${directory}/full/of`);
        await fs.makeDirectory(`${directory}/other`);
        assert.equal(await codeOf(fs.rename(`${directory}/other`, `${directory}/full`)), "ENOTEMPTY");
        await fs.rename(`${directory}/full`, `${directory}/other`);
        assert.deepEqual(await fs.list(`${directory}/other`), ["of"]);
      }));

    it("makes, lists, syncs and removes folders", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        await fs.makeDirectory(`${directory}/a/b/c`);
        await fs.makeDirectory(`${directory}/a/b/c`);
        for (const name of ["z", "a", "Z", "10", "9"]) await fs.writeFile(`${directory}/a/b/${name}`, text(name));
        assert.deepEqual(await fs.list(`${directory}/a/b`), ["10", "9", "Z", "a", "c", "z"]);
        await fs.syncDirectory(`${directory}/a/b`);
        assert.equal((await fs.stat(`${directory}/a/b`))?.kind, "directory");
        await fs.remove(`${directory}/a`);
        await fs.remove(`${directory}/a`);
        assert.equal(await fs.stat(`${directory}/a`), null);
        assert.equal(await fs.stat(`${directory}/a/b/c`), null);
        assert.equal(await codeOf(fs.list(`${directory}/a`)), "ENOENT");
        assert.equal(await codeOf(fs.syncDirectory(`${directory}/a`)), "ENOENT");
        assert.equal(await codeOf(fs.readFile(`${directory}/a`)), "ENOENT");
        assert.equal(await codeOf(fs.readFile(directory)), "EISDIR");
      }));

    it("tells where a path really leads", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        await fs.makeDirectory(`${directory}/in`);
        await fs.writeFile(`${directory}/in/a`, text("a"));
        const root = await fs.realPath(directory);
        assert.equal(await fs.realPath(`${directory}/in/../in/./a`), `${root}/in/a`);
        assert.equal(await fs.realPath(`${directory}/in/b`), null);
        assert.equal(await fs.realPath(`${directory}/in/a/b`), null);
      }));

    it("says which file an error is about", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        await assert.rejects(fs.readFile(`${directory}/missing`), { name: "FsError", path: `${directory}/missing` });
        await fs.writeFile(`${directory}/file`, text(""));
        assert.equal(await codeOf(fs.makeDirectory(`${directory}/file`)), "EEXIST");
        assert.equal(await codeOf(fs.list(`${directory}/file`)), "ENOTDIR");
      }));

    it("goes on with an open file that was renamed or removed", () =>
      side.run(async ({ runtime: { fs }, directory }) => {
        const handle = await fs.open(`${directory}/a`, "create");
        await fs.rename(`${directory}/a`, `${directory}/b`);
        await handle.write(text("written"), 0);
        assert.equal(textOf(await fs.readFile(`${directory}/b`)), "written");
        await fs.remove(`${directory}/b`);
        assert.equal(await handle.size(), 7);
        await handle.close();
        assert.deepEqual(await fs.list(directory), []);
      }));
  });
}

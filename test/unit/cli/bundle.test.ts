/** An archive is unpacked whole and unchanged, or not at all. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { isStormLabError } from "../../../src/base/index.ts";
import { checkedFiles } from "../../../src/cli/commands/bundle/import.ts";
import { readTar, tarEnd, tarEntry } from "../../../src/cli/commands/bundle/tar.ts";

const long = `node_modules/${"a".repeat(80)}/${"b".repeat(90)}`;
const contents: readonly (readonly [string, string])[] = [
  ["bin/storm-lab.mjs", "#!/usr/bin/env node\n"],
  [long, "x".repeat(1024)],
  ["empty", ""],
];

describe("a bundle", () => {
  it("gives back what was put in, long names and executables too", () => {
    const files = checkedFiles("b.tar.gz", bundle(contents));
    assert.deepEqual(
      files.slice(0, -1).map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]),
      contents,
    );
    assert.deepEqual(
      files.map(({ isExecutable }) => isExecutable),
      [true, false, false, false],
    );
  });

  it("is refused when it was cut off, wherever", () => {
    const whole = bundle(contents);
    for (const length of [0, 10, whole.length >> 1, whole.length - 1])
      refused(whole.subarray(0, length), /no whole gzip file/);
    const tar = tarOf(contents, contents);
    for (const length of [512, 1500, tar.length - 1024]) assert.equal(readTar(tar.subarray(0, length)), null);
  });

  it("is refused when a file in it was changed, added, left out or doubled", () => {
    const other = contents.map(([path, text]) => [path, path === "empty" ? "!" : text] as const);
    refused(gzipSync(tarOf(other, contents)), /empty is not what was exported/);
    refused(gzipSync(tarOf([...contents, ["new", ""]], contents)), /new is not what was exported/);
    refused(gzipSync(tarOf(contents.slice(1), contents)), /bin\/storm-lab\.mjs is missing/);
    refused(gzipSync(tarOf([...contents, ["empty", ""]], contents)), /twice/);
    refused(
      gzipSync(Buffer.concat([tarEntry({ path: "a", isExecutable: false, bytes: Buffer.from("") }), tarEnd])),
      /no SHA256SUMS/,
    );
  });

  it("is refused when a path leaves the folder", () => {
    for (const path of ["../evil", "/evil", "a/../../evil", "a//b", "./a", "a\\..\\b"])
      refused(bundle([[path, "x"]]), /outside of the folder/);
  });

  it("is refused when it holds a link", () => {
    const entry = Buffer.from(tarEntry({ path: "link", isExecutable: false, bytes: Buffer.from("") }));
    entry.write("2", 156);
    assert.equal(readTar(Buffer.concat([entry, tarEnd])), null);
  });
});

function bundle(files: readonly (readonly [string, string])[]): Uint8Array {
  return gzipSync(tarOf(files, files));
}

function tarOf(files: readonly (readonly [string, string])[], summed: readonly (readonly [string, string])[]): Buffer {
  const sums = summed.map(([path, text]) => `${createHash("sha256").update(text).digest("hex")}  ${path}\n`).join("");
  const entries = [...files, ["SHA256SUMS", sums] as const].map(([path, text]) =>
    tarEntry({ path, isExecutable: path.startsWith("bin/"), bytes: Buffer.from(text) }),
  );
  return Buffer.concat([...entries, tarEnd]);
}

function refused(archive: Uint8Array, why: RegExp): void {
  assert.throws(
    () => checkedFiles("b.tar.gz", archive),
    (error) => isStormLabError(error, "SL-BUNDLE-DAMAGED") && why.test(error.message),
  );
}

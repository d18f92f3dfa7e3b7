/** Rolled logs that are compressed: shown and searched as their text, which need not fit into memory. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { realRuntime } from "../../../src/base/index.ts";
import { LogViewer } from "../../../src/logviewer/index.ts";
import { openLog } from "../../../src/logviewer/log-bytes.ts";
import { searchLog } from "../../../src/logviewer/search.ts";
import { type TemporaryDirectory, temporaryDirectory } from "../../kit/index.ts";

const runtime = realRuntime({ name: "test", self: { command: [process.execPath] }, level: "error" });
const id = "wc-1-1700000000";
const worker = `n1/workers-artifacts/${id}/6700`;

async function viewerOf(directory: TemporaryDirectory, files: Readonly<Record<string, Buffer>>): Promise<LogViewer> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(directory.join(path)), { recursive: true });
    await writeFile(directory.join(path), bytes);
  }
  return new LogViewer(runtime, {
    folders: () => Promise.resolve({ n1: [directory.join("n1")] }),
    urlOf: ({ name }) => `/${name}?`,
  });
}

async function ask(viewer: LogViewer, path: string) {
  const [words = "", query = ""] = path.split("?");
  const answer = await viewer.answer(words.split("/"), new Map(new URLSearchParams(query)));
  assert.ok(answer !== null && "body" in answer, path);
  return answer;
}

describe("a compressed log", () => {
  it("is shown and searched as its text, alone and among others", async () => {
    await using directory = await temporaryDirectory();
    const text = `first line\n${"x".repeat(300)}needle\nlast line\n`;
    const viewer = await viewerOf(directory, {
      [`${worker}/worker.log`]: Buffer.from("nothing here\n"),
      [`${worker}/worker.log.1.gz`]: gzipSync(text),
      [`${worker}/worker.log.2.gz`]: gzipSync("needle").subarray(0, 20),
      "n1/nimbus.log.1.gz": gzipSync(text),
    });
    const name = `${id}/6700/worker.log.1.gz`;
    const page = await ask(viewer, `log?file=${name}`);
    assert.deepEqual([page.body, page.headers], [text, { "X-Log-Start": "0", "X-Log-Size": `${text.length}` }]);
    assert.equal((await ask(viewer, `log?file=${name}&length=10`)).body, "last line\n");
    assert.equal((await ask(viewer, `log?file=${name}&start=6&length=4`)).body, "line");
    assert.equal((await ask(viewer, `log?file=${name}&grep=last`)).body, "last line\n");
    assert.equal((await ask(viewer, `log?file=${name}&start=9999`)).status, 400);
    assert.equal((await ask(viewer, "daemonlog?file=nimbus.log.1.gz&length=10")).body, "last line\n");
    const found = JSON.parse(`${(await ask(viewer, `search?file=${name}&search-string=needle`)).body}`);
    assert.deepEqual(found.matches, [
      {
        byteOffset: 311,
        beforeString: "x".repeat(128),
        matchString: "needle",
        afterString: "\nlast line\n",
        logviewerURL: `/${name}?&start=0&length=51200`,
      },
    ]);
    const beyond = `search?file=${name}&search-string=needle&start-byte-offset=${text.length + 1}`;
    assert.match(`${(await ask(viewer, beyond)).body}`, /Cannot search past the end of the file/);
    const deep = `deepSearch/${id}?search-string=needle&num-matches=9`;
    const [archived] = JSON.parse(`${(await ask(viewer, `${deep}&search-archived=on`)).body}`);
    const names = archived.matches.map((each: { fileName: string }) => each.fileName);
    assert.deepEqual(names, [name], "one that is cut off spoils nothing");
    assert.equal((await ask(viewer, `log?file=${id}/6700/worker.log.2.gz`)).status, 500);
  });

  it("is read at any place, and found in, as a plain one", async () => {
    await using directory = await temporaryDirectory();
    const [plain, packed] = [directory.join("worker.log.1"), directory.join("worker.log.1.gz")];
    const place = fc.tuple(fc.nat(700_000), fc.nat(70_000));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("a", "b", "é", "\n"), { minLength: 1, maxLength: 30 }),
        fc.array(place, { maxLength: 6 }),
        fc.boolean(),
        async (letters, places, isParted) => {
          const body = Buffer.from(letters.join(""));
          const around = 256 * 1024 - 10;
          const text = Buffer.concat([Buffer.alloc(around, "z"), body, Buffer.alloc(around, "y"), body]);
          const parts = isParted ? [text.subarray(0, 1000), text.subarray(1000)] : [text];
          await writeFile(plain, text);
          await writeFile(packed, Buffer.concat(parts.map((part) => gzipSync(part))));
          await using one = await openLog(runtime.fs, plain);
          await using other = await openLog(runtime.fs, packed);
          for (const [position, length] of places)
            assert.ok(
              (await other.read(position, length)).equals(text.subarray(position, position + length)),
              `${position} ${length}`,
            );
          const where = { from: 5, count: 4 };
          const wanted = body.subarray(0, 2).toString();
          assert.deepEqual(await searchLog(other, wanted, where), await searchLog(one, wanted, where));
        },
      ),
      { numRuns: 25, seed: 3 },
    );
  });

  it("is searched a piece at a time, however long its text", async () => {
    await using directory = await temporaryDirectory();
    const path = directory.join("worker.log.1.gz");
    const megabytes = 256;
    const piece = gzipSync(Buffer.alloc(16 * 1024 * 1024, "x"), { level: 1 });
    const pieces = new Array<Buffer>(megabytes / 16).fill(piece);
    await writeFile(path, Buffer.concat([...pieces, gzipSync("needle")]));
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = runtime.timers.every(20, () => {
      most = Math.max(most, process.memoryUsage.rss());
    });
    await using log = await openLog(runtime.fs, path);
    const { matches } = await searchLog(log, "needle", { from: 0, count: 1 });
    watch.cancel();
    assert.equal(matches[0]?.byteOffset, megabytes * 1024 * 1024);
    assert.ok((most - before) / 1024 / 1024 < megabytes / 2, `${(most - before) / 1024 / 1024} MB more`);
  });
});

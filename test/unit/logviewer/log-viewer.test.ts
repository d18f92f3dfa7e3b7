/** The log paths over real folders: what they answer, and what no name reaches. */
import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { realRuntime } from "../../../src/base/index.ts";
import { LogViewer } from "../../../src/logviewer/index.ts";
import { openLog } from "../../../src/logviewer/log-bytes.ts";
import { searchLog } from "../../../src/logviewer/search.ts";
import { type TemporaryDirectory, temporaryDirectory } from "../../kit/index.ts";

const runtime = realRuntime({ name: "test", self: { command: [process.execPath] }, level: "error" });
const id = "wc-1-1700000000";

async function viewerOf(directory: TemporaryDirectory, files: Readonly<Record<string, string>>): Promise<LogViewer> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(directory.join(path)), { recursive: true });
    await writeFile(directory.join(path), text);
  }
  const folders = { n1: [directory.join("n1")], n2: [directory.join("n2")] };
  const urlOf = ({ host, name }: { readonly host: string; readonly name: string }) => `http://${host}/${name}?`;
  return new LogViewer(runtime, { folders: () => Promise.resolve(folders), urlOf });
}

/** What comes back; bytes of a download as text. */
async function ask(viewer: LogViewer, path: string) {
  const [words = "", query = ""] = path.split("?");
  const answer = await viewer.answer(words.split("/").map(decodeURIComponent), new Map(new URLSearchParams(query)));
  assert.ok(answer !== null, path);
  if (!("read" in answer)) return { status: answer.status, body: answer.body, headers: answer.headers ?? {} };
  const pieces: Buffer[] = [];
  for (let at = 0; at < answer.length; at += 7) pieces.push(Buffer.from(await answer.read(at, 7)));
  answer.close();
  return { status: answer.status, body: Buffer.concat(pieces).toString(), headers: answer.headers ?? {} };
}

const log = `n1/workers-artifacts/${id}/6700/worker.log`;

const hostileNames = [
  "../secret",
  "../../secret",
  "/etc/passwd",
  `${id}/6700/../../../../secret`,
  `${id}/6700/worker.yaml`,
  `${id}/6700/worker.log.gz`,
  `${id}/6700/worker.log/../../../../../secret`,
  `${id}/6700/worker.log\0`,
  `${id}/6700/worker.log.err`,
  `${id}/6700/..`,
  `../workers-artifacts/${id}/6700/worker.log`,
  `..\\secret/6700/worker.log`,
  "linked/6700/worker.log",
  "secret.txt",
  "workers-artifacts",
  "%2e%2e/secret",
  "%252e%252e%252fsecret",
  `${id}/6700/worker.log/`,
  `/${id}/6700/worker.log`,
  `${id}//6700/worker.log`,
  `./${id}/6700/worker.log`,
  `${id}/6700/worker.log.gz/../../../../../secret`,
  `${id}/6700/${"worker.log.".repeat(2000)}`,
  `${"a".repeat(5000)}/6700/worker.log`,
  `${"../".repeat(3000)}etc/passwd`,
  "../n1/nimbus.log",
  "nimbus.log",
  "nimbus.log\0.log",
  "nimbus.log\n",
  "",
];

describe("the log viewer", () => {
  it("lists, shows and gives logs of workers and daemons, of each node its own", async () => {
    await using directory = await temporaryDirectory();
    const viewer = await viewerOf(directory, {
      [log]: "one\ntwo\nthree\n",
      [`n2/workers-artifacts/${id}/6700/worker.log`]: "other\n",
      [`n1/workers-artifacts/${id}/6700/worker.pid`]: "1",
      "n1/nimbus.log": "leads\n",
      "n2/supervisor.log": "supervises\n",
    });
    const name = `${id}/6700/worker.log`;
    assert.deepEqual(JSON.parse((await ask(viewer, "listLogs")).body), [name]);
    assert.deepEqual(JSON.parse((await ask(viewer, "searchLogs?topoId=another")).body), []);
    assert.equal((await ask(viewer, `log?file=${name}`)).body, "one\ntwo\nthree\n");
    assert.equal((await ask(viewer, `log?file=${name}&host=n2`)).body, "other\n");
    const part = await ask(viewer, `log?file=${name}&start=4&length=4`);
    assert.deepEqual([part.body, part.headers], ["two\n", { "X-Log-Start": "4", "X-Log-Size": "14" }]);
    assert.equal((await ask(viewer, `log?file=${name}&grep=t`)).body, "two\nthree\n");
    assert.equal((await ask(viewer, "daemonlog?file=supervisor.log")).body, "supervises\n");
    const given = await ask(viewer, `download?file=${name}`);
    assert.equal(given.body, "one\ntwo\nthree\n");
    assert.deepEqual(given.headers, {
      "Content-Disposition": `attachment; filename="n1-${id}-6700-worker.log"`,
    });
    assert.equal((await ask(viewer, "daemondownload?file=nimbus.log")).body, "leads\n");
    const dumps = await ask(viewer, `dumps/${id}/n1:6700`);
    assert.deepEqual([dumps.status, dumps.body], [200, ""]);
    for (const path of ["x/n1:6700", `${id}/n1:1`, `${id}/n3:6700`, `${id}/6700`, `${id}/n1:6700/worker.log`])
      assert.equal((await ask(viewer, `dumps/${path}`)).status, 404, path);
    assert.deepEqual(JSON.parse((await ask(viewer, "listLogs?port=6700")).body), [name]);
    assert.match((await ask(viewer, "listLogs?port=x")).body, /Could not make an integer/);
    assert.equal((await ask(viewer, `log?file=${name}&length=99999999`)).body, "one\ntwo\nthree\n");
    assert.equal((await ask(viewer, `log?file=${name}&start=14`)).body, "");
    const beyond = await ask(viewer, `log?file=${name}&start=15`);
    assert.equal(beyond.status, 400);
    assert.match(beyond.body, /"errorMessage":"Cannot start past the end of the file"/);
    assert.equal(await viewer.answer(["topology", "summary"], new Map()), null, "another's path");
    assert.deepEqual(
      (await viewer.all()).map(({ host, name: each }) => `${host} ${each}`),
      ["n1 nimbus.log", "n2 supervisor.log", `n1 ${name}`, `n2 ${name}`],
    );
  });

  it("reaches nothing but logs, however it is asked", async () => {
    await using directory = await temporaryDirectory();
    const viewer = await viewerOf(directory, {
      [log]: "log",
      [`n1/workers-artifacts/${id}/6700/worker.yaml`]: "secret",
      secret: "secret",
      "n1/secret.txt": "secret",
    });
    const worker = directory.join(`n1/workers-artifacts/${id}/6700`);
    await symlink(directory.join("secret"), `${worker}/worker.log.err`);
    await symlink(directory.join("secret"), `${worker}/worker.log.gz`);
    await symlink(directory.join("secret"), directory.join("n1/nimbus.log"));
    await symlink(directory.path, directory.join("n1/workers-artifacts/linked"));
    await symlink(directory.join("n1"), directory.join("n1/workers-artifacts/6700"));
    const words = ["log", "daemonlog", "download", "daemondownload", "search"];
    for (const name of hostileNames) {
      for (const word of words) {
        const asked = `${word}?search-string=secret&file=${encodeURIComponent(name)}`;
        assert.equal((await ask(viewer, asked)).status, 404, asked);
      }
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.constantFrom(
              ...["..", ".", "/", "secret", "n1", "%2e", "%252e", "%2f", "worker.log", ".gz", "\\", "\0", "6700", id],
              ...["workers-artifacts", "linked", "nimbus.log", "．．", "file://"],
            ),
            fc.string({ unit: "binary", maxLength: 3 }),
          ),
        ),
        fc.constantFrom(...words),
        async (steps, word) => {
          const asked = `${word}?search-string=cret&file=${encodeURIComponent(steps.join(""))}`;
          const { status, body } = await ask(viewer, asked);
          assert.ok(status === 404 || steps.join("") === `${id}/6700/worker.log`, asked);
          assert.doesNotMatch(body, /secret/);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
    assert.equal((await ask(viewer, `log?file=${id}/6700/worker.log`)).status, 200);
  });

  it("searches as Storm does: offsets, surroundings, where to go on", async () => {
    await using directory = await temporaryDirectory();
    const name = `${id}/6700/worker.log`;
    const text = `${"x".repeat(200)}needle${"y".repeat(200)}needle é needle`;
    const viewer = await viewerOf(directory, { [log]: text, [`${log}.1`]: "older needle", "n1/nimbus.log": "needle" });
    const first = JSON.parse((await ask(viewer, `search?file=${name}&search-string=needle&num-matches=2`)).body);
    assert.deepEqual(Object.keys(first), ["searchString", "startByteOffset", "isDaemon", "matches", "nextByteOffset"]);
    assert.deepEqual(first.matches[0], {
      byteOffset: 200,
      beforeString: "x".repeat(128),
      matchString: "needle",
      afterString: "y".repeat(128),
      logviewerURL: `http://n1/${name}?&start=0&length=51200`,
    });
    assert.equal(first.nextByteOffset, 412);
    const rest = JSON.parse((await ask(viewer, `search?file=${name}&search-string=needle&start-byte-offset=412`)).body);
    assert.deepEqual([rest.matches.length, rest.matches[0].byteOffset, rest.nextByteOffset], [1, 416, undefined]);
    assert.match(
      (await ask(viewer, "search?file=nimbus.log&is-daemon=yes&search-string=needle")).body,
      /"isDaemon":"yes"/,
    );
    for (const query of [
      "search-string=",
      `search-string=${"n".repeat(1025)}`,
      "search-string=n&start-byte-offset=9999",
      "search-string=n&num-matches=x",
    ])
      assert.equal((await ask(viewer, `search?file=${name}&${query}`)).status, 400, query);
    const deep = async (query: string) =>
      JSON.parse((await ask(viewer, `deepSearch/${id}?search-string=needle&${query}`)).body);
    const [all] = await deep("num-matches=9&search-archived=true");
    assert.deepEqual(
      all.matches.map((each: { fileName: string; matches: unknown[] }) => each.matches.length).sort(),
      [1, 3],
    );
    assert.equal((await deep("port=6700")).matches[0].port, "6700");
    assert.deepEqual(await deep("port=1"), []);
    assert.deepEqual(await deep("port=6700&host=n2"), []);
    assert.equal((await ask(viewer, `deepSearch/${id}?search-string=needle&port=x`)).status, 400);
    assert.equal((await deep("num-matches=9&search-archived=no"))[0].matches.length, 1);
    assert.equal((await ask(viewer, "deepSearch/..?search-string=needle")).body, "[]");
  });

  it("finds what a naive search finds, in any file", async () => {
    await using directory = await temporaryDirectory();
    const path = directory.join("file");
    const letters = fc.constantFrom("a", "b", "é", "\n");
    await fc.assert(
      fc.asyncProperty(
        fc.array(letters),
        fc.array(letters, { minLength: 1, maxLength: 3 }),
        fc.nat(9),
        async (body, wanted, from) => {
          const needle = Buffer.from(wanted.join(""));
          // Longer than a piece, so that matches lie across its end.
          const bytes = Buffer.concat([
            Buffer.alloc(256 * 1024 - body.length, "z"),
            Buffer.from(body.join("").repeat(3)),
          ]);
          await writeFile(path, bytes);
          await using file = await openLog(runtime.fs, path);
          const { matches } = await searchLog(file, needle.toString(), { from, count: 1000 });
          const offsets: number[] = [];
          for (let at = bytes.indexOf(needle, from); at >= 0; at = bytes.indexOf(needle, at + needle.length))
            offsets.push(at);
          assert.deepEqual(
            matches.map(({ byteOffset }) => byteOffset),
            offsets,
          );
        },
      ),
      { numRuns: 60, seed: 11 },
    );
  });
});

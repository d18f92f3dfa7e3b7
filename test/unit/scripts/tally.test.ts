/** The runner's summary: counted from real runs of small test files, good and bad. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, run } from "node:test";
import { Tally } from "../../../scripts/tally.ts";
import { repositoryRoot, startProcess, type TemporaryDirectory, temporaryDirectory } from "../../kit/index.ts";

const head = 'import assert from "node:assert"; import { after, describe, it, test } from "node:test";\n';
const timeoutMs = 60_000;

describe("the summary of a run", () => {
  it("counts each test once and is a success when all passed", async () => {
    const { text, ok } = await tallied({
      "a.test.mjs": 'test("one", () => {}); describe("s", () => { it("two", () => {}); it("three", () => {}); });',
      "b.test.mjs": 'test("four", () => {});',
    });
    assert.match(text, /a\.test\.mjs {2}3 passed/);
    assert.equal(lastLine(text), "4 passed, 0 failed");
    assert.equal(ok, true);
  });

  it("shows what failed, with the error and what the file printed", async () => {
    const { text, ok } = await tallied({
      "a.test.mjs":
        'test("good", () => {}); describe("s", () => { it("bad", () => { console.log("said"); assert.equal(1, 2); }); });',
    });
    assert.match(text, /FAILED +a\.test\.mjs › bad\n +AssertionError/);
    assert.match(text, /it printed:\nsaid/);
    assert.equal(lastLine(text), "1 passed, 1 failed");
    assert.equal(ok, false);
  });

  it("shows what tests say of themselves where it is asked for", async () => {
    const files = { "a.test.mjs": 'test("fast", (context) => context.diagnostic("7 ms"));' };
    assert.doesNotMatch((await tallied(files)).text, /7 ms/);
    const { text } = await tallied(files, { notes: true });
    assert.match(text, /^ {2}7 ms\n✓ a\.test\.mjs/);
  });

  it("counts skips with their reason, and as failures where nothing may be skipped", async () => {
    const files = { "a.test.mjs": 'test("good", () => {}); test("far", { skip: "no Java here" }, () => {});' };
    const lenient = await tallied(files);
    assert.match(lenient.text, /skipped +a\.test\.mjs › far: no Java here\n/);
    assert.equal(lastLine(lenient.text), "1 passed, 0 failed, 1 skipped");
    assert.equal(lenient.ok, true);
    const strict = await tallied(files, { forbidSkips: true });
    assert.equal(lastLine(strict.text), "1 passed, 1 failed");
    assert.equal(strict.ok, false);
  });

  const faults: [what: string, body: string, shown: RegExp][] = [
    ["a skip without a reason", 'test("x", { skip: true }, () => {});', /skipped without a reason/],
    ["an unfinished test", 'test("x", { todo: true }, () => {});', /unfinished tests are not accepted/],
    ["a file that throws", 'throw new Error("at load");', /did not run to its end[\s\S]*at load/],
    ["a file without a test", "", /the file holds no test/],
    [
      "a failing hook of a suite",
      'describe("s", () => { after(() => { throw new Error("hook"); }); it("x", () => {}); });',
      /hook/,
    ],
    [
      "a timer left alive",
      'test("x", () => { setInterval(() => {}, 1000); });',
      /left alive after the last test: Timeout/,
    ],
    [
      "a server left alive",
      'import net from "node:net"; test("x", () => { net.createServer().listen(0); });',
      /left alive.*TCPServerWrap/,
    ],
    [
      "a child left alive",
      'import { spawn } from "node:child_process"; test("x", () => { spawn("sleep", ["5"], { stdio: "ignore" }); });',
      /left alive.*ProcessWrap/,
    ],
    ["a file that ends its process", 'test("x", () => {}); test("y", () => process.exit(0));', /FAILED/],
  ];
  for (const [what, body, shown] of faults) {
    it(`is a failure for ${what}`, async () => {
      const { text, ok } = await tallied({ "a.test.mjs": body });
      assert.match(text, shown);
      assert.match(lastLine(text), /^\d+ passed, [1-9]\d* failed$/);
      assert.equal(ok, false);
    });
  }

  it("lets the file's own last hook close what is open", async () => {
    const body =
      'import net from "node:net"; const server = net.createServer().listen(0); const timer = setInterval(() => {}, 1000); ' +
      'after(async () => { clearInterval(timer); await new Promise((closed) => server.close(closed)); }); test("x", () => {});';
    const { text, ok } = await tallied({ "a.test.mjs": body });
    assert.equal(lastLine(text), "1 passed, 0 failed");
    assert.equal(ok, true);
  });

  it("is a failure when nothing ran", async () => {
    const { text, ok } = await tallied({});
    assert.equal(lastLine(text), "0 passed, 0 failed");
    assert.equal(ok, false);
  });
});

describe("npm test", () => {
  it("ends with the counts and a failing exit code when no file matches", async () => {
    const args = [join(repositoryRoot, "scripts", "test.ts"), "no-file-has-this-name"];
    await using child = startProcess(process.execPath, args, { cwd: repositoryRoot });
    await child.assertExit(1, timeoutMs);
    assert.equal(lastLine(child.stdout), "0 passed, 0 failed");
  });
});

async function tallied(
  files: Readonly<Record<string, string>>,
  options: { readonly forbidSkips?: boolean; readonly notes?: boolean } = {},
): Promise<{ text: string; ok: boolean }> {
  await using dir = await temporaryDirectory();
  let text = "";
  const tally = new Tally({
    forbidSkips: false,
    notes: false,
    ...options,
    root: dir.path,
    write: (more) => (text += more),
  });
  const paths = writeAll(dir, files);
  if (paths.length > 0) {
    // A test file refuses to start tests of its own unless it is told that it is none.
    const context = process.env.NODE_TEST_CONTEXT;
    delete process.env.NODE_TEST_CONTEXT;
    const events = run({
      files: paths,
      cwd: dir.path,
      concurrency: 1,
      execArgv: ["--import", join(repositoryRoot, "test", "kit", "leaks.ts")],
    });
    if (context !== undefined) process.env.NODE_TEST_CONTEXT = context;
    for await (const event of events) tally.add(event);
  }
  const ok = tally.finish();
  return { text, ok };
}

function writeAll(dir: TemporaryDirectory, files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).map(([name, body]) => {
    writeFileSync(dir.join(name), head + body);
    return dir.join(name);
  });
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

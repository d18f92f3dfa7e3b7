import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { StormLabError } from "storm-lab";
import { inputFile } from "../../../labs/word-count/solution/input-file.ts";
import wordCount from "../../../labs/word-count/solution/topology.ts";
import { bundledTextUrl } from "../../kit/word-count.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "storm-lab-input-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function refusalOf(...args: string[]): StormLabError {
  try {
    wordCount(args);
  } catch (error) {
    assert.ok(error instanceof StormLabError, String(error));
    for (const part of [error.message, error.why, error.hint]) assert.match(part, /^[^\n]+$/);
    return error;
  }
  assert.fail(`accepted ${args.join(" ")}`);
}

test("without an argument it is the bundled text", () => {
  assert.equal(inputFile([]), fileURLToPath(bundledTextUrl));
});

test("a relative name counts from the folder in which one stands", () => {
  const path = join(folder, "a.txt");
  writeFileSync(path, "a");
  assert.equal(inputFile(["--input", relative(process.cwd(), path)]), path);
  assert.equal(inputFile([`--input=${path}`]), path);
});

test("no such file", () => {
  const path = join(folder, "none.txt");
  const error = refusalOf("--input", path);
  assert.equal(error.code, "SL-FILE-MISSING");
  assert.equal(error.exitCode, 2);
  assert.equal(error.message, `${path} does not exist`);
  writeFileSync(join(folder, "plain"), "");
  assert.equal(refusalOf("--input", join(folder, "plain", "below")).code, "SL-FILE-MISSING");
});

test("a directory", () => {
  const error = refusalOf("--input", folder);
  assert.equal(error.code, "SL-FILE-DIRECTORY");
  assert.equal(error.message, `${folder} is a directory`);
});

test("a pipe, which several tasks cannot share", () => {
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  assert.equal(refusalOf("--input", path).code, "SL-FILE-PIPE");
});

test("a file that may not be read", () => {
  if (process.getuid?.() === 0) return asNobody();
  const path = join(folder, "secret.txt");
  writeFileSync(path, "a");
  chmodSync(path, 0);
  const error = refusalOf("--input", path);
  assert.equal(error.code, "SL-FILE-UNREADABLE");
  assert.match(error.why, /EACCES/);
});

/** Root may read everything: the same question is asked by a child that has given its rights up. */
function asNobody(): void {
  const path = join(folder, "secret-of-root.txt");
  writeFileSync(path, "a");
  chmodSync(path, 0o600);
  chmodSync(folder, 0o755);
  const module = new URL("../../../labs/word-count/solution/input-file.ts", import.meta.url).href;
  const script = `
    const { inputFile } = await import(${JSON.stringify(module)});
    process.setgid(65534);
    process.setuid(65534);
    try { inputFile(["--input", ${JSON.stringify(path)}]); } catch (error) {
      process.stdout.write(JSON.stringify([error.code, error.exitCode, error.why]));
    }`;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  const [code, exitCode, why] = JSON.parse(said) as [string, number, string];
  assert.equal(code, "SL-FILE-UNREADABLE");
  assert.equal(exitCode, 2);
  assert.match(why, /EACCES/);
}

test("arguments that it does not know", () => {
  for (const args of [["--inptu", "x"], ["x"], ["--input"], ["--input", ""], ["--input", "a", "b"]]) {
    const error = refusalOf(...args);
    assert.equal(error.code, "SL-TOPOLOGY-ARGUMENT");
    assert.equal(error.exitCode, 2);
    assert.equal(error.message, `the word count does not understand: ${args.join(" ")}`);
    assert.equal(error.hint, "its only argument is --input FILE");
  }
  assert.equal(refusalOf("--input", "").why, "the name of the file is empty");
  assert.equal(refusalOf("--inptu", "x").why, "Unknown option '--inptu'");
});

/** The live table on a real terminal of 80 columns and 24 lines (util-linux `script` gives one). */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repositoryRoot, startProcess, temporaryDirectory } from "../kit/index.ts";
import { plain, timeoutMs, topologyFile } from "./local-runs.ts";

const [columns, rows] = [80, 24];
const esc = "\u001b";
const hideCursor = `${esc}[?25l`;
const showCursor = `${esc}[?25h`;
const solution = "labs/word-count/solution/topology.ts";
const program = [process.execPath, join(repositoryRoot, "bin", "storm-lab.mjs"), "local"];
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** What the terminal gets while the command runs in it. */
async function typescript(words: readonly string[]): Promise<string> {
  const command = [...program, ...words].map((word) => `'${word}'`).join(" ");
  const inside = `stty cols ${columns} rows ${rows}; ${command}; echo "exit=$?"`;
  await using shell = startProcess("script", ["-qec", inside, "/dev/null"], {
    cwd: repositoryRoot,
    env: { ...plain, TERM: "xterm-256color", COLUMNS: undefined, LINES: undefined, CI: undefined },
  });
  await shell.assertExit(0, timeoutMs);
  return shell.stdout;
}

/** Lines as they stand on the screen one after the other, without escapes. */
function linesOf(text: string): string[] {
  const withoutEscapes = text.replaceAll(new RegExp(`${esc}\\[[0-9;?]*[A-Za-z]`, "g"), "");
  return withoutEscapes.split("\n").map((line) => line.slice(line.lastIndexOf("\r", line.length - 2) + 1).trimEnd());
}

function widthOf(line: string): number {
  return [...line].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

function assertFits(text: string): void {
  for (const line of linesOf(text)) assert.ok(widthOf(line) <= columns, `${widthOf(line)} columns: ${line}`);
}

/** What came up to the table's end: after it lines may be longer, nothing is drawn over them. */
function tableOf(text: string): string {
  return text.slice(0, text.lastIndexOf(showCursor));
}

/** How far the table moves the cursor up to draw itself anew. */
function assertStaysOnScreen(text: string): void {
  for (const [, up] of text.matchAll(new RegExp(`${esc}\\[(\\d+)A`, "g")))
    assert.ok(Number(up) < rows, `${up} lines up`);
}

/** What is left when the table's own movements and the colours are taken away. */
function assertSteersNothing(text: string): void {
  const own = new RegExp(`${esc}\\[(\\?25[lh]|\\d+A\r?|J|[0-9;]*m)`, "g");
  const rest = text.replaceAll(own, "").replaceAll(/[\r\n]/g, "");
  assert.doesNotMatch(rest, /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
}

function assertCursorIsBack(text: string): void {
  assert.ok(text.includes(hideCursor), "the table hid the cursor");
  assert.ok(text.lastIndexOf(showCursor) > text.lastIndexOf(hideCursor), "and showed it again");
}

describe("the live table on a terminal of 80 by 24", () => {
  for (const workers of ["1", "2"]) {
    it(`fits, and gives the cursor back (${workers} worker(s))`, async () => {
      const text = await typescript([solution, "--workers", workers]);
      assert.match(text, /exit=0/);
      assertFits(text);
      assertStaysOnScreen(text);
      assertCursorIsBack(text);
      assert.match(text, /counts: 1,131,840 in all/);
    });
  }

  it("fits with long words and wide characters in what is counted", async () => {
    await using directory = await temporaryDirectory();
    const input = directory.join("input.txt");
    const words = ["床前明月光疑是地上霜".repeat(20), "x".repeat(300), "短", `${esc}[31mred${esc}[2J`, "tab\tin\tword"];
    await writeFile(input, `${words.join(" ")}\n`.repeat(20_000));
    const text = await typescript([solution, "--input", input]);
    assert.match(text, /exit=0/);
    assertFits(tableOf(text));
    assertStaysOnScreen(text);
    assertCursorIsBack(text);
  });

  it("shows what would steer the terminal instead of obeying it: in words, errors and lines that are printed", async () => {
    await using directory = await temporaryDirectory();
    const input = directory.join("input.txt");
    await writeFile(input, `${esc}[2J${esc}]0;title\u0007 \u009b31m ${"x".repeat(3)}\u202e\n`.repeat(30_000));
    const counted = await typescript([solution, "--input", input]);
    assert.ok(counted.includes(String.raw`\x1b[2J\x1b]0;title\x07`), counted);
    assertSteersNothing(counted);

    const bolt = `prepare(_conf, context, out) { this.out = out; context.publish("${esc.replace(esc, "\\x1b")}[5mname", "\\x1bc"); }
      execute(tuple) {
        console.log("\\x1b[32mgreen\\x1b[m\\x1b[2J\\x1b[1;1Hover");
        if (tuple.getValue(0) === 4) throw new Error("\\x1b[2Jwiped");
        this.out.ack(tuple);
      }`;
    for (const workers of ["1", "2"]) {
      const failed = await typescript([await topologyFile(directory, { bolt }), "--workers", workers]);
      assert.match(failed, /exit=11/);
      assert.ok(failed.includes(String.raw`threw Error: \x1b[2Jwiped`), failed);
      assert.ok(failed.includes(`${esc}[32mgreen${esc}[m${String.raw`\x1b[2J\x1b[1;1Hover`}`), failed);
      assertSteersNothing(failed);
    }
  });

  it("stays whole while the author's code prints", async () => {
    await using directory = await temporaryDirectory();
    const bolt = `async execute(tuple) {
        const value = tuple.getValue(0);
        process.stdout.write(\`got \${value}, \`);
        console.log("and the rest of its line");
        console.error("a warning about", value);
        await new Promise((done) => setTimeout(done, 400));
        this.out.ack(tuple);
      }`;
    for (const workers of ["1", "2"]) {
      const text = await typescript([await topologyFile(directory, { bolt }), "--workers", workers]);
      assert.match(text, /exit=0/);
      for (let value = 0; value < 5; value++) {
        assert.ok(linesOf(text).includes(`got ${value}, and the rest of its line`), text);
        assert.ok(linesOf(text).includes(`a warning about ${value}`), text);
      }
      assertCursorIsBack(text);
      assertStaysOnScreen(text);
    }
  });

  it("gives the cursor back when the author's code ends the process", async () => {
    await using directory = await temporaryDirectory();
    const bolt = "execute(tuple) { setTimeout(() => { console.log('last words'); process.exit(0); }, 1500); }";
    const text = await typescript([await topologyFile(directory, { bolt })]);
    assert.match(text, /exit=11/);
    assert.match(text, /last words/);
    assert.match(text, /code of the topology ended the process with exit code 0/);
    assertCursorIsBack(text);
  });

  it("gives the cursor back when a component fails", async () => {
    await using directory = await temporaryDirectory();
    const bolt = "execute(tuple) { return new Promise((_, fail) => setTimeout(() => fail(new Error('late')), 1500)); }";
    const text = await typescript([await topologyFile(directory, { bolt })]);
    assert.match(text, /exit=11/);
    assert.match(text, /SL-COMPONENT-FAILED/);
    assertCursorIsBack(text);
  });
});

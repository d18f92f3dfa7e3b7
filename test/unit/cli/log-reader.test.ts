/** The last entries of a log and what comes after them, also while it is rotated. */
import assert from "node:assert/strict";
import { appendFile, rename, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { entriesOf, LogReader } from "../../../src/cli/commands/cluster/log-reader.ts";
import { temporaryDirectory } from "../../kit/index.ts";

const line = (second: number, text: string, level = "INFO") =>
  `2026-01-31 12:00:0${second}.000 STDIO print-executor[3, 3] [${level}] ${text}\n`;
const texts = (entries: readonly { readonly text: string }[]) => entries.map(({ text }) => text.split("] ").at(-1));
const all = () => true;

describe("a log", () => {
  it("is read by entries: a line with a time, and the lines that go on with it", () => {
    const entries = entriesOf(
      [line(1, "one"), "    at author.ts:1\n", "2026-01-31 12:00:02.000 WARN  nimbus two\n"].join("").split("\n"),
    );
    assert.deepEqual(
      entries.map(({ level, timeMs }) => [level, timeMs]),
      [
        ["INFO", Date.UTC(2026, 0, 31, 12, 0, 1)],
        ["WARN", Date.UTC(2026, 0, 31, 12, 0, 2)],
      ],
    );
    assert.match(entries[0]?.text ?? "", /one\n {4}at author\.ts:1$/);
  });

  it("gives its last entries, out of the file that was rotated before too", async () => {
    await using folder = await temporaryDirectory();
    const path = folder.join("worker.log");
    await writeFile(`${path}.1`, line(1, "one") + line(2, "two"));
    await writeFile(path, line(3, "three") + line(4, "four", "ERROR"));
    assert.deepEqual(texts(await new LogReader(path).last(3, all)), ["two", "three", "four"]);
    assert.deepEqual(texts(await new LogReader(path).last(9, ({ level }) => level === "ERROR")), ["four"]);
    assert.deepEqual(await new LogReader(folder.join("none.log")).last(3, all), []);
  });

  it("goes on with what is appended, whole lines only, over a rotation", async () => {
    await using folder = await temporaryDirectory();
    const path = folder.join("worker.log");
    await writeFile(path, line(1, "one"));
    const reader = new LogReader(path);
    await reader.last(1, all);
    assert.deepEqual(await reader.more(), []);
    const two = Buffer.from(line(2, "二"));
    await appendFile(path, two.subarray(0, two.length - 2));
    assert.deepEqual(await reader.more(), [], "half a character is no line");
    await appendFile(path, two.subarray(two.length - 2));
    assert.deepEqual(texts(await reader.more()), ["二"]);
    await appendFile(path, line(3, "three"));
    await rename(path, `${path}.1`);
    await writeFile(path, line(4, "four"));
    assert.deepEqual(texts(await reader.more()), ["three", "four"]);
    await writeFile(path, line(5, "5"));
    await reader.more();
    await appendFile(path, line(6, "six"));
    assert.deepEqual(texts(await reader.more()), ["six"]);
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openRotatingFile } from "../../../src/base/index.ts";
import { temporaryDirectory } from "../../kit/index.ts";

describe("a rotating file", () => {
  it("keeps whole lines in files of bounded size, the newest under its own name, and so many of them", async () => {
    await using folder = await temporaryDirectory();
    const path = join(folder.path, "logs", "worker.log");
    const file = openRotatingFile({ path, bytesMax: 100, keptMax: 3 });
    const lines = Array.from({ length: 40 }, (_, index) => `line ${String(index).padStart(14, "0")}`);
    for (const line of lines) file.write(line);
    file.close();
    file.write("too late");
    const names = readdirSync(join(folder.path, "logs")).sort();
    assert.deepEqual(names, ["worker.log", "worker.log.1", "worker.log.2", "worker.log.3"]);
    const texts = [3, 2, 1].map((number) => readFileSync(`${path}.${number}`, "utf8"));
    texts.push(readFileSync(path, "utf8"));
    for (const text of texts) assert.ok(text.length <= 100 && text.endsWith("\n"));
    const kept = texts.join("").trimEnd().split("\n");
    assert.deepEqual(kept, lines.slice(-kept.length), "the last lines, none missing");
    assert.ok(kept.length >= 3 * 5);
  });

  it("goes on where another process has ended, and takes a line that is longer than a file", async () => {
    await using folder = await temporaryDirectory();
    const path = join(folder.path, "worker.log");
    const first = openRotatingFile({ path, bytesMax: 60, keptMax: 1 });
    first.write("from the life before");
    first.close();
    const second = openRotatingFile({ path, bytesMax: 60, keptMax: 1 });
    second.write("from this life");
    assert.equal(readFileSync(path, "utf8"), "from the life before\nfrom this life\n");
    second.write("x".repeat(200));
    assert.equal(readFileSync(path, "utf8"), `${"x".repeat(200)}\n`);
    second.close();
  });

  it("loses what cannot be written and says how much", async () => {
    await using folder = await temporaryDirectory();
    const path = join(folder.path, "logs", "worker.log");
    const file = openRotatingFile({ path, bytesMax: 20, keptMax: 1 });
    file.write("the first file");
    rmSync(join(folder.path, "logs"), { recursive: true });
    file.write("no folder to rotate in");
    file.write("neither");
    openRotatingFile({ path, bytesMax: 20, keptMax: 1 }).close();
    file.write("again");
    assert.equal(readFileSync(path, "utf8"), "(2 lines before this one could not be written)\nagain\n");
    file.close();
  });
});

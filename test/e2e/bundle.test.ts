/** What is exported runs elsewhere: imported into an empty folder, with no network, no npm and no Node of the machine. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { startProcess, startStormLab, temporaryDirectory } from "../kit/index.ts";

const timeoutMs = 120_000;

describe("a bundle for a class room without a network", () => {
  it("is exported, checked, imported, and counts words from there", async () => {
    await using directory = await temporaryDirectory();
    const cwd = directory.path;
    await using exporting = startStormLab(["bundle", "export", "lab.tar.gz"], { cwd });
    await exporting.assertExit(0, timeoutMs);
    assert.match(exporting.stdout, /wrote .*lab\.tar\.gz: \d+ files/);
    await using again = startStormLab(["bundle", "export", "lab.tar.gz"], { cwd });
    await again.assertExit(5, timeoutMs);

    const archive = await readFile(directory.join("lab.tar.gz"));
    await writeFile(directory.join("half.tar.gz"), archive.subarray(0, archive.length >> 1));
    await using half = startStormLab(["bundle", "import", "half.tar.gz", "--dir", "half"], { cwd });
    await half.assertExit(3, timeoutMs);
    assert.match(half.stderr, /SL-BUNDLE-DAMAGED/);
    assert.equal(existsSync(directory.join("half")), false);

    await using importing = startStormLab(["bundle", "import", "lab.tar.gz", "--dir", "room/lab"], { cwd });
    await importing.assertExit(0, timeoutMs);
    const program = /^next {2}(\S+) up$/m.exec(importing.stdout)?.[1] ?? "";
    assert.equal(program, directory.join("room/lab/storm-lab"));

    await using sums = startProcess("sha256sum", ["--quiet", "-c", "SHA256SUMS"], { cwd: directory.join("room/lab") });
    await sums.assertExit(0, timeoutMs);
    // Nothing of this machine's Node is found; whatever asks for a registry finds none.
    const env = { PATH: "/usr/bin:/bin", HOME: cwd, NODE_PATH: undefined, npm_config_registry: "http://127.0.0.1:1/" };
    await using telling = startProcess(program, ["version"], { cwd, env });
    await telling.assertExit(0, timeoutMs);
    assert.match(telling.stdout, /^storm-lab \d+\.\d+\.\d+ \(Node v/);
    const text = directory.join("text.txt");
    await writeFile(text, "a b a\nb a\n");
    const topology = directory.join("room/lab/labs/word-count/solution/topology.ts");
    await using counting = startProcess(program, ["local", topology, "--input", text, "-o", "json"], { cwd, env });
    await counting.assertExit(0, timeoutMs);
    assert.match(counting.stdout, /"a":3/);
  });
});

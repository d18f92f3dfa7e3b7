/** What a shell sees of the command: output, exit codes, pipes, colours. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repositoryRoot, startProcess, startStormLab, temporaryDirectory } from "../kit/index.ts";

const timeoutMs = 20_000;
const plain = { NO_COLOR: undefined, FORCE_COLOR: undefined, STORM_LAB_VERBOSE: undefined };

describe("the command in a shell", () => {
  it("lists its commands", async () => {
    await using child = startStormLab(["help"]);
    await child.assertExit(0, timeoutMs);
    assert.match(child.stdout, /Usage: storm-lab/);
    assert.equal(child.stderr, "");
  });

  it("ends quietly when its reader has read enough", async () => {
    const script = `"$0" "$1" explain --output json; for i in 1 2 3; do "$0" "$1" explain || exit 9; done`;
    const args = ["-c", `(${script}) | head -c 10`, process.execPath, join(repositoryRoot, "bin", "storm-lab.mjs")];
    await using child = startProcess("bash", args, { env: plain });
    await child.assertExit(0, timeoutMs);
    assert.equal(child.stdout.length, 10);
    assert.equal(child.stderr, "");
  });

  it("explains the code of any error it prints", async () => {
    await using failing = startStormLab(["no-such-command"], { env: plain });
    await failing.assertExit(2, timeoutMs);
    const code = /SL-[A-Z-]+/.exec(failing.stderr)?.[0] ?? "";
    await using explaining = startStormLab(["explain", code]);
    await explaining.assertExit(0, timeoutMs);
    assert.match(explaining.stdout, /^SL-USAGE\n\n/);
  });

  it("shows its stack only when asked, with lines of the sources", async () => {
    await using terse = startStormLab(["explain", "SL-NONE"], { env: plain });
    await terse.assertExit(2, timeoutMs);
    assert.equal(terse.stderr.trimEnd().split("\n").length, 3);
    await using verbose = startStormLab(["explain", "SL-NONE", "--verbose"], { env: plain });
    await verbose.assertExit(2, timeoutMs);
    assert.match(verbose.stderr, /src\/cli\/commands\/explain\.ts:\d+/);
  });

  it("has colours only where they are wanted", async () => {
    const startOfColour = "\u001b[";
    const error = async (args: readonly string[], env: Record<string, string | undefined>): Promise<string> => {
      await using child = startStormLab(["explain", "SL-NONE", ...args], { env: { ...plain, ...env } });
      await child.assertExit(2, timeoutMs);
      return child.stderr;
    };
    assert.ok(!(await error([], {})).includes(startOfColour), "a pipe is no terminal");
    assert.ok((await error([], { FORCE_COLOR: "1" })).includes(startOfColour), "FORCE_COLOR");
    assert.ok(!(await error(["--no-color"], { FORCE_COLOR: "1" })).includes(startOfColour), "--no-color");
    assert.match(await error(["--ascii"], {}), /^x SL-EXPLAIN-UNKNOWN/);
  });
});

describe("a command that runs until it is stopped", () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`answers ${signal} by stopping in good order, with code ${code}`, async () => {
      await using dir = await temporaryDirectory();
      writeFileSync(dir.join("zoo.cfg"), `tickTime=500\ndataDir=${dir.join("data")}\nclientPort=0\n`);
      await using child = startStormLab(["zookeeper", "--config", dir.join("zoo.cfg")], { env: plain });
      await child.line(/serves clients on port \d+/, timeoutMs);
      child.signal(signal);
      // Echoes of the same press, as npm and a launcher send them, do not cut the stopping short.
      child.signal(signal);
      await child.assertExit(code, timeoutMs);
    });
  }
});

/**
 * A fresh clone, with the oldest Node of this machine first on PATH and npm's scripts disabled: the first command
 * that a newcomer types works, whichever it is, and two at once do not trip over each other.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { describe, it } from "node:test";
import {
  type RunningProcess,
  repositoryRoot,
  startProcess,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../kit/index.ts";

const installTimeoutMs = 170_000;
const skip =
  process.env.STORM_LAB_INSTALL === "1" ? false : "downloads packages: .ci/run runs it, with STORM_LAB_INSTALL=1";

describe("a fresh clone", { skip }, () => {
  it("builds by its first command, twice at once, with install scripts disabled", async () => {
    await using dir = await freshClone();
    await using one = npm(dir, ["run", "-s", "build"]);
    await using two = npm(dir, ["run", "-s", "build"]);
    await Promise.all([one.assertExit(0, installTimeoutMs), two.assertExit(0, installTimeoutMs)]);
    const installs = (one.stderr + two.stderr).match(/installing packages/g) ?? [];
    assert.equal(installs.length, 1, "one of them installs, the other waits");
    assert.equal(existsSync(dir.join("clone", ".prepare.lock")), false);

    await using command = startProcess("npx", ["storm-lab", "version"], {
      cwd: dir.join("clone"),
      env: oldNodeFirst(),
    });
    await command.assertExit(0, installTimeoutMs);
    assert.match(command.stdout, /^storm-lab \d+\.\d+\.\d+ \(Node v(2[4-9]|[3-9]\d)\./);
  });

  it("counts words by its first command", async () => {
    await using dir = await freshClone();
    await using start = npm(dir, ["start"]);
    await start.assertExit(0, installTimeoutMs);
    assert.match(start.stdout, /counts: 1,131,840 in all, 57,406 different/);
    assert.equal(start.stdout.includes("\u001b"), false, "plain lines where there is no terminal");
  });

  it("tests by its first command", async () => {
    await using dir = await freshClone();
    await using tests = npm(dir, ["test", "--", "test/unit/kit"]);
    await tests.assertExit(0, installTimeoutMs);
    assert.match(tests.stdout, /\n\d+ passed, 0 failed\n$/);
  });
});

async function freshClone(): Promise<TemporaryDirectory> {
  const dir = await temporaryDirectory();
  await using clone = startProcess("git", ["clone", "-q", repositoryRoot, dir.join("clone")]);
  await clone.assertExit(0, installTimeoutMs);
  return dir;
}

function npm(dir: TemporaryDirectory, args: readonly string[]): RunningProcess {
  return startProcess("npm", args, { cwd: dir.join("clone"), env: oldNodeFirst() });
}

/** Without the folders that npm put before PATH for this run, and without its other settings for this checkout. */
function oldNodeFirst(): Record<string, string | undefined> {
  const own = Object.keys(process.env).filter((name) => name.startsWith("npm_"));
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  return {
    ...Object.fromEntries(own.map((name) => [name, undefined])),
    npm_config_ignore_scripts: "true",
    PATH: path.join(delimiter),
    STORM_LAB_INSTALL: undefined,
  };
}

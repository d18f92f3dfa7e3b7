/** `storm-lab init` and `npm start` as a person at a terminal sees them. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { deadline, repositoryRoot, startStormLab, type TemporaryDirectory, temporaryDirectory } from "../kit/index.ts";
import { TestTerminal, tuiSkipped } from "./terminal.ts";

const enter = "\r";
const esc = "\u001b";
const ctrlC = "\u0003";
const down = `${esc}[B`;
const endMs = 120_000;

describe("storm-lab init on a terminal", { skip: tuiSkipped }, () => {
  it("gives the usual cluster to enter, enter, enter, and the same file to the command that it shows", async () => {
    await using directory = await temporaryDirectory();
    await using terminal = wizard(directory, ["--ports", "23000"]);
    for (const question of ["called", "How large", "How soon", "What else"]) {
      await terminal.until(new RegExp(`${question}.*\\?`));
      terminal.type(enter);
    }
    await terminal.until(/node3 {2}zookeeper3, supervisor2 \(4 slots\)[\s\S]*This is the plan/);
    terminal.type(down + enter);
    assert.equal(await terminal.exit(), 0);
    await terminal.until(/next {2}storm-lab up --cluster classroom/);
    const file = await readFile(directory.join("cluster.yaml"), "utf8");
    assert.match(file, /^name: classroom$[\s\S]*^ports: 23000$/m);
    assert.equal(existsSync(directory.join("home/clusters/classroom/start-all.sh")), true);
    const shown = [...terminal.text.matchAll(/the same as {2}(storm-lab init --yes.*)\n/g)].at(-1)?.[1] ?? "";
    await using printed = startStormLab([...shown.split(" ").slice(1), "--print"], { env: env(directory) });
    await printed.assertExit(0, endMs);
    assert.equal(printed.stdout, file);
  });

  it("goes back, explains, and mends what cannot be taken; the file stands beside from 100 columns on", async () => {
    await using directory = await temporaryDirectory();
    await using terminal = wizard(directory, [], { columns: 120, rows: 40 });
    await terminal.until(/called[\s\S]*│ {3}ports: classic/);
    assert.equal(terminal.isAlternate, true);
    terminal.type(`No Name${enter}`);
    await terminal.until(/✗ a name is 1 to 32 of a-z/);
    terminal.type(`${"\u007f".repeat(7)}mine${enter}`);
    await terminal.until(/✓ name +mine[\s\S]*How large[\s\S]*310 MB/);
    terminal.type("?");
    await terminal.until(/of 3 servers one may die/);
    terminal.type(down);
    await terminal.until(/count: 2[\s\S]*count: 3[\s\S]*slots: 4/);
    terminal.type(esc);
    await terminal.until(/\(mine\)/);
    terminal.type(enter);
    await terminal.until(/How large/);
    for (let press = 0; press < 5; press++) terminal.type(down);
    terminal.type(enter);
    await terminal.until(/such as 3 1 2x4/);
    terminal.type("1 1 1x1");
    await terminal.until(/\[about 215 to 325 MB\] 1 1 1x1[\s\S]*storm-lab init --yes --name/);
    terminal.type(ctrlC);
    assert.equal(await terminal.exit(), 130);
    assert.equal(terminal.isAlternate, false);
    assert.equal(existsSync(directory.join("cluster.yaml")), false);
  });

  it("keeps the answers when it is interrupted, and goes on with them", async () => {
    await using directory = await temporaryDirectory();
    await using first = wizard(directory, []);
    await first.until(/called/);
    first.type(`later${enter}`);
    await first.until(/How large/);
    first.type(ctrlC);
    assert.equal(await first.exit(), 130);
    await first.until(/Your answers are kept for the next time/);
    await using second = wizard(directory, []);
    await second.until(/Go on with them/);
    second.type(enter);
    await second.until(/question 2 of 6[\s\S]*How large/);
    second.type(esc);
    await second.until(/\(later\)/);
    second.type(ctrlC);
    assert.equal(await second.exit(), 130);
  });

  it("speaks Chinese in 80 columns", async () => {
    await using directory = await temporaryDirectory();
    await using terminal = wizard(directory, ["--lang", "zh"]);
    await terminal.until(/集群叫什么名字？/);
    terminal.type(enter);
    await terminal.until(/集群多大？[\s\S]*每个 slot 都有 worker/);
    assert.equal(terminal.isAlternate, false);
    terminal.type("？");
    await terminal.until(/3 台可坏 1 台/);
    terminal.type(ctrlC);
    assert.equal(await terminal.exit(), 130);
    await terminal.until(/你的回答已保留/);
  });

  it("says which port is taken, and offers a block that is free", async () => {
    await using directory = await temporaryDirectory();
    const first = 24_000 + (process.pid % 30) * 200;
    const server = createServer();
    const listening = Promise.withResolvers<void>();
    server.listen(first + 1, "127.0.0.1", listening.resolve);
    await deadline(listening.promise, endMs, "the port to be taken");
    try {
      await using terminal = wizard(directory, ["--name", "mine", "--pace", "storm", "--ascii", "--no-color"]);
      await terminal.until(/How large/);
      terminal.type(enter);
      await terminal.until(/Which ports[\s\S]*a block of its own/);
      for (let press = 0; press < 3; press++) terminal.type(down);
      terminal.type(enter);
      await terminal.until(/The first port of a block/);
      terminal.type(`${first}${enter}`);
      await terminal.until(new RegExp(`x port ${first + 1} \\(clients of ZooKeeper server 1\\) is taken`));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
      assert.doesNotMatch(terminal.raw, /[✗✓◆❯│…]|\u001b\[3[0-9]m/);
      terminal.type(ctrlC);
      assert.equal(await terminal.exit(), 130);
    } finally {
      server.close();
    }
  });

  it("never asks where nobody can answer", async () => {
    await using directory = await temporaryDirectory();
    for (const told of [{ CI: "true" }, { TERM: "dumb" }] as const) {
      await using terminal = wizard(directory, ["--print"], undefined, told);
      assert.equal(await terminal.exit(), 0);
      await terminal.until(/storm: \{\}/);
    }
  });
});

describe("npm start on a terminal", { skip: tuiSkipped }, () => {
  it("gives a running cluster and counted words to enter all through; init knows whose ports those are", async () => {
    await using directory = await temporaryDirectory();
    const words = [process.execPath, join(repositoryRoot, "bin", "storm-lab.mjs"), "quickstart", "--ask"];
    try {
      await using terminal = new TestTerminal(words, env(directory), { columns: 110, rows: 50 });
      for (const question of ["called", "How large", "How soon", "Which ports", "What else", "This is the plan"]) {
        await terminal.until(new RegExp(question));
        terminal.type(enter);
      }
      await terminal.until(/The cluster quickstart is up/);
      await terminal.until(/1,131,840[\s\S]*counted in [\s\S]*The cluster quickstart stays up/);
      assert.equal(await terminal.exit(), 0);
      const nimbus = /nimbus +127\.0\.0\.1:(\d+)/.exec(terminal.raw)?.[1];
      await assertTaken(directory, Number(nimbus) - nimbusInBlock, "the cluster quickstart");
    } finally {
      await using down = startStormLab(["down", "--yes"], { env: env(directory) });
      await down.assertExit(0, endMs);
    }
  });
});

/** Where nimbus listens in a block of ports. */
const nimbusInBlock = 31;

async function assertTaken(directory: TemporaryDirectory, block: number, by: string): Promise<void> {
  await using terminal = wizard(directory, ["--name", "other", "--pace", "storm"], { columns: 80, rows: 40 });
  await terminal.until(/How large/);
  terminal.type(enter);
  await terminal.until(/Which ports[\s\S]*something else/);
  for (let press = 0; press < 3; press++) terminal.type(down);
  terminal.type(enter);
  await terminal.until(/The first port of a block/);
  terminal.type(`${block}${enter}`);
  await terminal.until(new RegExp(`is taken\\s+by\\s+zookeeper1\\s+of\\s+${by.replaceAll(" ", "\\s+")}`));
  terminal.type(ctrlC);
  assert.equal(await terminal.exit(), 130);
}

function wizard(
  directory: TemporaryDirectory,
  flags: readonly string[],
  size = { columns: 80, rows: 24 },
  told: Readonly<Record<string, string>> = {},
): TestTerminal {
  // By env: a pseudo-terminal sets TERM by itself.
  const variables = Object.entries(told).map(([name, value]) => `${name}=${value}`);
  const program = ["env", ...variables, process.execPath, join(repositoryRoot, "bin", "storm-lab.mjs")];
  const words = ["init", "--file", directory.join("cluster.yaml"), ...flags];
  return new TestTerminal([...program, ...words], env(directory), size);
}

function env(directory: TemporaryDirectory): Record<string, string> {
  return { STORM_LAB_HOME: directory.join("home"), LC_ALL: "C.UTF-8", CI: "", STORM_LAB_LANG: "", FORCE_COLOR: "" };
}

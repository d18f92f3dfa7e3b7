/** The dashboard in a real terminal over a real cluster: every view, a worker killed, a cluster that goes away, every way to end. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type ClusterHome, clusterHome } from "../e2e/cluster-processes.ts";
import { eventually, repositoryRoot } from "../kit/index.ts";
import { TestTerminal, tuiSkipped } from "./terminal.ts";

const steady = join(repositoryRoot, "test", "kit", "recorded-word-count", "topology.ts");
const goneMs = 30_000;

function open(lab: ClusterHome, args: readonly string[] = [], size?: { columns: number; rows: number }): TestTerminal {
  const words = [process.execPath, join(repositoryRoot, "bin", "storm-lab.mjs"), "dashboard", ...args];
  return new TestTerminal(
    words,
    { STORM_LAB_HOME: lab.home, HOME: lab.directory.path, STORM_LAB_LANG: "en", STORM_LAB_CLUSTER: "" },
    size,
  );
}

async function withSteady(): Promise<ClusterHome> {
  const lab = await clusterHome();
  await lab.up();
  await lab.run(["submit", steady, "--folder", lab.directory.path, "--sentences", "1000000", "--rate", "200"]);
  return lab;
}

/** Of this process, by /proc. */
function descendants(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [[Number(name), Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "latin1"))?.[1])] as const];
      } catch {
        return [];
      }
    })
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the dashboard", { skip: tuiSkipped }, () => {
  it("opens every view, sees a worker die and come back, runs commands, and tells that the cluster went down", async () => {
    await using lab = await withSteady();
    await using terminal = open(lab);
    await terminal.until(/● live/);
    await terminal.until(/■\d+ ■\d+/);
    await terminal.until(/node1 ● leader/);
    terminal.type("2");
    await terminal.until(/recorded-word-count ● ACTIVE +3\/3/);
    terminal.type("\r");
    await terminal.until(/shuffle ── [1-9][\d.k]*\/s ──▶ split/);
    terminal.type("jj\r");
    await terminal.until(/› split bolt/);
    await terminal.until(/\[\d+-\d+\] +127\.0\.0\.\d:\d+/);
    terminal.type("5");
    await terminal.until(/● 127\.0\.0\.1:\d+ {2}leader/);
    await terminal.until(/▸ storm\//);
    terminal.type("\r");
    await terminal.until(/leader-lock\//);
    terminal.type("6");
    await terminal.until(/nimbus\.log/);
    terminal.type("/gained\u001b");
    terminal.type("j\r");
    await terminal.until(/gained leadership/);
    terminal.type("9");
    await terminal.until(/recorded-word-count was submitted/);
    const worker = (await lab.processes()).find(({ role }) => role === "worker");
    process.kill(worker?.pid ?? 0, "SIGKILL");
    await terminal.until(/✗ recorded-word-count: the worker \S+ ended/);
    terminal.type(":deactivate rec\t\r");
    await terminal.until(/type recorded-word-count to run/);
    terminal.type("recorded-word-count\r");
    await terminal.until(/\$ storm-lab deactivate recorded-word-count {3}\(ended with 0\)/);
    terminal.type("2");
    await terminal.until(/◐ INACTIVE/);
    terminal.resize(160, 50);
    terminal.type("1");
    await terminal.until(/^ storm-lab › classroom › overview {60,}.*● live $/m);
    await lab.run(["down", "--yes"]);
    await terminal.until(/✗ ui daemon away for \d+ s, trying again/);
    await lab.up();
    terminal.type("q");
    assert.equal(await terminal.exit(), 0);
    assert.equal(terminal.isAlternate, false);
    assert.match(terminal.raw, /The cluster classroom stays up/);
    assert.ok(terminal.raw.includes("\u001b[?25h\u001b[?1049l"), "the cursor and the screen are as they were");
  });

  it("puts the terminal right when it is ended, leaves nothing when it is killed, and refuses what is no terminal", async () => {
    await using lab = await clusterHome();
    await lab.up();
    await using ended = open(lab, ["--read-only"], { columns: 160, rows: 50 });
    await ended.until(/read-only {2}● live/);
    ended.type("f\r\r");
    await ended.until(/read-only: fault changes the cluster/);
    process.kill(ended.pid, "SIGTERM");
    assert.equal(await ended.exit(), 143);
    assert.equal(ended.isAlternate, false);
    await using killed = open(lab);
    await killed.until(/● live/);
    const all = descendants(killed.pid);
    process.kill(killed.pid, "SIGKILL");
    await killed.exit();
    await eventually(() => (all.some(isAlive) ? undefined : true), goneMs, "the dashboard's processes to be gone");
    assert.match(await lab.run(["dashboard", "-o", "json"], 2), /the dashboard cannot be had as json/);
    await using plain = lab.start(["dashboard"]);
    await plain.line(/ZooKeeper/, goneMs);
    plain.signal("SIGTERM");
    await plain.assertExit(143, goneMs);
    assert.ok(!plain.stdout.includes("\u001b"), "no sequences where there is no terminal");
  });
});

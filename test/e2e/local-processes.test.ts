/** The processes of a local run: whatever ends it, nothing of it stays. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, type RunningProcess, repositoryRoot, startProcess, temporaryDirectory } from "../kit/index.ts";
import {
  assertThreeLines,
  descendantsOf,
  isAlive,
  plain,
  solution,
  startLocal,
  timeoutMs,
  topologyFile,
} from "./local-runs.ts";

/** Emits for ever and keeps the worker busy. */
const bolt = "execute(tuple) { this.out.ack(tuple); this.out.emit([1]); }";

async function endlessFile(directory: Awaited<ReturnType<typeof temporaryDirectory>>): Promise<string> {
  const wire = `class Endless extends Spout { nextTuple() { this.out.emit([1], 1); } }
  builder.setSpout("e", () => new Endless(), 2);
  builder.setBolt("f", () => new Bolt(), 2).shuffleGrouping("e");`;
  return topologyFile(directory, { bolt, wire, conf: '{ "topology.max.spout.pending": 500 }' });
}

/** All processes of the run, its own included, once it counts. */
async function processesOf(run: RunningProcess, workers: number): Promise<number[]> {
  await run.line(/^ +\d+ s {2}/, timeoutMs);
  const children = descendantsOf(run.pid);
  assert.ok(children.length >= workers, `${children.length} child processes`);
  return [run.pid, ...children];
}

async function assertGone(pids: readonly number[]): Promise<void> {
  await eventually(() => (pids.some(isAlive) ? undefined : true), timeoutMs, `the end of processes ${pids}`);
}

describe("a run of two workers", () => {
  it("stops at Ctrl-C in good order: totals, 130, and no process left", async () => {
    await using directory = await temporaryDirectory();
    await using run = startLocal([await endlessFile(directory), "--workers", "2"]);
    const pids = await processesOf(run, 2);
    run.signal("SIGINT");
    await run.assertExit(130, timeoutMs);
    assert.match(run.stdout, /stopped after \d/);
    assert.match(run.stdout, /^e +2 /m);
    await assertGone(pids);
  });

  it("stops at a Ctrl-C that the whole group of processes gets, as from a terminal", async () => {
    await using directory = await temporaryDirectory();
    await using run = startLocal([await endlessFile(directory), "--workers", "2"]);
    const pids = await processesOf(run, 2);
    for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGINT");
    await run.assertExit(130, timeoutMs);
    assert.equal(run.stderr, "");
    await assertGone(pids);
  });

  it("ends with SL-WORKER-DIED when a worker is killed, and takes the other with it", async () => {
    await using directory = await temporaryDirectory();
    await using run = startLocal([await endlessFile(directory), "--workers", "2"]);
    const pids = await processesOf(run, 2);
    const worker = pids.at(-1) as number;
    process.kill(worker, "SIGKILL");
    await run.assertExit(11, timeoutMs);
    assertThreeLines(run.stderr, "SL-WORKER-DIED");
    assert.match(run.stderr, /worker process [12] of 2 ended by SIGKILL/);
    await assertGone(pids);
  });

  it("leaves no worker behind when it is killed itself", async () => {
    await using directory = await temporaryDirectory();
    await using run = startLocal([await endlessFile(directory), "--workers", "2"]);
    const pids = await processesOf(run, 2);
    await run.kill();
    await assertGone(pids);
  });

  it("leaves none behind when it is killed itself while an execute never comes back", async () => {
    await using directory = await temporaryDirectory();
    const loops = ["for (;;);", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"];
    for (const loop of loops) {
      const bolt = `execute() { process.stdout.write('stuck\\n'); ${loop} }`;
      await using run = startLocal([await topologyFile(directory, { bolt }), "--workers", "2"]);
      await run.line(/^stuck/, timeoutMs);
      const pids = [run.pid, ...descendantsOf(run.pid)];
      assert.equal(pids.length, 3);
      await run.kill();
      await assertGone(pids);
    }
  });

  it("says how a worker ended whose code called process.exit", async () => {
    await using directory = await temporaryDirectory();
    const file = await topologyFile(directory, { bolt: "execute() { process.exit(7); }" });
    await using run = startLocal([file, "--workers", "2"]);
    await run.assertExit(11, timeoutMs);
    assertThreeLines(run.stderr, "SL-WORKER-DIED");
    assert.match(run.stderr, /ended with exit code 7/);
  });

  it("does not wait for ever for a worker that never comes back from an execute", async () => {
    await using directory = await temporaryDirectory();
    const file = await topologyFile(directory, {
      bolt: "execute() { if (process.channel !== undefined) process.stdout.write('stuck\\n'); for (;;); }",
    });
    await using run = startLocal([file, "--workers", "2"]);
    await run.line(/^stuck/, timeoutMs);
    const pids = [run.pid, ...descendantsOf(run.pid)];
    run.signal("SIGINT");
    await run.assertExit(130, timeoutMs);
    assertThreeLines(run.stderr, "SL-WORKER-SILENT");
    await assertGone(pids);
  });

  it("shows what the author's code prints, a line at a time", async () => {
    await using directory = await temporaryDirectory();
    const bolt = "execute(tuple) { console.log('got', tuple.getValue(0)); this.out.ack(tuple); }";
    await using run = startLocal([await topologyFile(directory, { bolt }), "--workers", "2"]);
    await run.assertExit(0, timeoutMs);
    for (let value = 0; value < 5; value++) assert.match(run.stdout, new RegExp(`^got ${value}$`, "m"));
  });
});

describe("one Ctrl-C", () => {
  const hanging: ReadonlyArray<readonly [what: string, parts: Parameters<typeof topologyFile>[1], waitsFor: RegExp]> = [
    [
      "a prepare that never comes back",
      { bolt: "prepare() { return new Promise(() => {}); } cleanup() { console.log('never opened'); }" },
      /to open/,
    ],
    [
      "an open that never comes back, with a bolt that is ready",
      {
        bolt: "cleanup() { console.log('clean'); }",
        wire: `class Hung extends Spout { open() { return new Promise(() => {}); } }
  builder.setSpout("h", () => new Hung());`,
      },
      /to open/,
    ],
    [
      "a cleanup that never comes back",
      { bolt: "execute() {} cleanup() { return new Promise(() => {}); }" },
      /^ +\d+ s /,
    ],
  ];
  for (const [what, parts, begun] of hanging) {
    for (const workers of ["1", "2"]) {
      it(`ends a run with ${what} (${workers} worker(s))`, async () => {
        await using directory = await temporaryDirectory();
        await using run = startLocal([await topologyFile(directory, parts), "--workers", workers]);
        await run.line(begun, timeoutMs);
        const pids = [run.pid, ...descendantsOf(run.pid)];
        run.signal("SIGINT");
        await run.assertExit(130, timeoutMs);
        if (what.startsWith("an open")) assert.match(run.stdout, /^clean$/m);
        assert.doesNotMatch(run.stdout, /never opened/);
        if (what.startsWith("a cleanup")) assertThreeLines(run.stderr, "SL-CLOSE-LATE");
        await assertGone(pids);
      });
    }
  }

  it("ends a run whose module never comes to its end", async () => {
    await using directory = await temporaryDirectory();
    const file = directory.join("topology.mjs");
    await writeFile(file, "await new Promise(() => {});\nexport default () => ({});\n");
    await using run = startLocal([file]);
    await run.line(/still waiting, after 5 s, for .*topology\.mjs to be loaded/, timeoutMs);
    run.signal("SIGINT");
    await run.assertExit(130, timeoutMs);
    assert.equal(run.stderr, "");
  });
});

describe("a run whose output goes into a pipe", () => {
  it("ends quietly, with all its workers, when the reader has read enough", async () => {
    await using directory = await temporaryDirectory();
    const file = await endlessFile(directory);
    for (const workers of ["1", "2"]) {
      const command = `"$0" "$1" local "$2" --workers ${workers} | head -n 1; exit "\${PIPESTATUS[0]}"`;
      const args = ["-c", command, process.execPath, join(repositoryRoot, "bin", "storm-lab.mjs"), file];
      await using shell = startProcess("bash", args, { env: plain });
      const pids = await eventually(
        () => {
          const found = descendantsOf(shell.pid);
          return found.length > Number(workers) ? found : undefined;
        },
        timeoutMs,
        "the processes of the run",
      );
      await shell.assertExit(0, timeoutMs);
      assert.equal(shell.stderr, "");
      assert.equal(shell.stdout.trimEnd().split("\n").length, 1);
      await assertGone(pids);
    }
  });

  it("gives all of a long result to a slow reader", async () => {
    const command = '"$0" "$1" local "$2" --output json | (sleep 1; tail -n 1 | wc -c)';
    const args = ["-c", command, process.execPath, join(repositoryRoot, "bin", "storm-lab.mjs"), solution];
    await using shell = startProcess("bash", args, { env: plain });
    await shell.assertExit(0, timeoutMs);
    assert.ok(Number(shell.stdout) > 500_000, `${shell.stdout} bytes`);
  });
});

/** `npm start` without a terminal, and a submit by hand: the same words, counted by a cluster. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, repositoryRoot } from "../kit/index.ts";
import { clusterHome, upMs } from "./cluster-processes.ts";

const twoMinutesMs = 120_000;
const solution = join(repositoryRoot, "labs/word-count/solution/topology.ts");

describe("storm-lab quickstart", () => {
  it("counts the bundled text on a cluster of its own, prints the totals, and leaves nothing", async () => {
    await using lab = await clusterHome();
    await using run = lab.start(["quickstart"]);
    await run.line(/^submitted word-count /m, twoMinutesMs);
    await lab.processes();
    await run.assertExit(0, twoMinutesMs);
    assert.match(run.stdout, /^counts: 1,131,840 in all, 57,406 different\n {2}the +96,301\n/m);
    assert.match(run.stdout, /The cluster quickstart is gone\.\n$/);
    assert.equal(existsSync(lab.folder("quickstart")), false);
    await lab.assertNoneLeft();
  });

  it("gives exact counts of a text of one's own, as JSON", async () => {
    await using lab = await clusterHome();
    const lines = Array.from({ length: 5000 }, (_, index) => `w${index % 7} both w${index % 11}`);
    await writeFile(lab.directory.join("text.txt"), `${lines.join("\n")}\n`);
    await using run = lab.start(["quickstart", solution, "--input", lab.directory.join("text.txt"), "-o", "json"]);
    await run.assertExit(0, twoMinutesMs);
    const result = run.stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map(
        (line) =>
          JSON.parse(line) as { counts?: Record<string, number>; components?: Record<string, { acked: number }> },
      )
      .find(({ counts }) => counts !== undefined);
    const expected: Record<string, number> = {};
    for (const word of lines.flatMap((line) => line.split(" "))) expected[word] = (expected[word] ?? 0) + 1;
    assert.deepEqual({ ...result?.counts }, expected);
    assert.equal(result?.components?.spout?.acked, lines.length);
  });
});

/** Its bolt holds the event loop for twice as long as a worker may be silent at classroom pace. */
function busyTopology(done: string): string {
  return `
import { writeFileSync } from "node:fs";
import { BaseRichBolt, BaseRichSpout, TopologyBuilder } from "storm-lab";
class One extends BaseRichSpout {
  open(_conf, _context, collector) { this.collector = collector; this.left = 1; }
  nextTuple() { if (this.left-- > 0) this.collector.emit([1]); else this.collector.exhausted(); }
  declareOutputFields(declarer) { declarer.declare(["n"]); }
}
class Busy extends BaseRichBolt {
  prepare(_conf, _context, collector) { this.collector = collector; }
  execute(tuple) {
    const endMs = performance.now() + 11_000;
    while (performance.now() < endMs);
    writeFileSync(${JSON.stringify(done)}, "done");
    this.collector.ack(tuple);
  }
}
export default () => {
  const builder = new TopologyBuilder();
  builder.setSpout("one", () => new One());
  builder.setBolt("busy", () => new Busy()).shuffleGrouping("one");
  return { name: "busy", topology: builder.createTopology() };
};
`;
}

const failingTopology = `
import { BaseRichBolt, BaseRichSpout, TopologyBuilder } from "storm-lab";
class Nothing extends BaseRichSpout {
  open() {}
  nextTuple() {}
  declareOutputFields(declarer) { declarer.declare(["n"]); }
}
class Broken extends BaseRichBolt {
  prepare() { throw new Error("no database here"); }
  execute() {}
}
export default () => {
  const builder = new TopologyBuilder();
  builder.setSpout("nothing", () => new Nothing());
  builder.setBolt("broken", () => new Broken()).shuffleGrouping("nothing");
  return { name: "bad", topology: builder.createTopology() };
};
`;

describe("storm-lab submit", () => {
  it("says what runs where, and refuses a second topology of the name", async () => {
    await using lab = await clusterHome();
    await lab.up();
    const text = await lab.run(["submit", solution]);
    assert.match(text, /^submitted word-count \(\d+ kB of code\) as word-count-1-\d+\n/);
    assert.match(text, /^ {2}127\.0\.0\.2:\d+ {2}.*spout\[\d+-\d+\]/m);
    assert.match(text, /^ {2}127\.0\.0\.3:\d+ {2}.*spout\[\d+-\d+\]/m);
    assert.match(await lab.run(["submit", solution], 5), /SL-TOPOLOGY-NAME-TAKEN/);
    const one = ["-c", "topology.workers=1"];
    assert.match(
      await lab.run(["submit", solution, "--name", "second", "--inactive", ...one, "-o", "json"]),
      /"status":"INACTIVE"/,
    );
    await untilWorkers(lab, 3);
    assert.match(await lab.run(["status"]), /word-count +ACTIVE +2 +10/);
  });

  it("leaves a worker alone whose author's code computes for longer than it may be silent", async () => {
    await using lab = await clusterHome();
    await lab.up("--supervisors", "1");
    const done = lab.directory.join("done");
    await writeFile(lab.directory.join("busy.mjs"), busyTopology(done));
    await lab.run(["submit", "busy.mjs"]);
    const [worker] = await untilWorkers(lab, 1);
    await eventually(() => existsSync(done) || undefined, upMs, "the computation to end");
    const [same] = await untilWorkers(lab, 1);
    assert.equal(same, worker);
    assert.doesNotMatch(await lab.log("node2/logs/supervisor.log"), /ending worker|exited with/);
  });

  it("is told in words what has no slots, and whose component cannot start", async () => {
    await using lab = await clusterHome();
    await lab.up("--supervisors", "1", "--zookeeper", "1");
    await writeFile(lab.directory.join("bad.mjs"), failingTopology);
    await lab.run(["submit", "bad.mjs"]);
    const status = () => lab.run(["status"]);
    const told = /bad: broken failed \d+ s ago: Error: no database here\n {2}storm-lab get-errors bad/;
    await eventually(async () => (told.test(await status()) ? true : undefined), upMs, "status to tell of the error");
    assert.match(await lab.run(["get-errors", "bad"]), /no database here/);
    assert.match(
      await lab.run(["logs", "bad", "--level", "error"]),
      /Halting process: Worker died[\s\S]*no database here/,
    );
    assert.match(
      await lab.run(["submit", solution, "-c", "topology.workers=9"]),
      /submitted word-count[\s\S]*127\.0\.0\.2/,
    );
    assert.match(await status(), /word-count +ACTIVE +3 .*Not enough slots for 9 workers, so all executors run in 3/);
    assert.match(await lab.run(["submit", solution, "--name", "late"]), /it has no workers yet: Not enough slots/);
    assert.match(await status(), /late +ACTIVE +0 .*Not enough slots for \d+ of \d+ executors/);
  });

  it("starts a killed worker again, and its words go on", async () => {
    await using lab = await clusterHome();
    await lab.up();
    await lab.run(["submit", solution]);
    const before = await untilWorkers(lab, 2);
    const [victim] = before;
    if (victim === undefined) assert.fail("no worker");
    process.kill(victim, "SIGKILL");
    for (let ask = 0; ask < asks; ask++) {
      const after = await workersOf(lab);
      if (after.length === before.length && !after.includes(victim)) return;
    }
    assert.fail("no other worker came");
  });

  it("tells what is in its way", async () => {
    await using lab = await clusterHome();
    assert.match(await lab.run(["submit", "no-such-file.ts"], 2), /SL-FILE-MISSING/);
    await writeFile(lab.directory.join("bad.ts"), "export const x = 1;\n");
    assert.match(await lab.run(["submit", "bad.ts"], 2), /SL-TOPOLOGY-EXPORT/);
    await using away = lab.start([
      "submit",
      solution,
      "-c",
      "storm.nimbus.retry.times=0",
      "-c",
      "nimbus.thrift.port=1",
    ]);
    await away.assertExit(4, upMs);
    assert.match(away.stderr, /SL-NIMBUS-LEADER-NOT-FOUND Could not find leader nimbus from seed hosts/);
  });
});

/** How often `ps` is asked; each time costs a tenth of a second and more. */
const asks = 100;

/** Nimbus has placed them before their supervisors have started them. */
async function untilWorkers(lab: Awaited<ReturnType<typeof clusterHome>>, count: number): Promise<number[]> {
  for (let ask = 0; ask < asks; ask++) {
    const pids = await workersOf(lab);
    if (pids.length === count) return pids;
  }
  return assert.fail(`there were never ${count} workers`);
}

async function workersOf(lab: Awaited<ReturnType<typeof clusterHome>>): Promise<number[]> {
  const rows = (await lab.processes()).filter(({ role }) => role === "worker");
  return rows.flatMap(({ pid }) => (pid === null ? [] : [pid]));
}

/** A program that calls StormSubmitter, as the tutorial's driver, run by `storm-lab local`, in one process and in two, and by itself. */
import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repositoryRoot, startStormLab, type TemporaryDirectory, temporaryDirectory } from "../kit/index.ts";
import { clusterHome } from "./cluster-processes.ts";
import { assertThreeLines } from "./local-runs.ts";

const stepMs = 60_000;

const driver = `
import { BaseRichSpout, BaseBasicBolt, Config, StormSubmitter, TopologyBuilder } from "storm-lab";

class Numbers extends BaseRichSpout {
  private collector: any;
  private left = 5;
  override open(_conf: any, _context: any, collector: any) { this.collector = collector; }
  override nextTuple() {
    if (this.left-- > 0) this.collector.emit([this.left]);
    else this.collector.exhausted();
  }
  override declareOutputFields(declarer: any) { declarer.declare(["number"]); }
}

class Sum extends BaseBasicBolt {
  private sum = 0;
  override prepare(_conf: any, context: any) { context.publish("sum", () => this.sum); }
  override execute(tuple: any) { this.sum += tuple.getValue(0); }
  override declareOutputFields() {}
}

async function main() {
  const builder = new TopologyBuilder();
  builder.setSpout("numbers", new Numbers(), 2);
  builder.setBolt("sum", new Sum(), 2).shuffleGrouping("numbers");
  await StormSubmitter.submitTopology(process.argv[2] ?? "sums", new Config().setNumWorkers(2), builder.createTopology());
  console.log("after the submit");
}
await main();
`;
const second = `
const again = new TopologyBuilder();
again.setSpout("numbers", new Numbers());
await StormSubmitter.submitTopology("second", new Config(), again.createTopology());
console.log("after both");
`;

describe("a program that calls StormSubmitter", () => {
  for (const workers of ["1", "2"]) {
    it(`runs to its end by storm-lab local, in ${workers} worker(s)`, async () => {
      await using folder = await temporaryDirectory();
      await writeFile(folder.join("driver.ts"), driver);
      await using run = startStormLab(["local", folder.join("driver.ts"), "named", "--workers", workers, "-o", "json"]);
      await run.assertExit(0, stepMs);
      const lines = run.stdout.trim().split("\n");
      assert.equal((JSON.parse(lines.at(-1) ?? "") as { sum: number }).sum, 20);
      assert.ok(!run.stdout.includes("after the submit"), "the program stands still at its submit");
    });
  }

  it("submits when it is started by itself, each topology once, and goes on", async () => {
    await using lab = await clusterHome();
    await lab.up();
    const file = await inFolder(lab.directory, `${driver}${second}`);
    await using run = lab.startNode([file, "named"]);
    await run.assertExit(0, stepMs);
    assert.match(run.stdout, /submitted named .*\n[\s\S]*submitted second .*\n[\s\S]*after both\n$/);
    assert.equal(run.stdout.split("after both").length, 2, run.stdout);
    const listed = JSON.parse(await lab.run(["list", "-o", "json"])) as { readonly name: string }[];
    assert.deepEqual(listed.map(({ name }) => name).sort(), ["named", "second"]);
    await using again = lab.startNode([file, "named"]);
    assert.notEqual((await again.exit(stepMs)).code, 0);
    assert.match(again.stderr, /SL-PROGRAM-SUBMIT/);
  });

  it("may be the tutorial's driver, in both of its modes", async () => {
    await using lab = await clusterHome();
    const file = join(repositoryRoot, "labs", "word-count", "starter", "driver.ts");
    const local = await lab.run(["local", file]);
    assert.match(local, /\{.*=\d+/, local.slice(0, 200));
    await lab.up();
    assert.match(await lab.run(["submit", file, "cluster"]), /^submitted wordcount2 /);
  });

  it("is told, started by itself, when there is no cluster, and when it is no file", async () => {
    await using lab = await clusterHome();
    const file = await inFolder(lab.directory, driver);
    await using run = lab.startNode(["--input-type=module", "-e", `await import(${JSON.stringify(file)});`]);
    assert.notEqual((await run.exit(stepMs)).code, 0);
    assert.match(run.stderr, /SL-PROGRAM-ALONE/);
    await using none = lab.startNode([file]);
    assert.notEqual((await none.exit(stepMs)).code, 0);
    assert.match(none.stderr, /SL-NIMBUS-LEADER-NOT-FOUND[\s\S]*SL-PROGRAM-SUBMIT/);
  });

  it("is told when it submits under a name that Storm does not allow", async () => {
    await using folder = await temporaryDirectory();
    await writeFile(
      folder.join("driver.mjs"),
      'import { StormSubmitter } from "storm-lab";\nawait StormSubmitter.submitTopology("a/b", null, {});',
    );
    await using run = startStormLab(["local", folder.join("driver.mjs")]);
    await run.assertExit(2, stepMs);
    assertThreeLines(run.stderr, "SL-TOPOLOGY-NAME");
  });
});

/** Where `storm-lab` is a package that it has installed. */
async function inFolder(folder: TemporaryDirectory, text: string): Promise<string> {
  await mkdir(folder.join("node_modules"));
  await symlink(repositoryRoot, folder.join("node_modules", "storm-lab"));
  await writeFile(folder.join("driver.ts"), text);
  return folder.join("driver.ts");
}

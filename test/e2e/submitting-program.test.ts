/** A program that calls StormSubmitter, as the tutorial's driver, run by `storm-lab local`, in one process and in two, and by itself. */
import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { repositoryRoot, startProcess, startStormLab, temporaryDirectory } from "../kit/index.ts";
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
main();
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

  it("is told, started by itself, who would run it", async () => {
    await using folder = await temporaryDirectory();
    await mkdir(folder.join("node_modules"));
    await symlink(repositoryRoot, folder.join("node_modules", "storm-lab"));
    await writeFile(folder.join("driver.ts"), driver);
    await using run = startProcess(process.execPath, [folder.join("driver.ts")]);
    assert.notEqual((await run.exit(stepMs)).code, 0);
    assert.match(run.stderr, /"sums" is not submitted: the program was started by itself/);
    assert.match(run.stderr, /SL-PROGRAM-ALONE/);
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

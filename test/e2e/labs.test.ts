import assert from "node:assert/strict";
import { appendFile, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { repositoryRoot, startStormLab } from "../kit/index.ts";
import { clusterHome } from "./cluster-processes.ts";

/** Every lab's stages, each within a minute. */
const verifyMs = 540_000;

describe("storm-lab lab", () => {
  it("proves every lab on a real cluster: starters fail with the intended words, solutions pass", async () => {
    await using lab = await clusterHome();
    await using run = lab.start(["lab", "verify"]);
    await run.assertExit(0, verifyMs);
    const stages = run.stdout.split("\n").filter((line) => / (starter|solution): /.test(line));
    assert.ok(stages.length >= 10, run.stdout);
    assert.deepEqual(
      stages.filter((line) => !line.startsWith("✓")),
      [],
    );
  });

  it("leads through the first lab, keeps what happened, and begins again", async () => {
    await using lab = await clusterHome();
    await lab.run(["lab", "check"], 2);
    const begun = await lab.run(["lab", "start", "1"]);
    assert.match(begun, /Bring a cluster up/);
    assert.match(await lab.run(["lab", "start", "1", "--lang", "zh"]), /启动集群/);
    await lab.run(["lab", "check"], 8);
    await lab.up();
    assert.match(await lab.run(["lab", "check"]), /2 supervisors, a nimbus leads, 3 of 3 ZooKeeper servers serve/);
    await lab.run(["lab", "next"]);
    const folder = `${lab.directory.path}/lab-1-five-minutes`;
    await lab.run(["submit", `${folder}/topology.ts`]);
    // The step goes on with the next words: checks of its own wait for nobody.
    await lab.run(["lab", "solution"], 2);
    await lab.run(["lab", "solution", "--anyway"]);
    assert.match(await readFile(`${folder}/solution/topology.ts`, "utf8"), /TopologyBuilder/);
    await appendFile(`${folder}/topology.ts`, "// mine\n");
    const reset = await lab.run(["lab", "reset", "lab"]);
    assert.match(reset, /killed five-minutes/);
    assert.match(await readFile(`${folder}/before-reset/topology.ts`, "utf8"), /mine/);
    assert.doesNotMatch(await readFile(`${folder}/topology.ts`, "utf8"), /mine/);
    const report = JSON.parse(await lab.run(["lab", "report", "-o", "json"])) as { steps: { done: boolean }[] };
    assert.equal(report.steps.length, 6);
    assert.ok(report.steps.every(({ done }) => !done));
  });

  it("hands every text of a lab out with the package", async () => {
    await using pack = startStormLab(["lab", "verify", "--static"], { cwd: repositoryRoot });
    await pack.assertExit(0, 60_000);
  });
});

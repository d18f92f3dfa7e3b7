/** `storm-lab logs` on a cluster: what an author's code prints, and what daemons say. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { eventually } from "../kit/index.ts";
import { clusterHome, upMs } from "./cluster-processes.ts";

const printer = `
import { BaseRichBolt, BaseRichSpout, Config, TopologyBuilder } from "storm-lab";
class Ticks extends BaseRichSpout {
  open(_conf, _context, collector) { this.collector = collector; this.tick = 0; }
  nextTuple() { this.collector.emit([this.tick++]); return new Promise((resume) => setTimeout(resume, 100)); }
  declareOutputFields(declarer) { declarer.declare(["tick"]); }
}
class Print extends BaseRichBolt {
  prepare(_conf, _context, collector) { this.collector = collector; }
  execute(tuple) { console.log("tick", tuple.getNumber(0)); this.collector.ack(tuple); }
}
export default () => {
  const builder = new TopologyBuilder();
  builder.setSpout("ticks", () => new Ticks());
  builder.setBolt("print", () => new Print()).shuffleGrouping("ticks");
  return { name: "printer", conf: new Config(), topology: builder.createTopology() };
};
`;

describe("storm-lab logs", () => {
  it("shows what was written, and follows it over the death of a worker", async () => {
    await using lab = await clusterHome();
    await lab.up("--supervisors", "1", "--zookeeper", "1");
    await writeFile(lab.directory.join("printer.mjs"), printer);
    await lab.run(["submit", "printer.mjs"]);
    const seen = async () =>
      (await lab.run(["logs", "printer", "--grep", "tick 3"])).includes("tick 3") ? true : undefined;
    await eventually(seen, upMs, "what the bolt prints");
    const lines = (await lab.run(["logs", "printer", "-n", "2", "--grep", "tick"])).trim().split("\n");
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? "", /^\d{4}-\d\d-\d\d .* STDIO print-executor\[\d+, \d+\] \[INFO\] tick \d+$/);
    assert.match(await lab.run(["logs", "nimbus"]), /Setting new assignment for topology id printer-1-/);
    assert.match(await lab.run(["logs", "-n", "500"]), /^supervisor1 \| .*Launching worker/m);
    assert.equal(await lab.run(["logs", "printer", "--level", "error"]), "");
    const [event] = (await lab.run(["logs", "printer", "--grep", "tick", "-n", "1", "-o", "json"])).split("\n");
    assert.equal((JSON.parse(event ?? "") as { level: string }).level, "INFO");
    assert.match(await lab.run(["logs", "nobody"], 2), /SL-CLUSTER-TARGET/);
    assert.match(await lab.run(["logs", "--grep", "["], 2), /SL-COMMAND-VALUE/);

    await using following = lab.start(["logs", "-f", "printer", "-n", "0"]);
    await following.line(/tick \d+/m, upMs);
    await lab.run(["fault", "kill", "worker"]);
    await following.line(/has finished loading/m, upMs);
    await following.line(/ tick 0$/m, upMs);
    following.signal("SIGINT");
    await following.assertExit(130, upMs);
    assert.equal(following.stderr, "");
  });
});

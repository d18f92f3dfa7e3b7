/** Real faults of a real cluster, one after the other, and what the doctor says of each; a healthy one gives no finding. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { unzipSync } from "fflate";
import { eventually, repositoryRoot } from "../kit/index.ts";
import { type ClusterHome, clusterHome, commandMs, upMs } from "./cluster-processes.ts";

interface Told {
  readonly code: string;
  readonly what: string;
  readonly where: string;
  readonly fix: string;
}

/** How full the machine is that runs the tests is not what they are about. */
const ofMachine = new Set(["MEMORY", "DISK", "OPEN-FILES", "HOST-NAME"].map((name) => `SL-DOCTOR-${name}`));

const dyingTopology = `
import { BaseRichBolt, BaseRichSpout, Config, TopologyBuilder } from ${JSON.stringify(join(repositoryRoot, "dist/index.js"))};
class Dying extends BaseRichBolt {
  prepare() { throw new Error("no such table: words"); }
  execute() {}
  declareOutputFields(declarer) { return declarer.declare(["b"]); }
}
class Quiet extends BaseRichSpout {
  open() {}
  nextTuple() {}
  declareOutputFields(declarer) { return declarer.declare(["a"]); }
}
export default function dying() {
  const builder = new TopologyBuilder();
  builder.setSpout("quiet", new Quiet(), 1);
  builder.setBolt("dying", new Dying(), 1).shuffleGrouping("quiet");
  return { name: "dying", conf: new Config().setNumWorkers(1), topology: builder.createTopology() };
}
`;

describe("the doctor of a real cluster", () => {
  it("finds nothing wrong with a healthy one, and each fault with its cause, place and cure", async () => {
    await using lab = await clusterHome();
    await lab.up();
    assert.deepEqual(await findings(lab, 0), []);

    const myid = `${lab.folder()}/zk-data/8002/data/myid`;
    await writeFile(myid, "7\n");
    const [broken] = await findings(lab, 3);
    assert.deepEqual([broken?.code, broken?.where], ["SL-DOCTOR-MYID", myid]);
    assert.match(broken?.what ?? "", /server 2 is 7/);
    await writeFile(myid, "2\n");

    process.kill(await lab.pidOf("zookeeper3"), "SIGKILL");
    await lab.run(["stop", "supervisor1"]);
    await lab.run(["stop", "drpc1"]);
    await lab.run(["pause", "ui1"]);
    const drpcPort = (await lab.processes()).find(({ id }) => id === "drpc1")?.ports[0] ?? 0;
    {
      await using _blocker = await listenOn(drpcPort);
      const found = await eventually(
        async () => {
          const told = await findings(lab, 3);
          return told.some(({ code }) => code === "SL-DOCTOR-ZK-DOWN") ? told : undefined;
        },
        commandMs,
        "the killed server to be missed",
      );
      const codes = found.map(({ code }) => code);
      for (const code of ["ZK-DOWN", "STOPPED", "PAUSED", "PORT", "PID-FILE"])
        assert.ok(codes.includes(`SL-DOCTOR-${code}`), `${code} among ${codes}`);
      const port = found.find(({ code }) => code === "SL-DOCTOR-PORT");
      assert.match(port?.what ?? "", new RegExp(`port ${drpcPort} on 127\\.0\\.0\\.1 .* ${process.pid} \\(`));
      assert.ok(found.some(({ fix }) => fix === "storm-lab start supervisor1 --cluster classroom"));
    }

    assert.match(await lab.run(["doctor", "--fix"], 2), /SL-CONFIRM/);
    const mended = await output(lab, "doctor", "--fix", "--yes", "--lang", "zh");
    assert.match(mended, /supervisor1 没有运行/);
    assert.match(mended, /启动 classroom 的 zookeeper3: 完成/);
    await healthy(lab);

    await writeFile(lab.directory.join("dying.mjs"), dyingTopology);
    await lab.run(["submit", "dying.mjs", "--no-wait"]);
    const loop = await eventually(
      async () => (await findings(lab)).find(({ code }) => code === "SL-DOCTOR-WORKER-LOOP"),
      upMs * 2,
      "a worker that dies again and again to be seen",
    );
    assert.match(loop.what, /ended \d+ times .*no such table: words/);
    assert.match(await readFile(loop.where, "utf8"), /no such table: words/);

    await writeFile(`${lab.folder()}/node2/conf/storm.yaml`, "a.password: hunter2\n", { flag: "a" });
    await output(lab, "doctor", "--report", "report.zip");
    const files = unzipSync(await readFile(lab.directory.join("report.zip")));
    const names = Object.keys(files);
    for (const name of [
      "findings.json",
      "classroom/cluster.yaml",
      "classroom/node1/logs/nimbus.log",
      "classroom/zk-cluster/8001/conf/zoo.cfg",
    ])
      assert.ok(names.includes(name), `${name} among ${names}`);
    assert.ok(names.some((name) => name.endsWith("/worker.log")));
    const all = Object.values(files)
      .map((bytes) => Buffer.from(bytes).toString("utf8"))
      .join("\n");
    assert.match(all, /a\.password: \*\*\*/);
    assert.ok(!all.includes("hunter2") && !all.includes(lab.home));
  });
});

async function findings(lab: ClusterHome, exitCode?: number): Promise<Told[]> {
  await using child = lab.start(["doctor", "-o", "json"]);
  const { code } = await child.exit(upMs);
  const { findings: told } = JSON.parse(child.stdout) as { findings: Told[] };
  const own = told.filter((one) => !ofMachine.has(one.code));
  if (exitCode !== undefined && own.length === told.length) assert.equal(code, exitCode, child.stdout);
  return own;
}

async function healthy(lab: ClusterHome): Promise<void> {
  await eventually(
    async () => ((await findings(lab)).length === 0 ? true : undefined),
    upMs,
    "the mended cluster to be well",
  );
}

async function listenOn(port: number): Promise<AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Of a command that ends with 3, for what it found. */
async function output(lab: ClusterHome, ...args: string[]): Promise<string> {
  await using child = lab.start(args);
  await child.assertExit(3, upMs);
  return child.stdout;
}

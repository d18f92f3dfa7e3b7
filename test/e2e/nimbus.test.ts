/** `storm-lab nimbus` with real processes: killed and started again, succeeded by another one, in bad company. */
import assert from "node:assert/strict";
import { createConnection } from "node:net";
import { test } from "node:test";
import { type RunningProcess, startStormLab, temporaryDirectory, wordCountThrift } from "../kit/index.ts";
import { NimbusProcess } from "./nimbus-process.ts";
import { stepMs, ZooKeeperProcess } from "./zookeeper-process.ts";

const lines = ["clientPortAddress=127.0.0.1", "admin.enableServer=false"];

test("a nimbus that is killed with kill -9 goes on when it is started again", async () => {
  await using folder = await temporaryDirectory();
  const zookeeper = await ZooKeeperProcess.prepare(folder, lines);
  await using _zk = await zookeeper.serving();
  const nimbus = await NimbusProcess.prepare(folder, zookeeper.clientPort);
  await using first = await nimbus.leading();
  await nimbus.submit("wc", wordCountThrift(), { "topology.workers": 2 });
  await nimbus.submit("dying", wordCountThrift());
  await nimbus.call((calls) => calls.killTopologyWithOpts({ name: "dying", options: { wait_secs: 1 } }));
  await first.kill();
  await using second = await nimbus.leading();
  await second.line(/Topology wc-1-\d+: /, stepMs);
  const summaries = await nimbus.call((calls) => calls.getTopologySummaries());
  const [wc, dying] = [...summaries].sort((a, b) => (a.name < b.name ? 1 : -1));
  assert.deepEqual([wc?.name, wc?.status, dying?.name, dying?.status], ["wc", "ACTIVE", "dying", "KILLED"]);
  assert.match(wc?.sched_status ?? "", /no supervisor|slot/i);
  await second.line(/Killing topology: dying-/, stepMs);
  second.signal("SIGTERM");
  assert.notEqual((await second.exit(stepMs)).code, 0, "it says that it was interrupted");
  assert.match(second.stderr, /Shut down master/);
});

test("a second nimbus copies the code, and leads when the first one dies", async () => {
  await using folder = await temporaryDirectory();
  const zookeeper = await ZooKeeperProcess.prepare(folder, lines);
  await using _zk = await zookeeper.serving();
  const first = await NimbusProcess.prepare(folder, zookeeper.clientPort, "first");
  const second = await NimbusProcess.prepare(folder, zookeeper.clientPort, "second");
  await using one = await first.leading();
  await using two = second.start();
  await two.line(/Queued up for leader lock/, stepMs);
  await first.submit("wc", wordCountThrift(), { "topology.min.replication.count": 2 });
  assert.match(two.stderr, /Copied blob wc-1-\d+-stormcode\.ser/);
  await assert.rejects(second.submit("other", wordCountThrift()), (error: Error) => {
    assert.match(
      error.message,
      new RegExp(`not a leader, current leader is NimbusInfo\\{host='127\\.0\\.0\\.1', port=${first.port},`),
    );
    return true;
  });
  assert.equal((await second.call((calls) => calls.getLeader())).port, first.port);
  await one.kill();
  await two.line(/Accepting leadership/, stepMs);
  await second.call((calls) => calls.deactivate({ name: "wc" }));
  const cluster = await second.call((calls) => calls.getClusterInfo());
  assert.deepEqual(
    cluster.topologies.map(({ name, status }) => [name, status]),
    [["wc", "INACTIVE"]],
  );
  assert.deepEqual(
    cluster.nimbuses.map(({ port, isLeader }) => [port, isLeader]),
    [[second.port, true]],
  );
});

test("it says in words what keeps it from working", async () => {
  await using folder = await temporaryDirectory();
  const zookeeper = await ZooKeeperProcess.prepare(folder, lines);
  const nimbus = await NimbusProcess.prepare(folder, zookeeper.clientPort);
  await using waiting = nimbus.start();
  await waiting.line(/Waiting for ZooKeeper at 127\.0\.0\.1:\d+ \(try 1\)/, stepMs);
  await using twin = startStormLab(["nimbus", "--config", nimbus.config], { cwd: folder.path });
  assert.notEqual((await twin.exit(stepMs)).code, 0);
  assert.match(twin.stderr, /SL-RPC-LISTEN/);
  await using _zk = await zookeeper.serving();
  await waiting.line(/Accepting leadership/, stepMs);
  await hostile(nimbus, waiting);
});

/** Nobody who can reach its port can do worse than be refused. */
async function hostile(nimbus: NimbusProcess, child: RunningProcess): Promise<void> {
  for (const bytes of [
    Buffer.alloc(100_000, 0xff),
    Buffer.from("GET / HTTP/1.1\r\n\r\n"),
    Buffer.from([0, 0, 0, 4, 1, 2, 3, 4]),
  ]) {
    await new Promise<void>((resolve) => {
      const socket = createConnection({ host: "127.0.0.1", port: nimbus.port }, () => socket.end(bytes));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
      socket.resume();
    });
  }
  const submit = (uploadedJarLocation: string) =>
    nimbus.call((calls) =>
      calls.submitTopology({ name: "x", uploadedJarLocation, jsonConf: "{}", topology: wordCountThrift() }),
    );
  const own = await nimbus.call((calls) => calls.beginFileUpload());
  for (const location of [
    "/etc/passwd",
    `${own}/../../../zoo.cfg`,
    `${own.slice(0, own.lastIndexOf("/"))}/../../nimbus.yaml`,
    "",
  ]) {
    await assert.rejects(submit(location), /is no file of nimbus' inbox/, location);
  }
  for (const key of ["../../../etc/passwd", "a/b", ".", "..", "", "x".repeat(300), "a\0b"]) {
    const meta = { acl: [] };
    await assert.rejects(
      nimbus.call((calls) => calls.beginCreateBlob({ key, meta })),
      /valid blob key/,
      key,
    );
    await assert.rejects(
      nimbus.call((calls) => calls.getBlobMeta({ key })),
      /SL-|KeyNotFound|./,
      key,
    );
  }
  await assert.rejects(
    nimbus.call((calls) => calls.uploadChunk({ location: "/tmp/x", chunk: Buffer.from("x") })),
    /timed out/,
  );
  await assert.rejects(
    nimbus.call((calls) => calls.getTopologyInfo({ id: "../../x" })),
    /not alive|not reach|path/i,
  );
  assert.deepEqual(await nimbus.call((calls) => calls.getTopologySummaries()), []);
  assert.equal((await nimbus.call((calls) => calls.getLeader())).port, nimbus.port);
  assert.ok(!child.stderr.includes("SL-ASSERT"));
}

/** Our client and our topologies with Apache Storm's nimbus, which decodes them by its own classes and gives them back. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { prepareApacheStorm } from "../../../scripts/interop/apache-storm.ts";
import { downloadBlob, NimbusClient, uploadFile } from "../../../src/client/index.ts";
import { topologyFromThrift, topologyToThrift } from "../../../src/code/index.ts";
import { StormConf } from "../../../src/conf/index.ts";
import { type StormTopology, TopologyBuilder } from "../../../src/topology/index.ts";
import { AlreadyAliveException, KeyNotFoundException, NotAliveException } from "../../../src/wire/thrift/index.ts";
import { startOurs } from "../../contract/zookeeper/ours.ts";
import { runtime } from "../../contract/zookeeper/world.ts";
import { freePort, startProcess, temporaryDirectory } from "../../kit/index.ts";
import { basicBolt, bolt, spout } from "../../kit/scripted-components.ts";
import { interopSkipped } from "../interop.ts";

const host = "127.0.0.1";
const file = Uint8Array.from({ length: 700_000 }, (_, index) => index % 251);

/** Every grouping that has a word in Thrift, streams, conf and parallelism. */
function everyGrouping(): StormTopology {
  const builder = new TopologyBuilder();
  const execute = () => {};
  const streams = { default: ["line", "number"], errors: ["text"] };
  builder.setSpout("lines", spout({ nextTuple: () => {}, declares: streams }), 3).setNumTasks(6);
  builder.setSpout("named", spout({ nextTuple: () => {}, declares: ["task"], direct: true }));
  builder.setBolt("shuffled", bolt({ execute }), 2).shuffleGrouping("lines").allGrouping("lines", "errors");
  builder.setBolt("keyed", basicBolt({ execute })).fieldsGrouping("lines", ["number", "line"]);
  builder.setBolt("partly", bolt({ execute })).partialKeyGrouping("lines", ["line"]);
  builder.setBolt("one", bolt({ execute })).globalGrouping("lines").noneGrouping("lines", "errors");
  builder
    .setBolt("near", bolt({ execute }))
    .localOrShuffleGrouping("lines")
    .addConfiguration("own.key", { a: [1, "b"] });
  builder.setBolt("directly", bolt({ execute })).directGrouping("named");
  return builder.createTopology();
}

async function submits(client: NimbusClient, location: string): Promise<void> {
  const { calls } = client;
  const { description } = everyGrouping();
  const submission = {
    name: "wc",
    uploadedJarLocation: location,
    jsonConf: '{"topology.workers":2}',
    topology: topologyToThrift(description, "topology.ts"),
    options: { initial_status: "ACTIVE" as const },
  };
  await calls.submitTopologyWithOpts(submission);
  await assert.rejects(calls.submitTopologyWithOpts(submission), (error) => AlreadyAliveException.is(error));
  const [summary] = await calls.getTopologySummaries();
  assert.deepEqual([summary?.name, summary?.status], ["wc", "ACTIVE"]);
  assert.equal(await calls.isTopologyNameAllowed({ name: "wc" }), false);
  const back = topologyFromThrift(await calls.getUserTopology({ id: summary?.id ?? "" }));
  // Nimbus adds the number of tasks to each component's conf, and keeps no order of subscriptions.
  const plain = ({ components }: typeof description) =>
    components.map(({ id, kind, parallelismHint, streams, inputs, conf }) => ({
      id,
      isSpout: kind === "spout",
      parallelismHint,
      streams,
      inputs: [...inputs].sort((a, b) => (a.streamId < b.streamId ? -1 : 1)),
      conf: { ...conf, "topology.tasks": conf["topology.tasks"] ?? parallelismHint },
    }));
  assert.deepEqual(JSON.parse(JSON.stringify(plain(back))), JSON.parse(JSON.stringify(plain(description))));
  await calls.deactivate({ name: "wc" });
  await calls.killTopologyWithOpts({ name: "wc", options: { wait_secs: 0 } });
  await assert.rejects(calls.activate({ name: "none" }), (error) => NotAliveException.is(error));
}

async function keepsBlobs(client: NimbusClient): Promise<void> {
  const calls = await client.pinned();
  const session = await calls.beginCreateBlob({ key: "words.txt", meta: { acl: [{ type: "OTHER", access: 7 }] } });
  await calls.uploadBlobChunk({ session, chunk: file.subarray(0, 300_000) });
  await calls.uploadBlobChunk({ session, chunk: file.subarray(300_000) });
  await calls.finishBlobUpload({ session });
  const { size, chunks } = await downloadBlob(client, "words.txt");
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  assert.equal(size, file.length);
  assert.ok(Buffer.concat(pieces).equals(file));
  await assert.rejects(downloadBlob(client, "none"), (error) => KeyNotFoundException.is(error));
}

test("Apache Storm's nimbus is found, takes files and topologies, and gives them back", {
  skip: interopSkipped,
}, async () => {
  await using directory = await temporaryDirectory();
  const ours = await startOurs(1);
  const thriftPort = await freePort();
  const zooKeeperPort = ours.servers[0]?.clientPort ?? 0;
  const options = { zooKeeperHosts: [host], zooKeeperPort, sessionTimeoutMs: 4000, hostName: host, thriftPort };
  const { nimbus: words } = await prepareApacheStorm({ folder: directory.path, ...options });
  const [java = "", ...args] = words;
  try {
    await using nimbus = startProcess(java, args, { cwd: directory.path });
    // The client waits for it, with Storm's own patience.
    const conf = new StormConf({
      "nimbus.seeds": ["127.0.0.3", "localhost"],
      "nimbus.thrift.port": thriftPort,
      "storm.nimbus.retry.times": 30,
    });
    await using client = new NimbusClient({ runtime, conf });
    assert.deepEqual(await client.leader(), { host, port: thriftPort });
    const { supervisors, nimbuses } = await client.calls.getClusterInfo();
    assert.deepEqual([supervisors.length, nimbuses.length], [0, 1]);
    const location = await uploadFile(client, file);
    assert.ok((await readFile(location)).equals(file));
    await keepsBlobs(client);
    await submits(client, location);
    await nimbus.kill();
  } finally {
    await ours.stop();
  }
});

/** Our nimbus and Apache Storm's in one cluster: they queue in one line, copy each other's code, and succeed each other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareApacheStorm } from "../../../scripts/interop/apache-storm.ts";
import { connectThrift } from "../../../src/rpc/index.ts";
import { Nimbus } from "../../../src/wire/thrift/index.ts";
import { runtime } from "../../contract/zookeeper/world.ts";
import { NimbusProcess } from "../../e2e/nimbus-process.ts";
import { ZooKeeperProcess } from "../../e2e/zookeeper-process.ts";
import { eventually, freePort, startProcess, temporaryDirectory, wordCountThrift } from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const stepMs = 90_000;
const host = "127.0.0.1";

test("Apache Storm's nimbus copies our topology's code, and leads it when ours dies", {
  skip: interopSkipped,
}, async () => {
  await using folder = await temporaryDirectory();
  const zookeeper = await ZooKeeperProcess.prepare(folder, ["clientPortAddress=127.0.0.1", "admin.enableServer=false"]);
  await using _zk = await zookeeper.serving();
  const ours = await NimbusProcess.prepare(folder, zookeeper.clientPort);
  await using first = await ours.leading();
  // The other's host must not be ours: Storm tells nimbuses apart by their hosts alone.
  const thriftPort = await freePort();
  const options = {
    zooKeeperHosts: [host],
    zooKeeperPort: zookeeper.clientPort,
    sessionTimeoutMs: 4000,
    hostName: "localhost",
    thriftPort,
  };
  const storm = await prepareApacheStorm({ folder: folder.join("apache"), ...options });
  const [java = "", ...args] = storm.nimbus;
  await using apache = startProcess(java, args, { cwd: folder.path });
  await apache.line(/Starting thrift server/, stepMs);
  const calls = async <T>(use: (calls: Awaited<ReturnType<typeof connect>>["calls"]) => Promise<T>): Promise<T> => {
    const client = await connect();
    try {
      return await use(client.calls);
    } finally {
      await client.close();
    }
  };
  const connect = () =>
    eventually(
      () =>
        connectThrift({ runtime, host, port: thriftPort, service: Nimbus, timeoutMs: stepMs }).catch(() => undefined),
      stepMs,
      "Apache's Thrift port",
    );

  assert.equal((await calls(({ getLeader }) => getLeader())).port, ours.port, "it sees that ours leads");
  await ours.submit("wc", wordCountThrift(), { "topology.min.replication.count": 2 });
  const [summary] = await ours.call(({ getTopologySummaries }) => getTopologySummaries());
  assert.equal(summary?.replication_count, 2);
  const [seen] = await calls(({ getTopologySummaries }) => getTopologySummaries());
  assert.deepEqual([seen?.id, seen?.name, seen?.status], [summary?.id, "wc", "ACTIVE"]);
  const both = await ours.call(({ getClusterInfo }) => getClusterInfo());
  assert.deepEqual(both.nimbuses.map(({ host: name, isLeader }) => [name, isLeader]).sort(), [
    [host, true],
    ["localhost", false],
  ]);

  await first.kill();
  await apache.line(/Accepting leadership, all active topologies and corresponding dependencies found locally/, stepMs);
  await using again = ours.start();
  await again.line(/Queued up for leader lock/, stepMs);
  assert.equal((await ours.call(({ getLeader }) => getLeader())).port, thriftPort, "ours sees that Apache's leads");
  await calls(({ deactivate }) => deactivate({ name: "wc" }));
  await apache.kill();
  await again.line(/Accepting leadership/, stepMs);
  assert.equal((await ours.call(({ getTopologySummaries }) => getTopologySummaries()))[0]?.status, "INACTIVE");
  await ours.call(({ killTopologyWithOpts }) => killTopologyWithOpts({ name: "wc", options: { wait_secs: 0 } }));
  await again.line(/Killing topology: wc-/, stepMs);
});

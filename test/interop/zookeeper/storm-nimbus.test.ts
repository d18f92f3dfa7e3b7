/** Apache Storm's nimbus takes three of our servers for its ZooKeeper: it leads, keeps leading, and is succeeded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareApacheStorm } from "../../../scripts/interop/apache-storm.ts";
import { serverMode } from "../../../scripts/interop/four-letter-word.ts";
import { connectThrift } from "../../../src/rpc/index.ts";
import { Nimbus, NotAliveException } from "../../../src/wire/thrift/index.ts";
import { openZooKeeper, type ZooKeeperClient } from "../../../src/zookeeper/index.ts";
import { startOurs } from "../../contract/zookeeper/ours.ts";
import { runtime } from "../../contract/zookeeper/world.ts";
import { eventually, freePort, type RunningProcess, startProcess, temporaryDirectory } from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const stepMs = 60_000;
const sessionTimeoutMs = 4000;
/** Storm names hosts and one port for all, so each server listens at that port of a loopback address of its own. */
const hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"] as const;

async function names(client: ZooKeeperClient, path: string): Promise<string[]> {
  await client.sync(path);
  return [...((await client.getChildren(path))?.children ?? [])].sort();
}

/** Its own port, called by our client. */
async function answersOurCalls(port: number): Promise<void> {
  const host = hosts[0];
  const client = await eventually(
    () => connectThrift({ runtime, host, port, service: Nimbus, timeoutMs: stepMs }).catch(() => undefined),
    stepMs,
    "nimbus' Thrift port",
  );
  const { calls } = client;
  const { nimbuses, supervisors, topologies } = await calls.getClusterInfo();
  assert.deepEqual([nimbuses.length, supervisors, topologies], [1, [], []]);
  const leader = await calls.getLeader();
  assert.deepEqual([leader.host, leader.port, leader.isLeader], [host, port, true]);
  assert.equal(JSON.parse(await calls.getNimbusConf())["nimbus.thrift.port"], port);
  const killed: unknown = await calls.killTopology({ name: "none" }).catch((error: unknown) => error);
  assert.ok(NotAliveException.is(killed), String(killed));
  await client.close();
}

test("Apache Storm's nimbus leads, survives ours, and is succeeded", { skip: interopSkipped }, async () => {
  await using directory = await temporaryDirectory();
  const port = await freePort();
  const clientPorts = hosts.map(() => port);
  const ours = await startOurs(3, { clientHosts: hosts, clientPorts });
  const servers = hosts.map((host) => `${host}:${port}`).join(",");
  const client = openZooKeeper(runtime, { servers, patienceMs: stepMs });
  const nimbus = async (hostName: string, thriftPort: number): Promise<RunningProcess> => {
    const folder = directory.join(hostName);
    const options = { zooKeeperHosts: hosts, zooKeeperPort: port, sessionTimeoutMs, hostName, thriftPort };
    const [java = "", ...args] = (await prepareApacheStorm({ folder, ...options })).nimbus;
    return startProcess(java, args, { cwd: directory.path });
  };
  try {
    const thriftPort = await freePort();
    await using first = await nimbus("127.0.0.1", thriftPort);
    await first.line(/gained leadership/, stepMs);
    await first.line(/Starting thrift server/, stepMs);
    await answersOurCalls(thriftPort);
    const made = [
      "assignments",
      "blobstore",
      "errors",
      "leader-lock",
      "nimbuses",
      "storms",
      "supervisors",
      "workerbeats",
    ];
    const found = await names(client, "/storm");
    for (const name of made) assert.ok(found.includes(name), `${name} in ${found}`);
    await using second = await nimbus("localhost", await freePort());
    await second.line(/Starting thrift server/, stepMs);
    const both = await eventually(
      async () => {
        const list = await names(client, "/storm/nimbuses");
        return list.length === 2 ? list : undefined;
      },
      stepMs,
      "two nimbuses",
    );
    assert.equal((await names(client, "/storm/leader-lock")).length, 2);
    const session = (await client.exists(`/storm/nimbuses/${both[0]}`))?.ephemeralOwner;
    for (const [index, server] of ours.servers.entries()) {
      if ((await serverMode(server.clientPort, hosts[index])) !== "leader") continue;
      await server.kill();
      server.start();
    }
    assert.deepEqual(await names(client, "/storm/nimbuses"), both);
    await Promise.all(ours.servers.map((server) => server.served()));
    assert.equal((await client.exists(`/storm/nimbuses/${both[0]}`))?.ephemeralOwner, session);
    assert.ok(!second.stdout.includes("gained leadership"), "the first one led all the time");
    await first.kill();
    await second.line(/gained leadership/, stepMs);
    assert.equal((await names(client, "/storm/leader-lock")).length, 1);
  } finally {
    await client.close();
    await ours.stop();
  }
});

/**
 * A data folder moves between our server and Apache's, in both directions and back: every node, number, ACL and session is
 * there, and a client that was connected to the one goes on, in its session, with the other.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startApacheZooKeeper } from "../../../scripts/interop/apache-zookeeper.ts";
import { openZooKeeper, type ZooKeeperClient } from "../../../src/zookeeper/index.ts";
import { type ContractEnsemble, tickTimeMs } from "../../contract/zookeeper/contract.ts";
import { startOurs } from "../../contract/zookeeper/ours.ts";
import { runtime, stepMs } from "../../contract/zookeeper/world.ts";
import { freePort, temporaryDirectory } from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

interface Place {
  readonly folder: string;
  readonly clientPorts: readonly number[];
  readonly config: readonly string[];
}
type Start = (place: Place) => Promise<ContractEnsemble>;

const ours: Start = (place) => startOurs(1, place);
const apache: Start = (place) => startApacheZooKeeper({ tickTimeMs, ...place });

/** Everything a server can hold, so that each record of log and snapshot is written. */
async function fill(client: ZooKeeperClient, top: string): Promise<void> {
  await client.create(top, Buffer.from("top"));
  await client.create(`${top}/词`, Buffer.from([0, 255, 10, 13]));
  await client.create(`${top}/none`);
  await client.create(`${top}/ephemeral`, Buffer.from("mine"), { mode: "ephemeral" });
  await client.create(`${top}/container`, null, { mode: "container" });
  await client.create(`${top}/container/child`);
  await client.create(`${top}/mortal`, null, { mode: "persistentWithTtl", ttlMs: 3_600_000 });
  await client.create(`${top}/guarded`, Buffer.from("g"), { acl: [{ perms: 31, scheme: "auth", id: "" }] });
  await client.create(`${top}/acl`);
  const acl = [
    { perms: 1, scheme: "world", id: "anyone" },
    { perms: 31, scheme: "ip", id: "127.0.0.1" },
  ];
  await client.setAcl(`${top}/acl`, acl);
  for (let count = 0; count < 60; count++) {
    await client.create(`${top}/n-`, Buffer.from(String(count)), { mode: "persistentSequential" });
    await client.setData(top, Buffer.from(String(count)));
    if (count % 3 === 0) await client.delete(`${top}/n-${String(7 + count).padStart(10, "0")}`);
  }
  await client.create(top).catch(() => undefined);
  await client.multi([
    { op: "create", path: `${top}/multi`, data: Buffer.from("m") },
    { op: "setData", path: `${top}/multi`, data: Buffer.from("n") },
    { op: "delete", path: `${top}/none` },
  ]);
  await client.multi([
    { op: "create", path: `${top}/never` },
    { op: "check", path: `${top}/multi`, version: 77 },
  ]);
}

/** Path → what the server says of it, for the whole tree. */
async function everything(client: ZooKeeperClient): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  const left = ["/"];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    const node = await client.getData(path);
    found.set(path, { ...node, acl: (await client.getAcl(path))?.acl });
    const names = [...((await client.getChildren(path))?.children ?? [])].sort();
    left.push(...names.map((name) => (path === "/" ? `/${name}` : `${path}/${name}`)));
  }
  // The one node that is made anew at each start: the server's own configuration.
  found.delete("/zookeeper/config");
  return found;
}

async function move(from: Start, to: Start, config: readonly string[]): Promise<void> {
  await using directory = await temporaryDirectory();
  const port = await freePort();
  // The session must outlive three restarts, however slow the machine is.
  const place = { folder: directory.path, clientPorts: [port], config: [...config, "maxSessionTimeout=60000"] };
  const auth = [{ scheme: "digest", auth: Buffer.from("ada:pw") }];
  const client = openZooKeeper(runtime, {
    servers: `127.0.0.1:${port}`,
    sessionTimeoutMs: 30_000,
    patienceMs: stepMs,
    auth,
  });
  let servers = await from(place);
  try {
    await fill(client, "/first");
    const session = await client.session();
    for (const [index, next] of [to, from, to].entries()) {
      const before = await everything(client);
      await servers.stop();
      servers = await next(place);
      assert.deepEqual(await everything(client), before, `after move ${index + 1}`);
      assert.equal(await client.session(), session, "the session goes on");
      await fill(client, `/again-${index}`);
    }
    await client.close();
    const other = openZooKeeper(runtime, { servers: `127.0.0.1:${port}`, patienceMs: stepMs, auth });
    assert.equal(await other.exists("/first/ephemeral"), null);
    await other.close();
  } finally {
    // Where it cannot say goodbye, the reason was thrown before.
    await client.close().catch(() => undefined);
    await servers.stop();
  }
}

test("a data folder of ours opens in Apache ZooKeeper, and back", { skip: interopSkipped }, () =>
  move(ours, apache, []),
);
test("a data folder of Apache ZooKeeper opens in ours, and back", { skip: interopSkipped }, () =>
  move(apache, ours, []),
);
test("the same with many snapshots", { skip: interopSkipped }, async () => {
  await move(ours, apache, ["snapCount=40"]);
  await move(apache, ours, ["snapCount=40"]);
});

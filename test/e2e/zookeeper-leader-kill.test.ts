/**
 * Three real servers lose their leader by kill -9 again and again while clients write: nothing that was acknowledged may be
 * missing afterwards on any server, and another leader serves within two seconds. STORM_LAB_KILL_SECONDS sets the length.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { askFourLetterWord, openZooKeeper, type ZooKeeperClient } from "../../src/zookeeper/index.ts";
import type { ContractEnsemble, ContractServer } from "../contract/zookeeper/contract.ts";
import { startOurs } from "../contract/zookeeper/ours.ts";
import { runtime } from "../contract/zookeeper/world.ts";
import { eventually } from "../kit/index.ts";

const seconds = Number(process.env.STORM_LAB_KILL_SECONDS ?? 12);
const writers = 8;
/** Between the moment when all servers serve and the next kill. */
const calmMs = 1000;
const failoverMs = 2000;

async function modeOf(server: ContractServer): Promise<string | null> {
  const host = { host: "127.0.0.1", port: server.clientPort };
  const answer = await askFourLetterWord(runtime, host, "srvr", 500).catch(() => "");
  return /^Mode: (\w+)$/m.exec(answer)?.[1] ?? null;
}

async function leaderOf(servers: readonly ContractServer[]): Promise<ContractServer | undefined> {
  const modes = await Promise.all(servers.map(modeOf));
  return servers[modes.indexOf("leader")];
}

/** Creates one node after the other; gives the paths that were acknowledged. */
async function writeUntil(client: ZooKeeperClient, name: string, stopped: () => boolean): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let count = 0; !stopped(); count++) {
    const path = `/data/${name}-${count}`;
    const done = await client.create(path, Buffer.from(path)).then(
      () => true,
      () => false,
    );
    if (done) acknowledged.push(path);
  }
  return acknowledged;
}

async function killLeaders(ensemble: ContractEnsemble): Promise<number[]> {
  const tookMs: number[] = [];
  const endMs = runtime.clock.monotonicMs() + seconds * 1000;
  while (runtime.clock.monotonicMs() < endMs) {
    await new Promise<void>((resolve) => runtime.timers.after(calmMs, resolve));
    const leader = await eventually(() => leaderOf(ensemble.servers), 20_000, "a leader");
    const others = ensemble.servers.filter((server) => server !== leader);
    await leader.kill();
    const killedMs = runtime.clock.monotonicMs();
    await eventually(() => leaderOf(others), 20_000, "another leader");
    tookMs.push(runtime.clock.monotonicMs() - killedMs);
    leader.start();
    await Promise.all(ensemble.servers.map((server) => server.served()));
  }
  return tookMs;
}

test("nothing acknowledged is lost when leaders are killed under writers", {
  timeout: seconds * 1000 + 120_000,
}, async (context) => {
  const ensemble = await startOurs(3);
  try {
    await using client = openZooKeeper(runtime, { servers: ensemble.connectString, sessionTimeoutMs: 8000 });
    await client.create("/data");
    const clients = Array.from({ length: writers }, () =>
      openZooKeeper(runtime, { servers: ensemble.connectString, sessionTimeoutMs: 8000 }),
    );
    let stopped = false;
    const writing = clients.map((each, index) => writeUntil(each, `w${index}`, () => stopped));
    const tookMs = await killLeaders(ensemble);
    stopped = true;
    const acknowledged = (await Promise.all(writing)).flat();
    await Promise.all(clients.map((each) => each.close()));
    assert.ok(acknowledged.length > 100, `only ${acknowledged.length} writes were acknowledged`);
    for (const { clientPort } of ensemble.servers) {
      await using reader = openZooKeeper(runtime, { servers: `127.0.0.1:${clientPort}`, sessionTimeoutMs: 8000 });
      await reader.sync("/data");
      const present = new Set((await reader.getChildren("/data"))?.children);
      const lost = acknowledged.filter((path) => !present.has(path.slice("/data/".length)));
      assert.deepEqual(lost, [], `missing on the server at port ${clientPort}`);
    }
    const sorted = [...tookMs].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY;
    context.diagnostic(
      `${acknowledged.length} writes acknowledged, none missing on any server; ${tookMs.length} leaders killed, the next one ` +
        `led after ${sorted.map(Math.round).join(", ")} ms`,
    );
    assert.ok(median <= failoverMs, `another leader took ${sorted.map(Math.round).join(", ")} ms`);
  } finally {
    await ensemble.stop();
  }
});

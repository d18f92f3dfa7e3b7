/** Rules of three servers: one view, a majority that goes on, sessions that move, nothing acknowledged lost. */
import assert from "node:assert/strict";
import { askFourLetterWord, type ZooKeeperClient } from "../../../src/zookeeper/index.ts";
import { eventually } from "../../kit/index.ts";
import type { ContractServer, Rule } from "./contract.ts";
import { Events, runtime, stepMs, type World } from "./world.ts";

function address(server: ContractServer | undefined): string {
  assert.ok(server);
  return `127.0.0.1:${server.clientPort}`;
}

async function rejoin(server: ContractServer): Promise<void> {
  server.start();
  await server.served();
}

function leader(world: World): Promise<ContractServer> {
  return eventually(
    async () => {
      for (const server of world.ensemble.servers) if (await leads(server)) return server;
      return undefined;
    },
    stepMs,
    "a leader",
  );
}

async function leads(server: ContractServer): Promise<boolean> {
  const answer = await askFourLetterWord(runtime, { host: "127.0.0.1", port: server.clientPort }, "srvr", stepMs);
  return /^Mode: leader$/m.test(answer);
}

export const ensembleRules: readonly Rule[] = [
  {
    name: "a write through one server is read through every other after sync",
    async run(world) {
      const writer = world.client({ servers: address(world.ensemble.servers[0]) });
      const path = await writer.create(world.path(), Buffer.from("x"));
      for (const server of world.ensemble.servers) {
        const reader = world.client({ servers: address(server) });
        await reader.sync(path);
        assert.equal((await reader.getData(path))?.data?.toString(), "x");
      }
    },
  },
  {
    name: "a watch at one server tells of a change made through another",
    async run(world) {
      const [first, second] = world.ensemble.servers;
      const [watcher, writer] = [world.client({ servers: address(first) }), world.client({ servers: address(second) })];
      const path = await writer.create(world.path());
      await watcher.sync(path);
      const seen = new Events();
      await watcher.getData(path, { watch: seen.handler });
      await writer.setData(path, Buffer.from("x"));
      assert.deepEqual(await seen.next(), { type: "NodeDataChanged", path });
    },
  },
  {
    name: "sequence numbers grow across servers",
    async run(world) {
      const clients = world.ensemble.servers.map((server) => world.client({ servers: address(server) }));
      const parent = world.path();
      await clients[0]?.create(parent);
      await Promise.all(clients.map((client) => client.sync("/")));
      const thirty = clients.flatMap((client) => Array<ZooKeeperClient>(10).fill(client));
      const made = await Promise.all(
        thirty.map((client) => client.create(`${parent}/n-`, null, { mode: "persistentSequential" })),
      );
      const numbers = made.map((path) => Number(path.slice(-10))).sort((a, b) => a - b);
      assert.deepEqual(
        numbers,
        Array.from({ length: 30 }, (_, index) => index),
      );
    },
  },
  {
    name: "a session moves to another server when its own dies, with its ephemeral nodes",
    async run(world) {
      const client = world.client({ patienceMs: stepMs });
      const other = world.client({ patienceMs: stepMs });
      const path = await client.create(world.path(), null, { mode: "ephemeral" });
      const session = await client.session();
      for (const server of world.ensemble.servers) {
        await server.kill();
        await client.sync(path);
        assert.equal((await client.exists(path))?.ephemeralOwner, session.id);
        await other.sync(path);
        assert.equal((await other.exists(path))?.ephemeralOwner, session.id);
        await rejoin(server);
      }
      assert.equal(await client.session(), session);
    },
  },
  {
    name: "what was acknowledged survives the loss of the leader",
    async run(world) {
      const client = world.client({ patienceMs: stepMs });
      const parent = await client.create(world.path());
      for (let round = 0; round < 3; round++) {
        const down = await leader(world);
        const acknowledged = new Set<string>();
        const writes = Array.from({ length: 50 }, (_, index) =>
          client.create(`${parent}/r${round}-${index}`).then(
            (path) => acknowledged.add(path),
            (error: { code?: string }) => assert.equal(error.code, "SL-ZK-CONNECTION-LOSS"),
          ),
        );
        await writes[0];
        await down.kill();
        await Promise.all(writes);
        await client.sync(parent);
        const names = new Set((await client.getChildren(parent))?.children.map((name) => `${parent}/${name}`));
        for (const path of acknowledged) assert.ok(names.has(path), `${path} was acknowledged`);
        await rejoin(down);
      }
    },
  },
  {
    name: "without a majority nobody is served, with it everybody is again",
    async run(world) {
      const [first, second, third] = world.ensemble.servers;
      assert.ok(first && second && third);
      const client = world.client({ patienceMs: stepMs });
      const path = await client.create(world.path(), Buffer.from("x"));
      await first.kill();
      await second.kill();
      const impatient = world.client({ servers: address(third), patienceMs: 1500 });
      await assert.rejects(impatient.setData(path, Buffer.from("y")), { code: "SL-ZK-UNREACHABLE" });
      await Promise.all([rejoin(first), rejoin(second)]);
      await third.served();
      await client.sync(path);
      assert.equal((await client.getData(path))?.data?.toString(), "x");
    },
  },
];

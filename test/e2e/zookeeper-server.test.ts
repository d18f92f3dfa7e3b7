/** One server as a real process: works, ends in good order, keeps through kill -9 what it acknowledged. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { get } from "node:http";
import { describe, it } from "node:test";
import { askFourLetterWord } from "../../src/zookeeper/index.ts";
import { deadline, freePort, temporaryDirectory } from "../kit/index.ts";
import { runtime, stepMs, ZooKeeperProcess } from "./zookeeper-process.ts";

function word(port: number, name: string): Promise<string> {
  return askFourLetterWord(runtime, { host: "127.0.0.1", port }, name, stepMs);
}

describe("storm-lab zookeeper", () => {
  it("serves a client, ends on SIGTERM in good order, and has everything after the next start", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory);
    {
      await using child = await zookeeper.serving();
      await using client = zookeeper.client();
      await client.create("/a", Buffer.from("kept"));
      await client.create("/a/e", null, { mode: "ephemeral" });
      await client.close();
      child.signal("SIGTERM");
      await child.assertExit(143, stepMs);
    }
    await using again = await zookeeper.serving();
    await using client = zookeeper.client();
    assert.equal((await client.getData("/a"))?.data?.toString(), "kept");
    assert.equal(await client.exists("/a/e"), null, "its session was closed");
    await client.close();
    again.signal("SIGINT");
    await again.assertExit(130, stepMs);
  });

  it("keeps every acknowledged write through kill -9 at any moment", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory, ["snapCount=200", "maxClientCnxns=0"]);
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round++) {
      await using child = await zookeeper.serving();
      await using client = zookeeper.client();
      let running = true;
      const wanted = acknowledged.length + 150;
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let count = 0; running; count++) {
          const path = `/r${round}-${writer}-${count}`;
          try {
            await client.create(path, Buffer.from(path));
          } catch {
            return;
          }
          acknowledged.push(path);
          if (acknowledged.length >= wanted && running) {
            running = false;
            await child.kill();
          }
        }
      });
      await deadline(Promise.all(writers), stepMs, "the writers");
      assert.ok(acknowledged.length >= wanted);
    }
    await using last = await zookeeper.serving();
    await using client = zookeeper.client();
    const found = new Set((await client.getChildren("/"))?.children);
    assert.deepEqual(
      acknowledged.filter((path) => !found.has(path.slice(1))),
      [],
    );
    await client.close();
    await last.kill();
    const snapshots = (await readdir(directory.join("data", "version-2"))).filter((name) =>
      name.startsWith("snapshot."),
    );
    assert.ok(snapshots.length > 1, "snapshots were taken on the way");
  });

  it("answers the admin commands when they are switched on, and only then", async () => {
    await using directory = await temporaryDirectory();
    const adminPort = await freePort();
    const zookeeper = await ZooKeeperProcess.prepare(directory, [
      "admin.enableServer=true",
      `admin.serverPort=${adminPort}`,
    ]);
    await using child = await zookeeper.serving();
    const ask = (path: string): Promise<{ status: number | undefined; text: string }> =>
      new Promise((resolve, reject) => {
        get({ port: adminPort, path, agent: false }, (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (piece: string) => {
            text += piece;
          });
          response.on("end", () => resolve({ status: response.statusCode, text }));
        }).on("error", reject);
      });
    assert.deepEqual(JSON.parse((await ask("/commands/ruok")).text), { command: "ruok", error: null });
    const stats = JSON.parse((await ask("/commands/server_stats")).text);
    assert.equal(stats.server_stats.server_state, "standalone");
    const monitor = JSON.parse((await ask("/commands/monitor")).text);
    assert.equal(monitor.znode_count, 5);
    assert.equal(JSON.parse((await ask("/commands/mntr")).text).command, "monitor", "by another of its names");
    const zabState = JSON.parse((await ask("/commands/zabstate")).text);
    assert.deepEqual(zabState, { voting: false, zabstate: "", command: "zabstate", error: null });
    assert.equal(JSON.parse((await ask("/commands/leader")).text).error, "server is not initialized");
    assert.match(JSON.parse((await ask("/commands/nothing")).text).error, /Unknown command/);
    assert.equal((await ask("/elsewhere")).status, 404);
    const index = (await ask("/commands")).text;
    for (const name of [
      "configuration",
      "connections",
      "dump",
      "watches",
      "initial_configuration",
      "voting_view",
      "last_snapshot",
      "observers",
      "observer_connection_stat_reset",
      "system_properties",
    ]) {
      assert.match(index, new RegExp(`>${name}<`));
      assert.equal(JSON.parse((await ask(`/commands/${name}`)).text).error, null, name);
    }
    assert.match(JSON.parse((await ask("/commands/set_trace_mask")).text).error, /requires long traceMask/);
    assert.match(JSON.parse((await ask("/commands/stmk?traceMask=x")).text).error, /got x/);
    assert.equal(JSON.parse((await ask("/commands/stmk?traceMask=82")).text).tracemask, 82);
    assert.equal(JSON.parse((await ask("/commands/get_trace_mask")).text).tracemask, 82);
    await child.kill();
  });

  it("keeps words to itself that are not on the whitelist", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory, ["4lw.commands.whitelist=ruok,conf"]);
    await using child = await zookeeper.serving();
    assert.equal(await word(zookeeper.clientPort, "ruok"), "imok");
    assert.match(await word(zookeeper.clientPort, "conf"), new RegExp(`^clientPort=${zookeeper.clientPort}\n`));
    assert.equal(
      await word(zookeeper.clientPort, "stat"),
      "stat is not executed because it is not in the whitelist.\n",
    );
    await child.kill();
  });

  it("writes nothing into its folders that Apache ZooKeeper would take for something else", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory);
    await using child = await zookeeper.serving();
    await using client = zookeeper.client();
    await client.create("/a");
    await client.close();
    await child.kill();
    assert.deepEqual(await readdir(directory.join("data")), ["version-2"]);
    assert.deepEqual((await readdir(directory.join("data", "version-2"))).sort(), ["log.1", "snapshot.0", "synced"]);
    const log = await readFile(directory.join("data", "version-2", "log.1"));
    assert.equal(log.subarray(0, 8).toString("hex"), "5a4b4c4700000002");
  });
});

/** The troubles of every ZooKeeper tutorial: one error of three lines each, with the way out, and the right exit code. */
import assert from "node:assert/strict";
import { readFile, rename, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { freePorts, type RunningProcess, temporaryDirectory } from "../kit/index.ts";
import { runtime, stepMs, ZooKeeperProcess } from "./zookeeper-process.ts";

/** The error at the end of what it said, as its three lines. */
async function refusal(child: RunningProcess, exitCode: number): Promise<string> {
  await child.assertExit(exitCode, stepMs);
  const lines = child.stderr.trimEnd().split("\n");
  const start = lines.findIndex((line) => /^✗ SL-/.test(line));
  assert.equal(lines.length - start, 3, child.stderr);
  assert.match(lines[start + 1] ?? "", /^\s*why /);
  assert.match(lines[start + 2] ?? "", /^\s*try /);
  return lines.slice(start).join("\n");
}

const preflight = 3;
const conflict = 5;

describe("storm-lab zookeeper refuses to start", () => {
  it("without zoo.cfg, and sees the sample beside it", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory);
    await rename(zookeeper.config, directory.join("zoo_sample.cfg"));
    await using child = zookeeper.start();
    const words = await refusal(child, preflight);
    assert.match(words, /SL-ZK-CONFIG-READ .*zoo\.cfg does not exist/);
    assert.match(words, /only zoo_sample\.cfg lies beside it/);
    assert.match(words, /try\s+cp .*zoo_sample\.cfg .*zoo\.cfg/);
  });

  it("with an unknown key, and names the one that was meant", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory, ["maxClientConns=10"]);
    await using child = zookeeper.start();
    assert.match(
      await refusal(child, preflight),
      /SL-ZK-CONFIG-UNKNOWN .*line 4: "maxClientConns"[\s\S]*did you mean maxClientCnxns/,
    );
  });

  it("on a port that is in use", async () => {
    await using directory = await temporaryDirectory();
    await using other = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory);
    await using first = await zookeeper.serving();
    const second = await ZooKeeperProcess.prepare(other);
    await writeFile(second.config, `dataDir=${other.join("data")}\nclientPort=${zookeeper.clientPort}\n`);
    await using child = second.start();
    assert.match(
      await refusal(child, conflict),
      new RegExp(`SL-ZK-PORT-BUSY port ${zookeeper.clientPort} \\(clientPort\\) is in use`),
    );
    await first.kill();
  });

  it("with a Windows path", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory, ["dataLogDir=D:\\\\zk-data\\\\8001\\\\log"]);
    await using child = zookeeper.start();
    assert.match(
      await refusal(child, preflight),
      /SL-ZK-CONFIG-WINDOWS-PATH .*D:\\zk-data\\8001\\log is a Windows path/,
    );
  });

  it("as a member of an ensemble without myid, or with a number that no line has", async () => {
    await using directory = await temporaryDirectory();
    const ports = await freePorts(4);
    const lines = [
      "initLimit=5",
      "syncLimit=2",
      `server.1=127.0.0.1:${ports[0]}:${ports[1]}`,
      `server.2=127.0.0.1:${ports[2]}:${ports[3]}`,
    ];
    const zookeeper = await ZooKeeperProcess.prepare(directory, lines);
    await using without = zookeeper.start();
    assert.match(await refusal(without, preflight), /SL-ZK-MYID .*myid file is missing[\s\S]*echo N > .*out of 1, 2/);
    await writeFile(directory.join("data", "myid"), "3\n");
    await using wrong = zookeeper.start();
    assert.match(await refusal(wrong, preflight), /SL-ZK-MYID .*holds "3", which no server line has/);
  });

  it("as a member whose place is taken, or whose line names another machine", async () => {
    await using directory = await temporaryDirectory();
    const [busyPort, other] = await freePorts(2);
    const lines = (host: string): string[] => [
      "initLimit=5",
      "syncLimit=2",
      `server.1=${host}:${other}:${busyPort}`,
      "server.2=h:1:2",
    ];
    const zookeeper = await ZooKeeperProcess.prepare(directory, lines("127.0.0.1"));
    await writeFile(directory.join("data", "myid"), "1");
    const holder = await runtime.net.listen({ host: "127.0.0.1", port: busyPort ?? 0 }, (socket) => socket.destroy());
    try {
      await using taken = zookeeper.start();
      assert.match(
        await refusal(taken, conflict),
        /SL-ZK-PORT-BUSY .*election port of server\.1[\s\S]*another one has 1 in its myid/,
      );
    } finally {
      await holder.close();
    }
    await zookeeper.writeConfig(lines("192.0.2.1"));
    await using elsewhere = zookeeper.start();
    assert.match(await refusal(elsewhere, preflight), /SL-ZK-PORT .*192\.0\.2\.1[\s\S]*quorumListenOnAllIPs/);
  });

  it("on a damaged log, and leaves it as it is", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory);
    {
      await using child = await zookeeper.serving();
      await using client = zookeeper.client();
      for (let count = 0; count < 20; count++) await client.create(`/n${count}`, Buffer.alloc(100));
      await client.close();
      child.signal("SIGTERM");
      await child.exit(stepMs);
    }
    const path = directory.join("data", "version-2", "log.1");
    const log = await readFile(path);
    log[500] = log[500]! ^ 0xff;
    await writeFile(path, log);
    await using child = zookeeper.start();
    assert.match(await refusal(child, 11), /SL-ZK-LOG-DAMAGED/);
    assert.ok((await readFile(path)).equals(log));
  });
});

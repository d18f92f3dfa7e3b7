/** `storm-lab zk …` from a shell, against a server of its own. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { openZooKeeper } from "../../src/zookeeper/index.ts";
import {
  freePort,
  type RunningProcess,
  startStormLab,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../kit/index.ts";
import { runtime, stepMs, ZooKeeperProcess } from "./zookeeper-process.ts";

const plain = { NO_COLOR: "1", FORCE_COLOR: undefined, STORM_LAB_VERBOSE: undefined, STORM_LAB_OUTPUT: undefined };

describe("storm-lab zk", () => {
  let directory: TemporaryDirectory;
  let server: RunningProcess;
  let address = "";

  before(async () => {
    directory = await temporaryDirectory();
    const prepared = await ZooKeeperProcess.prepare(directory, [
      "4lw.commands.whitelist=*",
      "extendedTypesEnabled=true",
    ]);
    server = await prepared.serving();
    address = `127.0.0.1:${prepared.clientPort}`;
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  function start(...words: string[]): RunningProcess {
    return startStormLab(["zk", ...words, "--server", address], { env: plain });
  }
  async function text(...words: string[]): Promise<string> {
    await using child = start(...words);
    await child.assertExit(0, stepMs);
    assert.equal(child.stderr, "");
    return child.stdout;
  }
  async function json(...words: string[]): Promise<Record<string, unknown>> {
    return JSON.parse(await text(...words, "-o", "json"));
  }
  /** The code in the first of exactly three lines. */
  async function error(exitCode: number, ...words: string[]): Promise<string | undefined> {
    await using child = start(...words);
    await child.assertExit(exitCode, stepMs);
    assert.equal(child.stdout, "");
    assert.equal(child.stderr.trimEnd().split("\n").length, 3, child.stderr);
    return /SL-[A-Z-]+/.exec(child.stderr)?.[0];
  }

  it("finds ZooKeeper by the storm.yaml of its cluster", async () => {
    const [host, port] = address.split(":");
    const yaml = directory.join("storm.yaml");
    await writeFile(yaml, `storm.zookeeper.servers: ["${host}"]\nstorm.zookeeper.port: ${port}\n`);
    await using child = startStormLab(["zk", "ls", "/", "--config", yaml], { env: plain });
    await child.assertExit(0, stepMs);
    assert.equal(child.stdout, "zookeeper\n");
    await using word = startStormLab(["zk", "four-letter", "ruok", "--config", yaml], { env: plain });
    await word.assertExit(0, stepMs);
    assert.equal(word.stdout, "imok\n");
  });

  it("creates, lists, gets, sets and deletes nodes", async () => {
    assert.equal(await text("create", "/a", "hello"), "/a\n");
    assert.equal(await text("create", "-p", "/deep/er/node"), "/deep/er/node\n");
    assert.equal(await text("create", "-s", "/a/n-", "1"), "/a/n-0000000000\n");
    assert.equal(await text("create", "--container", "/box"), "/box\n");
    assert.equal(await text("create", "--ttl", "60000", "/mortal"), "/mortal\n");
    assert.equal(await text("ls", "/"), "a\nbox\ndeep\nmortal\nzookeeper\n");
    assert.equal(await text("ls", "-R", "/deep"), "/deep\n/deep/er\n/deep/er/node\n");
    assert.deepEqual(await json("ls", "/a"), { path: "/a", children: ["n-0000000000"] });
    assert.equal(await text("get", "/a"), "hello\n");
    assert.equal(await text("set", "/a", "你好", "--expect-version", "0"), "/a version 1\n");
    assert.equal(await text("get", "/a"), "你好\n");
    assert.equal(await text("delete", "-r", "/deep"), "deleted 3 nodes\n");
    assert.equal(await text("delete", "/mortal"), "deleted /mortal\n");
  });

  it("shows a node's numbers in zkCli's words and as JSON", async () => {
    await text("create", "/numbers", "12345");
    assert.match(
      await text("stat", "/numbers"),
      /^cZxid = 0x[0-9a-f]+\nctime = .*\n(.*\n){7}dataLength = 5\nnumChildren = 0\n$/,
    );
    const { data, encoding, stat } = await json("get", "/numbers");
    assert.deepEqual([data, encoding], ["12345", "utf8"]);
    assert.deepEqual((stat as Record<string, unknown>).dataLength, 5);
    assert.deepEqual(await json("stat", "/numbers"), { path: "/numbers", stat });
    assert.match(await text("get", "-s", "/numbers"), /^12345\ncZxid/);
  });

  it("unpacks what Storm packs, and lists bytes that are no text", async () => {
    const writer = openZooKeeper(runtime, { servers: address });
    await writer.create("/packed", gzipSync("words"));
    await writer.create("/bytes", Buffer.from([0, 1, 65]));
    await writer.create("/none");
    await writer.close();
    assert.equal(await text("get", "/packed"), "words\n");
    assert.deepEqual((await json("get", "/packed")).encoding, "gzip+utf8");
    assert.match(await text("get", "--raw", "/packed"), /^00000000 {2}1f 8b 08 /);
    assert.match(await text("get", "/bytes"), /^00000000 {2}00 01 41 +\.\.A\n$/);
    assert.equal((await json("get", "/bytes")).data, Buffer.from([0, 1, 65]).toString("base64"));
    assert.deepEqual((await json("get", "/none")).data, null);
    assert.equal(await text("get", "/none"), "");
  });

  it("tells of changes as they come", async () => {
    await text("create", "/watched", "0");
    await using watching = start("watch", "-R", "-n", "3", "/watched");
    await watching.line(/^watching \/watched$/, stepMs);
    await text("set", "/watched", "1");
    await text("create", "/watched/child");
    await text("delete", "/watched/child");
    await watching.assertExit(0, stepMs);
    assert.equal(watching.stdout, "NodeDataChanged /watched\nNodeCreated /watched/child\nNodeDeleted /watched/child\n");
    await using endless = start("watch", "/watched", "-o", "ndjson");
    await endless.line(/^watching/, stepMs);
    await text("set", "/watched", "2");
    await endless.line(/NodeDataChanged/, stepMs);
    endless.signal("SIGINT");
    await endless.assertExit(130, stepMs);
    assert.deepEqual(JSON.parse(endless.stdout), { type: "NodeDataChanged", path: "/watched" });
  });

  it("asks the four-letter words", async () => {
    assert.equal(await text("four-letter", "ruok"), "imok\n");
    assert.match(await text("four-letter", "srvr"), /^Zookeeper version: .*\n(.*\n)*Mode: standalone\n/);
    const { server: asked, word, answer } = await json("four-letter", "isro");
    assert.deepEqual([asked, word, answer], [address, "isro", "rw"]);
  });

  it("says what went wrong in three lines, with an exit code", async () => {
    await text("create", "/full/x", "-p");
    assert.equal(await error(11, "get", "/missing"), "SL-ZK-NO-NODE");
    assert.equal(await error(11, "ls", "/missing"), "SL-ZK-NO-NODE");
    assert.equal(await error(11, "stat", "/missing"), "SL-ZK-NO-NODE");
    assert.equal(await error(11, "set", "/missing", "x"), "SL-ZK-NO-NODE");
    assert.equal(await error(11, "delete", "/missing"), "SL-ZK-NO-NODE");
    assert.equal(await error(5, "create", "/full"), "SL-ZK-NODE-EXISTS");
    assert.equal(await error(5, "delete", "/full"), "SL-ZK-NOT-EMPTY");
    assert.equal(await error(5, "set", "/full", "x", "--expect-version", "7"), "SL-ZK-BAD-VERSION");
    assert.equal(await error(2, "get", "no-slash"), "SL-ZK-BAD-ARGUMENTS");
    assert.equal(await error(2, "set", "/full", "x", "--expect-version", "one"), "SL-USAGE");
    assert.equal(await error(2, "create", "/y", "--container", "--sequential"), "SL-USAGE");
    assert.equal(await error(2, "four-letter", "srvrs"), "SL-USAGE");
    assert.equal(await error(2, "get", "/full", "--auth", "nocolon"), "SL-USAGE");
  });

  it("says that nobody is there", async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    for (const words of [
      ["get", "/"],
      ["four-letter", "ruok"],
    ]) {
      await using child = startStormLab(["zk", ...words, "--server", nobody], { env: plain });
      await child.assertExit(4, stepMs);
      assert.match(child.stderr, /SL-ZK-UNREACHABLE.*ECONNREFUSED/);
    }
    await using wrong = startStormLab(["zk", "ls", "/", "--server", "nowhere:port"], { env: plain });
    await wrong.assertExit(2, stepMs);
    assert.match(wrong.stderr, /SL-ZK-CONNECT-STRING/);
  });
});

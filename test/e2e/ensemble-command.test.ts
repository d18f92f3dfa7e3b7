/** `storm-lab zookeeper ensemble` from a shell: the tutorial's folders, real processes, and nothing left behind. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import {
  eventually,
  type RunningProcess,
  startProcess,
  startStormLab,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../kit/index.ts";

const stepMs = 30_000;
const plain = { NO_COLOR: "1", FORCE_COLOR: undefined, STORM_LAB_VERBOSE: undefined, STORM_LAB_OUTPUT: undefined };

interface Server {
  readonly id: number;
  readonly role: string;
  readonly pid: number | null;
  readonly client: number;
  readonly quorum: number;
  readonly election: number;
  readonly dataDir: string;
}

function ensemble(directory: TemporaryDirectory, ...words: string[]): RunningProcess {
  return startStormLab(["zookeeper", "ensemble", ...words, "--dir", directory.path], { env: plain });
}

async function servers(directory: TemporaryDirectory, ...words: string[]): Promise<readonly Server[]> {
  await using child = ensemble(directory, ...words, "-o", "json");
  await child.assertExit(0, stepMs);
  return JSON.parse(child.stdout);
}

function roles(list: readonly Server[]): string[] {
  return list.map(({ role }) => role).sort();
}

/** Below a block of thirty free ports, outside the range from which the kernel gives ports to outgoing connections. */
async function portBase(): Promise<string> {
  for (;;) {
    const base = randomInt(10_000, 32_000);
    const free = await Promise.all(Array.from({ length: 30 }, (_, index) => isFree(base + 1 + index)));
    if (free.every(Boolean)) return String(base);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

async function zk(port: number | undefined, ...words: string[]): Promise<string> {
  await using child = startStormLab(["zk", ...words, "--server", `127.0.0.1:${port}`], { env: plain });
  await child.assertExit(0, stepMs);
  return child.stdout;
}

function alive(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone(list: readonly Server[]): Promise<void> {
  await eventually(() => (list.some(({ pid }) => alive(pid)) ? undefined : true), stepMs, "the servers to be gone");
}

const small = ["--tick-time", "500"] as const;

describe("storm-lab zookeeper ensemble", () => {
  it("writes the tutorial's folders, serves in the background, loses and regains a server, keeps its data", async () => {
    await using directory = await temporaryDirectory();
    const base = await portBase();
    const first = await servers(directory, "--servers", "3", "--port-base", base, "--background", ...small);
    try {
      assert.deepEqual(roles(first), ["follower", "follower", "leader"]);
      const port = Number(base);
      for (const [index, server] of first.entries()) {
        const id = index + 1;
        const dataDir = directory.join("zk-data", `800${id}`, "data");
        const { pid, role, ...rest } = server;
        const ports = { client: port + id, quorum: port + 10 + id, election: port + 20 + id };
        assert.deepEqual(rest, { id, dataDir, ...ports }, role);
        assert.ok(alive(pid));
        assert.equal(await readFile(`${dataDir}/myid`, "utf8"), `${id}\n`);
        assert.equal(await readFile(`${dataDir}/zookeeper_server.pid`, "utf8"), `${pid}\n`);
        const config = await readFile(directory.join("zk-cluster", `800${id}`, "conf", "zoo.cfg"), "utf8");
        for (const one of first)
          assert.ok(config.includes(`\nserver.${one.id}=127.0.0.1:${one.quorum}:${one.election}\n`));
        assert.ok(config.includes(`\ndataDir=${dataDir}\ndataLogDir`) || config.includes(`\ndataDir=${dataDir}\n`));
        assert.ok(config.includes(`\nclientPort=${server.client}\n`));
        assert.deepEqual(await readdir(directory.join("zk-data", `800${id}`)), ["data", "log"]);
      }
      await zk(first[0]?.client, "create", "/kept", "over everything");
      const stopped = await servers(directory, "stop", "3");
      assert.deepEqual([stopped[2]?.role, stopped[2]?.pid], ["stopped", null]);
      assert.deepEqual(roles(await servers(directory, "start", "3")), ["follower", "follower", "leader"]);
      assert.equal(await zk(first[2]?.client, "get", "/kept"), "over everything\n");
      const down = await servers(directory, "stop");
      assert.deepEqual(roles(down), ["stopped", "stopped", "stopped"]);
      await gone(first);
      const again = await servers(directory, "--servers", "3", "--port-base", base, "--background");
      assert.deepEqual(roles(again), ["follower", "follower", "leader"]);
      assert.equal(await zk(again[0]?.client, "get", "/kept"), "over everything\n");
      assert.deepEqual(await servers(directory, "status"), again);
    } finally {
      await servers(directory, "stop");
    }
  });

  it("stays in front, tells of changes, and takes its servers along at Ctrl-C", async () => {
    await using directory = await temporaryDirectory();
    const words = ["--servers", "3", "--port-base", await portBase(), ...small];
    await using front = ensemble(directory, ...words);
    await front.line(/^server \d leads/, stepMs);
    await front.line(/^Ctrl-C stops the servers$/, stepMs);
    const running = await servers(directory, "status");
    const leader = running.find(({ role }) => role === "leader");
    await servers(directory, "stop", String(leader?.id));
    await front.line(new RegExp(`^server ${leader?.id} is stopped`), stepMs);
    const next = await eventually(
      async () => (await servers(directory, "status")).find(({ role }) => role === "leader"),
      stepMs,
      "another leader",
    );
    await front.line(new RegExp(`^server ${next.id} leads`), stepMs);
    front.signal("SIGINT");
    await front.assertExit(130, stepMs);
    await gone(running);
  });

  it("leaves no server behind when it is killed in front", async () => {
    await using directory = await temporaryDirectory();
    await using front = ensemble(directory, "--servers", "1", "--port-base", await portBase(), ...small);
    await front.line(/^server 1 stands alone/, stepMs);
    const running = await servers(directory, "status");
    await front.kill();
    await gone(running);
  });

  it("writes a zkServer.sh that starts, shows and stops its server alone", async () => {
    await using directory = await temporaryDirectory();
    await servers(directory, "--servers", "1", "--port-base", await portBase(), "--background", ...small);
    await servers(directory, "stop");
    const script = directory.join("zk-cluster", "8001", "bin", "zkServer.sh");
    assert.equal((await stat(script)).mode & 0o111, 0o111);
    const said = async (word: string, code: number): Promise<string> => {
      await using child = startProcess(script, [word], { cwd: "/" });
      await child.assertExit(code, stepMs);
      return child.stdout;
    };
    try {
      assert.match(await said("status", 1), /Error contacting service\. It is probably not running\./);
      assert.match(await said("start", 0), /Starting zookeeper \.\.\. STARTED/);
      assert.match(await said("start", 1), /already running as process \d+/);
      await eventually(async () => /Mode: standalone/.test(await said("status", 0)) || undefined, stepMs, "its mode");
      assert.deepEqual(roles(await servers(directory, "status")), ["standalone"], "the command knows it, too");
      assert.match(await said("start-foreground", 1), /already running as process \d+/);
      assert.match(await said("stop", 0), /Stopping zookeeper \.\.\. STOPPED/);
      await using front = startProcess(script, ["start-foreground"], { cwd: "/" });
      await front.line(/^zookeeper serves clients/, stepMs);
      assert.deepEqual(roles(await servers(directory, "status")), ["standalone"]);
      await servers(directory, "stop");
      await front.assertExit(143, stepMs);
      assert.match(await said("stop", 0), /no zookeeper to stop/);
    } finally {
      await servers(directory, "stop");
    }
    assert.deepEqual(roles(await servers(directory, "status")), ["stopped"]);
  });

  it("refuses in three lines what cannot be", async () => {
    await using directory = await temporaryDirectory();
    const refused = async (code: number, pattern: RegExp, ...words: string[]): Promise<void> => {
      await using child = ensemble(directory, ...words);
      await child.assertExit(code, stepMs);
      assert.match(child.stderr, pattern);
      assert.equal(child.stderr.trimEnd().split("\n").length, 3, child.stderr);
    };
    await refused(4, /SL-ZK-ENSEMBLE-NONE/, "status");
    await refused(4, /SL-ZK-ENSEMBLE-NONE/, "start");
    await refused(2, /SL-USAGE --servers 0/, "--servers", "0");
    await refused(2, /SL-USAGE --servers ten/, "--servers", "ten");
    await refused(2, /SL-USAGE --port-base 80 /, "--port-base", "80");
    const base = await portBase();
    const occupier = createServer().listen(Number(base) + 12);
    try {
      await refused(5, /SL-ZK-PORT-BUSY port \d+ for the quorum of server 2/, "--port-base", base, "--background");
      assert.deepEqual(await readdir(directory.path), [], "nothing was written");
    } finally {
      await new Promise((closed) => occupier.close(closed));
    }
    await servers(directory, "--servers", "1", "--port-base", base, "--background", ...small);
    try {
      await refused(5, /SL-ZK-ENSEMBLE-EXISTS/, "--servers", "3", "--port-base", base);
      await refused(4, /SL-ZK-ENSEMBLE-NONE.*no server 2/, "stop", "2");
    } finally {
      await servers(directory, "stop");
    }
  });
});

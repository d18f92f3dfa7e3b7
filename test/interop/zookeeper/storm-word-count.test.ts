/**
 * Apache Storm runs a word count with three of our servers as its ZooKeeper: nimbus, a supervisor, a worker, a Java topology
 * that acks. The ensemble loses its leader meanwhile. Nothing is lost or counted twice, no worker is replaced, and what
 * Storm wrote into our servers says the same numbers.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { prepareApacheStorm } from "../../../scripts/interop/apache-storm.ts";
import { apacheStormJars } from "../../../scripts/interop/apache-storm-jars.ts";
import { serverMode } from "../../../scripts/interop/four-letter-word.ts";
import { connectThrift } from "../../../src/rpc/index.ts";
import { type ClusterState, openClusterState } from "../../../src/state/index.ts";
import { Nimbus } from "../../../src/wire/thrift/index.ts";
import type { ContractEnsemble } from "../../contract/zookeeper/contract.ts";
import { startOurs } from "../../contract/zookeeper/ours.ts";
import { runtime } from "../../contract/zookeeper/world.ts";
import {
  eventually,
  freePorts,
  type RunningProcess,
  repositoryRoot,
  startProcess,
  temporaryDirectory,
} from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const run = promisify(execFile);
/** For each thing awaited: three JVMs start on a machine that may be busy. */
const stepMs = 60_000;
const wholeMs = 170_000;
const sessionTimeoutMs = 8000;
const hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"] as const;
const lines = 2000;
const pauseMs = 5;

async function topologyJar(folder: string): Promise<string> {
  const classes = join(folder, "classes");
  const jar = join(folder, "word-count.jar");
  const source = join(repositoryRoot, "test/interop/zookeeper/storm-word-count/word-count.java");
  const classPath = join(await apacheStormJars(), "*");
  await run("javac", ["-nowarn", "--release", "11", "-d", classes, "-cp", classPath, source], { timeout: stepMs });
  await run("jar", ["--create", "--file", jar, "-C", classes, "."], { timeout: stepMs });
  return jar;
}

/** What the words of all lines come to. */
function expectedCounts(): Map<string, number> {
  const counts = new Map<string, number>();
  for (let line = 0; line < lines; line++) {
    for (const word of ["storm", `word-${line % 7}`, `line-${line % 100}`]) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

async function countsIn(folder: string): Promise<Map<string, number>> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("count-"));
  const counts = new Map<string, number>();
  for (const name of names) {
    for (const [, word = "", count] of (await readFile(join(folder, name), "utf8")).matchAll(/^(\S+) (\d+)$/gm)) {
      assert.ok(!counts.has(word), `two executors count ${word}`);
      counts.set(word, Number(count));
    }
  }
  return counts;
}

/** Emitted, acked and failed by the spout; zeros before its first ack. */
async function spoutIn(folder: string): Promise<readonly number[]> {
  const text = await readFile(join(folder, "spout"), "utf8").catch(() => "0 0 0");
  return text.trim().split(" ").map(Number);
}

/** Ids of the processes that the supervisor has written down as its workers. */
async function workerPids(home: string): Promise<number[]> {
  const workers = join(home, "local", "workers");
  const ids = await readdir(workers).catch((): string[] => []);
  const pids = await Promise.all(ids.map((id) => readdir(join(workers, id, "pids")).catch((): string[] => [])));
  return pids.flat().map(Number);
}

async function isWorkerOf(home: string, pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command.includes(home);
}

/** Workers outlive their supervisor; whatever happens in the test, they do not outlive it. */
function endingWorkers(home: string): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      for (const pid of await workerPids(home)) {
        if (!(await isWorkerOf(home, pid))) continue;
        process.kill(pid, "SIGKILL");
        await eventually(async () => !(await isWorkerOf(home, pid)) || undefined, stepMs, `the end of worker ${pid}`);
      }
    },
  };
}

function start([program = "", ...args]: readonly string[], cwd: string): RunningProcess {
  return startProcess(program, args, { cwd });
}

async function command(words: readonly string[], cwd: string): Promise<string> {
  await using child = start(words, cwd);
  await child.assertExit(0, stepMs);
  return child.stdout + child.stderr;
}

/** Acks that the spout's executors have reported to ZooKeeper. */
async function ackedInZooKeeper(state: ClusterState, id: string, port: number): Promise<number> {
  const [supervisor = ""] = await state.supervisors();
  const beat = await state.workerBeat(id, supervisor, port);
  let acked = 0;
  for (const [, { specific }] of beat?.executor_stats ?? []) {
    for (const count of specific.spout?.acked.get(":all-time")?.values() ?? []) acked += count;
  }
  return acked;
}

/** By our own client of Storm's Thrift. */
async function killTopology(port: number, name: string): Promise<void> {
  const client = await connectThrift({ runtime, host: "127.0.0.1", port, service: Nimbus, timeoutMs: stepMs });
  try {
    await client.calls.killTopologyWithOpts({ name, options: { wait_secs: 1 } });
  } finally {
    await client.close();
  }
}

async function loseLeader(ours: ContractEnsemble, port: number, results: string): Promise<void> {
  const modes = await Promise.all(hosts.map((host) => serverMode(port, host)));
  const leader = ours.servers[modes.indexOf("leader")];
  assert.ok(leader, `one of ${modes} leads`);
  await leader.kill();
  assert.ok(((await spoutIn(results))[1] ?? lines) < lines, "the words are still being counted");
  leader.start();
}

/** Once every word has been counted; the files are a second behind. */
async function finalCounts(folder: string): Promise<Map<string, number>> {
  const words = [...expectedCounts().values()].reduce((sum, count) => sum + count, 0);
  return eventually(
    async () => {
      const found = await countsIn(folder);
      return [...found.values()].reduce((sum, count) => sum + count, 0) >= words ? found : undefined;
    },
    stepMs,
    "the counts of the last words",
  );
}

/** What Storm has written into our servers says the same. */
async function compareWithZooKeeper(state: ClusterState, port: number): Promise<void> {
  const [id = ""] = await state.topologies();
  assert.match(id, /^words-1-\d+$/);
  const base = await state.storm(id);
  assert.deepEqual([base?.name, base?.num_workers], ["words", 1]);
  assert.equal((await state.assignment(id))?.executor_node_port?.length, 6, "one spout, four bolts, an acker");
  await eventually(
    async () => ((await ackedInZooKeeper(state, id, port)) === lines ? true : undefined),
    stepMs,
    `${lines} acks in the worker's beat`,
  );
}

test("Apache Storm counts words while our ensemble loses its leader", {
  skip: interopSkipped,
  timeout: wholeMs,
}, async () => {
  await using directory = await temporaryDirectory();
  const [zooKeeperPort = 0, thriftPort = 0, supervisorPort = 0, slot = 0] = await freePorts(4);
  const home = directory.join("home");
  const results = directory.join("results");
  await mkdir(results);
  await mkdir(directory.join("classes"));
  const jar = await topologyJar(directory.path);
  const ours = await startOurs(3, { clientHosts: hosts, clientPorts: hosts.map(() => zooKeeperPort) });
  const servers = hosts.map((host) => `${host}:${zooKeeperPort}`).join(",");
  const state = openClusterState(runtime, { servers, root: "/storm", sessionTimeoutMs, patienceMs: stepMs });
  const storm = await prepareApacheStorm({
    folder: home,
    zooKeeperHosts: hosts,
    zooKeeperPort,
    sessionTimeoutMs,
    hostName: "127.0.0.1",
    thriftPort,
    conf: {
      "supervisor.slots.ports": [slot],
      "supervisor.thrift.port": supervisorPort,
      "nimbus.monitor.freq.secs": 2,
      "supervisor.monitor.frequency.secs": 1,
      "executor.metrics.frequency.secs": 1,
      "topology.stats.sample.rate": 1,
      "topology.component.resources.onheap.memory.mb": 64,
    },
  });
  try {
    await using _workers = endingWorkers(home);
    await using nimbus = start(storm.nimbus, directory.path);
    await nimbus.line(/gained leadership/, stepMs);
    await using supervisor = start(storm.supervisor, directory.path);
    await supervisor.line(/Starting supervisor with id/, stepMs);
    const submitted = await command(storm.submit(jar, "WordCount", ["words", results, `${lines}`, `${pauseMs}`]), home);
    assert.match(submitted, /Finished submitting topology: words/);

    await eventually(async () => ((await spoutIn(results))[1] ?? 0) > 0 || undefined, stepMs, "the first acks");
    const before = await workerPids(home);
    assert.equal(before.length, 1);
    await loseLeader(ours, zooKeeperPort, results);
    await eventually(async () => (await spoutIn(results))[1] === lines || undefined, stepMs, "every line's ack");
    assert.deepEqual(await spoutIn(results), [lines, lines, 0]);
    assert.deepEqual(await finalCounts(results), expectedCounts());
    assert.deepEqual(await workerPids(home), before, "the same worker all the time");

    await compareWithZooKeeper(state, slot);
    await killTopology(thriftPort, "words");
    await eventually(
      async () => (await state.topologies()).length + (await state.assignments()).length === 0 || undefined,
      stepMs,
      "the killed topology's nodes to go",
    );
    await eventually(async () => (await workerPids(home)).length === 0 || undefined, stepMs, "the worker's end");
  } finally {
    await state.close();
    await ours.stop();
  }
});

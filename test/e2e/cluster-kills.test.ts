/**
 * Everything of a cluster is killed (kill -9), one at a time and in pairs, under a tracked word count over a finite text: every sentence is
 * acked in the end, and every word counted beyond the text is told by a replay. STORM_LAB_CLUSTER_KILL_SECONDS sets the length.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { type Random, SeededRandom } from "../../src/base/index.ts";
import { eventually, repositoryRoot, seeds } from "../kit/index.ts";
import { accountOf } from "../kit/recorded-word-count/account.ts";
import { type ClusterHome, clusterHome, type ListedProcess } from "./cluster-processes.ts";
import { runtime } from "./zookeeper-process.ts";

const seconds = Number(process.env.STORM_LAB_CLUSTER_KILL_SECONDS ?? 30);
const perSecond = 200;
/** The text goes on for so long after the last strike. */
const textMarginSeconds = 15;
/** Of each of the two spout tasks. */
const pendingMax = 200;
/** All ZooKeeper servers are away for so long. */
const outageMs = seconds >= 300 ? 20_000 : 4000;
const recoveryMs = 120_000;
const topology = join(repositoryRoot, "test", "kit", "recorded-word-count", "topology.ts");

const kinds = [
  "worker",
  "supervisor",
  "nimbus",
  "leader of the ensemble",
  "zookeeper",
  "all zookeepers",
  "node",
] as const;
type Kind = (typeof kinds)[number];

/** What a strike kills. */
async function victims(lab: ClusterHome, kind: Kind, random: Random): Promise<ListedProcess[]> {
  const rows = (await lab.processes()).filter(({ state }) => state === "running");
  const of = (role: string) => rows.filter((row) => row.role === role);
  const one = (from: readonly ListedProcess[]) =>
    from.length === 0 ? [] : [from[random.below(from.length)] as ListedProcess];
  switch (kind) {
    case "worker":
    case "supervisor":
    case "nimbus":
    case "zookeeper":
      return one(of(kind));
    case "all zookeepers":
      return of("zookeeper");
    case "leader of the ensemble": {
      const leader = /server (\d+) leads/.exec(await lab.run(["status"]))?.[1];
      return of("zookeeper").filter(({ id }) => id === `zookeeper${leader}`);
    }
    case "node": {
      const [supervisor] = one(of("supervisor"));
      return rows.filter(({ role, node }) => node === supervisor?.node && (role === "supervisor" || role === "worker"));
    }
  }
}

function killed(rows: readonly ListedProcess[]): string[] {
  return rows.flatMap(({ id, pid }) => {
    try {
      if (pid !== null) process.kill(pid, "SIGKILL");
      return [id];
    } catch {
      // Another of the pair was its end already.
      return [];
    }
  });
}

/** The sentences that are acked, by what the spouts write. */
class Acked {
  readonly sentences = new Set<number>();
  readonly #files: { readonly path: string; readBytes: number }[];

  constructor(folder: string) {
    this.#files = [0, 1].map((task) => ({ path: join(folder, `acks-${task}`), readBytes: 0 }));
  }

  async look(): Promise<void> {
    for (const file of this.#files) {
      const handle = await open(file.path).catch(() => null);
      if (handle === null) continue;
      try {
        const { size } = await handle.stat();
        const fresh = Buffer.alloc(size - file.readBytes);
        await handle.read(fresh, 0, fresh.length, file.readBytes);
        const lines = fresh.subarray(0, fresh.lastIndexOf("\n") + 1);
        file.readBytes += lines.length;
        for (const line of lines.toString().split("\n").slice(0, -1)) this.sentences.add(Number(line.split(" ")[0]));
      } finally {
        await handle.close();
      }
    }
  }

  async reach(count: number, what: string): Promise<void> {
    const reached = async () => {
      await this.look();
      return this.sentences.size >= count ? true : undefined;
    };
    await eventually(reached, recoveryMs, what);
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

test("every sentence is acked, whatever is killed", { timeout: seconds * 2000 + 300_000 }, async (context) => {
  const [seed = 1] = seeds({ smoke: 1 });
  const random = new SeededRandom(seed);
  await using lab = await clusterHome();
  const folder = lab.directory.join("records");
  await lab.up();
  const sentences = (seconds + textMarginSeconds) * perSecond;
  const text = ["--folder", folder, "--sentences", String(sentences), "--rate", String(perSecond)];
  await lab.run(["submit", topology, ...text]);
  const acked = new Acked(folder);
  await acked.reach(1, "a first sentence to be acked");
  const ports = (await lab.processes()).flatMap((row) => row.ports);

  const struck = new Map<Kind, number>();
  let slowest = { seconds: 0, what: "" };
  const waiting: Kind[] = [];
  const endMs = runtime.clock.monotonicMs() + seconds * 1000;
  while (runtime.clock.monotonicMs() < endMs) {
    if (waiting.length < 2) waiting.push(...shuffled(random));
    const strike = waiting.splice(0, random.below(3) === 0 ? 2 : 1);
    const rows: ListedProcess[] = [];
    for (const kind of strike) {
      rows.push(...(await victims(lab, kind, random)));
      struck.set(kind, (struck.get(kind) ?? 0) + 1);
    }
    const what = killed(rows).join(", ");
    const startMs = runtime.clock.monotonicMs();
    await acked.look();
    // Those under way when it struck may still be acked: all that can be pending, and some more.
    const wanted = Math.min(sentences, acked.sentences.size + 2 * pendingMax + 100);
    if (strike.includes("all zookeepers"))
      await new Promise<void>((resolve) => runtime.timers.after(outageMs, resolve));
    await lab.run(["start"]);
    await acked.reach(wanted, `sentences to be acked again after the end of ${what} (seed ${seed})`);
    const tookSeconds = (runtime.clock.monotonicMs() - startMs) / 1000;
    if (tookSeconds > slowest.seconds) slowest = { seconds: tookSeconds, what };
  }
  await acked.reach(sentences, `all ${sentences} sentences to be acked (seed ${seed})`);
  const account = await accountOf(folder, sentences);
  context.diagnostic(`seed ${seed}, killed: ${kinds.map((kind) => `${kind} ${struck.get(kind) ?? 0}`).join(", ")}`);
  context.diagnostic(
    `${account.sentences} sentences acked, ${account.words} words; ${account.replays} replays, ${account.afterRestart} of them by a ` +
      `spout that had died, counted ${account.surplus} words more; slowest: ${slowest.seconds.toFixed(1)} s after ${slowest.what}`,
  );
  await lab.run(["down", "--yes"]);
  await lab.assertNoneLeft();
  for (const port of ports) assert.ok(await isFree(port), `port ${port} is still taken`);
  assert.equal(existsSync(lab.folder()), false);
});

function shuffled(random: Random): Kind[] {
  const rest: Kind[] = [...kinds];
  return kinds.map(() => rest.splice(random.below(rest.length), 1)[0] as Kind);
}

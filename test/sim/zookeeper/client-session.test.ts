/**
 * The client in the simulated world, with servers that die and links that break: what it promises of its session never
 * exceeds what the servers hold, no watch is lost, and no request waits for ever.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isStormLabError, type Runtime, SeededRandom, SimulatedWorld } from "../../../src/base/index.ts";
import type { Proposal } from "../../../src/wire/zookeeper/index.ts";
import { openZooKeeper, type ZooKeeperClient, type ZooKeeperSession } from "../../../src/zookeeper/index.ts";
import type { RoleHost } from "../../../src/zookeeper/server/role.ts";
import { seeds } from "../../kit/index.ts";
import { SimulatedEnsemble } from "./ensemble.ts";

const servers = "zk1:2181,zk2:2181,zk3:2181";
const serverHosts = ["zk1", "zk2", "zk3"];
const sessionTimeoutMs = 2000;
const patienceMs = 1500;
const faultsUntilMs = 25_000;
const calmMs = 60_000;

/** What the programs of one seed share with the test; they all live in this one real process. */
class Story {
  readonly sessions = new Map<bigint, ZooKeeperSession>();
  readonly violations: string[] = [];
  written = 0;
  seen = 0;
  asked = 0;
  answered = 0;
  faultsOver = false;

  /** The servers have agreed to end a session. */
  ended(sessionId: bigint, atMs: number): void {
    const assuredMs = this.sessions.get(sessionId)?.assuredMs() ?? 0;
    if (assuredMs > 0) this.violations.push(`${atMs} ms: ended with ${assuredMs} ms assured to its client`);
  }
}

function open(runtime: Runtime): ZooKeeperClient {
  return openZooKeeper(runtime, { servers, sessionTimeoutMs, patienceMs });
}

/** Holds a session as a leader would, and takes the next one when it is lost. */
async function own(runtime: Runtime, story: Story): Promise<number> {
  const client = open(runtime);
  for (;;) {
    const session = await client.session().catch(() => null);
    if (session === null) continue;
    story.sessions.set(session.id, session);
    await session.create("/owner", Buffer.from(session.id.toString(16)), { mode: "ephemeral" }).catch(() => undefined);
    await new Promise<void>((resolve) => {
      if (session.ended.aborted) resolve();
      else session.ended.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}

/** Counts up in one node; every request must end in a result or an error. */
async function write(runtime: Runtime, story: Story): Promise<number> {
  const client = open(runtime);
  while (!story.faultsOver) {
    story.asked++;
    const next = story.written + 1;
    const data = Buffer.from(String(next));
    try {
      await client.setData("/value", data).catch((error: unknown) => {
        if (!isStormLabError(error, "SL-ZK-NO-NODE")) throw error;
        return client.create("/value", data);
      });
      story.written = next;
    } catch (error) {
      if (!isStormLabError(error)) throw error;
    }
    story.answered++;
    await new Promise<void>((resolve) => runtime.timers.after(runtime.random.below(200), resolve));
  }
  // The last one is certain, so that the reader has something to arrive at.
  story.written++;
  for (;;) {
    try {
      await client.setData("/value", Buffer.from(String(story.written)));
      return 0;
    } catch (error) {
      if (!isStormLabError(error)) throw error;
    }
  }
}

/** Learns of changes by its watch alone; it never looks unasked. */
async function watch(runtime: Runtime, story: Story): Promise<number> {
  const client = open(runtime);
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const told = () => changed.resolve();
    try {
      const node = (await client.exists("/value", { watch: told })) === null ? null : await client.getData("/value");
      if (node !== null) story.seen = Number(node.data);
      await changed.promise;
    } catch (error) {
      if (!isStormLabError(error)) throw error;
    }
  }
}

function seeingHost(story: Story, world: SimulatedWorld, inner: RoleHost): RoleHost {
  return {
    serve: (role) => inner.serve(role),
    stopServing: (reason) => inner.stopServing(reason),
    answer: (request, error) => inner.answer(request, error),
    fail: (error) => inner.fail(error),
    expired: (sessionId, timeoutMs) => inner.expired(sessionId, timeoutMs),
    commit: (proposal: Proposal, request) => {
      if (proposal.txn.kind === "closeSession") story.ended(proposal.header.clientId, world.nowMs);
      inner.commit(proposal, request);
    },
  };
}

/** Breaks something every second or so, and mends it some time later. */
function schedule(world: SimulatedWorld, ensemble: SimulatedEnsemble, pids: readonly number[], seed: number): void {
  const random = new SeededRandom(seed);
  for (let atMs = 2000; atMs < faultsUntilMs; atMs += 400 + random.below(1600)) {
    const lastsMs = 100 + random.below(4500);
    const member = ensemble.members[random.below(3)];
    const pid = pids[random.below(pids.length)];
    const host = ["owner", "writer", "watcher"][random.below(3)] ?? "owner";
    const kind = random.below(5);
    if (member === undefined || pid === undefined) continue;
    if (kind === 0) {
      world.at(atMs, () => ensemble.kill(member));
      world.at(atMs + lastsMs, () => ensemble.start(member));
    } else if (kind === 1) {
      world.at(atMs, () => world.pause(pid));
      world.at(atMs + lastsMs, () => world.resume(pid));
    } else {
      const far = kind === 2 ? [member.host] : serverHosts;
      world.at(atMs, () => world.partition([host], far, { oneWay: kind === 4 }));
      world.at(atMs + lastsMs, () => world.heal([host], far));
    }
  }
}

async function play(seed: number): Promise<Story> {
  const story = new Story();
  const world = new SimulatedWorld({ seed, logLevel: "error", profile: { network: { loss: 0.005 } } });
  const wrapHost = (_server: string, _database: unknown, inner: RoleHost) => seeingHost(story, world, inner);
  const ensemble = new SimulatedEnsemble({ world, size: 3, tickMs: 500, wrapHost });
  ensemble.startAll();
  const programs = { owner: own, writer: write, watcher: watch } as const;
  const pids = Object.entries(programs).map(
    ([host, program]) => world.start({ host, name: host, program: (runtime) => program(runtime, story) }).pid,
  );
  schedule(world, ensemble, pids, seed);
  await world.run({ untilMs: faultsUntilMs + 5000 });
  world.heal();
  for (const member of ensemble.members) ensemble.start(member);
  story.faultsOver = true;
  await world.until(() => story.seen === story.written, {
    deadlineMs: calmMs,
    what: "the watcher to see the last value",
  });
  return story;
}

describe("the ZooKeeper client under faults", () => {
  it("assures no session longer than the servers hold it, and loses no watch", async () => {
    const total = { sessions: 0, written: 0, refused: 0 };
    for (const seed of seeds({ smoke: 12 })) {
      const story = await play(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
      });
      assert.deepEqual(story.violations, [], `seed ${seed}`);
      assert.ok(story.asked - story.answered <= 1, `seed ${seed}: a request without an end`);
      total.sessions += story.sessions.size;
      total.written += story.written;
    }
    if (process.env.STORM_LAB_SEED !== undefined) return;
    assert.ok(total.sessions > 12 * 1.5, `the faults ended only ${total.sessions - 12} sessions`);
    assert.ok(total.written > 12 * 50, `only ${total.written} writes`);
  });
});

/** One server on a disk that loses what was not synced: whatever it acknowledged is there after any crash. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { messageOf, SeededRandom, SimulatedWorld } from "../../../src/base/index.ts";
import { openZooKeeper, ownSessionAdapter, type ZooKeeperClient } from "../../../src/zookeeper/index.ts";
import { parseZooConfig } from "../../../src/zookeeper/server/config.ts";
import { databaseDefaults, FileDatabase } from "../../../src/zookeeper/server/file-database.ts";
import { type RunningServer, startServer } from "../../../src/zookeeper/server/main.ts";
import { seeds } from "../../kit/index.ts";

const clientPort = 2181;
const sessionTimeoutMs = 4000;

class Standalone {
  readonly world: SimulatedWorld;
  running: RunningServer | null = null;
  readonly #settings: string;
  #pid = 0;

  /** `settings`: a further line of zoo.cfg. */
  constructor(seed: number, settings = "") {
    this.#settings = settings;
    this.world = new SimulatedWorld({
      seed,
      logLevel: "error",
      profile: { disk: { syncMs: { min: 0.2, max: seed % 3 === 0 ? 20 : 2 } } },
    });
  }

  start(): void {
    const child = this.world.start({
      host: "zk",
      program: async (runtime) => {
        await runtime.fs.makeDirectory("/data");
        await runtime.fs.syncDirectory("/");
        const lines = ["tickTime=500", "dataDir=/data", `clientPort=${clientPort}`, "snapCount=30", "maxClientCnxns=0"];
        const text = [...lines, "extendedTypesEnabled=true", this.#settings].join("\n");
        this.running = await startServer(runtime, parseZooConfig(text, "zoo.cfg"));
        await this.running.failed;
        return 0;
      },
    });
    this.#pid = child.pid;
  }

  /** Kill, or power off, which loses what was not synced. */
  crash(random: SeededRandom): void {
    this.running = null;
    if (random.below(2) === 0) this.world.kill(this.#pid);
    else this.world.crashHost("zk");
  }

  client(host: string): ZooKeeperClient {
    const { runtime } = this.world.start({ host });
    return openZooKeeper(runtime, { servers: `zk:${clientPort}`, sessionTimeoutMs }, ownSessionAdapter);
  }
}

/** What one client was told; its own nodes only, so that it alone knows what must be there. */
class Writer {
  readonly values = new Map<string, string | null>();
  /** Writes whose outcome the client was not told. */
  readonly unsure = new Map<string, Set<string | null>>();
  readonly sequence: string[] = [];
  readonly #client: ZooKeeperClient;
  readonly #name: string;
  readonly #random: SeededRandom;
  stopped = false;

  constructor(client: ZooKeeperClient, name: string, random: SeededRandom) {
    this.#client = client;
    this.#name = name;
    this.#random = random;
  }

  async run(): Promise<void> {
    for (let count = 0; !this.stopped; count++) {
      const path = `/${this.#name}-${this.#random.below(6)}`;
      const value = `${count}`;
      const kind = this.#random.below(4);
      try {
        if (kind === 0)
          this.sequence.push(await this.#client.create(`/${this.#name}-seq-`, null, { mode: "persistentSequential" }));
        else if (this.values.get(path) == null)
          await this.#write(path, value, () => this.#client.create(path, Buffer.from(value)));
        else if (kind === 1) await this.#write(path, null, () => this.#client.delete(path));
        else await this.#write(path, value, () => this.#client.setData(path, Buffer.from(value)));
      } catch {
        // The outcome is noted; the client finds the server again by itself.
      }
    }
  }

  async #write(path: string, value: string | null, act: () => Promise<unknown>): Promise<void> {
    const unsure = this.unsure.get(path) ?? new Set();
    unsure.add(value);
    this.unsure.set(path, unsure);
    await act();
    this.values.set(path, value);
    this.unsure.delete(path);
  }

  async check(client: ZooKeeperClient): Promise<string[]> {
    const wrong: string[] = [];
    for (const path of new Set([...this.values.keys(), ...this.unsure.keys()])) {
      const found = (await client.getData(path))?.data?.toString() ?? null;
      const allowed = new Set([this.values.get(path) ?? null, ...(this.unsure.get(path) ?? [])]);
      if (!allowed.has(found)) wrong.push(`${path} is ${found}, acknowledged was ${[...allowed].join(" or ")}`);
    }
    if (new Set(this.sequence).size !== this.sequence.length)
      wrong.push(`${this.#name}: a sequence number was given twice`);
    for (const path of this.sequence)
      if ((await client.exists(path)) === null) wrong.push(`${path} was acknowledged and is gone`);
    return wrong;
  }
}

async function runSeed(seed: number, settings = ""): Promise<string[]> {
  const random = new SeededRandom(seed);
  const zk = new Standalone(seed, settings);
  const { world } = zk;
  zk.start();
  await world.until(() => zk.running !== null, { what: "the first start" });
  const writers = [0, 1, 2].map(
    (index) => new Writer(zk.client(`client-${index}`), `w${index}`, new SeededRandom(seed * 10 + index)),
  );
  const runs = Promise.all(writers.map((writer) => writer.run()));
  for (let crash = 0; crash < 4; crash++) {
    await world.run({ forMs: 50 + random.below(1500) });
    zk.crash(random);
    await world.run({ forMs: random.below(300) });
    zk.start();
    await world.until(() => zk.running !== null, { what: `start ${crash + 2}` });
  }
  await world.run({ forMs: 500 });
  for (const writer of writers) writer.stopped = true;
  await world.finish(runs, { what: "the last writes", deadlineMs: 120_000 });
  const reader = zk.client("reader");
  const wrong: string[] = [];
  for (const writer of writers) wrong.push(...(await world.finish(writer.check(reader), { what: "the check" })));
  const acknowledged = writers.reduce((sum, writer) => sum + writer.sequence.length + writer.values.size, 0);
  if (acknowledged < 20) wrong.push(`only ${acknowledged} writes were acknowledged: nothing was tested`);
  return wrong;
}

describe("a standalone server", () => {
  it("loses no acknowledged write to kills and power cuts", async () => {
    for (const seed of seeds({ smoke: 15 })) assert.deepEqual(await runSeed(seed), [], `seed ${seed}`);
  });

  it("would be caught if it acknowledged before the disk has it", async () => {
    const verdict = async (seed: number): Promise<string[]> => {
      try {
        return await runSeed(seed, "forceSync=no");
      } catch (error) {
        // A restart that sees the gap refuses to go on.
        return [messageOf(error)];
      }
    };
    let caught = false;
    for (let seed = 1; seed <= 10 && !caught; seed++) caught = (await verdict(seed)).length > 0;
    assert.ok(caught, "ten seeds noticed nothing");
  });

  it("keeps ephemeral nodes through a crash for as long as their session may live, and no longer", async () => {
    const zk = new Standalone(1);
    const { world } = zk;
    zk.start();
    await world.until(() => zk.running !== null, { what: "the start" });
    const dying = zk.client("dying");
    await world.finish(dying.create("/e", null, { mode: "ephemeral" }), { what: "the node" });
    for (const process of world.processes) if (process.host === world.host("dying")) world.kill(process.pid);
    zk.crash(new SeededRandom(1));
    zk.start();
    await world.until(() => zk.running !== null, { what: "the second start" });
    const restartedMs = world.nowMs;
    const reader = zk.client("reader");
    const there = () => world.finish(reader.exists("/e"), { what: "the answer" });
    assert.notEqual(await there(), null, "a restart gives every session its whole time again");
    await world.run({ untilMs: restartedMs + sessionTimeoutMs - 300 });
    assert.notEqual(await there(), null);
    await world.run({ untilMs: restartedMs + sessionTimeoutMs + 1200 });
    assert.equal(await there(), null);
  });

  it("removes containers and TTL nodes by itself", async () => {
    const zk = new Standalone(2);
    const { world } = zk;
    zk.start();
    await world.until(() => zk.running !== null, { what: "the start" });
    const client = zk.client("client");
    const run = <T>(promise: Promise<T>): Promise<T> => world.finish(promise, { what: "an answer" });
    await run(client.create("/c", null, { mode: "container" }));
    await run(client.create("/c/x"));
    await run(client.create("/t", null, { mode: "persistentWithTtl", ttlMs: 30_000 }));
    await run(client.delete("/c/x"));
    assert.notEqual(await run(client.exists("/c")), null);
    await world.run({ forMs: 125_000 });
    assert.deepEqual([await run(client.exists("/c")), await run(client.exists("/t"))], [null, null]);
  });
});

describe("a disk that fills up", () => {
  it("stops the server with the reason, and costs nothing that was acknowledged", async () => {
    const world = new SimulatedWorld({ seed: 5, logLevel: "error", profile: { disk: { capacityBytes: 200 * 4096 } } });
    let failure: unknown = null;
    const server = world.start({
      host: "zk",
      program: async (runtime) => {
        const running = await startServer(
          runtime,
          parseZooConfig(`dataDir=/data\nclientPort=${clientPort}`, "zoo.cfg"),
        );
        failure = await running.failed.catch((error: unknown) => error);
        await running.stop();
        return 0;
      },
    });
    const { runtime } = world.start({ host: "client" });
    const client = openZooKeeper(runtime, { servers: `zk:${clientPort}`, sessionTimeoutMs: 60_000 }, ownSessionAdapter);
    const acknowledged: string[] = [];
    const writing = async (): Promise<void> => {
      while (failure === null) {
        const path = await client.create("/large-", Buffer.alloc(8000), { mode: "persistentSequential" });
        acknowledged.push(path);
      }
    };
    void writing().catch(() => undefined);
    await world.until(() => !server.alive, { what: "the end of the server", deadlineMs: 600_000 });
    assert.ok(failure instanceof Error && "code" in failure && failure.code === "SL-ZK-DISK-FULL", String(failure));
    assert.ok(acknowledged.length > 10);
    const { runtime: after } = world.start({ host: "zk" });
    const database = new FileDatabase(after, { ...databaseDefaults, dataDir: "/data", dataLogDir: "/data" });
    await world.finish(database.load(), { what: "the load" });
    for (const path of acknowledged) assert.ok(database.tree.get(path) !== undefined, `${path} is gone`);
  });
});

/**
 * One of our servers and two of Apache's in one ensemble, ours in each place: they elect, replicate, lose each member in
 * turn under writes, take it back, and end with the same nodes.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type ApacheEnsemble, prepareApacheZooKeeper } from "../../../scripts/interop/apache-zookeeper.ts";
import { type ServerMode, serverMode } from "../../../scripts/interop/four-letter-word.ts";
import { openZooKeeper, type ZooKeeperClient } from "../../../src/zookeeper/index.ts";
import { runtime } from "../../contract/zookeeper/world.ts";
import { eventually, type RunningProcess, repositoryRoot, startProcess } from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const serveMs = 40_000;
const writesPerStep = 25;

interface Member {
  readonly id: number;
  readonly clientPort: number;
  readonly kind: "ours" | "Apache's";
  start(): void;
  kill(): Promise<void>;
  /** Loses its log and snapshots, as a new disk would; its id stays. */
  wipe(): Promise<void>;
  /** What it said, for a test that fails. */
  said(): Promise<string>;
}

class MixedEnsemble implements AsyncDisposable {
  readonly members: readonly Member[];
  readonly #apache: ApacheEnsemble;
  readonly #folder: string;

  constructor(apache: ApacheEnsemble, folder: string, ourId: number) {
    this.#apache = apache;
    this.#folder = folder;
    this.members = apache.servers.map((server) => {
      const { id, clientPort } = server;
      const wipe = () => rm(join(server.dataDir, "version-2"), { recursive: true, force: true });
      if (id === ourId) return { ...ourMember(id, clientPort, join(folder, String(ourId), "zoo.cfg")), wipe };
      return {
        wipe,
        id,
        clientPort,
        kind: "Apache's",
        start: () => server.start(),
        kill: () => server.kill(),
        said: () => server.log(),
      };
    });
  }

  connectString(members: readonly Member[] = this.members): string {
    return members.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(",");
  }

  async modes(members: readonly Member[] = this.members): Promise<(ServerMode | null)[]> {
    return Promise.all(members.map(({ clientPort }) => serverMode(clientPort)));
  }

  /** All of them serve, one as leader. The leader. */
  async serving(members: readonly Member[] = this.members): Promise<Member> {
    try {
      return await eventually(
        async () => {
          const modes = await this.modes(members);
          const leader = modes.indexOf("leader");
          return modes.includes(null) || leader < 0 ? undefined : members[leader];
        },
        serveMs,
        `servers ${members.map(({ id }) => id)} to serve`,
      );
    } catch (error) {
      const logs = await Promise.all(
        members.map(async (member) => `--- ${member.id}\n${(await member.said()).slice(-3000)}`),
      );
      throw new Error(`${(error as Error).message}\n${logs.join("\n")}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
    await this.#apache.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function ourMember(id: number, clientPort: number, config: string): Omit<Member, "wipe"> {
  let child: RunningProcess | null = null;
  return {
    id,
    clientPort,
    kind: "ours",
    start() {
      const main = join(repositoryRoot, "src", "cli", "main.ts");
      child = startProcess(process.execPath, ["--conditions=storm-lab-source", main, "zookeeper", "--config", config]);
    },
    async kill() {
      await child?.kill();
      child = null;
    },
    said: () => Promise.resolve(child?.stderr ?? ""),
  };
}

async function prepare(ourId: number): Promise<MixedEnsemble> {
  const folder = await mkdtemp(join(tmpdir(), "storm-lab-mixed-"));
  return new MixedEnsemble(
    await prepareApacheZooKeeper({ servers: 3, folder, config: ["maxSessionTimeout=60000"] }),
    folder,
    ourId,
  );
}

/** A write that is acknowledged: again and again while leaders change. */
async function write(client: ZooKeeperClient, path: string): Promise<void> {
  await eventually(
    () =>
      client.create(path, Buffer.from(path)).then(
        () => true,
        (error: { readonly code?: string }) => (error.code === "SL-ZK-NODE-EXISTS" ? true : undefined),
      ),
    serveMs,
    `${path} to be written`,
  );
}

/** Every server holds the same nodes. */
async function assertSame(ensemble: MixedEnsemble, nodes: number): Promise<void> {
  await ensemble.serving();
  const trees = await Promise.all(ensemble.members.map(treeOf));
  assert.equal(trees[0]?.length, nodes);
  assert.deepEqual(trees[1], trees[0]);
  assert.deepEqual(trees[2], trees[0]);
}

/** Every node with the numbers that all servers must agree on, as one server shows it. */
async function treeOf(member: Member): Promise<string[]> {
  await using client = openZooKeeper(runtime, { servers: `127.0.0.1:${member.clientPort}`, sessionTimeoutMs: 8000 });
  await client.sync("/");
  const lines: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const node = await client.getData(path);
    const listed = await client.getChildren(path);
    if (node === null || listed === null) return;
    const { czxid, mzxid, pzxid, version, cversion, aversion, ephemeralOwner, ctimeMs, mtimeMs } = node.stat;
    const numbers = [czxid, mzxid, pzxid, ctimeMs, mtimeMs, version, cversion, aversion, ephemeralOwner];
    lines.push(`${path} ${numbers.join(" ")} ${node.data?.toString() ?? "-"}`);
    for (const child of [...listed.children].sort()) await visit(path === "/" ? `/${child}` : `${path}/${child}`);
  };
  await visit("/data");
  return lines;
}

describe("a mixed ensemble", { skip: interopSkipped }, () => {
  for (const ourId of [3, 1, 2]) {
    it(`survives the loss of each member in turn, with ours as server ${ourId}`, { timeout: 300_000 }, async () => {
      await using ensemble = await prepare(ourId);
      for (const member of ensemble.members) member.start();
      await ensemble.serving();
      // It must outlive every member's restart, however slow the machine is.
      await using client = openZooKeeper(runtime, { servers: ensemble.connectString(), sessionTimeoutMs: 30_000 });
      await write(client, "/data");
      const session = await client.session();
      await session.create("/data/mine", Buffer.from("x"), { mode: "ephemeral" });
      const expected: string[] = [];
      let ourLeaderships = 0;
      for (const lost of [...ensemble.members, ...ensemble.members]) {
        const leader = await ensemble.serving();
        if (leader.kind === "ours") ourLeaderships++;
        await lost.kill();
        for (let index = 0; index < writesPerStep; index++) {
          const path = `/data/n-${expected.length}`;
          await write(client, path);
          expected.push(path);
        }
        await ensemble.serving(ensemble.members.filter((member) => member !== lost));
        lost.start();
      }
      await assertSame(ensemble, expected.length + 2);
      assert.equal((await client.session()).id, session.id, "the session outlived every member");
      if (ourId === 3) assert.ok(ourLeaderships > 0, "ours led at least once");
    });

    it(`starts again as a whole, and fills an emptied member, with ours as server ${ourId}`, {
      timeout: 300_000,
    }, async () => {
      await using ensemble = await prepare(ourId);
      for (const member of ensemble.members) member.start();
      await ensemble.serving();
      await using client = openZooKeeper(runtime, { servers: ensemble.connectString(), sessionTimeoutMs: 8000 });
      await write(client, "/data");
      for (let index = 0; index < writesPerStep; index++) await write(client, `/data/n-${index}`);
      await Promise.all(ensemble.members.map((member) => member.kill()));
      for (const member of ensemble.members) member.start();
      await assertSame(ensemble, writesPerStep + 1);
      let nodes = writesPerStep + 1;
      for (const emptied of ensemble.members) {
        await emptied.kill();
        await emptied.wipe();
        await write(client, `/data/without-${emptied.id}`);
        nodes++;
        emptied.start();
        await assertSame(ensemble, nodes);
      }
    });
  }

  // Server 3 leads at first: ours is cut by Apache's, then Apache's by ours.
  for (const ourId of [3, 2]) {
    it(`cuts what the lost leader alone had, with ours as server ${ourId}`, { timeout: 300_000 }, async (context) => {
      await using ensemble = await prepare(ourId);
      for (const member of ensemble.members) member.start();
      const leader = await ensemble.serving();
      const others = ensemble.members.filter((member) => member !== leader);
      {
        await using client = openZooKeeper(runtime, { servers: ensemble.connectString(), sessionTimeoutMs: 8000 });
        await write(client, "/data");
        for (let index = 0; index < writesPerStep; index++) await write(client, `/data/n-${index}`);
      }
      const alone = openZooKeeper(runtime, { servers: ensemble.connectString([leader]), sessionTimeoutMs: 10_000 });
      await alone.session();
      const killing = others.map((member) => member.kill());
      const refused = Array.from({ length: 20 }, (_, index) =>
        alone.create(`/data/alone-${index}`).catch(() => "refused"),
      );
      await Promise.all(killing);
      await eventually(
        async () => (await ensemble.modes([leader]))[0] === null || undefined,
        serveMs,
        "the leader to give up",
      );
      await leader.kill();
      await alone.close();
      await Promise.all(refused);
      for (const member of others) member.start();
      await ensemble.serving(others);
      leader.start();
      await ensemble.serving();
      context.diagnostic(
        `server ${leader.id} (${leader.kind}) was ${/Truncating/.test(await leader.said()) ? "" : "not "}cut`,
      );
      const trees = await Promise.all(ensemble.members.map(treeOf));
      assert.deepEqual(trees[1], trees[0]);
      assert.deepEqual(trees[2], trees[0]);
      assert.ok((trees[0]?.length ?? 0) > writesPerStep);
    });
  }
});

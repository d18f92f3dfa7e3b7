/** One seed: an ensemble, clients, faults, and then the question whether anything was promised that is not so. */
import { messageOf, SimulatedWorld } from "../../../src/base/index.ts";
import type { Database } from "../../../src/zookeeper/server/database.ts";
import type { RoleHost } from "../../../src/zookeeper/server/role.ts";
import { folders, lists, registers, SimulatedClient } from "./client.ts";
import { printedLine, SimulatedEnsemble } from "./ensemble.ts";
import { isPowerSeed, makeGood, planFaults, scheduleFaults } from "./faults.ts";
import { History, hex } from "./history.ts";
import { ZabMonitor } from "./zab-monitor.ts";

export interface SeedOptions {
  /** Default: 3 or 5, by the seed. */
  readonly size?: number;
  /** Virtual time in which things go wrong. Default 12,000. */
  readonly faultyMs?: number;
  /** Default: drawn from the seed. */
  readonly faults?: boolean;
  readonly wrapDatabase?: (server: string, database: Database) => Database;
  readonly wrapHost?: (server: string, database: Database, host: RoleHost) => RoleHost;
  /** Gets every log line of the run. */
  readonly print?: (line: string) => void;
}

export interface SeedResult {
  readonly seed: number;
  /** Empty: every promise was kept. */
  readonly violations: readonly string[];
  readonly counts: History["counts"] & { readonly committed: number; readonly modelled: number };
  readonly trace: string;
}

const tickMs = 200;
const clientCount = 4;
const sessionTimeoutMs = 1600;
/** After everything is made good: to elect, to join, to answer. */
const recoveryMs = 30_000;

export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const history = new History();
  const monitor = new ZabMonitor(history);
  const size = options.size ?? (seed % 3 === 0 ? 5 : 3);
  const world: SimulatedWorld = new SimulatedWorld({
    seed,
    profile: { disk: { syncMs: isPowerSeed(seed) ? { min: 10, max: 80 } : { min: 0.2, max: 3 } } },
    ...(options.print === undefined
      ? { logLevel: "error" as const }
      : { log: (line, process) => options.print?.(printedLine(world.nowMs, line, process)) }),
  });
  const ensemble = new SimulatedEnsemble({
    world,
    size,
    // Of five, one may only observe.
    observers: size === 5 && seed % 2 === 0 ? 1 : 0,
    tickMs,
    // Some seeds take snapshots all the time, so that learners get images and logs are short.
    settings: seed % 5 === 0 ? ["snapCount=40"] : [],
    wrapDatabase: (server, database) => options.wrapDatabase?.(server, database) ?? database,
    wrapHost: (server, database, host) => {
      const watched = monitor.host(server, database, host);
      return options.wrapHost?.(server, database, watched) ?? watched;
    },
  });
  let modelled = 0;
  try {
    ensemble.startAll();
    const clients = await setUp(ensemble, history);
    const startMs = world.nowMs;
    const untilMs = startMs + (options.faultyMs ?? 12_000);
    const hosts = Array.from({ length: clientCount }, (_, index) => `client-${index}`);
    if (options.faults !== false) {
      const plan = planFaults(seed, size, untilMs).filter(({ atMs }) => atMs > startMs);
      scheduleFaults(ensemble, plan, hosts);
    }
    await world.run({ untilMs });
    await settle(ensemble, clients, history);
    const model = monitor.replay();
    if (model !== null) modelled = 1;
    compare(ensemble, history, model?.nodes ?? null);
  } catch (error) {
    history.violate(messageOf(error));
  }
  return {
    seed,
    violations: history.violations,
    counts: { ...history.counts, committed: monitor.committedCount, modelled },
    trace: world.trace.hash,
  };
}

/** Nodes for everybody, then the clients. */
async function setUp(ensemble: SimulatedEnsemble, history: History): Promise<SimulatedClient[]> {
  const { world } = ensemble;
  await world.until(() => ensemble.leader !== null && ensemble.serving.length > ensemble.members.length / 2, {
    what: "a first leader",
    deadlineMs: 20_000,
  });
  const clients: SimulatedClient[] = [];
  let ready = false;
  for (let index = 0; index < clientCount; index++) {
    world.start({
      host: `client-${index}`,
      program: async (runtime) => {
        const name = `c${index}`;
        const client = new SimulatedClient(runtime, {
          name,
          servers: ensemble.addresses,
          sessionTimeoutMs,
          history,
          thinkMs: 60,
        });
        clients.push(client);
        client.active = index === 0 ? false : ready;
        const running = client.run();
        if (index === 0) {
          await client.prepare([...registers, ...lists, ...folders]);
          ready = true;
          for (const each of clients) each.active = true;
        }
        return running;
      },
    });
  }
  await world.until(() => ready, { what: "the nodes of the test", deadlineMs: 20_000 });
  return clients;
}

/** Faults end; every server and client finds its way back. */
async function settle(
  ensemble: SimulatedEnsemble,
  clients: readonly SimulatedClient[],
  history: History,
): Promise<void> {
  const { world } = ensemble;
  makeGood(ensemble);
  // Longer than a server may follow a leader that is gone.
  await world.run({ forMs: 6 * tickMs });
  await world.until(() => ensemble.whole, { what: "all servers serve under one leader", deadlineMs: recoveryMs });
  const { writes } = history.counts;
  await world.until(() => history.counts.writes >= writes + 5 && clients.every(({ connected }) => connected), {
    what: "every client is connected and writes are acknowledged",
    deadlineMs: recoveryMs,
  });
  for (const client of clients) client.active = false;
  // Long enough for what is under way, and for sessions that nobody holds any more to expire.
  await world.run({ forMs: 3 * sessionTimeoutMs });
  await world.until(() => ensemble.whole, { what: "all servers serve under one leader", deadlineMs: recoveryMs });
}

function compare(
  ensemble: SimulatedEnsemble,
  history: History,
  model: ReadonlyMap<string, { readonly value: string; readonly version: number; readonly owner: bigint }> | null,
): void {
  const trees = ensemble.members.map((member) => member.server!.database);
  const expected = describe(trees[0]!);
  for (const [index, database] of trees.entries()) {
    const found = describe(database);
    if (found !== expected)
      history.violate(`zk${index + 1} and zk1 hold different trees:\n${difference(found, expected)}`);
    for (const [path, node] of database.tree.nodes) {
      if (node.owner !== 0n && path.startsWith("/eph") && !database.sessions.has(node.owner)) {
        history.violate(`${path} outlives its session on zk${index + 1}`);
      }
    }
  }
  const { tree } = trees[0]!;
  for (const [path, ids] of history.appended) {
    const value = tree.get(path)?.data?.toString() ?? "";
    const present = value.split(",");
    if (new Set(present).size !== present.length) history.violate(`${path} holds an append twice`);
    for (const id of ids) if (!present.includes(id)) history.violate(`${path} has lost the acknowledged ${id}`);
  }
  const numbers = new Set<string>();
  for (const { path, zxid } of history.sequential) {
    if (numbers.has(path)) history.violate(`${path} was given twice`);
    numbers.add(path);
    if (tree.get(path) === undefined) history.violate(`${path}, acknowledged with ${hex(zxid)}, is lost`);
  }
  const inOrder = [...history.sequential].sort((a, b) => a.zxid - b.zxid).map(({ path }) => path);
  if (inOrder.join() !== [...inOrder].sort().join()) history.violate("sequential numbers do not grow with zxids");
  if (model !== null) compareModel(trees[0]!, history, model);
}

function compareModel(
  database: Database,
  history: History,
  model: ReadonlyMap<string, { readonly value: string; readonly version: number; readonly owner: bigint }>,
): void {
  for (const [path, { value, version, owner }] of model) {
    const node = database.tree.get(path);
    const same = node !== undefined && (node.data?.toString() ?? "") === value && node.version === version;
    if (!same || node.owner !== owner) history.violate(`${path} is not what the committed transactions make of it`);
  }
  for (const path of database.tree.nodes.keys()) {
    if (path !== "/" && !path.startsWith("/zookeeper") && !model.has(path)) {
      history.violate(`${path} comes from no committed transaction`);
    }
  }
}

function describe(database: Database): string {
  const lines: string[] = [];
  for (const [path, node] of database.tree.nodes) {
    const { czxid, mzxid, pzxid, version, cversion, owner, data } = node;
    lines.push([path, czxid, mzxid, pzxid, version, cversion, owner, data?.toString() ?? "-"].join(" "));
  }
  for (const [id, timeoutMs] of database.sessions) lines.push(`session ${id} ${timeoutMs}`);
  return lines.sort().join("\n");
}

function difference(found: string, expected: string): string {
  const [mine, theirs] = [found.split("\n"), expected.split("\n")];
  const only = (a: string[], b: string[], sign: string) =>
    a.filter((line) => !b.includes(line)).map((line) => `  ${sign} ${line.slice(0, 160)}`);
  return [...only(mine, theirs, "+"), ...only(theirs, mine, "-")].slice(0, 6).join("\n");
}

/** An ensemble in the simulated world: servers on hosts zk1, zk2, … that can be killed, lose power and come back. */
import type { LogLine, Runtime, SimulatedProcess, SimulatedWorld } from "../../../src/base/index.ts";
import type { Host } from "../../../src/zookeeper/index.ts";
import { parseZooConfig } from "../../../src/zookeeper/server/config.ts";
import type { Database } from "../../../src/zookeeper/server/database.ts";
import { FileDatabase } from "../../../src/zookeeper/server/file-database.ts";
import { QuorumPeer } from "../../../src/zookeeper/server/quorum/index.ts";
import type { RoleHost } from "../../../src/zookeeper/server/role.ts";
import { ZooKeeperServer } from "../../../src/zookeeper/server/server.ts";

export interface EnsembleOptions {
  readonly world: SimulatedWorld;
  readonly size: number;
  readonly tickMs: number;
  /** How many of them, the last ones, only observe. Default: none. */
  readonly observers?: number;
  /** Further lines of zoo.cfg. */
  readonly settings?: readonly string[];
  /** Stands between the quorum and what it works on; for observers of the run, and for planted bugs. */
  readonly wrapDatabase?: (server: string, database: Database) => Database;
  readonly wrapHost?: (server: string, database: Database, host: RoleHost) => RoleHost;
}

export interface Member {
  readonly sid: number;
  readonly host: string;
  process: SimulatedProcess | null;
  server: ZooKeeperServer | null;
  peer: QuorumPeer | null;
}

const clientPort = 2181;

export class SimulatedEnsemble {
  readonly world: SimulatedWorld;
  readonly members: readonly Member[];
  readonly addresses: readonly Host[];
  readonly #options: EnsembleOptions;
  readonly #config: string;
  #lives = 0;

  constructor(options: EnsembleOptions) {
    this.world = options.world;
    this.#options = options;
    const sids = Array.from({ length: options.size }, (_, index) => index + 1);
    this.members = sids.map((sid) => ({ sid, host: `zk${sid}`, process: null, server: null, peer: null }));
    this.addresses = this.members.map(({ host }) => ({ host, port: clientPort }));
    this.#config = [
      `tickTime=${options.tickMs}`,
      "initLimit=10",
      "syncLimit=5",
      "dataDir=/data",
      "dataLogDir=/log",
      `clientPort=${clientPort}`,
      "maxClientCnxns=0",
      ...sids.map((sid) => `server.${sid}=zk${sid}:2888:3888:${this.#typeOf(sid)}`),
      ...(options.settings ?? []),
    ].join("\n");
  }

  startAll(): void {
    for (const member of this.members) this.start(member);
  }

  start(member: Member): void {
    if (member.process?.alive === true) return;
    this.#lives++;
    const life = `${member.host}#${this.#lives}`;
    member.process = this.world.start({
      host: member.host,
      name: member.host,
      program: (runtime) => this.#serve(runtime, member, life),
    });
  }

  kill(member: Member): void {
    if (member.process !== null) this.world.kill(member.process.pid);
    this.#gone(member);
  }

  /** It dies at its `count`-th call to its Runtime from now, in the middle of whatever it does then. */
  killWithin(member: Member, count: number): void {
    if (member.process?.alive === true) this.world.killAtOperation(member.process.pid, count);
  }

  /** Everything that was not synced may be lost. The host is back at once, with nothing running. */
  powerOff(member: Member): void {
    this.world.crashHost(member.host);
    this.#gone(member);
  }

  /** The server that serves as leader, if there is exactly one. */
  get leader(): Member | null {
    const leaders = this.serving.filter((member) => member.server?.role?.mode === "leader");
    return leaders.length === 1 ? (leaders[0] ?? null) : null;
  }

  get serving(): readonly Member[] {
    return this.members.filter((member) => member.process?.alive === true && member.server?.role != null);
  }

  /** Every server serves under one leader. */
  get whole(): boolean {
    const { leader } = this;
    if (leader === null || this.serving.length < this.members.length) return false;
    return this.members.every(({ peer }) => peer?.leaderSid === leader.sid);
  }

  #typeOf(sid: number): "participant" | "observer" {
    return sid > this.#options.size - (this.#options.observers ?? 0) ? "observer" : "participant";
  }

  #gone(member: Member): void {
    member.process = null;
    member.server = null;
    member.peer = null;
  }

  async #serve(runtime: Runtime, member: Member, life: string): Promise<number> {
    const config = parseZooConfig(`${this.#config}\npeerType=${this.#typeOf(member.sid)}`, "zoo.cfg");
    // Whoever installs a server makes its folders; they do not vanish with a power cut.
    for (const folder of [config.dataDir, config.dataLogDir]) await runtime.fs.makeDirectory(folder);
    await runtime.fs.syncDirectory("/");
    const files = new FileDatabase(runtime, config);
    await files.load();
    const database = this.#options.wrapDatabase?.(life, files) ?? files;
    const server = new ZooKeeperServer(runtime, config, database);
    const host = this.#options.wrapHost?.(life, database, server) ?? server;
    const peer = new QuorumPeer({ runtime, config, myId: member.sid, database, host });
    await server.listen(clientPort, null);
    member.server = server;
    member.peer = peer;
    await Promise.race([peer.run(), server.failed]);
    return 0;
  }
}

/** A log for people who replay a seed. */
export function printedLine(nowMs: number, line: LogLine, process: SimulatedProcess): string {
  const fields = line.fields === undefined ? "" : ` ${JSON.stringify(line.fields)}`;
  return `${nowMs.toFixed(1).padStart(9)} ${process.name.padEnd(8)} ${line.level.padEnd(5)} ${line.message}${fields}`;
}

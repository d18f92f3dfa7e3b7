/** ZooKeeper in a simulated world: real servers on hosts zk1, zk2, … that can be killed and come back. */
import type { Runtime, SimulatedProcess, SimulatedWorld } from "../base/index.ts";
import { loadZooKeeperServer, type RunningServer } from "../zookeeper/index.ts";

export interface SimulatedZooKeeperOptions {
  /** Default 1: a standalone server. */
  readonly size?: number;
  /** Sessions are clamped to 2–20 of them. Default 200. */
  readonly tickMs?: number;
}

interface Member {
  readonly host: string;
  process: SimulatedProcess | null;
  running: RunningServer | null;
}

const clientPort = 2181;
/** Ticks that a follower goes without its leader. */
const syncLimit = 10;

export class SimulatedZooKeeper {
  readonly world: SimulatedWorld;
  /** The connect string. */
  readonly servers: string;
  readonly hosts: readonly string[];
  readonly #members: readonly Member[];
  readonly #tickMs: number;

  constructor(world: SimulatedWorld, options: SimulatedZooKeeperOptions = {}) {
    this.world = world;
    this.#tickMs = options.tickMs ?? 200;
    this.hosts = Array.from({ length: options.size ?? 1 }, (_, index) => `zk${index + 1}`);
    this.#members = this.hosts.map((host) => ({ host, process: null, running: null }));
    this.servers = this.hosts.map((host) => `${host}:${clientPort}`).join(",");
    for (const host of this.hosts) this.start(host);
  }

  /** For how long a follower that is cut off from its leader answers the pings of its clients, whose sessions are over by then. */
  get followerPatienceMs(): number {
    return syncLimit * this.#tickMs;
  }

  /** Every server serves. */
  get whole(): boolean {
    return this.#members.every(({ process, running }) => process?.alive === true && running?.server.role != null);
  }

  /** Those that live and serve clients, with their hosts. */
  get serving(): ReadonlyMap<string, RunningServer["server"]> {
    const serving = new Map<string, RunningServer["server"]>();
    for (const { host, process, running } of this.#members)
      if (process?.alive === true && running?.server.role != null) serving.set(host, running.server);
    return serving;
  }

  process(host: string): SimulatedProcess | null {
    return this.#member(host).process;
  }

  untilWhole(): Promise<void> {
    return this.world.until(() => this.whole, { what: "every ZooKeeper server serves" });
  }

  start(host: string): void {
    const member = this.#member(host);
    if (member.process?.alive === true) return;
    member.process = this.world.start({ host, name: host, program: (runtime) => this.#serve(runtime, member) });
  }

  kill(host: string): void {
    const pid = this.#member(host).process?.pid;
    if (pid !== undefined) this.world.kill(pid);
  }

  #member(host: string): Member {
    const member = this.#members.find((each) => each.host === host);
    if (member === undefined) throw new Error(`no ZooKeeper server on ${host}`);
    return member;
  }

  async #serve(runtime: Runtime, member: Member): Promise<number> {
    member.running = null;
    const { readZooConfig, startServer } = await loadZooKeeperServer();
    const lines = [
      `tickTime=${this.#tickMs}`,
      "dataDir=/data",
      `clientPort=${clientPort}`,
      "maxClientCnxns=0",
      "admin.enableServer=false",
      // Who reads along must find all that a thousand nodes write while nobody serves.
      "commitLogCount=100000",
    ];
    if (this.hosts.length > 1) {
      lines.push("initLimit=20", `syncLimit=${syncLimit}`);
      for (const [index, host] of this.hosts.entries()) lines.push(`server.${index + 1}=${host}:2888:3888`);
    }
    await runtime.fs.makeDirectory("/data");
    await runtime.fs.syncDirectory("/");
    await runtime.fs.writeFile("/data/myid", Buffer.from(`${this.hosts.indexOf(member.host) + 1}\n`));
    await runtime.fs.writeFile("/zoo.cfg", Buffer.from(lines.join("\n")));
    member.running = await startServer(runtime, await readZooConfig(runtime, "/zoo.cfg"));
    await member.running.failed;
    return 0;
  }
}

/** Looks at the cluster all the time, outside of every process: tells what happens, and notes what must never be. */
import type { Assignment, StormBase } from "../wire/thrift/index.ts";
import type { Disturber } from "./disturber.ts";
import type { Happening, Place } from "./events.ts";
import { Ledger, slotsOf } from "./ledger.ts";
import type { SimulatedCluster, WorkerProcess } from "./simulated-cluster.ts";

const lookMs = 5;
const workersEveryMs = 500;
/** On a large cluster, what happens to workers of one topology within this time is told in one line. */
const gatherMs = 1000;
const eachToldMax = 20;

interface Gathered {
  readonly event: "workers-started" | "workers-ended";
  readonly id: string;
  readonly places: Place[];
}

export class Observer {
  readonly ledger: Ledger;
  readonly violations = new Set<string>();
  /** Acked sentences since the last `forgetAcks`, by topology. */
  readonly acked = new Map<string, number>();
  ackedInAll = 0;
  readonly #cluster: SimulatedCluster;
  readonly #disturber: Disturber;
  readonly #tell: (who: string, happening: Happening) => void;
  readonly #removedMs = new Map<string, number>();
  readonly #gathered = new Map<string, Gathered>();
  #joined = 0;
  #settled = false;
  /** When there was last one leader at most. */
  #oneLeadsMs = 0;
  #leader = "";
  #ensembleLeader = "";
  #workersMs = 0;

  constructor(cluster: SimulatedCluster, disturber: Disturber, tell: (who: string, happening: Happening) => void) {
    this.#cluster = cluster;
    this.#disturber = disturber;
    this.#tell = tell;
    this.ledger = new Ledger({
      supervisorJoined: (host) => this.#supervisorJoined(host),
      supervisorLost: (host) => tell(host, { event: "supervisor-lost" }),
      topology: (id, before, after) => this.#topology(id, before, after),
      assignment: (id, before, after) => this.#assignment(id, before, after),
      violation: (what) => this.violate(what),
    });
    cluster.listener = {
      workerStarted: (worker) => this.#worker("workers-started", worker),
      workerEnded: (worker) => this.#worker("workers-ended", worker),
      acked: (id) => this.#ack(id),
    };
    this.#lookAgain();
  }

  /** All supervisors have joined for the first time: from now on each is told of by itself. */
  settled(): void {
    this.#settled = true;
    this.#tell("cluster", { event: "supervisors-joined", count: this.#joined });
  }

  violate(what: string): void {
    if (this.violations.has(what)) return;
    this.violations.add(what);
    this.#tell("cluster", { event: "violation", what });
  }

  forgetAcks(): void {
    this.acked.clear();
  }

  #lookAgain(): void {
    const { world } = this.#cluster;
    world.at(world.nowMs + lookMs, () => {
      this.#look();
      this.#lookAgain();
    });
  }

  #look(): void {
    const { zooKeeper, leaders, world } = this.#cluster;
    for (const [host, server] of zooKeeper.serving) {
      this.ledger.read(server);
      if (server.role?.mode !== "leader" || host === this.#ensembleLeader) continue;
      // A leader that was paused does not know yet that there is another one.
      if (zooKeeper.process(host)?.stopped === true) continue;
      this.#ensembleLeader = host;
      this.#tell(host, { event: "ensemble-leader" });
    }
    this.#checkLeaders(leaders);
    const [leader = ""] = leaders;
    if (leader !== "" && leader !== this.#leader) {
      this.#leader = leader;
      this.#tell(leader, { event: "nimbus-leader" });
    }
    if (world.nowMs - this.#workersMs < workersEveryMs) return;
    this.#workersMs = world.nowMs;
    this.#checkWorkers();
  }

  /**
   * One whose ZooKeeper server is cut off may believe for as long as that server does that it leads, as with Apache ZooKeeper; what it
   * writes meanwhile the ledger would see.
   */
  #checkLeaders(leaders: readonly string[]): void {
    const { world, zooKeeper } = this.#cluster;
    if (leaders.length < 2) this.#oneLeadsMs = world.nowMs;
    else if (world.nowMs - this.#oneLeadsMs > zooKeeper.followerPatienceMs + lookMs)
      this.violate(`${leaders.join(" and ")} lead at once`);
  }

  #checkWorkers(): void {
    const { workers, world, pace } = this.#cluster;
    const owners = new Map<string, string>();
    for (const { host, port, topologyId } of workers) {
      const slot = `${host}:${port}`;
      const other = owners.get(slot);
      if (other !== undefined) this.violate(`two workers run on ${slot}, of ${other} and of ${topologyId}`);
      owners.set(slot, topologyId);
      const removedMs = this.#removedMs.get(topologyId);
      if (removedMs === undefined) continue;
      const sinceMs = world.nowMs - Math.max(removedMs, this.#disturber.troubledMs(host));
      if (sinceMs > pace.goneMsMax)
        this.violate(`a worker on ${slot} runs ${topologyId}, which was killed ${Math.round(sinceMs / 1000)} s ago`);
    }
  }

  #supervisorJoined(host: string): void {
    this.#joined++;
    if (this.#settled) this.#tell(host, { event: "supervisor-joined" });
  }

  #topology(id: string, before: StormBase | null, after: StormBase | null): void {
    if (after === null) {
      this.#removedMs.set(id, this.#cluster.world.nowMs);
      this.#tell("nimbus", { event: "topology-removed", id });
    } else if (before === null) this.#tell("nimbus", { event: "topology-created", id });
    else if (before.status !== after.status)
      this.#tell("nimbus", { event: "topology-status", id, status: after.status });
  }

  #assignment(id: string, before: Assignment | null, after: Assignment | null): void {
    if (after === null) return;
    const had = before === null ? new Set<string>() : slotsOf(before);
    const has = slotsOf(after);
    const places = (slots: Iterable<string>) => [...slots].map((slot) => this.#place(slot)).sort(inOrder);
    if (before === null || before.executor_node_port.length === 0) {
      this.#tell("nimbus", { event: "assigned", id, places: places(has) });
      return;
    }
    const given = places([...has].filter((slot) => !had.has(slot)));
    const taken = places([...had].filter((slot) => !has.has(slot)));
    this.#tell("nimbus", { event: "reassigned", id, given, taken, workers: has.size });
  }

  #place(slot: string): Place {
    const at = slot.lastIndexOf(":");
    return { host: this.ledger.hostOf(slot.slice(0, at)), port: Number(slot.slice(at + 1)) };
  }

  /** On a small cluster each by itself, on its node; on a large one in one line for each topology. */
  #worker(event: Gathered["event"], { topologyId: id, host, port }: WorkerProcess): void {
    const { world, supervisorHosts } = this.#cluster;
    if (supervisorHosts.length <= eachToldMax) {
      this.#tell(host, { event, id, places: [{ host, port }] });
      return;
    }
    const name = `${event} ${id}`;
    const known = this.#gathered.get(name);
    if (known !== undefined) {
      known.places.push({ host, port });
      return;
    }
    const gathered: Gathered = { event, id, places: [{ host, port }] };
    this.#gathered.set(name, gathered);
    world.at(world.nowMs + gatherMs, () => {
      this.#gathered.delete(name);
      this.#tell("nodes", { ...gathered, places: gathered.places.sort(inOrder) });
    });
  }

  #ack(id: string): void {
    this.ackedInAll++;
    const count = (this.acked.get(id) ?? 0) + 1;
    this.acked.set(id, count);
    if (count === 1) this.#tell("nodes", { event: "tuples-flow", id });
  }
}

/** node2 before node10. */
function inOrder(a: Place, b: Place): number {
  const number = (host: string) => Number(/\d+$/.exec(host)?.[0] ?? 0);
  return number(a.host) - number(b.host) || a.port - b.port;
}

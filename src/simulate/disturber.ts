/** Does to a simulated cluster what the plan of faults says, takes it back, and knows who is in trouble. */
import type { FaultKind, Happening, Victim } from "./events.ts";
import type { PlannedFault } from "./faults.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";

type Tell = (who: string, happening: Happening) => void;

interface Target {
  readonly host: string;
  /** Of a worker. */
  readonly port?: number;
  readonly pids: readonly number[];
}

const skewMsMax = 60_000;
/** A daemon that crashes does so within so many of its next calls to the world. */
const callsMax = 150;

export class Disturber {
  readonly counts = new Map<FaultKind, number>();
  readonly #cluster: SimulatedCluster;
  readonly #tell: Tell;
  /** Undoings by host, of faults that last. */
  readonly #lasting = new Map<number, { readonly host: string; readonly undo: () => void }>();
  readonly #lastMs = new Map<string, number>();
  #number = 0;

  constructor(cluster: SimulatedCluster, tell: Tell) {
    this.#cluster = cluster;
    this.#tell = tell;
  }

  /** When the host, nimbus or ZooKeeper were last in trouble; now, while they are. Virtual ms. */
  troubledMs(host: string): number {
    const { world, nimbusHosts, zooKeeper } = this.#cluster;
    const concerned = [host, ...nimbusHosts, ...zooKeeper.hosts];
    if ([...this.#lasting.values()].some((each) => concerned.includes(each.host))) return world.nowMs;
    return Math.max(0, ...concerned.map((each) => this.#lastMs.get(each) ?? 0));
  }

  begin(planned: PlannedFault): void {
    const target = this.#target(planned);
    if (target === null) return;
    const { fault, victim, forMs, detail } = planned;
    const { world } = this.#cluster;
    const skewMs = fault === "clock-skew" ? Math.round((detail * 2 - 1) * skewMsMax) : null;
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    this.#tell(target.host, {
      event: "fault",
      fault,
      victim,
      forMs,
      ...(skewMs === null ? {} : { skewMs }),
      ...(target.port === undefined ? {} : { port: target.port }),
    });
    const undo = this.#act(planned, target, skewMs ?? 0);
    this.#lastMs.set(target.host, world.nowMs);
    if (undo === null) return;
    const number = ++this.#number;
    this.#lasting.set(number, { host: target.host, undo });
    world.at(world.nowMs + forMs, () => {
      if (!this.#lasting.delete(number)) return;
      undo();
      this.#lastMs.set(target.host, world.nowMs);
      this.#tell(target.host, { event: "fault-over", fault, victim });
    });
  }

  /** Everything is taken back at once; from now on all that should run does, and lives. */
  cease(): void {
    const { world, nimbusHosts, supervisorHosts, zooKeeper } = this.#cluster;
    for (const { host, undo } of this.#lasting.values()) {
      undo();
      this.#lastMs.set(host, world.nowMs);
    }
    this.#lasting.clear();
    world.heal();
    for (const { pid } of world.processes) {
      world.resume(pid);
      world.killAtOperation(pid, Number.POSITIVE_INFINITY);
    }
    for (const host of zooKeeper.hosts) zooKeeper.start(host);
    for (const host of [...nimbusHosts, ...supervisorHosts]) this.#cluster.start(host);
  }

  /** Null: there is nobody whom it could befall now. */
  #target({ victim, which }: PlannedFault): Target | null {
    const { nimbusHosts, supervisorHosts, zooKeeper, workers, world } = this.#cluster;
    const one = <T>(all: readonly T[]): T | undefined => all[Math.floor(which * all.length)];
    if (victim === "worker") {
      const worker = one(workers);
      return worker === undefined ? null : { host: worker.host, port: worker.port, pids: [worker.process.pid] };
    }
    const hosts: Readonly<Record<Exclude<Victim, "worker">, readonly string[]>> = {
      nimbus: nimbusHosts,
      supervisor: supervisorHosts,
      zookeeper: zooKeeper.hosts,
      node: supervisorHosts,
    };
    // One that is in trouble has enough of it.
    const troubled = new Set([...this.#lasting.values()].map(({ host }) => host));
    const host = one(hosts[victim].filter((each) => !troubled.has(each)));
    if (host === undefined || !world.host(host).up) return null;
    const daemon = this.#cluster.daemon(host);
    const pids =
      victim === "node"
        ? world.processes.filter((process) => process.host.name === host).map(({ pid }) => pid)
        : daemon === null
          ? []
          : [daemon.pid];
    return { host, pids };
  }

  /** What takes it back; null: it takes care of itself. */
  #act({ fault, victim, detail }: PlannedFault, target: Target, skewMs: number): (() => void) | null {
    const { world, zooKeeper, nimbusHosts, supervisorHosts } = this.#cluster;
    const { host, pids } = target;
    switch (fault) {
      case "crash":
        return this.#crash(victim, target, detail);
      case "pause":
        for (const pid of pids) world.pause(pid);
        return () => {
          for (const pid of pids) world.resume(pid);
        };
      case "partition":
        return this.#cut(host, [...zooKeeper.hosts, ...nimbusHosts, ...supervisorHosts, "client"], detail < 0.25);
      case "session-expiry":
        return this.#cut(host, zooKeeper.hosts, false);
      case "clock-skew":
        world.setClockSkew(host, skewMs);
        return () => world.setClockSkew(host, 0);
    }
  }

  #cut(host: string, from: readonly string[], oneWay: boolean): () => void {
    const { world } = this.#cluster;
    const others = from.filter((other) => other !== host);
    world.partition([host], others, { oneWay });
    return () => world.heal([host], others);
  }

  #crash(victim: Victim, { host, pids }: Target, detail: number): (() => void) | null {
    const { world, zooKeeper } = this.#cluster;
    if (victim === "worker") {
      for (const pid of pids) world.kill(pid);
      return null;
    }
    if (victim === "node") world.powerOff(host);
    else if (victim === "zookeeper") for (const pid of pids) world.kill(pid);
    else for (const pid of pids) world.killAtOperation(pid, 1 + Math.floor(detail * callsMax));
    return () => {
      if (victim === "node") world.powerOn(host);
      // One that has made too few calls meanwhile dies now.
      for (const pid of pids) world.kill(pid);
      if (victim === "zookeeper") zooKeeper.start(host);
      else this.#cluster.start(host);
    };
  }
}

/**
 * Storm's BlacklistScheduler: a supervisor that was missing, or missed slots, in several of the last rounds is avoided for a while,
 * unless its slots are needed. A state, a step and a scheduler that keeps the state between its rounds. There is no clock: time is
 * counted in rounds of nimbus.monitor.freq.secs, as in Storm.
 * Source: BlacklistScheduler and DefaultBlacklistStrategy, 2.8.
 */
import type { Conf } from "../topology/index.ts";
import { type Cluster, clusterOf, freePorts } from "./cluster.ts";
import type { ClusterSnapshot, Schedule, Scheduler } from "./snapshot.ts";

export interface BlacklistRules {
  /** How many rounds are looked back. */
  readonly windowRounds: number;
  /** So many bad ones among them are too many. */
  readonly toleranceCount: number;
  readonly resumeRounds: number;
  /** A supervisor without one of its slots counts as bad, too. */
  readonly badSlots: boolean;
}

type Ports = ReadonlySet<number>;

export interface Blacklist {
  /** Supervisors that were seen, and with which ports. */
  readonly known: ReadonlyMap<string, Ports>;
  /** For each of the last rounds, oldest first: which supervisors missed which ports. */
  readonly window: readonly ReadonlyMap<string, Ports>[];
  /** Supervisor → rounds until it is taken again. */
  readonly avoided: ReadonlyMap<string, number>;
  readonly hosts: ReadonlySet<string>;
  /** Would be avoided, but their slots are needed. In this round only. */
  readonly greylisted: ReadonlySet<string>;
}

export const emptyBlacklist: Blacklist = {
  known: new Map(),
  window: [],
  avoided: new Map(),
  hosts: new Set(),
  greylisted: new Set(),
};

/** `conf`: nimbus's. */
export function blacklistRules(conf: Conf): BlacklistRules {
  const value = (key: string, missing: number): number => {
    const found = conf[key];
    return typeof found === "number" ? found : missing;
  };
  const roundSecs = value("nimbus.monitor.freq.secs", 10);
  return {
    windowRounds: Math.max(1, Math.floor(value("blacklist.scheduler.tolerance.time.secs", 300) / roundSecs)),
    toleranceCount: value("blacklist.scheduler.tolerance.count", 3),
    resumeRounds: Math.floor(value("blacklist.scheduler.resume.time.secs", 1800) / roundSecs),
    badSlots: conf["blacklist.scheduler.assume.supervisor.bad.based.on.bad.slot"] !== false,
  };
}

/** A scheduler with a memory of who was missing: each schedule is a round. */
export class BlacklistScheduler implements Scheduler {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #rules: BlacklistRules;
  readonly #report: (message: string) => void;
  #blacklist = emptyBlacklist;

  /** `report`: is told who is avoided from now on, and who no longer. */
  constructor(scheduler: Scheduler, rules: BlacklistRules, report: (message: string) => void) {
    this.name = scheduler.name;
    this.#scheduler = scheduler;
    this.#rules = rules;
    this.#report = report;
  }

  schedule(snapshot: ClusterSnapshot): Schedule {
    const { avoided: before } = this.#blacklist;
    this.#blacklist = nextBlacklist(this.#rules, this.#blacklist, snapshot);
    const { avoided, hosts: blacklistedHosts, greylisted: greylistedSupervisors } = this.#blacklist;
    const { toleranceCount, windowRounds, resumeRounds } = this.#rules;
    for (const id of avoided.keys()) {
      if (before.has(id)) continue;
      const missed = `was missing, or missed slots, in ${toleranceCount} of the last ${windowRounds} rounds`;
      this.#report(`Supervisor ${id} ${missed}: its host is avoided for ${resumeRounds} rounds`);
    }
    for (const id of before.keys()) if (!avoided.has(id)) this.#report(`Supervisor ${id} is avoided no longer`);
    return this.#scheduler.schedule({ ...snapshot, blacklistedHosts, greylistedSupervisors });
  }

  avoids(supervisorId: string): boolean {
    return this.#blacklist.avoided.has(supervisorId);
  }
}

/** Who is avoided in the round of this snapshot. */
export function nextBlacklist(rules: BlacklistRules, before: Blacklist, snapshot: ClusterSnapshot): Blacklist {
  const cluster = clusterOf({ ...snapshot, blacklistedHosts: new Set() }, 0);
  const here = new Map<string, Ports>();
  const hostOf = new Map<string, string>();
  for (const { id, supervisor, ports } of cluster.nodes) {
    if (supervisor === undefined) continue;
    here.set(id, new Set(ports));
    hostOf.set(id, supervisor.host);
  }
  const known = new Map(before.known);
  const window = [...before.window, badIn(rules, known, here)].slice(-rules.windowRounds);
  const avoided = new Map<string, number>();
  for (const [id, rounds] of before.avoided) if (rounds > 1) avoided.set(id, rounds - 1);
  for (const [id, count] of counted(window))
    if (count >= rules.toleranceCount && !avoided.has(id)) avoided.set(id, rules.resumeRounds);
  const greylisted = needed(cluster, [...avoided.keys()].sort(), hostOf);
  for (const id of greylisted) avoided.delete(id);
  forgetTheGone(rules, known, window);
  const hosts = new Set([...avoided.keys()].flatMap((id) => hostOf.get(id) ?? []));
  return { known, window, avoided, hosts, greylisted };
}

/** Adds new supervisors and ports to `known`. */
function badIn(rules: BlacklistRules, known: Map<string, Ports>, here: ReadonlyMap<string, Ports>): Map<string, Ports> {
  const bad = new Map<string, Ports>();
  for (const [id, ports] of known) if (!here.has(id)) bad.set(id, ports);
  for (const [id, ports] of here) {
    const expected = known.get(id);
    if (expected !== undefined && rules.badSlots) {
      const missing = [...expected].filter((port) => !ports.has(port));
      if (missing.length > 0) bad.set(id, new Set(missing));
    }
    known.set(id, new Set([...(expected ?? []), ...ports]));
  }
  return bad;
}

function counted(window: Blacklist["window"]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const bad of window) for (const id of bad.keys()) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** The avoided supervisors whose slots are needed, host by host in the order of their names. */
function needed(cluster: Cluster, avoided: readonly string[], hostOf: ReadonlyMap<string, string>): Set<string> {
  const released = new Set<string>();
  let short = 0;
  for (const topology of cluster.topologies)
    if (cluster.needsScheduling(topology)) short += topology.details.numWorkers - cluster.workersOf(topology).length;
  for (const node of cluster.nodes) if (!avoided.includes(node.id)) short -= freePorts(node).length;
  const present = avoided.filter((id) => hostOf.has(id));
  for (const host of [...new Set(present.map((id) => hostOf.get(id) ?? ""))].sort()) {
    if (short <= 0) break;
    for (const id of present.filter((one) => hostOf.get(one) === host)) {
      released.add(id);
      short -= freePorts(cluster.node(id)).length;
    }
  }
  return released;
}

/** What was missing in every round of a full window is not expected any more. */
function forgetTheGone(rules: BlacklistRules, known: Map<string, Ports>, window: Blacklist["window"]): void {
  if (window.length < rules.windowRounds) return;
  const [oldest, ...others] = window;
  for (const [id, ports] of oldest ?? []) {
    const expected = known.get(id);
    if (expected === undefined || !others.every((bad) => bad.has(id))) continue;
    const gone = new Set([...ports].filter((port) => others.every((bad) => bad.get(id)?.has(port))));
    const rest = [...expected].filter((port) => !gone.has(port));
    if (rest.length > 0) known.set(id, new Set(rest));
    else known.delete(id);
  }
}

/**
 * What the timeline says, in English. Another language is another table of this type: nothing else of the simulation speaks to a
 * person.
 */
import type { Check, FaultKind, Happening, Place, SimulationEvent, SimulationReport, Victim } from "./events.ts";

type Of<T, K extends string, V extends string> = Extract<T, Readonly<Record<K, V>>>;

export interface Words {
  readonly events: { readonly [E in Happening["event"]]: (event: Of<Happening, "event", E>) => string };
  readonly checks: { readonly [C in Check["check"]]: (check: Of<Check, "check", C>) => string };
  readonly actors: Readonly<Record<"cluster" | "nodes" | "nimbus" | "student", string>>;
  readonly holds: string;
  readonly broken: string;
  readonly verdict: (report: SimulationReport) => string;
  readonly seconds: (ms: number) => string;
}

/** More places than these are counted, not named. */
const placesMax = 6;

export const english: Words = {
  events: {
    begun: ({ nodes, nimbuses, zooKeepers, seed }) =>
      `${zooKeepers} ZooKeeper servers, ${nimbuses} nimbuses, ${counted(nodes, "supervisor")}; seed ${seed}`,
    "ensemble-leader": () => "leads the ZooKeeper ensemble",
    "nimbus-leader": () => "gained leadership: it is the nimbus that places topologies now",
    "supervisors-joined": ({ count }) => `${counted(count, "supervisor")} registered in ZooKeeper`,
    "supervisor-joined": () => "supervisor is back in ZooKeeper",
    "supervisor-lost": () => "supervisor is gone from ZooKeeper: its session ended",
    submit: ({ name, workers }) => `storm-lab submit: ${name}, ${counted(workers, "worker")}`,
    kill: ({ name, waitSecs }) => `storm-lab kill ${name} -w ${waitSecs}`,
    rebalance: ({ name, workers }) => `storm-lab rebalance ${name} -n ${workers}`,
    "asks-again": ({ why }) => `no answer yet, asks again: ${why}`,
    "topology-created": ({ id }) => `activates ${id}`,
    "topology-status": ({ id, status }) => `${id} is ${status}`,
    "topology-removed": ({ id }) => `killed ${id}: its assignment is taken away`,
    assigned: ({ id, places }) => `assigns ${id} to ${shown(places)}`,
    reassigned: ({ id, given, taken, workers }) =>
      `reassigns ${id}: ${moved(given, taken)}; ${counted(workers, "worker")} now`,
    "workers-started": ({ id, places }) => workersText(id, places, "start"),
    "workers-ended": ({ id, places }) => workersText(id, places, "end"),
    "tuples-flow": ({ id }) => `a sentence of ${id} was acked: tuples flow`,
    fault: (event) => `! ${faultText(event)}`,
    "fault-over": ({ fault, victim }) => `  ${overWords[fault](victimWords[victim])}`,
    "faults-cease": () => "faults cease: everything is switched on, joined, and has the right time",
    healed: ({ tookMs }) => `all is as it has to be, since ${seconds(tookMs)} after the last fault, and stays so`,
    swept: ({ topologies }) =>
      `nothing is left in ZooKeeper of ${counted(topologies, "killed topology", "killed topologies")}`,
    violation: ({ what }) => `WRONG: ${what}`,
  },
  checks: {
    converged: ({ tookMs, withinMs }) =>
      `the cluster comes right within ${seconds(withinMs)} after the last fault (it took ${seconds(tookMs)})`,
    "one-owner-a-slot": ({ assignments }) => `one owner a slot, in each of ${assignments} writes of an assignment`,
    "killed-is-killed": ({ topologies }) =>
      `no worker runs a topology that was killed (${counted(topologies, "topology was", "topologies were")} killed)`,
    "nothing-left": () => "nothing is left in ZooKeeper of a topology that was killed",
    "one-writer": ({ writes, leaders, transactions }) =>
      `only the nimbus that leads writes: ${writes} writes under ${counted(leaders, "leadership")}, of ${transactions} transactions`,
    "as-told": ({ answers }) => `what nimbus answered is so: ${counted(answers, "answer")}`,
    tuples: ({ acked }) => `tuples flow again in every topology (${acked} sentences were acked in all)`,
  },
  actors: { cluster: "cluster", nodes: "workers", nimbus: "nimbus", student: "student" },
  holds: "held",
  broken: "BROKEN",
  verdict: ({ well, checks, faults, nodes, seed, virtualMs }) => {
    const count = Object.values(faults).reduce((sum, each) => sum + each, 0);
    const what = `${counted(count, "fault")} on ${counted(nodes, "node")} in ${seconds(virtualMs)} of virtual time (seed ${seed})`;
    const held = checks.filter(({ holds }) => holds).length;
    return well ? `All ${held} promises held: ${what}` : `${held} of ${checks.length} promises held: ${what}`;
  },
  seconds,
};

const victimWords: Readonly<Record<Victim, string>> = {
  nimbus: "nimbus",
  supervisor: "supervisor",
  worker: "worker",
  zookeeper: "ZooKeeper server",
  node: "whole machine",
};

const faultWords: Readonly<Record<FaultKind, (victim: Victim) => string>> = {
  crash: (victim) => (victim === "node" ? "power fails" : `${victimWords[victim]} is killed (kill -9)`),
  pause: (victim) => `${victimWords[victim]} freezes (kill -STOP)`,
  partition: () => "is cut off from the network",
  "session-expiry": (victim) => `${victimWords[victim]} is cut off from ZooKeeper until its session ends`,
  "clock-skew": () => "clock is wrong",
};

const overWords: Readonly<Record<FaultKind, (victim: string) => string>> = {
  crash: (victim) => `${victim} is started again`,
  pause: (victim) => `${victim} goes on`,
  partition: () => "reaches the network again",
  "session-expiry": () => "reaches ZooKeeper again",
  "clock-skew": () => "clock is right again",
};

function faultText({ fault, victim, forMs, skewMs, port }: Of<Happening, "event", "fault">): string {
  const by = skewMs === undefined ? "" : ` by ${skewMs > 0 ? "+" : "-"}${seconds(Math.abs(skewMs))}`;
  const lasts = victim === "worker" && fault === "crash" ? "" : `, for ${seconds(forMs)}`;
  const which = port === undefined ? "" : ` on port ${port}`;
  return `${faultWords[fault](victim)}${which}${by}${lasts}`;
}

function workersText(id: string, places: readonly Place[], verb: string): string {
  const [only] = places;
  if (places.length === 1 && only !== undefined) return `worker ${verb}s on port ${only.port}: ${id}`;
  return `${places.length} workers ${verb} of ${id}: ${shown(places)}`;
}

function moved(given: readonly Place[], taken: readonly Place[]): string {
  if (given.length === 0 && taken.length === 0) return "the same slots, other executors";
  if (given.length === 0) return `without ${shown(taken)}`;
  if (taken.length === 0) return `also on ${shown(given)}`;
  return `from ${shown(taken)} to ${shown(given)}`;
}

function shown(places: readonly Place[]): string {
  if (places.length === 0) return "no slot";
  const named = places.slice(0, placesMax).map(({ host, port }) => `${host}:${port}`);
  const more = places.length - named.length;
  return `${named.join(" ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

const timeWidth = 9;
const whoWidth = 9;

/** One line of the timeline: when, who, what. */
export function eventLine(event: SimulationEvent, words: Words): string {
  const who = event.who in words.actors ? words.actors[event.who as keyof Words["actors"]] : event.who;
  // Each event has the words of its own kind.
  const say = words.events[event.event] as (event: Happening) => string;
  return `${words.seconds(event.atMs).padStart(timeWidth)}  ${who.padEnd(whoWidth)} ${say(event)}`.trimEnd();
}

/** What was checked, line by line. */
export function checkLine(check: Check, words: Words): string {
  const say = words.checks[check.check] as (check: Check) => string;
  return say(check);
}

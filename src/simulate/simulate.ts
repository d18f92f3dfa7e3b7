/**
 * One simulation from beginning to end: a cluster comes up, topologies are submitted, faults befall it while a student uses it, the
 * faults cease, and everything has to come right in time. The same seed gives the same, to the byte.
 */
import { isStormLabError, type LogLine, SeededRandom, type SimulatedProcess } from "../base/index.ts";
import { paceFor, slotPorts } from "./cluster-conf.ts";
import { wanting } from "./convergence.ts";
import { Disturber } from "./disturber.ts";
import type { Check, FaultKind, Happening, SimulationEvent, SimulationReport } from "./events.ts";
import { planFaults } from "./faults.ts";
import { remains } from "./ledger.ts";
import { Observer } from "./observer.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";
import { Student } from "./student.ts";

export interface SimulateOptions {
  readonly nodes: number;
  readonly seed: number;
  readonly topologies: number;
  readonly faults: readonly FaultKind[];
  /** Of the faulty time, virtual. */
  readonly durationMs: number;
  readonly onEvent?: (event: SimulationEvent) => void;
  /** Gets every line that a daemon logs. */
  readonly log?: (atMs: number, line: LogLine, process: SimulatedProcess) => void;
  /** Ends it early; the report then tells of what was seen until then. */
  readonly signal?: AbortSignal;
}

const nimbuses = 2;
const zooKeepers = 3;
/** A cluster without faults is up in a few seconds; the rest is for a thousand nodes. */
const upMsMax = 120_000;
/** Supervisors are switched on one after the other. */
const betweenStartsMs = 2;
/** What is waited for is looked at this often. */
const askEveryMs = 20;

export async function simulate(options: SimulateOptions): Promise<SimulationReport> {
  return new Simulation(options).run();
}

/** Of each topology: a few on a small cluster, spread over a part of a large one. */
function workersFor(nodes: number, topologies: number): number {
  const fair = Math.floor((nodes * slotPorts.length) / (topologies + 1));
  return Math.max(1, Math.min(fair, nodes <= 20 ? 3 : Math.min(20, Math.round(nodes / 10))));
}

class Simulation {
  readonly #options: SimulateOptions;
  readonly #cluster: SimulatedCluster;
  readonly #disturber: Disturber;
  readonly #observer: Observer;
  readonly #student: Student;
  #convergedMs = Number.POSITIVE_INFINITY;
  #left: readonly string[] = [];
  #wants: string | null = null;

  constructor(options: SimulateOptions) {
    const { nodes, seed, topologies, log } = options;
    this.#options = options;
    const pace = paceFor(nodes);
    this.#cluster = new SimulatedCluster({
      ...{ seed, nodes, nimbuses, zooKeepers, pace },
      ...(log === undefined ? {} : { log: (line, process) => log(this.#cluster.world.nowMs, line, process) }),
    });
    const tell = (who: string, happening: Happening) => this.#tell(who, happening);
    this.#disturber = new Disturber(this.#cluster, tell);
    this.#observer = new Observer(this.#cluster, this.#disturber, tell);
    this.#student = new Student({
      runtime: this.#cluster.world.start({ host: "client", name: "student" }).runtime,
      conf: this.#cluster.conf("client"),
      random: new SeededRandom(seed, "student"),
      topologies,
      workers: workersFor(nodes, topologies),
      tell: (happening) => tell("student", happening),
    });
  }

  async run(): Promise<SimulationReport> {
    const { world } = this.#cluster;
    try {
      await this.#comeUp();
      const ceasedMs = await this.#beDisturbed();
      await this.#comeRight(ceasedMs);
    } catch (error) {
      if (!isStormLabError(error)) throw error;
      this.#observer.violate(error.message);
    }
    const checks = this.#checks();
    return {
      nodes: this.#options.nodes,
      seed: this.#options.seed,
      well: checks.every(({ holds }) => holds) && this.#observer.violations.size === 0,
      checks,
      violations: [...this.#observer.violations],
      faults: Object.fromEntries(this.#disturber.counts),
      virtualMs: Math.round(world.nowMs),
      trace: world.trace.hash,
    };
  }

  async #comeUp(): Promise<void> {
    const { world, zooKeeper, nimbusHosts, supervisorHosts } = this.#cluster;
    const { nodes, seed } = this.#options;
    this.#tell("cluster", { event: "begun", nodes, nimbuses, zooKeepers, seed });
    await zooKeeper.untilWhole();
    for (const host of nimbusHosts) this.#cluster.start(host);
    for (const [index, host] of supervisorHosts.entries())
      world.at(world.nowMs + index * betweenStartsMs, () => this.#cluster.start(host));
    const { ledger } = this.#observer;
    const isUp = () => this.#cluster.leaders.length === 1 && ledger.supervisors.size === nodes;
    await this.#until(isUp, "a nimbus leads and every supervisor is in ZooKeeper", upMsMax);
    this.#observer.settled();
    await this.#finish(this.#student.begin(), "every topology is submitted", upMsMax);
    await this.#until(() => this.#wanting() === null, "every topology runs", upMsMax);
  }

  /** Virtual ms of its end. */
  async #beDisturbed(): Promise<number> {
    const { world } = this.#cluster;
    const { seed, nodes, faults, durationMs } = this.#options;
    const sessionMs = this.#cluster.conf("client").number("storm.zookeeper.session.timeout");
    const planned = planFaults(new SeededRandom(seed, "faults"), { kinds: faults, nodes, durationMs, sessionMs });
    const startMs = world.nowMs;
    for (const fault of planned) world.at(startMs + fault.startMs, () => this.#disturber.begin(fault));
    const using = this.#student.go(durationMs);
    await this.#until(() => false, "the end of the faulty time", durationMs, true);
    this.#disturber.cease();
    this.#student.hurry();
    this.#tell("cluster", { event: "faults-cease" });
    this.#observer.forgetAcks();
    const ceasedMs = world.nowMs;
    await this.#finish(using, "the student's last call is answered", this.#cluster.pace.convergeMsMax);
    return ceasedMs;
  }

  /** It comes right in time and stays so, and what killed topologies have left is swept away. */
  async #comeRight(ceasedMs: number): Promise<void> {
    const { world, zooKeeper, pace } = this.#cluster;
    const { removed } = this.#observer.ledger;
    let [last, rightMs]: [string | null, number] = ["nothing was looked at", Number.POSITIVE_INFINITY];
    const isOver = () => {
      last = this.#wanting();
      rightMs = last === null ? Math.min(rightMs, world.nowMs) : Number.POSITIVE_INFINITY;
      if (world.nowMs - rightMs < pace.stayMs) return false;
      const [server] = zooKeeper.serving.values();
      this.#left = server === undefined ? ["/storm"] : remains(server, removed);
      return this.#left.length === 0;
    };
    const endMs = ceasedMs + pace.convergeMsMax + pace.stayMs;
    await this.#until(isOver, "the cluster comes right", Math.max(0, endMs - world.nowMs), true);
    const within = `${pace.convergeMsMax / 1000} s without faults`;
    if (last !== null || rightMs - ceasedMs > pace.convergeMsMax) {
      this.#wants = last;
      this.#observer.violate(`after ${within}: ${last ?? "it had only just come right"}`);
      return;
    }
    this.#convergedMs = rightMs - ceasedMs;
    this.#tell("cluster", { event: "healed", tookMs: Math.round(this.#convergedMs) });
    for (const path of this.#left) this.#observer.violate(`after ${within} this is left: ${path}`);
    if (this.#left.length === 0 && removed.size > 0) this.#tell("nimbus", { event: "swept", topologies: removed.size });
  }

  #wanting(): string | null {
    return wanting(this.#cluster, this.#observer, this.#student);
  }

  #checks(): Check[] {
    const { ledger, violations, ackedInAll } = this.#observer;
    const none = (words: RegExp) => ![...violations].some((what) => words.test(what));
    const converged = Number.isFinite(this.#convergedMs);
    const { writes, leaders, transactions, assignmentWrites: assignments, removed } = ledger;
    const { convergeMsMax: withinMs } = this.#cluster.pace;
    const tookMs = converged ? Math.round(this.#convergedMs) : withinMs;
    return [
      { check: "converged", holds: converged, tookMs, withinMs },
      { check: "one-owner-a-slot", holds: none(/is given to|two workers run/), assignments },
      { check: "killed-is-killed", holds: none(/which was killed|and is no more/), topologies: removed.size },
      { check: "nothing-left", holds: this.#left.length === 0 && converged, topologies: removed.size },
      {
        ...{ check: "one-writer", holds: none(/does not lead|lead at once|not seen/), writes },
        ...{ leaders: leaders.size, transactions },
      },
      { check: "as-told", holds: !/nimbus said so/.test(this.#wants ?? ""), answers: this.#student.answers },
      { check: "tuples", holds: converged && ackedInAll > 0, acked: ackedInAll },
    ];
  }

  #tell(who: string, happening: Happening): void {
    this.#options.onEvent?.({ atMs: Math.round(this.#cluster.world.nowMs), who, ...happening });
  }

  /** `lenient`: the deadline is not an error. */
  async #until(condition: () => boolean, what: string, deadlineMs: number, lenient = false): Promise<void> {
    const { world } = this.#cluster;
    const endMs = world.nowMs + deadlineMs;
    let askedMs = 0;
    let holds = false;
    const ask = () => {
      if (this.#options.signal?.aborted === true) return true;
      if (world.nowMs - askedMs < askEveryMs) return holds;
      askedMs = world.nowMs;
      holds = condition();
      return holds;
    };
    try {
      await world.until(ask, { what, deadlineMs: endMs - world.nowMs });
    } catch (error) {
      if (!lenient || !isStormLabError(error, "SL-SIM-DEADLINE")) throw error;
    }
    this.#options.signal?.throwIfAborted();
  }

  async #finish(promise: Promise<unknown>, what: string, deadlineMs: number): Promise<void> {
    let settled = false;
    const note = () => {
      settled = true;
    };
    promise.then(note, note);
    await this.#until(() => settled, what, deadlineMs);
    await promise;
  }
}

/**
 * Storm's ResourceAwareScheduler: topologies in the order of their priority, each whole or not at all; one that does not fit drives
 * out those behind it, the last first. Source: its code and Resource_Aware_Scheduler_overview, 2.8.
 */
import type { Conf } from "../../topology/index.ts";
import type { Cluster } from "../cluster.ts";
import { fullyScheduled } from "../outcome.ts";
import type { PlannedTopology } from "../planned-topology.ts";
import { nothing, plus } from "../resources.ts";
import { Demand } from "./demand.ts";
import { byPriority, type UserPools } from "./priority-order.ts";
import { Search } from "./search.ts";

export interface ResourceRules {
  readonly pools: UserPools;
  /** Searches for one topology, with more topologies driven out each time. */
  readonly attemptsMax: number;
  /** Placements that a search may try. */
  readonly statesMax: number;
}

/** `conf`: nimbus's. */
export function resourceRules(conf: Conf): ResourceRules {
  const count = (key: string, missing: number): number => {
    const value = conf[key];
    return typeof value === "number" ? value : missing;
  };
  return {
    pools: poolsOf(conf["resource.aware.scheduler.user.pools"]),
    attemptsMax: count("resource.aware.scheduler.max.topology.scheduling.attempts", 5),
    statesMax: count("resource.aware.scheduler.constraint.max.state.search", 100_000),
  };
}

/** Places on a copy; answers with the cluster as it is then, and with words about each topology. */
export function scheduleByResources(
  cluster: Cluster,
  rules: ResourceRules,
): { readonly cluster: Cluster; readonly messages: ReadonlyMap<string, string> } {
  const total = [...cluster.nodes].reduce((sum, { offer }) => plus(sum, offer), nothing);
  const ordered = byPriority(cluster.topologies, total, rules.pools);
  const messages = new Map<string, string>();
  let current = cluster;
  for (const [index, topology] of ordered.entries()) {
    if (current.unassigned(topology).length === 0) {
      messages.set(topology.id, fullyScheduled);
      continue;
    }
    const behind = ordered.slice(index + 1).reverse();
    const result = place(current, topology, behind, rules);
    messages.set(topology.id, result.message);
    current = result.cluster ?? current;
  }
  return { cluster: current, messages };
}

interface Placed {
  /** Undefined: it does not fit. */
  readonly cluster?: Cluster;
  readonly message: string;
}

/** `behind`: of lower priority, the lowest first. */
function place(
  cluster: Cluster,
  topology: PlannedTopology,
  behind: readonly PlannedTopology[],
  rules: ResourceRules,
): Placed {
  const statesMax = Math.min(rules.statesMax, statesOf(topology));
  const refusal = refuse(cluster, topology, statesMax);
  if (refusal !== null) return { message: refusal };
  const working = cluster.copy();
  const demand = new Demand(working, topology);
  for (let attempt = 0; attempt < rules.attemptsMax; attempt++) {
    const trial = working.copy();
    demand.again();
    let failure = "";
    if (demand.mayFit()) {
      const { success, message } = new Search(trial, topology, statesMax).run();
      if (success) return { cluster: trial, message: `Running - ${message}` };
      failure = ` ${message}`;
    }
    demand.failed(trial);
    if (!driveOut(working, behind, demand)) {
      const lead = "Not enough resources to schedule after evicting lower priority topologies.";
      return { message: `${lead} ${demand.shortage()}${failure}` };
    }
  }
  const { id } = topology;
  const lead = `Failed to make enough resources for ${id} by evicting lower priority topologies within ${rules.attemptsMax} attempts.`;
  return { message: `${lead} ${demand.shortage()}` };
}

/** False: there was none to drive out. */
function driveOut(cluster: Cluster, behind: readonly PlannedTopology[], demand: Demand): boolean {
  let drivenOut = false;
  for (const topology of behind) {
    const workers = cluster.workersOf(topology);
    if (workers.length === 0) continue;
    demand.evicted(topology, workers);
    for (const { slot } of workers) cluster.free(slot);
    drivenOut = true;
    if (demand.mayFit()) break;
  }
  return drivenOut;
}

/** Why there is nothing to try. */
function refuse(cluster: Cluster, topology: PlannedTopology, statesMax: number): string | null {
  const { details } = topology;
  const strategy = details.conf["topology.scheduler.strategy"];
  if (typeof strategy === "string" && !strategies.has(strategy.replace(/^.*\./, ""))) {
    return `Unsuccessful in scheduling - there is no topology strategy ${strategy} here; leave topology.scheduler.strategy out`;
  }
  if (![...cluster.nodes].some(({ supervisor, open }) => supervisor !== undefined && open))
    return "No available nodes to schedule tasks on!";
  if (!details.components.some(({ kind, id }) => kind === "spout" && !id.startsWith("__")))
    return "Cannot find a Spout!";
  const waiting = cluster.unassigned(topology).length;
  return waiting < statesMax
    ? null
    : `Unassigned executor count (${waiting}) is greater than searchable state count ${statesMax}`;
}

/** In Storm 2.8 the generic one differs by nothing but its name. */
const strategies = new Set(["DefaultResourceAwareStrategy", "GenericResourceAwareStrategy"]);

function statesOf({ details }: PlannedTopology): number {
  const states = details.conf["topology.ras.constraint.max.state.search"];
  return typeof states === "number" ? states : 10_000;
}

function poolsOf(value: unknown): UserPools {
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(
    Object.entries(value as Record<string, { cpu?: number; memory?: number } | null>).map(([user, pool]) => [
      user,
      { cpu: pool?.cpu ?? 0, memory: pool?.memory ?? 0 },
    ]),
  );
}

/**
 * In which order topologies are served: Storm's DefaultSchedulingPriorityStrategy. Each user's topologies go by priority, then age;
 * users take turns by how far the next one would bring them over what `resource.aware.scheduler.user.pools` guarantees them.
 * Source: Resource_Aware_Scheduler_overview, 2.8.
 */
import type { PlannedTopology } from "../planned-topology.ts";
import type { Offer } from "../resources.ts";
import { requiredBy } from "./demand.ts";

/** Cpu and memory (MB) that a user is guaranteed, by name. */
export type UserPools = ReadonlyMap<string, { readonly cpu: number; readonly memory: number }>;

/** `total`: what all supervisors offer. */
export function byPriority(topologies: readonly PlannedTopology[], total: Offer, pools: UserPools): PlannedTopology[] {
  const left = { cpu: total.cpu, memory: total.memory };
  let users = usersOf(topologies, pools);
  const ordered: PlannedTopology[] = [];
  while (users.length > 0) {
    // The order of the turn before breaks ties.
    users = [...users].sort((a, b) => scoreOf(a, left) - scoreOf(b, left));
    const [user] = users;
    const next = user?.waiting.shift();
    if (user === undefined || next === undefined) {
      users.shift();
      continue;
    }
    const { cpu, memory } = next.required;
    user.cpu += cpu;
    user.memory += memory;
    left.cpu -= cpu;
    left.memory -= memory;
    ordered.push(next.topology);
  }
  return ordered;
}

interface Amount {
  cpu: number;
  memory: number;
}

interface Waiting {
  readonly topology: PlannedTopology;
  readonly required: Readonly<Amount>;
}

interface User extends Amount {
  readonly guaranteed: Readonly<Amount>;
  readonly waiting: Waiting[];
}

function usersOf(topologies: readonly PlannedTopology[], pools: UserPools): User[] {
  const owners = [...new Set(topologies.map(({ details }) => details.owner))].sort();
  return owners.map((owner) => ({
    cpu: 0,
    memory: 0,
    guaranteed: pools.get(owner) ?? { cpu: 0, memory: 0 },
    waiting: topologies
      .filter(({ details }) => details.owner === owner)
      .sort((a, b) => priorityOf(a) - priorityOf(b) || ageOrder(a, b))
      .map((topology) => ({ topology, required: requiredBy(topology) })),
  }));
}

/** Negative within what is guaranteed. */
function scoreOf({ cpu, memory, guaranteed, waiting: [next] }: User, left: Readonly<Amount>): number {
  if (next === undefined || left.cpu <= 0 || left.memory <= 0) return Number.MAX_VALUE;
  const cpuScore = (cpu + next.required.cpu - guaranteed.cpu) / left.cpu;
  const memoryScore = (memory + next.required.memory - guaranteed.memory) / left.memory;
  return Math.max(cpuScore, memoryScore);
}

function priorityOf({ details }: PlannedTopology): number {
  const priority = details.conf["topology.priority"];
  return typeof priority === "number" ? priority : lowestPriority;
}

/** Storm's default. */
const lowestPriority = 29;

function ageOrder({ details: a }: PlannedTopology, { details: b }: PlannedTopology): number {
  return a.launchTimeSecs - b.launchTimeSecs || (a.id < b.id ? -1 : 1);
}

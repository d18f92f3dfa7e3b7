/**
 * In which order nodes are tried for an executor: racks, in each its hosts, on each its nodes; those with more executors of this
 * topology first, then those with more of what is asked for, in proportion to what their neighbours have. Source: Storm's
 * NodeSorterHostProximity and Resource_Aware_Scheduler_overview ("Node Selection Enhancements"), 2.8.
 */
import { must } from "../../base/index.ts";
import type { Cluster } from "../cluster.ts";
import type { PlannedTopology } from "../planned-topology.ts";
import { type Offer, plus, type Request } from "../resources.ts";
import { Sorted } from "./sorted.ts";

/** A rack, a host or a node: nodes by id that are judged together. */
interface Group {
  readonly id: string;
  readonly nodes: readonly string[];
}

/** Where the nodes stand; the same for a whole search. */
export class Places {
  readonly racks: readonly Group[];
  readonly hostsOf: ReadonlyMap<string, readonly Group[]>;
  readonly nodesOf: ReadonlyMap<string, readonly Group[]>;
  readonly favoured: readonly string[];
  readonly avoided: readonly string[];

  constructor(cluster: Cluster, { details }: PlannedTopology) {
    const alive = [...cluster.nodes].filter(({ supervisor, open }) => supervisor !== undefined && open);
    const rackOf = (id: string) => cluster.node(id).supervisor?.rack ?? defaultRack;
    const hosts = grouped(alive, ({ host }) => host);
    this.racks = grouped(alive, ({ id }) => rackOf(id));
    this.hostsOf = new Map(
      this.racks.map(({ id }) => [id, hosts.filter(({ nodes }) => rackOf(nodes[0] ?? "") === id)]),
    );
    this.nodesOf = new Map(hosts.map(({ id, nodes }) => [id, nodes.map((node) => ({ id: node, nodes: [node] }))]));
    const named = (key: string) =>
      hostNames(details.conf[key])
        .flatMap((host) => hosts.find(({ id }) => id === host)?.nodes ?? [])
        .filter((id) => !cluster.greylisted.has(id));
    this.favoured = named("topology.scheduler.favored.nodes");
    const greylisted = alive.map(({ id }) => id).filter((id) => cluster.greylisted.has(id));
    const unfavoured = named("topology.scheduler.unfavored.nodes").filter((id) => !this.favoured.includes(id));
    this.avoided = [...unfavoured, ...greylisted];
  }
}

/** As it was when this order was made, hosts and nodes as they are when first reached. May be gone through again. */
export class NodeOrder implements Iterable<string> {
  readonly #places: Places;
  readonly #judge: Judge;
  readonly #racks: Iterable<Group>;
  readonly #inside = new Map<string, Iterable<Group>>();
  readonly #special: ReadonlySet<string>;

  constructor(places: Places, cluster: Cluster, topology: PlannedTopology, request: Request) {
    this.#places = places;
    this.#judge = { cluster, request, placed: placedOn(cluster, topology) };
    this.#racks = sorted(places.racks, this.#judge);
    this.#special = new Set([...places.favoured, ...places.avoided]);
  }

  *[Symbol.iterator](): Iterator<string> {
    yield* this.#places.favoured;
    for (const rack of this.#racks) {
      for (const host of this.#sortedIn("rack", rack.id, this.#places.hostsOf)) {
        for (const { id } of this.#sortedIn("host", host.id, this.#places.nodesOf)) {
          if (!this.#special.has(id)) yield id;
        }
      }
    }
    yield* this.#places.avoided;
  }

  #sortedIn(kind: string, id: string, members: ReadonlyMap<string, readonly Group[]>): Iterable<Group> {
    const key = `${kind} ${id}`;
    const known = this.#inside.get(key);
    if (known !== undefined) return known;
    const order = sorted(must(members.get(id), key), this.#judge);
    this.#inside.set(key, order);
    return order;
  }
}

const defaultRack = "/default-rack";

interface Judge {
  readonly cluster: Cluster;
  readonly request: Request;
  /** Node → executors of this topology. */
  readonly placed: ReadonlyMap<string, number>;
}

interface Judged {
  readonly group: Group;
  readonly placed: number;
  readonly average: number;
  readonly minimum: number;
}

function sorted(groups: readonly Group[], judge: Judge): Iterable<Group> {
  const [only] = groups;
  if (only === undefined || groups.length === 1) return groups;
  const offers = groups.map(({ nodes }) => nodes.map((id) => judge.cluster.node(id).available).reduce(plus));
  const overall = totalOf(offers);
  const judged = groups.map((group, index): Judged => {
    const placed = group.nodes.reduce((sum, id) => sum + (judge.placed.get(id) ?? 0), 0);
    return { group, placed, ...shareOf(must(offers[index], "offer"), overall, judge.request) };
  });
  return new Sorted(judged, better, ({ group }) => group);
}

function better(a: Judged, b: Judged): boolean {
  if (a.placed !== b.placed) return a.placed > b.placed;
  if (a.average !== b.average) return a.average > b.average;
  if (a.minimum !== b.minimum) return a.minimum > b.minimum;
  return a.group.id < b.group.id;
}

/** How much of all that is left is here: on average over the resources, and of the scarcest. What nobody asked for counts against. */
function shareOf(offer: Offer, overall: Offer, request: Request): { average: number; minimum: number } {
  let [sum, count, minimum] = [0, 0, 1];
  const take = (here: number, all: number): void => {
    if (all === 0) return;
    sum += here / all;
    count++;
    minimum = Math.min(minimum, here / all);
  };
  take(offer.memory, overall.memory);
  take(offer.cpu, overall.cpu);
  for (const [name, all] of overall.generic) {
    const here = offer.generic.get(name) ?? 0;
    take((request.generic.get(name) ?? 0) > 0 ? here : -here, all);
  }
  return { average: count === 0 ? 100 : (sum * 100) / count, minimum: minimum * 100 };
}

function totalOf(offers: readonly Offer[]): Offer {
  if (offers.some(({ generic }) => generic.size > 0)) return offers.reduce(plus);
  let [memory, cpu] = [0, 0];
  for (const offer of offers) {
    memory += offer.memory;
    cpu += offer.cpu;
  }
  return { memory, cpu, generic: new Map() };
}

function placedOn(cluster: Cluster, topology: PlannedTopology): Map<string, number> {
  const placed = new Map<string, number>();
  for (const { slot, executors } of cluster.workersOf(topology))
    placed.set(slot.node, (placed.get(slot.node) ?? 0) + executors.length);
  return placed;
}

function grouped<N extends { readonly id: string }>(nodes: readonly N[], by: (node: N) => string): Group[] {
  return [...Map.groupBy(nodes, by)]
    .map(([id, members]) => ({ id, nodes: members.map((node) => node.id) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function hostNames(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((host) => typeof host === "string") : [];
}

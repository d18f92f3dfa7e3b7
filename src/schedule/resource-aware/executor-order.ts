/**
 * In which order a topology's executors are placed: those that talk to each other come close together. Source: Storm's
 * ExecSorterByConnectionCount and ExecSorterByProximity, 2.8.
 */
import type { PlannedExecutor, PlannedTopology } from "../planned-topology.ts";

export const ackerId = "__acker";

/** Ackers come last: they join the workers of others (see `search.ts`). */
export function inPlacingOrder(topology: PlannedTopology, waiting: readonly PlannedExecutor[]): PlannedExecutor[] {
  const graph = graphOf(topology, waiting);
  const near = topology.details.conf["topology.ras.order.executors.by.proximity.needs"] === true;
  const ordered = new Set(near ? byProximity(graph) : byConnections(graph));
  const ackers = waiting.filter(isAcker);
  const others = waiting.filter((executor) => !ordered.has(executor) && !isAcker(executor));
  return [...ordered, ...others, ...ackers];
}

export function isAcker({ component }: PlannedExecutor): boolean {
  return component.id === ackerId;
}

/** A component of the author's. */
interface Vertex {
  readonly id: string;
  /** All its executors, placed ones too. */
  readonly executors: number;
  readonly parents: Set<Vertex>;
  readonly children: Set<Vertex>;
  /** Those that read it by shuffle grouping. */
  readonly shuffled: Set<Vertex>;
  /** Not yet in the order. */
  readonly waiting: PlannedExecutor[];
}

/** In the order of ids. */
function graphOf(topology: PlannedTopology, waiting: readonly PlannedExecutor[]): Vertex[] {
  const vertices = new Map<string, Vertex>();
  for (const { id, executors } of topology.details.components) {
    if (id.startsWith("__")) continue;
    const theirs = waiting.filter(({ component }) => component.id === id);
    const neighbours = { parents: new Set<Vertex>(), children: new Set<Vertex>(), shuffled: new Set<Vertex>() };
    vertices.set(id, { id, executors: executors.length, ...neighbours, waiting: theirs });
  }
  for (const { id, inputs } of topology.details.components) {
    const reader = vertices.get(id);
    for (const { componentId, shuffle } of inputs) {
      const source = vertices.get(componentId);
      if (reader === undefined || source === undefined) continue;
      reader.parents.add(source);
      source.children.add(reader);
      if (shuffle) source.shuffled.add(reader);
    }
  }
  return [...vertices.values()].sort(byId);
}

/** The component with the most connections first, one executor of it and one of each neighbour in turn. */
function byConnections(graph: readonly Vertex[]): PlannedExecutor[] {
  const ordered: PlannedExecutor[] = [];
  const connections = (vertex: Vertex) =>
    [...neighboursOf(vertex)].reduce((sum, { executors }) => sum + executors * vertex.executors, 0);
  for (const vertex of [...graph].sort((a, b) => connections(b) - connections(a) || byId(a, b))) {
    const neighbours = [...neighboursOf(vertex)].sort((a, b) => a.executors - b.executors || byId(a, b));
    for (let taken = true; taken; ) {
      taken = false;
      for (const { waiting } of [vertex, ...neighbours]) {
        const executor = waiting.shift();
        if (executor === undefined) continue;
        ordered.push(executor);
        taken = true;
      }
    }
  }
  return ordered;
}

/** From the spouts downwards, an executor with its share of those that read it. */
function byProximity(graph: readonly Vertex[]): PlannedExecutor[] {
  const ordered: PlannedExecutor[] = [];
  const take = (vertex: Vertex): void => {
    const before = vertex.waiting.length;
    const executor = vertex.waiting.shift();
    if (executor === undefined) return;
    ordered.push(executor);
    const rank = (child: Vertex) => (vertex.shuffled.has(child) ? 1 : 0);
    for (const child of [...vertex.children].sort((a, b) => rank(a) - rank(b) || byId(a, b))) {
      const share = vertex.shuffled.has(child) ? Math.max(1, Math.floor(child.waiting.length / before)) : 1;
      for (let turn = 0; turn < share; turn++) take(child);
    }
  };
  for (const vertex of downwards(graph)) while (vertex.waiting.length > 0) take(vertex);
  return ordered;
}

/** Sources before their readers; what lies on a cycle comes last. */
function downwards(graph: readonly Vertex[]): Vertex[] {
  const left = new Set(graph);
  const sorted: Vertex[] = [];
  for (;;) {
    const next = [...left].find(({ parents }) => [...parents].every((parent) => !left.has(parent)));
    if (next === undefined) return [...sorted, ...left];
    left.delete(next);
    sorted.push(next);
  }
}

function neighboursOf({ parents, children }: Vertex): Set<Vertex> {
  return new Set([...parents, ...children]);
}

function byId(a: Vertex, b: Vertex): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

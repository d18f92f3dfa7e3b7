/**
 * Cycles among components: legal in Storm, warned about, and exempt from back-pressure among themselves (they would wait for one
 * another for ever).
 */
import type { ComponentSpec } from "./topology.ts";

/** Strongly connected groups of more than one component, or of one that subscribes to itself; ids sorted. */
export function cyclesOf(components: readonly ComponentSpec[]): string[][] {
  const reach = new Map(components.map((component) => [component.id, reachableFrom(component.id, components)]));
  const cycles: string[][] = [];
  const seen = new Set<string>();
  for (const { id } of components) {
    if (seen.has(id) || !reach.get(id)?.has(id)) continue;
    const group = components
      .map((other) => other.id)
      .filter((other) => reach.get(id)?.has(other) && reach.get(other)?.has(id));
    for (const member of group) seen.add(member);
    cycles.push(group);
  }
  return cycles;
}

function reachableFrom(start: string, components: readonly ComponentSpec[]): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    for (const component of components) {
      if (reached.has(component.id) || !component.inputs.some((input) => input.componentId === source)) continue;
      reached.add(component.id);
      open.push(component.id);
    }
  }
  return reached;
}

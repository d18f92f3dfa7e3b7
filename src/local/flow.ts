/** The order in which tuples pass the components. */
import type { ComponentSpec } from "../topology/index.ts";

/** Ids: spouts first, then breadth-first along the streams; what no spout reaches comes last. */
export function inFlowOrder(components: readonly ComponentSpec[]): string[] {
  const order = components.filter((component) => component.kind === "spout").map((component) => component.id);
  for (let at = 0; at < order.length; at++) {
    for (const { id, inputs } of components) {
      if (!order.includes(id) && inputs.some((input) => input.componentId === order[at])) order.push(id);
    }
  }
  return [...order, ...components.map((component) => component.id).filter((id) => !order.includes(id))];
}

/** Where the components of a topology stand in its graph, spouts on the left. Pure. */
import { Graph, layout } from "@dagrejs/dagre";
import type { Visualization } from "./api-types.ts";

export interface PlacedNode {
  readonly id: string;
  readonly type: "spout" | "bolt";
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly stream: string;
  readonly grouping: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const nodeWidth = 170;
export const nodeHeight = 76;

/** `withSystem`: system streams and components too. */
export function placed(shape: Visualization, withSystem: boolean): PlacedGraph {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 36, ranksep: 130, marginx: 12, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  const isShown = (name: string) => withSystem || !name.startsWith("__");
  const ids = Object.keys(shape).filter(isShown);
  for (const id of ids) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  const inputs = ids.flatMap((to) =>
    (shape[to]?.[":inputs"] ?? [])
      .filter((input) => ids.includes(input[":component"]) && isShown(input[":stream"]))
      .map((input) => ({ to, from: input[":component"], stream: input[":stream"], grouping: input[":grouping"] })),
  );
  for (const { from, to, stream } of inputs) graph.setEdge(from, to, { width: 90, height: 20 }, stream);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: ids.map((id) => {
      const { x = 0, y = 0 } = graph.node(id);
      return { id, type: shape[id]?.[":type"] ?? "bolt", x, y };
    }),
    edges: inputs.map(({ from, to, stream, grouping }) => ({
      key: edgeKey(from, stream, to),
      from,
      to,
      stream,
      grouping,
      points: graph.edge({ v: from, w: to, name: stream }).points ?? [],
    })),
  };
}

export function edgeKey(from: string, stream: string, to: string): string {
  return JSON.stringify([from, stream, to]);
}

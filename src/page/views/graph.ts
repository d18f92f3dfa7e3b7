/** The graph of a topology: tuples run along its edges as fast as they do, components are marked by their capacity. */
import type { BoltNumbers, SpoutNumbers, TopologyMetrics, TopologyPage, Visualization } from "../api-types.ts";
import { edgeKey, nodeHeight, nodeWidth, type PlacedEdge, type PlacedNode, placed } from "../graph-layout.ts";
import { Rates, shortNumber } from "../rates.ts";
import { addressOf } from "../route.ts";
import { h, useMemo, useRef, type View } from "../view.ts";
import type { Words } from "../words.ts";

interface Shown {
  readonly t: Words;
  readonly page: TopologyPage;
  readonly shape: Visualization;
  readonly metrics: TopologyMetrics;
  readonly withSystem: boolean;
}

export function graphView({ t, page, shape, metrics, withSystem }: Shown): View {
  const form = JSON.stringify(Object.entries(shape).map(([id, each]) => [id, each[":inputs"]]));
  const graph = useMemo(() => placed(shape, withSystem), [form, withSystem]);
  const rates = useRef(new Rates()).current;
  const nowMs = performance.now();
  const rateOf = new Map(
    metrics.bolts.flatMap(({ id, executed }) =>
      executed.map(({ component_id: from = "", stream_id: stream, value }) => {
        const key = edgeKey(from, stream, id);
        return [key, rates.add(key, value, nowMs)] as const;
      }),
    ),
  );
  const label = t("graphLabel", { name: page.name, nodes: graph.nodes.length, edges: graph.edges.length });
  return h(
    "div",
    { class: "graph", tabindex: 0, role: "group", "aria-label": label },
    h(
      "svg",
      { viewBox: `0 0 ${graph.width} ${graph.height}`, style: { maxWidth: `${graph.width * 1.4}px` } },
      h(
        "defs",
        null,
        h(
          "marker",
          {
            id: "arrow",
            viewBox: "0 0 10 10",
            refX: 8,
            refY: 5,
            markerWidth: 14,
            markerHeight: 14,
            markerUnits: "userSpaceOnUse",
            orient: "auto",
          },
          h("path", { d: "M0 0L10 5L0 10z" }),
        ),
      ),
      graph.edges.map((edge) => edgeView(t, edge, rateOf.get(edge.key) ?? 0)),
      graph.nodes.map((node) => nodeView(t, node, page)),
    ),
  );
}

function edgeView(t: Words, { key, from, to, grouping, points }: PlacedEdge, rate: number): View {
  const path = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join(" ");
  const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
  const text = t("perSecond", { rate: shortNumber(rate) });
  const label = t("edgeLabel", { from, to, grouping, rate: shortNumber(rate) });
  return h(
    "g",
    { key, class: rate > 0 ? "edge moving" : "edge", role: "img", "aria-label": label },
    h("title", null, label),
    h("path", { d: path, class: "line", "marker-end": "url(#arrow)" }),
    rate > 0 ? h("path", { d: path, class: "tuples", style: { animationDuration: `${secondsOfDash(rate)}s` } }) : null,
    h("text", { x: middle.x, y: middle.y - 8, class: "rate" }, text),
    h("text", { x: middle.x, y: middle.y + 16, class: "grouping" }, grouping),
  );
}

/** A dash passes in the time of one tuple; what is too fast for the eye is told by the number. */
function secondsOfDash(rate: number): number {
  return Math.round(Math.min(4, Math.max(0.15, 1 / rate)) * 100) / 100;
}

function nodeView(t: Words, { id, type, x, y }: PlacedNode, page: TopologyPage): View {
  const bolt = page.bolts.find(({ boltId }) => boltId === id);
  const numbers: SpoutNumbers | BoltNumbers | undefined = bolt ?? page.spouts.find(({ spoutId }) => spoutId === id);
  const capacity = Number(bolt?.capacity ?? 0);
  const level = numbers?.lastError ? "bad" : capacityLevel(capacity);
  const { executors = 0, tasks = 0 } = numbers ?? {};
  const below =
    bolt === undefined
      ? `${numbers === undefined ? "" : `${(numbers as SpoutNumbers).completeLatency} ms`}`
      : `${marks[level]} ${capacity.toFixed(2)}`;
  const label = t("nodeLabel", { type, id, executors, tasks, capacity: capacity.toFixed(2) });
  const line = (dy: number, kind: string, text: string) =>
    h("text", { x, y: y + dy, class: kind, "aria-hidden": "true" }, text);
  return h(
    "a",
    {
      key: id,
      href: addressOf({ view: "component", id: page.id, component: id }),
      class: `component ${type} ${level}`,
    },
    h("title", null, label),
    h("rect", {
      x: x - nodeWidth / 2,
      y: y - nodeHeight / 2,
      width: nodeWidth,
      height: nodeHeight,
      rx: type === "spout" ? nodeHeight / 2 : 10,
    }),
    line(-12, "id", id.length > nameMax ? `${id.slice(0, nameMax - 1)}…` : id),
    line(8, "small", `${executors} × ${tasks}`),
    line(27, "small", below),
  );
}

const nameMax = 18;

type Level = "good" | "warn" | "bad";
const marks: Readonly<Record<Level, string>> = { good: "○", warn: "◐", bad: "●" };

/** Above a half it is worth a look; near 1 the bolt is what holds the rest up. */
function capacityLevel(capacity: number): Level {
  return capacity >= 0.8 ? "bad" : capacity >= 0.5 ? "warn" : "good";
}

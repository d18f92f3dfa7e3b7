/** The views of one topology: its graph as text, with tuples a second on its streams, and one component. Pure. */
import { visibleText } from "../../base/index.ts";
import type { UiGraph, UiTopology } from "../../client/index.ts";
import { type Line, type Style, span } from "../cells.ts";
import { type ClusterModel, edgeKey, shortNumber } from "./model.ts";
import { cell, type Row, type View, type Words } from "./view.ts";
import { markOf } from "./views.ts";

const errorsShown = 3;

export function graphView({ topology, graph, rates, picture, topologies }: ClusterModel, say: Words): View {
  const columns = [
    { title: say("graph"), isWide: true },
    { title: say("capacity"), align: "right" as const },
  ].concat([
    { title: say("latency"), align: "right" as const },
    { title: say("failed"), align: "right" as const },
  ]);
  if (topology === null || graph === null) {
    const empty = topologies !== null && topologies.length === 0 ? say("noTopology") : say("connecting");
    return { crumbs: [say("graph")], top: [], columns, rows: [], empty, bottom: [] };
  }
  const rows = inOrder(graph).flatMap((id) => componentRows(id, topology, graph, rates, say));
  return {
    crumbs: [visibleText(topology.name), say("graph")],
    top: [head(topology, picture, say)],
    columns,
    rows,
    empty: "",
    bottom: [],
  };
}

function head(topology: UiTopology, picture: ClusterModel["picture"], say: Words): Line {
  const seen = picture.topologies.find(({ id }) => id === topology.id);
  const [beating, slots] = [seen?.beating.length ?? topology.workersTotal, seen?.slots.length ?? topology.workersTotal];
  const [mark, style] = markOf(topology.status, beating, slots);
  const facts = [
    `${beating}/${slots} ${say("workers")}`,
    `${topology.executorsTotal} ${say("executors")}`,
    `${topology.tasksTotal} ${say("tasks")}`,
    `${say("uptime")} ${topology.uptime}`,
  ];
  return [span(`${mark} ${topology.status}`, style), span(`   ${facts.join("   ")}`)];
}

/** Each component stands behind those that it takes tuples from, as far as the graph has no circle. */
function inOrder(graph: UiGraph): string[] {
  const left = new Set(Object.keys(graph).filter((id) => !id.startsWith("__")));
  const placed: string[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((id) =>
      (graph[id]?.[":inputs"] ?? []).every(({ ":component": from }) => !left.has(from) || from === id),
    );
    for (const id of ready.length > 0 ? ready : [...left].slice(0, 1)) {
      left.delete(id);
      placed.push(id);
    }
  }
  return placed;
}

function componentRows(
  id: string,
  topology: UiTopology,
  graph: UiGraph,
  rates: ClusterModel["rates"],
  say: Words,
): Row[] {
  const spout = topology.spouts.find(({ spoutId }) => spoutId === id);
  const bolt = topology.bolts.find(({ boltId }) => boltId === id);
  const numbers = spout ?? bolt;
  const capacity = Number(bolt?.capacity ?? 0);
  const [mark, style]: [string, Style] =
    capacity >= 0.8 ? ["●", "bad"] : capacity >= 0.5 ? ["◐", "warn"] : ["○", "good"];
  const isFailing = numbers !== undefined && numbers.lastError !== "";
  const outputs = Object.entries(graph).flatMap(([to, { ":inputs": inputs }]) =>
    inputs
      .filter((each) => each[":component"] === id && !to.startsWith("__") && !each[":stream"].startsWith("__"))
      .map((each) => ({ to, ...each })),
  );
  return [
    {
      target: { to: "component", topology: topology.id, component: id },
      topology: topology.name,
      cells: [
        cell(
          `${isFailing ? "✗" : mark} ${visibleText(id)}  ${graph[id]?.[":type"] ?? ""}  ${numbers?.executors ?? 0} ${say("executors")}`,
          isFailing ? "bad" : style,
        ),
        cell(bolt?.capacity ?? ""),
        cell(bolt?.executeLatency ?? spout?.completeLatency ?? ""),
        cell(numbers?.failed ?? 0, (numbers?.failed ?? 0) > 0 ? "bad" : "plain"),
      ],
    },
    ...outputs.map(({ to, ":stream": stream, ":grouping": grouping }, index): Row => {
      const corner = index === outputs.length - 1 ? "└" : "│";
      const named = stream === "default" ? grouping : `${stream}: ${grouping}`;
      const rate = say("perSecond", { rate: shortNumber(rates.get(edgeKey(id, stream, to)) ?? 0) });
      return {
        topology: topology.name,
        cells: [
          cell(`  ${corner}─ ${visibleText(named)} ── ${rate} ──▶ ${visibleText(to)}`, "accent"),
          cell(""),
          cell(""),
          cell(""),
        ],
      };
    }),
  ];
}

export function componentView({ component, topologies }: ClusterModel, say: Words): View {
  const isBolt = component?.componentType !== "spout";
  const titles = [
    "id",
    say("where"),
    say("uptime"),
    say("emitted"),
    say(isBolt ? "executed" : "acked"),
    say("failed"),
    ...(isBolt ? [say("capacity")] : []),
    say("latency"),
  ];
  const columns = titles.map((title, index) => ({
    title,
    align: index >= 3 ? ("right" as const) : ("left" as const),
    isWide: index === 1,
  }));
  if (component === null) {
    const empty = topologies !== null && topologies.length === 0 ? say("noTopology") : say("connecting");
    return { crumbs: [say("component")], top: [], columns, rows: [], empty, bottom: [] };
  }
  const windows = component.boltStats ?? component.spoutSummary ?? [];
  const top = windows.map(
    ({ windowPretty, emitted, acked, failed, capacity, executeLatency, completeLatency }): Line => {
      const facts = [
        `${say("emitted")} ${emitted}`,
        `${say("acked")} ${acked}`,
        `${say("failed")} ${failed}`,
        ...(capacity === undefined ? [] : [`${say("capacity")} ${capacity}`]),
        `${say("latency")} ${executeLatency ?? completeLatency ?? "–"}`,
      ];
      return [span(`${windowPretty.padEnd(13)}`, "bold"), span(facts.join("   "))];
    },
  );
  const errors = component.componentErrors.slice(0, errorsShown).map((each): Line => {
    const where = `${each.errorHost}:${each.errorPort ?? "?"}`;
    const [error = ""] = each.error.split("\n");
    return [span(`✗ ${say("errorAgo", { seconds: each.errorLapsedSecs, where, error: visibleText(error) })}`, "bad")];
  });
  const name = topologies?.find(({ id }) => id === component.topologyId)?.name ?? component.name;
  return {
    crumbs: [visibleText(name), `${visibleText(component.id)} ${component.componentType}`],
    top: [...top, [span(`${component.executors} ${say("executors")}   ${component.tasks} ${say("tasks")}`, "dim")]],
    columns,
    rows: component.executorStats.map(
      (each): Row => ({
        topology: name,
        cells: [
          cell(each.id),
          cell(`${each.host}:${each.port}`),
          cell(each.uptime),
          cell(each.emitted),
          cell(isBolt ? (each.executed ?? 0) : each.acked),
          cell(each.failed, each.failed > 0 ? "bad" : "plain"),
          ...(isBolt ? [cell(each.capacity ?? "")] : []),
          cell(each.executeLatency ?? each.completeLatency ?? ""),
        ],
      }),
    ),
    empty: say("nothing"),
    bottom: errors.length === 0 ? [[span(say("noError"), "dim")]] : errors,
  };
}

/** The view that is open, as the person wants it. Pure. */
import type { ClusterModel } from "./model.ts";
import type { UiState } from "./state.ts";
import { componentView, graphView } from "./topology-views.ts";
import type { View, Words } from "./view.ts";
import { eventsView, logsView, overviewView, topologiesView, zookeeperView } from "./views.ts";

/** With its filter and its sorting. */
export function viewOf(model: ClusterModel, state: UiState, say: Words): View {
  const shown = state.frozen ?? model;
  const view = rawView(shown, state, say);
  const words = state.filter.toLowerCase();
  const matching =
    words === ""
      ? view.rows
      : view.rows.filter((row) => row.cells.some(({ text }) => text.toLowerCase().includes(words)));
  const by = state.sorts[state.view];
  const rows =
    by === undefined ? matching : [...matching].sort((a, b) => compare(a.cells[by]?.text, b.cells[by]?.text));
  const empty = words !== "" && view.rows.length > 0 ? say("noMatch", { filter: state.filter }) : view.empty;
  return { ...view, rows, empty };
}

function rawView(model: ClusterModel, state: UiState, say: Words): View {
  switch (state.view) {
    case "overview":
      return overviewView(model, say);
    case "topologies":
      return topologiesView(model, say);
    case "graph":
      return graphView(model, say);
    case "component":
      return componentView(model, say);
    case "zookeeper":
      return zookeeperView(model, state, say);
    case "logs":
      return logsView(model, state, say);
    case "events":
      return eventsView(model, say);
  }
}

/** Numbers by their size, the largest first; the rest by its letters. */
function compare(a = "", b = ""): number {
  const [first, second] = [Number.parseFloat(a), Number.parseFloat(b)];
  return Number.isNaN(first) || Number.isNaN(second) ? (a < b ? -1 : a > b ? 1 : 0) : second - first;
}

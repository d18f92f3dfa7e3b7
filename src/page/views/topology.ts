/** One topology: its graph, its numbers, what can be done to it. */
import type { BoltNumbers, SpoutNumbers, TopologyMetrics, TopologyPage, Visualization } from "../api-types.ts";
import { inPath, useAnswer } from "../client.ts";
import { count, heading, statusBadge, waiting } from "../pieces.ts";
import { addressOf } from "../route.ts";
import { table } from "../table.ts";
import { h, part, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";
import { actionBar } from "./actions.ts";
import { configurationTable } from "./configuration.ts";
import { graphView } from "./graph.ts";
import { placeOfLog } from "./logs.ts";
import { tuplesView } from "./tuples.ts";

const everyMs = 1000;
const shapeEveryMs = 5000;
const allTime = ":all-time";

export function topologyView({ t, id }: { readonly t: Words; readonly id: string }): View {
  const [window, setWindow] = useState(allTime);
  const [withSystem, setWithSystem] = useState(false);
  const sys = withSystem ? "&sys=1" : "";
  const path = `topology/${inPath(id)}`;
  const { value: page, failure } = useAnswer<TopologyPage>(`${path}?window=${window}${sys}`, everyMs);
  const metrics = useAnswer<TopologyMetrics>(`${path}/metrics?window=${allTime}&sys=1`, everyMs).value;
  const shape = useAnswer<Visualization>(`${path}/visualization?sys=1`, shapeEveryMs).value;
  if (page === null) return waiting(t, failure);
  return h(
    "div",
    null,
    failure === null ? null : waiting(t, failure),
    h("h2", { class: "title" }, page.name, " ", statusBadge(page.status)),
    facts(t, page),
    part(actionBar, { t, page }),
    h(
      "section",
      null,
      heading(t("graph")),
      h(
        "label",
        { class: "check" },
        h("input", { type: "checkbox", checked: withSystem, onChange: () => setWithSystem(!withSystem) }),
        ` ${t("systemToo")}`,
      ),
      shape === null || metrics === null ? waiting(t, null) : part(graphView, { t, page, shape, metrics, withSystem }),
    ),
    part(tuplesView, { t, page }),
    h("section", null, windows(t, page, window, setWindow)),
    h("div", { class: "columns" }, h("section", null, spoutTable(t, page)), h("section", null, boltTable(t, page))),
    h("section", null, workerTable(t, page)),
    h("details", null, h("summary", null, t("configuration")), configurationTable(t, page.configuration)),
  );
}

function facts(t: Words, page: TopologyPage): View {
  const fact = (word: string, value: string) => h("div", null, h("dt", null, word), h("dd", null, value));
  return h(
    "dl",
    { class: "facts" },
    fact(t("id"), page.id),
    fact(t("uptime"), page.uptime),
    fact(t("workers"), count(page.workersTotal)),
    fact(t("executors"), count(page.executorsTotal)),
    fact(t("tasks"), count(page.tasksTotal)),
    fact(t("scheduling"), page.schedulerInfo ?? ""),
  );
}

function windows(t: Words, page: TopologyPage, chosen: string, choose: (window: string) => void): View {
  return table(
    t("window"),
    [
      {
        title: t("window"),
        cell: ({ window, windowPretty }) =>
          h(
            "button",
            { type: "button", class: "link", "aria-pressed": `${window === chosen}`, onClick: () => choose(window) },
            windowPretty,
          ),
      },
      { title: t("emitted"), cell: ({ emitted }) => count(emitted), isNumber: true },
      { title: t("transferred"), cell: ({ transferred }) => count(transferred), isNumber: true },
      { title: t("completeLatency"), cell: ({ completeLatency }) => completeLatency, isNumber: true },
      { title: t("acked"), cell: ({ acked }) => count(acked), isNumber: true },
      { title: t("failed"), cell: ({ failed }) => count(failed), isNumber: true },
    ],
    page.topologyStats,
    ({ window }) => window,
  );
}

function spoutTable(t: Words, { id, spouts }: TopologyPage): View {
  return table<SpoutNumbers>(
    t("spouts"),
    [
      { title: t("name"), cell: ({ spoutId }) => componentLink(id, spoutId) },
      { title: t("executors"), cell: ({ executors }) => count(executors), isNumber: true },
      { title: t("emitted"), cell: ({ emitted }) => count(emitted), isNumber: true },
      { title: t("acked"), cell: ({ acked }) => count(acked), isNumber: true },
      { title: t("failed"), cell: ({ failed }) => count(failed), isNumber: true },
      { title: t("completeLatency"), cell: ({ completeLatency }) => completeLatency, isNumber: true },
      { title: t("lastError"), cell: (row) => lastError(t, row) },
    ],
    spouts,
    ({ spoutId }) => spoutId,
  );
}

function boltTable(t: Words, { id, bolts }: TopologyPage): View {
  return table<BoltNumbers>(
    t("bolts"),
    [
      { title: t("name"), cell: ({ boltId }) => componentLink(id, boltId) },
      { title: t("executors"), cell: ({ executors }) => count(executors), isNumber: true },
      { title: t("executed"), cell: ({ executed }) => count(executed), isNumber: true },
      { title: t("acked"), cell: ({ acked }) => count(acked), isNumber: true },
      { title: t("failed"), cell: ({ failed }) => count(failed), isNumber: true },
      { title: t("capacity"), cell: ({ capacity }) => capacity, isNumber: true },
      { title: t("executeLatency"), cell: ({ executeLatency }) => executeLatency, isNumber: true },
      { title: t("processLatency"), cell: ({ processLatency }) => processLatency, isNumber: true },
      { title: t("lastError"), cell: (row) => lastError(t, row) },
    ],
    bolts,
    ({ boltId }) => boltId,
  );
}

function lastError(t: Words, { lastError: text, errorLapsedSecs: secs }: SpoutNumbers | BoltNumbers): View {
  return text === "" ? "" : `${text.split("\n")[0]} (${t("secondsAgo", { secs: secs ?? 0 })})`;
}

function workerTable(t: Words, { id, workers }: TopologyPage): View {
  const log = (host: string, port: number) =>
    addressOf(placeOfLog({ host, name: `${id}/${port}/worker.log`, isDaemon: false }));
  return table(
    t("workers"),
    [
      { title: t("worker"), cell: ({ host, port }) => h("code", null, `${host}:${port}`) },
      { title: t("logs"), cell: ({ host, port }) => h("a", { href: log(host, port) }, "worker.log") },
      { title: t("uptime"), cell: ({ uptime }) => uptime },
      { title: t("executors"), cell: ({ executorsTotal }) => count(executorsTotal), isNumber: true },
      {
        title: t("tasks"),
        cell: ({ componentNumTasks }) =>
          Object.entries(componentNumTasks)
            .map(([component, tasks]) => `${component} ${tasks}`)
            .join(" · "),
      },
    ],
    workers,
    ({ host, port }) => `${host}:${port}`,
  );
}

function componentLink(id: string, component: string): View {
  return h("a", { href: addressOf({ view: "component", id, component }) }, component);
}

/** One spout or bolt: its windows, streams, executors and errors. */
import type { ComponentPage, ExecutorRow } from "../api-types.ts";
import { inPath, useAnswer } from "../client.ts";
import { count, heading, waiting } from "../pieces.ts";
import { addressOf } from "../route.ts";
import { table } from "../table.ts";
import { h, type View } from "../view.ts";
import type { Words } from "../words.ts";

const everyMs = 2000;

export function componentView({
  t,
  id,
  component,
}: {
  readonly t: Words;
  readonly id: string;
  readonly component: string;
}): View {
  const path = `topology/${inPath(id)}/component/${inPath(component)}?sys=1`;
  const { value: page, failure } = useAnswer<ComponentPage>(path, everyMs);
  if (page === null) return waiting(t, failure);
  return h(
    "div",
    null,
    failure === null ? null : waiting(t, failure),
    h(
      "h2",
      { class: "title" },
      h("a", { href: addressOf({ view: "topology", id }) }, page.name),
      ` › ${page.id} `,
      h("span", { class: "note" }, page.componentType),
    ),
    h("section", null, windowTable(t, page)),
    h("section", null, heading(t("latencies")), latencyBars(t, page.executorStats)),
    h("section", null, executorTable(t, page.executorStats)),
    h("div", { class: "columns" }, inputTable(t, page), outputTable(t, page)),
    h("section", null, heading(t("errors")), errorList(t, page)),
  );
}

function windowTable(t: Words, page: ComponentPage): View {
  const rows = page.boltStats ?? page.spoutSummary ?? [];
  const isBolt = page.boltStats !== undefined;
  return table(
    t("window"),
    [
      { title: t("window"), cell: ({ windowPretty }) => windowPretty },
      { title: t("emitted"), cell: ({ emitted }) => count(emitted), isNumber: true },
      { title: t("transferred"), cell: ({ transferred }) => count(transferred), isNumber: true },
      { title: t("acked"), cell: ({ acked }) => count(acked), isNumber: true },
      { title: t("failed"), cell: ({ failed }) => count(failed), isNumber: true },
      ...(isBolt
        ? [
            {
              title: t("executeLatency"),
              cell: (row: (typeof rows)[number]) => row.executeLatency ?? "",
              isNumber: true,
            },
            {
              title: t("processLatency"),
              cell: (row: (typeof rows)[number]) => row.processLatency ?? "",
              isNumber: true,
            },
          ]
        : [
            {
              title: t("completeLatency"),
              cell: (row: (typeof rows)[number]) => row.completeLatency ?? "",
              isNumber: true,
            },
          ]),
    ],
    rows,
    ({ window }) => window,
  );
}

/** Which executor is slower than its like shows at a glance. */
function latencyBars(t: Words, executors: readonly ExecutorRow[]): View {
  const latencies = executors.map(latencyOf);
  const longest = Math.max(0.001, ...latencies);
  return h(
    "ul",
    { class: "bars" },
    executors.map((each, index) => {
      const ms = latencies[index] ?? 0;
      return h(
        "li",
        { key: each.id },
        h("span", { class: "bar-name" }, `${each.id} ${each.host}:${each.port}`),
        h("meter", { min: 0, max: longest, value: ms, "aria-label": `${each.id} ${ms.toFixed(3)} ms` }),
        h("span", { class: "number" }, `${ms.toFixed(3)} ms`),
      );
    }),
    executors.length === 0 ? h("li", { class: "note" }, t("none")) : null,
  );
}

function latencyOf({ executeLatency, completeLatency }: ExecutorRow): number {
  return Number(executeLatency ?? completeLatency ?? 0);
}

function executorTable(t: Words, executors: readonly ExecutorRow[]): View {
  return table(
    t("executors"),
    [
      { title: t("id"), cell: ({ id }) => id, sortBy: ({ id }) => id },
      {
        title: t("worker"),
        cell: ({ host, port }) => h("code", null, `${host}:${port}`),
        sortBy: ({ host, port }) => `${host}:${port}`,
      },
      { title: t("uptime"), cell: ({ uptime }) => uptime },
      { title: t("emitted"), cell: ({ emitted }) => count(emitted), isNumber: true, sortBy: ({ emitted }) => emitted },
      {
        title: t("executed"),
        cell: ({ executed }) => (executed === undefined ? "" : count(executed)),
        isNumber: true,
        sortBy: ({ executed = 0 }) => executed,
      },
      { title: t("acked"), cell: ({ acked }) => count(acked), isNumber: true, sortBy: ({ acked }) => acked },
      { title: t("failed"), cell: ({ failed }) => count(failed), isNumber: true, sortBy: ({ failed }) => failed },
      {
        title: t("capacity"),
        cell: ({ capacity }) => capacity ?? "",
        isNumber: true,
        sortBy: ({ capacity }) => Number(capacity ?? 0),
      },
    ],
    executors,
    ({ id }) => id,
  );
}

function inputTable(t: Words, { inputStats }: ComponentPage): View {
  if (inputStats === undefined) return null;
  return h(
    "section",
    null,
    table(
      t("inputs"),
      [
        { title: t("component"), cell: ({ component }) => component },
        { title: t("stream"), cell: ({ stream }) => stream },
        { title: t("executed"), cell: ({ executed }) => count(executed), isNumber: true },
        { title: t("executeLatency"), cell: ({ executeLatency }) => executeLatency, isNumber: true },
        { title: t("acked"), cell: ({ acked }) => count(acked), isNumber: true },
        { title: t("failed"), cell: ({ failed }) => count(failed), isNumber: true },
      ],
      inputStats,
      ({ component, stream }) => `${component} ${stream}`,
    ),
  );
}

function outputTable(t: Words, { outputStats }: ComponentPage): View {
  return h(
    "section",
    null,
    table(
      t("outputs"),
      [
        { title: t("stream"), cell: ({ stream }) => stream },
        { title: t("emitted"), cell: ({ emitted }) => count(emitted), isNumber: true },
        { title: t("transferred"), cell: ({ transferred }) => count(transferred), isNumber: true },
      ],
      outputStats,
      ({ stream }) => stream,
    ),
  );
}

/** Newest first; the first line that names a file of the author's is where to look. */
function errorList(t: Words, { componentErrors }: ComponentPage): View {
  if (componentErrors.length === 0) return h("p", { class: "note" }, t("noErrors"));
  return h(
    "ol",
    { class: "errors" },
    [...componentErrors].reverse().map(({ time, error, errorHost, errorPort, errorLapsedSecs }, index) =>
      h(
        "li",
        { key: `${time} ${index}` },
        h("p", { class: "note" }, `${errorHost}:${errorPort ?? ""} · ${t("secondsAgo", { secs: errorLapsedSecs })}`),
        h(
          "pre",
          { tabindex: 0 },
          error.split("\n").map((line) => (isSource(line) ? h("strong", null, `${line}\n`) : `${line}\n`)),
        ),
      ),
    ),
  );
}

function isSource(line: string): boolean {
  return /\.[cm]?[jt]s:\d+/.test(line) && !/node:|\/dist\/|node_modules/.test(line);
}

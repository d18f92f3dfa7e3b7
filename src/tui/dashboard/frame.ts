/** The whole screen as lines of cells: head, views, the open view, what was run, keys. Pure. */
import { visibleText } from "../../base/index.ts";
import { fit, fitLine, type Line, plainText, type Span, span, widthOf } from "../cells.ts";
import type { ClusterModel } from "./model.ts";
import { viewOf } from "./open-view.ts";
import { type UiState, viewKeys } from "./state.ts";
import type { Column, Row, View, Words } from "./view.ts";
import { dashboardKeys } from "./words.ts";

export interface Frame {
  readonly lines: readonly Line[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** Head, tabs, a rule; the last command, keys. */
const aroundRows = 5;
/** Data may be so old before it is said. */
const staleMs = 5000;

export function frameOf(
  model: ClusterModel,
  state: UiState,
  size: { readonly columns: number; readonly rows: number },
  say: Words,
): Frame {
  const width = Math.max(20, size.columns);
  const height = Math.max(1, size.rows - aroundRows);
  const view = viewOf(model, state, say);
  const body = state.isHelp
    ? helpLines(say)
    : state.menu !== null
      ? menuLines(state.menu, say)
      : viewLines(view, state, width, height);
  const filled = Array.from({ length: height }, (_, index) => body[index] ?? []);
  const lines = [
    headLine(model, state, view, width, say),
    tabLine(state, say),
    rule(width),
    ...filled,
    logLine(model, state, say),
    lastLine(state, say),
  ];
  const shown = lines.slice(0, size.rows).map((line) => fitLine(line, width));
  const prompt = state.prompt === null ? null : plainText(lastLine(state, say));
  return {
    lines: shown,
    cursor: prompt === null ? null : { x: Math.min(width - 1, widthOf(prompt)), y: shown.length - 1 },
  };
}

function headLine(model: ClusterModel, state: UiState, view: View, width: number, say: Words): Line {
  const seconds = Math.max(0, Math.round((model.nowMs - model.toldMs) / 1000));
  const told =
    model.connection === "connecting"
      ? `◐ ${say("connecting")}`
      : model.connection === "away"
        ? `✗ ${say("away", { seconds })}`
        : model.nowMs - model.toldMs > staleMs
          ? `◐ ${say("stale", { seconds })}`
          : `● ${say("live")}`;
  const marks = [
    ...(state.frozen === null ? [] : [`‖ ${say("frozen")}`]),
    ...(state.isReadOnly ? [say("readOnly")] : []),
    told,
  ];
  const right = ` ${marks.join("  ")} `;
  const left = ` storm-lab › ${[model.cluster, ...view.crumbs].join(" › ")}`;
  return [span(fit(left, Math.max(0, width - widthOf(right))) + right, "bar")];
}

function tabLine(state: UiState, say: Words): Line {
  return Object.entries(viewKeys).flatMap(([key, name]): Span[] => [
    span(` ${key}`, "key"),
    span(name === state.view ? `▸${say(name)}` : ` ${say(name)}`, name === state.view ? "bold" : "plain"),
  ]);
}

function rule(width: number): Line {
  return [span("─".repeat(width), "dim")];
}

/** What the daemon could not answer, or the last command with its end. */
function logLine(model: ClusterModel, state: UiState, say: Words): Line {
  const [last] = model.commands;
  if (state.message !== "") return [span(state.message, "warn")];
  if (model.failure !== null) return [span(`✗ ${visibleText(model.failure)}`, "bad")];
  if (last === undefined) return [];
  const end = last.exitCode === null ? say("running") : say("exited", { code: last.exitCode });
  const said = last.output.at(last.exitCode === 0 ? -1 : 0) ?? "";
  return [
    span(`$ ${last.text}`, "accent"),
    span(`  ${end}  ${visibleText(said)}`, last.exitCode === null || last.exitCode === 0 ? "dim" : "bad"),
  ];
}

function lastLine({ prompt, filter, view }: UiState, say: Words): Line {
  if (prompt?.kind === "command") return [span(`:${prompt.text}`)];
  if (prompt?.kind === "filter") return [span(`/${prompt.text}`)];
  if (prompt?.kind === "confirm")
    return [
      span(say("confirm", { name: prompt.name, command: `storm-lab ${prompt.words.join(" ")}` }), "warn"),
      span(prompt.text),
    ];
  const isOfTopology = view === "topologies" || view === "graph" || view === "component";
  const acts = isOfTopology
    ? ([
        ["K", "kill"],
        ["r", "rebalance"],
        ["p", "deactivate"],
        ["a", "activate"],
      ] as const)
    : [];
  const keys = [
    ...acts,
    ["f", "fault"] as const,
    [":", say("commandLine")] as const,
    ...(isOfTopology ? [] : [["/", say("filter")] as const]),
    ["?", say("help")] as const,
    ["q", say("quit")] as const,
  ];
  const filtered: Span[] = filter === "" ? [] : [span(` /${filter} `, "warn")];
  return [...filtered, ...keys.flatMap(([key, text]): Span[] => [span(` ${key}`, "key"), span(` ${text} `)])];
}

function helpLines(say: Words): Line[] {
  const keys = dashboardKeys.map(([key, word]) => [key, say(word)] as const);
  const half = Math.ceil(keys.length / 2);
  const lines = keys.slice(0, half).map(([key, text], index): Line => {
    const [otherKey = "", otherText = ""] = keys[half + index] ?? [];
    return [span(" "), span(fit(key, 14), "key"), span(fit(text, 31)), span(fit(otherKey, 7), "key"), span(otherText)];
  });
  return [[span(` ${say("help")}`, "bold")], [], ...lines];
}

function menuLines({ items, chosen }: NonNullable<UiState["menu"]>, say: Words): Line[] {
  return [
    [span(` ${say("faults")}`, "bold")],
    ...items.map(
      (item, index): Line => [
        span(`${index === chosen ? " ▸ " : "   "}storm-lab ${item} `, index === chosen ? "selected" : "plain"),
      ],
    ),
  ];
}

function viewLines(view: View, state: UiState, width: number, height: number): Line[] {
  const room = Math.max(2, height - view.top.length - 1);
  const below =
    view.bottom.length > 0 ? Math.min(view.bottom.length + 1, Math.max(0, room - Math.min(view.rows.length, 3))) : 0;
  const rowsRoom = Math.max(1, room - below);
  const chosen = chosenRow(view, state);
  const first = Math.max(0, Math.min(chosen - Math.floor(rowsRoom / 2), view.rows.length - rowsRoom));
  const widths = widthsOf(view.columns, view.rows, width - 2);
  const header: Line = view.columns.map(({ title, align }, index) => {
    const mark = state.sorts[state.view] === index ? "↓" : "";
    return span(`${index === 0 ? "  " : " "}${fit(title + mark, widths[index] ?? 0, align)}`, "bold");
  });
  const rows = view.rows
    .slice(first, first + rowsRoom)
    .map((row, index) => rowLine(row, view.columns, widths, first + index === chosen));
  const table = view.rows.length === 0 ? [[span(`  ${view.empty}`, "dim")]] : [header, ...rows];
  return [...view.top, ...table, ...(below > 0 ? [[], ...view.bottom.slice(0, below - 1)] : [])];
}

/** The last, where the newest is last, until another is chosen. */
export function chosenRow(view: View, state: UiState): number {
  const wanted = state.rows[state.view] ?? (view.isTail === true ? view.rows.length - 1 : 0);
  return Math.max(0, Math.min(wanted, view.rows.length - 1));
}

function rowLine({ cells }: Row, columns: readonly Column[], widths: readonly number[], isChosen: boolean): Line {
  return cells.map(({ text, style }, index) => {
    const lead = index === 0 ? (isChosen ? "▸ " : "  ") : " ";
    return span(lead + fit(text, widths[index] ?? 0, columns[index]?.align), isChosen ? "selected" : style);
  });
}

/** As wide as what stands in them; the wide one takes the rest, or gives way. */
function widthsOf(columns: readonly Column[], rows: readonly Row[], width: number): number[] {
  const own = columns.map(({ title }, index) =>
    rows.reduce((max, { cells }) => Math.max(max, widthOf(cells[index]?.text ?? "")), widthOf(title) + 1),
  );
  const wide = columns.findIndex(({ isWide }) => isWide === true);
  if (wide < 0) return own;
  const others = own.reduce((sum, each, index) => (index === wide ? sum : sum + each), columns.length - 1);
  return own.map((each, index) => (index === wide ? Math.max(6, width - others) : each));
}

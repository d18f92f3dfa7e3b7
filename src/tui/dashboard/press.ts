/** What a key does: another state, and what is to be done outside. Pure. */
import { plainText, type Theme } from "../cells.ts";
import { chosenRow } from "./frame.ts";
import type { ClusterModel } from "./model.ts";
import { viewOf } from "./open-view.ts";
import { type Prompt, type UiState, type ViewName, viewKeys } from "./state.ts";
import type { Row, Target, Words } from "./view.ts";

export type Effect =
  | { readonly kind: "quit" }
  | { readonly kind: "redraw" }
  | { readonly kind: "copy"; readonly text: string }
  /** Words after `storm-lab`. */
  | { readonly kind: "run"; readonly words: readonly string[] };

export interface Pressed {
  readonly state: UiState;
  readonly effects: readonly Effect[];
}

/** What the reducer knows besides the state. */
export interface Around {
  readonly model: ClusterModel;
  readonly say: Words;
  /** Of storm-lab, for completion. */
  readonly commands: readonly string[];
  readonly pageRows: number;
}

const themes: readonly Theme[] = ["dark", "light", "plain"];
/** Commands that change nothing. */
const looking =
  /^(status|list|ps|clusters|logs|get-errors|explain|version|help|zk (get|ls|stat)|fault list|remoteconfvalue|localconfvalue|drpc call)\b/;
/** Their first argument has to be typed again. */
const confirmed = new Set(["kill", "rebalance", "activate", "deactivate"]);

export function press(state: UiState, key: string, around: Around): Pressed {
  const calm = state.message === "" ? state : { ...state, message: "" };
  if (key === "C-c") return { state: calm, effects: [{ kind: "quit" }] };
  if (key === "C-l") return { state: calm, effects: [{ kind: "redraw" }] };
  if (calm.prompt !== null) return promptKey(calm, calm.prompt, key, around);
  if (calm.menu !== null) return menuKey(calm, calm.menu, key);
  if (calm.isHelp) return stay({ ...calm, isHelp: false });
  return viewKey(calm, key, around);
}

function viewKey(state: UiState, key: string, around: Around): Pressed {
  const name = viewKeys[key];
  if (name !== undefined) return stay(opened(state, name));
  const moved = move(state, key, around);
  if (moved !== null) return stay(moved);
  switch (key) {
    case "q":
      return { state, effects: [{ kind: "quit" }] };
    case "?":
      return stay({ ...state, isHelp: true });
    case ":":
      return stay({ ...state, prompt: { kind: "command", text: "" } });
    case "/":
      return stay({ ...state, prompt: { kind: "filter", text: state.filter } });
    case "tab":
    case "S-tab":
      return stay(opened(state, neighbour(state.view, key === "tab" ? 1 : -1)));
    case "enter":
    case "right":
      return stay(entered(state, rowOf(state, around)?.target));
    case "escape":
    case "left":
    case "h":
      return stay(back(state));
    case "s":
      return stay(sorted(state, around));
    case " ":
      return stay({ ...state, frozen: state.frozen === null ? around.model : null });
    case "t":
      return stay({ ...state, theme: themes[(themes.indexOf(state.theme) + 1) % themes.length] ?? "dark" });
    case "R":
      return stay({ ...state, isReadOnly: !state.isReadOnly });
    case "l":
      return stay(opened(state, "logs"));
    case "e":
      return stay(opened(state, "events"));
    case "y": {
      const text = plainText(
        rowOf(state, around)?.cells.map((each) => ({ ...each, text: `${each.text}  ` })) ?? [],
      ).trim();
      return { state: { ...state, message: around.say("copied") }, effects: [{ kind: "copy", text }] };
    }
    case "f":
      return stay({ ...state, menu: { items: faultsFor(state, around), chosen: 0 } });
    case "K":
    case "r":
    case "p":
    case "a":
      return actionKey(state, key, around);
    default:
      return stay(state);
  }
}

function actionKey(state: UiState, key: "K" | "r" | "p" | "a", around: Around): Pressed {
  const name = rowOf(state, around)?.topology ?? nameOf(state, around.model);
  if (name === null) return stay({ ...state, message: around.say("chooseTopology") });
  if (key === "r")
    return stay({ ...state, prompt: { kind: "command", text: `rebalance ${name} --wait-time-secs 0 --num-workers ` } });
  const words = { K: ["kill", name], p: ["deactivate", name], a: ["activate", name] }[key];
  return asked(state, words, around);
}

function nameOf(state: UiState, { topologies, picture }: ClusterModel): string | null {
  const all = topologies ?? picture.topologies;
  if (state.view !== "graph" && state.view !== "component") return all.length === 1 ? (all[0]?.name ?? null) : null;
  return all.find(({ id }) => id === state.topology)?.name ?? all[0]?.name ?? null;
}

/** Run, confirmed first, or refused. */
function asked(state: UiState, words: readonly string[], around: Around): Pressed {
  const [verb = "", name = ""] = words;
  if (state.isReadOnly && !looking.test(words.join(" ")))
    return stay({ ...state, prompt: null, message: around.say("refusedReadOnly", { command: verb }) });
  if (confirmed.has(verb) && name !== "") return stay({ ...state, prompt: { kind: "confirm", text: "", name, words } });
  return { state: { ...state, prompt: null }, effects: [{ kind: "run", words }] };
}

function promptKey(state: UiState, prompt: Prompt, key: string, around: Around): Pressed {
  const typed = (text: string): Pressed =>
    stay({ ...state, prompt: { ...prompt, text }, ...(prompt.kind === "filter" ? { filter: text, rows: {} } : {}) });
  if (key === "escape") return stay({ ...state, prompt: null, ...(prompt.kind === "filter" ? { filter: "" } : {}) });
  if (key === "backspace") return typed([...prompt.text].slice(0, -1).join(""));
  if (key === "C-u") return typed("");
  if (key === "tab" && prompt.kind === "command") return typed(completed(prompt.text, around));
  if (key !== "enter")
    // Names of keys are longer, and are in ASCII.
    return [...key].length === 1 || key > "\u007f" ? typed(prompt.text + key) : stay(state);
  if (prompt.kind === "filter") return stay({ ...state, prompt: null });
  if (prompt.kind === "confirm") {
    if (prompt.text !== prompt.name) return stay({ ...state, prompt: null, message: around.say("notConfirmed") });
    return { state: { ...state, prompt: null }, effects: [{ kind: "run", words: prompt.words }] };
  }
  const words = prompt.text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  const view = Object.values(viewKeys).find((name) => name === words[0]);
  if (words.length === 0) return stay({ ...state, prompt: null });
  if (view !== undefined && words.length === 1) return stay(opened({ ...state, prompt: null }, view));
  if (words[0] === "quit" || words[0] === "q") return { state, effects: [{ kind: "quit" }] };
  return asked(state, words, around);
}

/** The last word as far as all that it can become agree. */
function completed(text: string, { commands, model }: Around): string {
  const start = text.lastIndexOf(" ") + 1;
  const known =
    start === 0
      ? [...Object.values(viewKeys), ...commands]
      : [...model.picture.topologies, ...model.nodes].map(({ name }) => name);
  const found = [...new Set(known)].filter((word) => word.startsWith(text.slice(start)));
  const [first = ""] = found;
  let length = first.length;
  for (const word of found) while (!word.startsWith(first.slice(0, length))) length--;
  if (found.length === 0) return text;
  return text.slice(0, start) + first.slice(0, length) + (found.length === 1 ? " " : "");
}

function menuKey(state: UiState, menu: NonNullable<UiState["menu"]>, key: string): Pressed {
  const step = key === "down" || key === "j" ? 1 : key === "up" || key === "k" ? -1 : 0;
  if (step !== 0) {
    const chosen = Math.max(0, Math.min(menu.chosen + step, menu.items.length - 1));
    return stay({ ...state, menu: { ...menu, chosen } });
  }
  if (key === "enter")
    return stay({ ...state, menu: null, prompt: { kind: "command", text: menu.items[menu.chosen] ?? "" } });
  return stay(key === "escape" || key === "q" ? { ...state, menu: null } : state);
}

function faultsFor(state: UiState, around: Around): string[] {
  const { nodes } = around.model;
  const node = rowOf(state, around)?.node ?? nodes.at(-1)?.name ?? "node1";
  return [
    "fault kill worker",
    "fault kill nimbus",
    "fault kill supervisor",
    `fault pause ${node}`,
    `fault partition ${node}`,
    `fault delay ${node} 200`,
    "fault list",
    "fault heal",
  ];
}

function move(state: UiState, key: string, around: Around): UiState | null {
  const steps: Readonly<Record<string, number>> = {
    down: 1,
    j: 1,
    n: 1,
    up: -1,
    k: -1,
    N: -1,
    pagedown: around.pageRows,
    pageup: -around.pageRows,
    g: -1e9,
    home: -1e9,
    G: 1e9,
    end: 1e9,
  };
  const step = steps[key];
  if (step === undefined) return null;
  const view = viewOf(around.model, state, around.say);
  const row = Math.max(0, Math.min(chosenRow(view, state) + step, view.rows.length - 1));
  const { [state.view]: _, ...others } = state.rows;
  // At the end of what grows, the end is followed.
  return {
    ...state,
    rows: view.isTail === true && row === view.rows.length - 1 ? others : { ...others, [state.view]: row },
  };
}

function rowOf(state: UiState, { model, say }: Around): Row | undefined {
  const view = viewOf(model, state, say);
  return view.rows[chosenRow(view, state)];
}

function entered(state: UiState, target: Target | undefined): UiState {
  switch (target?.to) {
    case "topology":
      return { ...opened(state, "graph"), topology: target.id, component: null };
    case "component":
      return { ...opened(state, "component"), topology: target.topology, component: target.component };
    case "znode":
      return { ...state, znode: target.path, rows: { ...state.rows, zookeeper: 0 }, filter: "" };
    case "log": {
      const { logs: _, ...rows } = state.rows;
      return { ...state, log: target.log, rows, filter: "" };
    }
    case undefined:
      return state;
  }
}

function back(state: UiState): UiState {
  if (state.filter !== "") return { ...state, filter: "" };
  if (state.view === "zookeeper" && state.znode !== "/")
    return { ...state, znode: state.znode.replace(/\/[^/]*$/, "") || "/", rows: { ...state.rows, zookeeper: 0 } };
  if (state.view === "logs" && state.log !== null) return { ...state, log: null, rows: { ...state.rows, logs: 0 } };
  if (state.view === "component") return opened(state, "graph");
  if (state.view === "graph") return opened(state, "topologies");
  return opened(state, "overview");
}

function opened(state: UiState, view: ViewName): UiState {
  return view === state.view ? state : { ...state, view, filter: "" };
}

function neighbour(view: ViewName, step: number): ViewName {
  const all = Object.values(viewKeys);
  return all[(all.indexOf(view) + step + all.length) % all.length] ?? view;
}

/** By the next column; after the last one, as rows come. */
function sorted(state: UiState, { model, say }: Around): UiState {
  const { [state.view]: by = -1, ...others } = state.sorts;
  const next = by + 1;
  return {
    ...state,
    sorts: next < viewOf(model, state, say).columns.length ? { ...others, [state.view]: next } : others,
  };
}

function stay(state: UiState): Pressed {
  return { state, effects: [] };
}

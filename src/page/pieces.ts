/** Small things that several views show. */
import { h, type View } from "./view.ts";
import type { Words } from "./words.ts";

/** Said in colour, symbol and word alike. */
export function badge(kind: "good" | "warn" | "bad" | "idle", text: string): View {
  return h("span", { class: `badge ${kind}` }, h("span", { "aria-hidden": "true" }, marks[kind]), ` ${text}`);
}

const marks = { good: "●", warn: "◐", bad: "▲", idle: "○" } as const;

export function statusBadge(status: string): View {
  return badge(status === "ACTIVE" ? "good" : status === "INACTIVE" ? "idle" : "warn", status);
}

export function waiting(t: Words, failure: string | null): View {
  if (failure === null) return h("p", { class: "note", role: "status" }, t("asking"));
  return h("div", { class: "failure", role: "alert" }, h("strong", null, t("cannotAsk")), h("pre", null, failure));
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

export function heading(text: string): View {
  return h("h2", null, text);
}

export interface Sought {
  /** What can be found here. */
  readonly what?: string;
  /** How many are shown, of how many. */
  readonly found?: readonly [shown: number, total: number];
}

/** The first one of a view is reached by `/`, and emptied by Escape. */
export function search(
  t: Words,
  wanted: string,
  setWanted: (wanted: string) => void,
  { what, found }: Sought = {},
): View {
  const onInput = (event: InputEvent): void => setWanted((event.target as HTMLInputElement).value);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") setWanted("");
  };
  const input = { type: "search", value: wanted, onInput, onKeyDown, "aria-keyshortcuts": "/" };
  return h(
    "div",
    { class: "search" },
    h("label", null, what === undefined ? t("search") : t("searchIn", { what }), " ", h("input", input)),
    h(
      "span",
      { role: "status", class: "note" },
      found === undefined || wanted === "" ? "" : t("shownOf", { shown: found[0], total: found[1] }),
    ),
  );
}

/** Some of the texts have it in them, in large letters or small. */
export function has(wanted: string, ...texts: readonly string[]): boolean {
  const small = wanted.trim().toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(small));
}

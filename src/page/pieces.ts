/** Small things that several views show. */
import { h, type View } from "./view.ts";
import type { Words } from "./words.ts";

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => View;
  /** Numbers stand on the right. */
  readonly isNumber?: boolean;
}

export function table<T>(
  caption: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  keyOf: (row: T) => string,
): View {
  const kind = ({ isNumber = false }: Column<T>) => (isNumber ? "number" : "");
  return h(
    "div",
    { class: "table", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      null,
      h("caption", null, caption),
      h(
        "thead",
        null,
        h("tr", null, ...columns.map((each) => h("th", { scope: "col", class: kind(each) }, each.title))),
      ),
      h(
        "tbody",
        null,
        rows.map((row) =>
          h("tr", { key: keyOf(row) }, ...columns.map((each) => h("td", { class: kind(each) }, each.cell(row)))),
        ),
      ),
    ),
  );
}

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

export function search(t: Words, wanted: string, setWanted: (wanted: string) => void): View {
  const onInput = (event: InputEvent): void => setWanted((event.target as HTMLInputElement).value);
  return h("label", { class: "search" }, t("search"), " ", h("input", { type: "search", value: wanted, onInput }));
}

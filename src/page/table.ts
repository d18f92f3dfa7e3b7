/** Rows and columns; rows can be put in the order of a column. */
import { h, part, still, useGrowing, useState, type View } from "./view.ts";

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => View;
  /** Numbers stand on the right. */
  readonly isNumber?: boolean;
  /** With it, the title is a button that sorts. */
  readonly sortBy?: (row: T) => string | number;
}

interface Table<T> {
  readonly caption: string;
  /** The same ones as long as they show the same: then rows that have not changed are not drawn again. */
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}

interface Order {
  readonly column: number;
  readonly isDown: boolean;
}

export function table<T>(
  caption: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  keyOf: (row: T) => string,
): View {
  return part<Table<T>>(tableView, { caption, columns, rows, keyOf });
}

/** As people count: node2 is before node10. */
export const inOrder = new Intl.Collator("en", { numeric: true }).compare;

function tableView<T>({ caption, columns, rows, keyOf }: Table<T>): View {
  const [order, setOrder] = useState<Order | null>(null);
  const drawn = useGrowing(rows.length);
  const ordered = sorted(rows, columns, order);
  return h(
    "div",
    { class: "table", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      null,
      h("caption", null, caption),
      h("thead", null, h("tr", null, ...columns.map((each, column) => title(each, column, order, setOrder)))),
      h(
        "tbody",
        null,
        ordered.slice(0, drawn).map((row) => part(tableRow, { columns: columns as never, row }, keyOf(row))),
      ),
    ),
  );
}

function title<T>(
  { title: text, isNumber, sortBy }: Column<T>,
  column: number,
  order: Order | null,
  setOrder: (order: Order) => void,
): View {
  const attributes = { scope: "col", class: isNumber === true ? "number" : "" };
  if (sortBy === undefined) return h("th", attributes, text);
  const isDown = order?.column === column ? order.isDown : null;
  // What is a number is mostly wanted largest first.
  const onClick = (): void => setOrder({ column, isDown: isDown === null ? isNumber === true : !isDown });
  const sort = isDown === null ? "none" : isDown ? "descending" : "ascending";
  const mark = isDown === null ? "" : isDown ? " ▼" : " ▲";
  return h(
    "th",
    { ...attributes, "aria-sort": sort },
    h("button", { type: "button", class: "sort", onClick }, text, h("span", { "aria-hidden": "true" }, mark)),
  );
}

function sorted<T>(rows: readonly T[], columns: readonly Column<T>[], order: Order | null): readonly T[] {
  const sortBy = order === null ? undefined : columns[order.column]?.sortBy;
  if (order === null || sortBy === undefined) return rows;
  const sign = order.isDown ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(sortBy(a), sortBy(b)));
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : inOrder(`${a}`, `${b}`);
}

interface Row {
  readonly columns: readonly Column<unknown>[];
  readonly row: unknown;
}

const tableRow = still(
  ({ columns, row }: Row) =>
    h("tr", null, ...columns.map((each) => h("td", { class: each.isNumber === true ? "number" : "" }, each.cell(row)))),
  ["row"],
);

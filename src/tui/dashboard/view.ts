/** What a view is made of: lines above, a table of rows, lines below. */
import type { Say } from "../../language/index.ts";
import { type Line, type Span, type Style, span } from "../cells.ts";
import type { OpenLog } from "./state.ts";
import type { DashboardWord } from "./words.ts";

export type Words = Say<DashboardWord>;

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Takes the room that others leave. */
  readonly isWide?: boolean;
}

/** Where `enter` leads. */
export type Target =
  | { readonly to: "topology"; readonly id: string }
  | { readonly to: "component"; readonly topology: string; readonly component: string }
  | { readonly to: "znode"; readonly path: string }
  | { readonly to: "log"; readonly log: OpenLog };

export interface Row {
  readonly cells: readonly Span[];
  readonly target?: Target;
  /** The topology that actions on this row are for. */
  readonly topology?: string;
  /** The node that faults on this row are for. */
  readonly node?: string;
}

export interface View {
  readonly crumbs: readonly string[];
  readonly top: readonly Line[];
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Shown when there are no rows. */
  readonly empty: string;
  readonly bottom: readonly Line[];
  /** The newest rows are last, and are followed. */
  readonly isTail?: boolean;
}

export function cell(text: string | number, style: Style = "plain"): Span {
  return span(String(text), style);
}

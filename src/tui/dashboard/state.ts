/** What the person at the dashboard has chosen; no part of it comes from the cluster. */
import type { Theme } from "../cells.ts";
import type { ClusterModel } from "./model.ts";

export type ViewName = "overview" | "topologies" | "graph" | "component" | "zookeeper" | "logs" | "events";

/** By the key that opens it. 7 and 8 belong to labs and classes. */
export const viewKeys: Readonly<Record<string, ViewName>> = {
  "1": "overview",
  "2": "topologies",
  "3": "graph",
  "4": "component",
  "5": "zookeeper",
  "6": "logs",
  "9": "events",
};

export interface OpenLog {
  readonly host: string;
  readonly name: string;
  readonly isDaemon: boolean;
}

/** What is looked at. Null: the first there is; no log. */
export interface Focus {
  readonly view: ViewName;
  readonly topology: string | null;
  readonly component: string | null;
  readonly znode: string;
  readonly log: OpenLog | null;
}

export type Prompt =
  | { readonly kind: "command"; readonly text: string }
  | { readonly kind: "filter"; readonly text: string }
  /** Its name has to be typed before these words are run. */
  | { readonly kind: "confirm"; readonly text: string; readonly name: string; readonly words: readonly string[] };

export interface UiState extends Focus {
  /** Of the row that is chosen, in each view. */
  readonly rows: Readonly<Partial<Record<ViewName, number>>>;
  /** Column by which rows are sorted; absent: as they come. */
  readonly sorts: Readonly<Partial<Record<ViewName, number>>>;
  readonly filter: string;
  readonly prompt: Prompt | null;
  readonly menu: { readonly items: readonly string[]; readonly chosen: number } | null;
  readonly isHelp: boolean;
  /** The model that is shown in place of the newest. */
  readonly frozen: ClusterModel | null;
  readonly theme: Theme;
  readonly isReadOnly: boolean;
  /** One line for the person. */
  readonly message: string;
}

export function firstState(given: Pick<UiState, "theme" | "isReadOnly">): UiState {
  return {
    ...given,
    view: "overview",
    topology: null,
    component: null,
    znode: "/",
    log: null,
    rows: {},
    sorts: {},
    filter: "",
    prompt: null,
    menu: null,
    isHelp: false,
    frozen: null,
    message: "",
  };
}

/** What the dashboard knows of a cluster: all of it was told by the ui daemon, or was done from here. */
import {
  emptyUiPicture,
  type UiComponent,
  type UiEnsemble,
  type UiGraph,
  type UiHappening,
  type UiLogs,
  type UiNimbuses,
  type UiPicture,
  type UiSupervisors,
  type UiTopology,
  type UiTopologySummary,
  type UiZnode,
} from "../../client/index.ts";

/** A command that was run from here. */
export interface RunCommand {
  readonly atMs: number;
  readonly text: string;
  /** Null: it runs. */
  readonly exitCode: number | null;
  readonly output: readonly string[];
}

export interface ClusterModel {
  readonly cluster: string;
  readonly url: string;
  /** `zooKeeperPorts`: of the ZooKeeper servers on it. */
  readonly nodes: readonly {
    readonly name: string;
    readonly host: string;
    readonly zooKeeperPorts: readonly number[];
  }[];
  readonly connection: "connecting" | "live" | "away";
  /** When something was last told. */
  readonly toldMs: number;
  readonly nowMs: number;
  /** Of the last question, in the daemon's words; null: it was answered. */
  readonly failure: string | null;
  readonly picture: UiPicture;
  /** Newest first. */
  readonly happenings: readonly UiHappening[];
  readonly commands: readonly RunCommand[];
  readonly nimbuses: UiNimbuses["nimbuses"];
  readonly supervisors: UiSupervisors["supervisors"];
  readonly topologies: readonly UiTopologySummary[] | null;
  readonly members: UiEnsemble["members"];
  readonly topology: UiTopology | null;
  readonly graph: UiGraph | null;
  /** Tuples a second, by `from stream to` (JSON). */
  readonly rates: ReadonlyMap<string, number>;
  readonly component: UiComponent | null;
  /** Undefined: not asked; null: there is none. */
  readonly znode: UiZnode | null | undefined;
  readonly logs: UiLogs["logs"];
  readonly logLines: readonly string[];
}

export function emptyModel(given: Pick<ClusterModel, "cluster" | "url" | "nodes">): ClusterModel {
  return {
    ...given,
    connection: "connecting",
    toldMs: 0,
    nowMs: 0,
    failure: null,
    picture: emptyUiPicture,
    happenings: [],
    commands: [],
    nimbuses: [],
    supervisors: [],
    topologies: null,
    members: [],
    topology: null,
    graph: null,
    rates: new Map(),
    component: null,
    znode: undefined,
    logs: [],
    logLines: [],
  };
}

export function edgeKey(from: string, stream: string, to: string): string {
  return JSON.stringify([from, stream, to]);
}

/** `950`, `12.3k`, `1.2M`. */
export function shortNumber(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(value >= 1e5 ? 0 : 1)}k`;
  return value >= 100 || Number.isInteger(value) ? `${Math.round(value)}` : value.toFixed(1);
}

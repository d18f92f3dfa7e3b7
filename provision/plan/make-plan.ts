/** From what a cluster should be and what is there to the actions between the two. Pure: the same plan is shown and carried out. */
import type { ClusterLayout, Daemon } from "../cluster/layout.ts";
import type { ManagedProcess } from "../processes/managed-process.ts";
import type { Action, Plan } from "./actions.ts";
import type { WantedFile } from "./wanted-file.ts";

/** What runs. */
export interface ObservedProcesses {
  /** By daemon id; also daemons that are not wanted any more. */
  readonly running: ReadonlyMap<string, ManagedProcess>;
  /** By supervisor's daemon id. */
  readonly workers: ReadonlyMap<string, readonly ManagedProcess[]>;
}

/** What is there. */
export interface Observed extends ObservedProcesses {
  /** By path, of the wanted files and folders; null: nothing. */
  readonly files: ReadonlyMap<string, string | null>;
  readonly folders: ReadonlySet<string>;
  /** Folders of nodes that are not wanted any more. */
  readonly spareNodes: readonly string[];
}

/**
 * Daemons whose configuration changes are stopped and started; those that are not wanted are stopped, with their workers; those that
 * do not run are started. Nothing to change: an empty plan.
 */
export function planUp(
  layout: ClusterLayout,
  files: readonly WantedFile[],
  folders: readonly string[],
  observed: Observed,
): Plan {
  const writes = files.flatMap(({ path, text, executable = false }): Action[] => {
    const before = observed.files.get(path) ?? null;
    return before === text ? [] : [{ kind: "file", path, text, executable, before }];
  });
  const changed = new Set(writes.flatMap((action) => (action.kind === "file" ? [action.path] : [])));
  const wanted = new Map(layout.daemons.map((daemon) => [daemon.id, daemon]));
  const stops = [...observed.running.values()].flatMap((process) => {
    const daemon = wanted.get(process.id);
    if (daemon === undefined) return stopWithWorkers(observed, process, "the cluster does not have it any more");
    const isChanged = daemon.configFiles.some((file) => changed.has(file));
    return isChanged ? [stop(process, "its configuration changes")] : [];
  });
  const stopped = new Set(stops.flatMap((action) => (action.kind === "stop" ? [action.process.id] : [])));
  const starts = layout.daemons.filter(({ id }) => !observed.running.has(id) || stopped.has(id));
  const actions: Action[] = [
    ...folders.filter((path) => !observed.folders.has(path)).map((path): Action => ({ kind: "folder", path })),
    ...stops,
    ...writes,
    ...observed.spareNodes.map((path): Action => ({ kind: "remove", path, what: `${path}/, a node less` })),
    ...(starts.length === 0 ? [] : [{ kind: "start" as const, daemons: starts }]),
  ];
  if (actions.length > 0) actions.push({ kind: "verify", what: verifyText(layout) });
  return { summary: summaryOf(layout, observed, actions, starts), actions };
}

/** Stops everything; `keepData`: leaves the folder. */
export function planDown(name: string, folder: string, observed: ObservedProcesses, keepData: boolean): Plan {
  const order = ["ui", "drpc", "supervisor", "nimbus", "zookeeper"];
  const rank = (id: string) => order.findIndex((role) => id.startsWith(role));
  const stops = [...observed.running.values()]
    .sort((a, b) => rank(a.id) - rank(b.id))
    .flatMap((process) => stopWithWorkers(observed, process, keepData ? "its data is kept" : "the cluster goes"));
  const orphans = [...observed.workers].flatMap(([id, workers]) =>
    observed.running.has(id) ? [] : workers.map((worker) => stop(worker, "its supervisor does not run")),
  );
  const actions: Action[] = [...stops, ...orphans];
  if (!keepData) actions.push({ kind: "remove", path: folder, what: `${folder}/ with all data and logs` });
  const summary = keepData ? `stop the cluster ${name}` : `remove the cluster ${name}`;
  return { summary: actions.length === 0 ? `the cluster ${name} is stopped: nothing to do` : summary, actions };
}

function stopWithWorkers(observed: ObservedProcesses, process: ManagedProcess, why: string): Action[] {
  const workers = observed.workers.get(process.id) ?? [];
  return [stop(process, why), ...workers.map((worker) => stop(worker, why))];
}

function stop(process: ManagedProcess, why: string): Action {
  return { kind: "stop", process, why };
}

function verifyText({ spec }: ClusterLayout): string {
  const { zookeeper, supervisors, drpc, ui } = spec;
  const servers =
    zookeeper.servers === 1 ? "the ZooKeeper server serves" : "a majority of the ZooKeeper servers serves";
  const calls = drpc.count === 0 ? "" : ", DRPC takes calls";
  const shown = ui.count === 0 ? "" : ", the UI answers";
  return `wait until ${servers}, nimbus leads, ${supervisors.count} supervisor(s) are there${calls}${shown}`;
}

function summaryOf(
  { spec }: ClusterLayout,
  observed: Observed,
  actions: readonly Action[],
  starts: readonly Daemon[],
): string {
  if (actions.length === 0) return `the cluster ${spec.name} is up: nothing to do`;
  const isNew = [...observed.files.values()].every((text) => text === null);
  if (isNew) return `create the cluster ${spec.name}`;
  return starts.length > 0 && actions.every(({ kind }) => kind === "start" || kind === "verify")
    ? `start the cluster ${spec.name}`
    : `change the cluster ${spec.name}`;
}

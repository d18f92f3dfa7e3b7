/** `start`, `stop`, `pause`, `resume` of a whole cluster, a node, a role or one process; data is kept. */
import type { Signal } from "../../src/base/index.ts";
import type { ClusterLayout } from "../cluster/layout.ts";
import { endProcess, type ManagedProcess } from "../processes/managed-process.ts";
import { observeProcesses } from "../processes/observe.ts";
import { requireFreePorts, type StartedDaemon, startDaemon } from "../processes/start-daemon.ts";
import type { Place } from "./place.ts";
import type { ProcessRow } from "./processes.ts";

/** Starts those daemons among `rows` that do not run. Workers are their supervisors' business. */
export async function startProcesses(
  place: Place,
  layout: ClusterLayout,
  rows: readonly ProcessRow[],
): Promise<StartedDaemon[]> {
  const wanted = new Set(rows.flatMap(({ id, state }) => (state === "stopped" ? [id] : [])));
  const daemons = layout.daemons.filter(({ id }) => wanted.has(id));
  const { workers } = await observeProcesses(place.runtime, layout.folder);
  await requireFreePorts(place.runtime, daemons, workers);
  return Promise.all(daemons.map((daemon) => startDaemon(place.runtime, daemon)));
}

/** A supervisor would start its workers again, so it goes before them; ZooKeeper goes last. Ids of what was stopped. */
export async function stopProcesses(
  place: Place,
  layout: ClusterLayout,
  rows: readonly ProcessRow[],
): Promise<string[]> {
  const order: readonly ProcessRow["role"][] = ["ui", "drpc", "supervisor", "worker", "nimbus", "zookeeper"];
  const stopped: string[] = [];
  for (const role of order) {
    const processes = await managed(
      place,
      layout,
      rows.filter((row) => row.role === role),
    );
    await Promise.all(processes.map((process) => endProcess(place.runtime, process)));
    stopped.push(...processes.map(({ id }) => id));
  }
  return stopped;
}

/** SIGSTOP freezes a process: it holds its connections and answers nobody, as a machine that hangs. */
export async function signalProcesses(
  place: Place,
  layout: ClusterLayout,
  rows: readonly ProcessRow[],
  signal: Signal,
): Promise<string[]> {
  const processes = await managed(place, layout, rows);
  for (const { pid } of processes) place.runtime.processes.signal(pid, signal);
  return processes.map(({ id }) => id);
}

/** Looked up again, so that no signal goes to a process that has ended since. */
async function managed(place: Place, layout: ClusterLayout, rows: readonly ProcessRow[]): Promise<ManagedProcess[]> {
  const { running, workers } = await observeProcesses(place.runtime, layout.folder);
  const all = [...running.values(), ...[...workers.values()].flat()];
  const wanted = new Set(rows.map(({ id }) => id));
  return all.filter(({ id }) => wanted.has(id));
}

/** Every process of a cluster: what `ps` lists, and what `stop`, `pause` and the rest are told to act on. */
import { exitCodes, StormLabError } from "../../src/base/index.ts";
import type { ClusterLayout, Daemon, Role } from "../cluster/layout.ts";
import { type ManagedProcess, textOf } from "../processes/managed-process.ts";
import { observeProcesses } from "../processes/observe.ts";
import type { WorkerProcess } from "../processes/workers.ts";
import type { Place } from "./place.ts";

export interface ProcessRow {
  /** `nimbus1`, `worker node2:6700`. */
  readonly id: string;
  readonly role: Role | "worker";
  readonly node: string;
  readonly state: "running" | "paused" | "stopped";
  /** Null: stopped. */
  readonly pid: number | null;
  readonly ports: readonly number[];
  /** Of a worker. */
  readonly topology: string | null;
}

/** Daemons in the order of their start, each supervisor followed by its workers. */
export async function listProcesses(place: Place, layout: ClusterLayout): Promise<ProcessRow[]> {
  const { running, workers } = await observeProcesses(place.runtime, layout.folder);
  const rows: ProcessRow[] = [];
  for (const daemon of layout.daemons) {
    rows.push(await daemonRow(place, daemon, running.get(daemon.id)));
    for (const worker of (workers.get(daemon.id) ?? []) as readonly WorkerProcess[])
      rows.push(await workerRow(place, daemon, worker));
  }
  return rows;
}

/** A node (`node2`), a role (`supervisor`, `worker`), or one process's id; nothing: all. Throws SL-CLUSTER-TARGET. */
export function chooseProcesses(rows: readonly ProcessRow[], word: string | undefined): ProcessRow[] {
  if (word === undefined) return [...rows];
  const chosen = rows.filter(({ id, node, role }) => [id, node, role, `${role}s`].includes(word));
  if (chosen.length > 0) return chosen;
  const names = [...new Set(rows.flatMap(({ id, node, role }) => [node, role, id]))];
  throw new StormLabError({
    code: "SL-CLUSTER-TARGET",
    what: `the cluster has nothing that is called ${word}`,
    why: `it has: ${names.join(", ")}`,
    hint: "storm-lab ps   shows every process; leave the word out for all of them",
    exitCode: exitCodes.usage,
  });
}

async function daemonRow(place: Place, daemon: Daemon, managed: ManagedProcess | undefined): Promise<ProcessRow> {
  const { id, role, node } = daemon;
  const ports = daemon.ports.map(({ port }) => port);
  const state = await stateOf(place, managed);
  return { id, role, node, state, pid: managed?.pid ?? null, ports, topology: null };
}

async function workerRow(place: Place, { node }: Daemon, worker: WorkerProcess): Promise<ProcessRow> {
  const { id, pid, port, topologyId } = worker;
  return { id, role: "worker", node, state: await stateOf(place, worker), pid, ports: [port], topology: topologyId };
}

/** Source: proc(5): the third field of `/proc/pid/stat` is T for a process that a signal has stopped. */
async function stateOf({ runtime }: Place, managed: ManagedProcess | undefined): Promise<ProcessRow["state"]> {
  if (managed === undefined) return "stopped";
  const stat = (await textOf(runtime, `/proc/${managed.pid}/stat`).catch(() => null)) ?? "";
  return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T") ? "paused" : "running";
}

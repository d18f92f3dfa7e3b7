/**
 * The workers that a node's supervisor has recorded, as Storm does it: `storm-local/workers/<worker id>/pids/<pid>`.
 * The file holds what tells the process from a later one with that id.
 */
import type { Runtime } from "../../src/base/index.ts";
import { listed, type ManagedProcess, textOf } from "./managed-process.ts";

export interface WorkerProcess extends ManagedProcess {
  readonly port: number;
  readonly topologyId: string;
}

export async function workersOf(runtime: Runtime, nodeFolder: string, node: string): Promise<WorkerProcess[]> {
  const root = `${nodeFolder}/storm-local/workers`;
  const found: WorkerProcess[] = [];
  for (const workerId of await listed(runtime, root)) {
    const home = `${root}/${workerId}`;
    const port = Number(await textOf(runtime, `${home}/port`));
    const topologyId = ((await textOf(runtime, `${home}/topology`)) ?? "").trim();
    for (const name of await listed(runtime, `${home}/pids`)) {
      const pid = Number(name);
      const pidFile = `${home}/pids/${name}`;
      const identity = ((await textOf(runtime, pidFile)) ?? "").trim();
      if (identity === "" || runtime.processes.identity(pid) !== identity) continue;
      found.push({ id: `worker ${node}:${port}`, pid, identity, pidFile, port, topologyId });
    }
  }
  return found;
}

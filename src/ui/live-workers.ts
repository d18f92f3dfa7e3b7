/**
 * Which workers of a node live, read from its storm.local.dir: those whose process runs, those that have said so a moment ago, and those
 * that are being launched. Source: WorkerLogs.getAliveIds of Storm 2.8, which asks the heartbeats alone; a worker that is paused has none.
 */
import { FsError, type Runtime } from "../base/index.ts";
import type { LiveWorkers } from "../logviewer/index.ts";
import { LocalState, localStateKeys } from "../state/index.ts";
import { LSWorkerHeartbeat } from "../wire/thrift/index.ts";

/** `silentMs`: after so long a heartbeat no longer counts, supervisor.worker.timeout.secs. Rejects when it cannot be told. */
export async function liveWorkers(runtime: Runtime, localDir: string, silentMs: number): Promise<LiveWorkers> {
  const ids = new Set<string>();
  const slots = new Set<string>();
  for (const id of await names(runtime, `${localDir}/workers`)) {
    const home = `${localDir}/workers/${id}`;
    const beat = await new LocalState(runtime, `${home}/heartbeats`).get(
      localStateKeys.workerHeartbeat,
      LSWorkerHeartbeat,
    );
    const isHeard = beat !== null && runtime.clock.nowMs() - beat.time_secs * 1000 < silentMs;
    if (!isHeard && !(await runs(runtime, `${home}/pids`))) continue;
    ids.add(id);
    const [topologyId, port] = [await text(runtime, `${home}/topology`), await text(runtime, `${home}/port`)];
    if (topologyId !== null && port !== null) slots.add(`${topologyId}/${port}`);
    if (beat !== null) slots.add(`${beat.topology_id}/${beat.port}`);
  }
  return { ids, slots };
}

/** Also when no process has been told of yet. */
async function runs(runtime: Runtime, pids: string): Promise<boolean> {
  const all = await names(runtime, pids);
  for (const name of all) {
    const identity = await text(runtime, `${pids}/${name}`);
    if (identity !== null && runtime.processes.identity(Number(name)) === identity) return true;
  }
  return all.length === 0;
}

async function names({ fs }: Runtime, folder: string): Promise<string[]> {
  try {
    return await fs.list(folder);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

async function text({ fs }: Runtime, path: string): Promise<string | null> {
  try {
    return Buffer.from(await fs.readFile(path))
      .toString("utf8")
      .trim();
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof FsError && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

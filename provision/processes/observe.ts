/** What is there of a cluster on this machine: files of its folder, processes that its pid files tell of. */
import type { Runtime } from "../../src/base/index.ts";
import type { ClusterLayout } from "../cluster/layout.ts";
import type { Observed, ObservedProcesses } from "../plan/make-plan.ts";
import type { WantedFile } from "../plan/wanted-file.ts";
import { clusterFolder, idOfFolder, seatFiles } from "../zookeeper-ensemble/layout.ts";
import { listed, type ManagedProcess, readPidFile, textOf } from "./managed-process.ts";
import { type WorkerProcess, workersOf } from "./workers.ts";

export async function observe(
  runtime: Runtime,
  layout: ClusterLayout,
  files: readonly WantedFile[],
  folders: readonly string[],
): Promise<Observed> {
  const texts = await Promise.all(files.map(async ({ path }) => [path, await textOf(runtime, path)] as const));
  const stats = await Promise.all(folders.map(async (path) => [path, await runtime.fs.stat(path)] as const));
  const nodeNames = await existingNodes(runtime, layout.folder);
  const wanted = new Set(layout.nodes.map(({ name }) => name));
  return {
    ...(await observeProcesses(runtime, layout.folder)),
    files: new Map(texts),
    folders: new Set(stats.flatMap(([path, stat]) => (stat?.kind === "directory" ? [path] : []))),
    spareNodes: nodeNames.filter((name) => !wanted.has(name)).map((name) => `${layout.folder}/${name}`),
  };
}

/** What runs of the cluster in this folder, whatever its file says today. */
export async function observeProcesses(runtime: Runtime, folder: string): Promise<ObservedProcesses> {
  const [running, workers] = [await runningDaemons(runtime, folder), await workersBySupervisor(runtime, folder)];
  return { running, workers };
}

/** Daemons whose process is the one that wrote its file, by id. */
async function runningDaemons(runtime: Runtime, folder: string): Promise<Map<string, ManagedProcess>> {
  const names = await listed(runtime, `${folder}/run`);
  const servers = await listed(runtime, `${folder}/${clusterFolder}`);
  const found = await Promise.all([
    ...names
      .filter((name) => name.endsWith(".pid"))
      .map((name) => readPidFile(runtime, name.slice(0, -".pid".length), `${folder}/run/${name}`)),
    ...servers
      .map(idOfFolder)
      .filter((id) => id !== null)
      .map((id) => readPidFile(runtime, `zookeeper${id}`, seatFiles(folder, id).pidFile)),
  ]);
  return new Map(found.filter((one) => one !== null).map((one) => [one.id, one]));
}

async function workersBySupervisor(runtime: Runtime, folder: string): Promise<Map<string, readonly WorkerProcess[]>> {
  const found = new Map<string, readonly WorkerProcess[]>();
  for (const name of await existingNodes(runtime, folder)) {
    const workers = await workersOf(runtime, `${folder}/${name}`, name);
    // node2 has supervisor1: the first node has none.
    if (workers.length > 0) found.set(`supervisor${Number(name.slice("node".length)) - 1}`, workers);
  }
  return found;
}

/** `node1`, `node2` …, of the folders that are there. */
async function existingNodes(runtime: Runtime, folder: string): Promise<string[]> {
  return (await listed(runtime, folder)).filter((name) => /^node[1-9]\d*$/.test(name));
}

/** Whose logs this daemon serves and cleans: those of its own node, or of every node of a cluster on this machine, as they come and go. */
import type { Runtime } from "../base/index.ts";
import { parseStormYaml } from "../conf/index.ts";
import type { CleanedNode, LogFolders } from "../logviewer/index.ts";
import { liveWorkers } from "./live-workers.ts";
import type { UiSettings } from "./settings.ts";

/** Between two looks; nodes come and go by commands that take longer. */
const freshMs = 1000;

export function logFolders(runtime: Runtime, { clusterFolder, ownLogs }: UiSettings): () => Promise<LogFolders> {
  if (clusterFolder === null) return () => Promise.resolve({ [ownLogs.host]: [ownLogs.folder] });
  let seen: { readonly atMs: number; readonly folders: Promise<LogFolders> } | null = null;
  return () => {
    const nowMs = runtime.clock.monotonicMs();
    if (seen === null || nowMs - seen.atMs > freshMs)
      seen = { atMs: nowMs, folders: ofCluster(runtime, clusterFolder) };
    return seen.folders;
  };
}

/** Where the cleaner looks. A node that does not say where its state is stays as it is: nobody could tell which of its workers live. */
export async function nodesToClean(runtime: Runtime, settings: UiSettings): Promise<CleanedNode[]> {
  const { clusterFolder, ownLogs, localDir, workerSilentMs } = settings;
  const cleaned = (folder: string, local: string): CleanedNode => {
    return { folder, live: () => liveWorkers(runtime, local, workerSilentMs) };
  };
  if (clusterFolder === null) return [cleaned(ownLogs.folder, localDir)];
  return (await nodesOf(runtime, clusterFolder)).flatMap(({ values }) => {
    const { "storm.log.dir": folder, "storm.local.dir": local } = values;
    return typeof folder === "string" && typeof local === "string" ? [cleaned(folder, local)] : [];
  });
}

/** `nodeN/logs` by the name that node N gives itself, and with it the logs of the ensemble's server N. */
async function ofCluster(runtime: Runtime, folder: string): Promise<LogFolders> {
  const servers = await list(runtime, `${folder}/zk-cluster`);
  const folders: Record<string, string[]> = {};
  for (const { number, node, values } of await nodesOf(runtime, folder)) {
    const host = values["storm.local.hostname"];
    const server = servers[number - 1];
    const own = [`${node}/logs`, ...(server === undefined ? [] : [`${folder}/zk-cluster/${server}/logs`])];
    if (typeof host === "string") folders[host] = [...(folders[host] ?? []), ...own];
  }
  return folders;
}

interface ClusterNode {
  readonly number: number;
  /** Its folder. */
  readonly node: string;
  /** Of its storm.yaml; none, when that cannot be read. */
  readonly values: Readonly<Record<string, unknown>>;
}

async function nodesOf(runtime: Runtime, folder: string): Promise<ClusterNode[]> {
  const numbers = (await list(runtime, folder))
    .flatMap((name) => /^node(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const nodes: ClusterNode[] = [];
  for (const number of numbers) {
    const node = `${folder}/node${number}`;
    nodes.push({ number, node, values: await stormYaml(runtime, `${node}/conf/storm.yaml`) });
  }
  return nodes;
}

async function stormYaml({ fs }: Runtime, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return parseStormYaml(Buffer.from(await fs.readFile(path)).toString("utf8"), path).values;
  } catch {
    return {};
  }
}

function list({ fs }: Runtime, path: string): Promise<string[]> {
  return fs.list(path).catch((): string[] => []);
}

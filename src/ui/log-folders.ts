/** Whose logs this daemon serves: those of its own node, or of every node of a cluster on this machine, as they come and go. */
import type { Runtime } from "../base/index.ts";
import { parseStormYaml } from "../conf/index.ts";
import type { LogFolders } from "../logviewer/index.ts";
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

/** `nodeN/logs` by the name that node N gives itself, and with it the logs of the ensemble's server N. */
async function ofCluster({ fs }: Runtime, folder: string): Promise<LogFolders> {
  const list = (path: string) => fs.list(path).catch((): string[] => []);
  const nodes = (await list(folder))
    .flatMap((name) => /^node(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const servers = await list(`${folder}/zk-cluster`);
  const folders: Record<string, string[]> = {};
  for (const number of nodes) {
    const node = `${folder}/node${number}`;
    const host = await hostOf(fs, `${node}/conf/storm.yaml`);
    const server = servers[number - 1];
    const own = [`${node}/logs`, ...(server === undefined ? [] : [`${folder}/zk-cluster/${server}/logs`])];
    if (host !== null) folders[host] = [...(folders[host] ?? []), ...own];
  }
  return folders;
}

/** Null: its file is not there, or says no name. */
async function hostOf(fs: Runtime["fs"], stormYaml: string): Promise<string | null> {
  try {
    const { values } = parseStormYaml(Buffer.from(await fs.readFile(stormYaml)).toString("utf8"), stormYaml);
    const host = values["storm.local.hostname"];
    return typeof host === "string" ? host : null;
  } catch {
    return null;
  }
}

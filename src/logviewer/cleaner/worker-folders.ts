/** The folders of workers among a node's logs, and what lies in them. Links are left out: what they lead to is not of the logs. */
import { type FileSystem, FsError } from "../../base/index.ts";

export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly kind: "file" | "directory" | "other";
  /** With all that is in it. */
  readonly size: number;
  readonly modifiedMs: number;
}

export interface WorkerFolder {
  readonly path: string;
  /** `<topology id>/<port>`. */
  readonly slot: string;
}

/** Below it a folder's size is not looked for; nobody nests deeper, and somebody might make a trap of it. */
const depthMax = 16;

/** `root`: a node's workers-artifacts, where it really is. */
export async function workerFolders(fs: FileSystem, root: string): Promise<WorkerFolder[]> {
  const found: WorkerFolder[] = [];
  for (const topology of await directoriesIn(fs, root)) {
    for (const name of await directoriesIn(fs, `${root}/${topology}`))
      if (/^\d{1,5}$/.test(name)) found.push({ path: `${root}/${topology}/${name}`, slot: `${topology}/${name}` });
  }
  return found;
}

/** `folder`: where it really is. What is gone meanwhile is not there. */
export async function entriesOf(fs: FileSystem, folder: string, depth = 0): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const name of await namesIn(fs, folder)) {
    const path = `${folder}/${name}`;
    if ((await fs.realPath(path)) !== path) continue;
    const stat = await fs.stat(path);
    if (stat === null) continue;
    const size = stat.kind === "directory" ? await sizeOf(fs, path, depth + 1) : stat.size;
    found.push({ name, path, kind: stat.kind, size, modifiedMs: stat.modifiedMs });
  }
  return found;
}

export async function sizeOf(fs: FileSystem, folder: string, depth = 0): Promise<number> {
  if (depth > depthMax) return 0;
  const entries = await entriesOf(fs, folder, depth);
  return entries.reduce((sum, { size }) => sum + size, 0);
}

/** None when it is gone. */
export async function namesIn(fs: FileSystem, folder: string): Promise<string[]> {
  try {
    return await fs.list(folder);
  } catch (error) {
    if (error instanceof FsError && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  }
}

async function directoriesIn(fs: FileSystem, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await namesIn(fs, folder)) {
    const path = `${folder}/${name}`;
    if ((await fs.realPath(path)) === path && (await fs.stat(path))?.kind === "directory") found.push(name);
  }
  return found;
}

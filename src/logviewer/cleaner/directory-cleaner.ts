/**
 * Deletes the oldest files of folders that hold too much, and no file that somebody writes. Source: DirectoryCleaner of Storm 2.8; other
 * than there, a living worker loses only logs that were rolled, for what else lies in its folder may be its author's and in use.
 */
import { messageOf, type Runtime } from "../../base/index.ts";
import { type Entry, entriesOf, type WorkerFolder } from "./worker-folders.ts";

export interface Deleted {
  readonly files: number;
  readonly bytes: number;
}

export interface Quota {
  readonly bytes: number;
  /** In the words of Storm's warning. */
  readonly of: string;
  readonly mayGo: (folder: WorkerFolder, entry: Entry) => boolean;
}

/** As Storm's PQ_SIZE and MAX_ROUNDS: files that are held in mind at once, and how often. */
const roundFiles = 1024;
const roundsMax = 512;
/** What a worker has open, or tells of it. */
const active = /\.(?:log|err|out|current|yaml|pid|metrics)$/;
const meta = /\.(?:yaml|pid)$/;
const rolled = /\.log\.(?:\w+\.)*\d+(?:\.\w+)?$/;

/** Of a worker, whether it lives or not, that has too much. */
export function mayGoOfWorker(lives: boolean, { name, kind }: Entry): boolean {
  return !active.test(name) && (!lives || isRolled(name, kind));
}

/** When all workers have too much together. */
export function mayGoOfAll(lives: boolean, entry: Entry): boolean {
  return lives ? mayGoOfWorker(true, entry) : !meta.test(entry.name);
}

function isRolled(name: string, kind: Entry["kind"]): boolean {
  return kind === "file" && rolled.test(name);
}

export class DirectoryCleaner {
  readonly #runtime: Runtime;
  readonly #stopped: AbortSignal;

  constructor(runtime: Runtime, stopped: AbortSignal) {
    this.#runtime = runtime;
    this.#stopped = stopped;
  }

  async deleteOldestWhileTooLarge(folders: readonly WorkerFolder[], quota: Quota): Promise<Deleted> {
    const { fs, log } = this.#runtime;
    let excess = -quota.bytes;
    for (const { path } of folders) for (const { size } of await entriesOf(fs, path)) excess += size;
    const kept = new Set<string>();
    let files = 0;
    let bytes = 0;
    for (let round = 0; excess > 0 && !this.#stopped.aborted; round++) {
      const oldest = await this.#oldest(folders, quota, kept);
      if (oldest.length === 0 || round === roundsMax) {
        log.warn(`No more files eligible to be deleted this round, but ${quota.of} quota by ${megabytes(excess)} MB`);
        break;
      }
      for (const entry of oldest) {
        if (excess <= 0 || this.#stopped.aborted) break;
        if (await this.#delete(entry)) {
          files++;
          bytes += entry.size;
          excess -= entry.size;
        } else kept.add(entry.path);
      }
    }
    return { files, bytes };
  }

  /** At most `roundFiles`, oldest first. */
  async #oldest(folders: readonly WorkerFolder[], { mayGo }: Quota, kept: ReadonlySet<string>): Promise<Entry[]> {
    let found: Entry[] = [];
    for (const folder of folders) {
      for (const entry of await entriesOf(this.#runtime.fs, folder.path)) {
        if (kept.has(entry.path) || !mayGo(folder, entry)) continue;
        found.push(entry);
        if (found.length === 2 * roundFiles) found = found.sort(byAge).slice(0, roundFiles);
      }
    }
    return found.sort(byAge).slice(0, roundFiles);
  }

  /** False: it stays, for it was written meanwhile, or cannot be deleted. */
  async #delete({ path, size, modifiedMs }: Entry): Promise<boolean> {
    const { fs, log } = this.#runtime;
    try {
      const now = await fs.stat(path);
      if (now?.modifiedMs !== modifiedMs || (await fs.realPath(path)) !== path) return false;
      await fs.remove(path);
      log.info(`Delete file: ${path}, size: ${size}, lastModified: ${Math.floor(modifiedMs)}`);
      return true;
    } catch (error) {
      log.warn(`Could not delete ${path}: ${messageOf(error)}`);
      return false;
    }
  }
}

function byAge(a: Entry, b: Entry): number {
  return a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1);
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(3);
}

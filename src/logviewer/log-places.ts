/**
 * Which files are logs, and where they lie: `<topology id>/<port>/worker.log` and its like under a node's workers-artifacts, and daemons'
 * logs in a node's log folder. A name never leads anywhere else, also not through a link that a worker has made.
 */
import type { Runtime } from "../base/index.ts";

/** A node's folders of logs, by the host that workers and links name. */
export type LogFolders = Readonly<Record<string, readonly string[]>>;

export interface LogFile {
  readonly host: string;
  /** As it is asked for. */
  readonly name: string;
  readonly isDaemon: boolean;
  readonly size: number;
  readonly modifiedMs: number;
}

export interface OpenedPlace {
  readonly host: string;
  readonly path: string;
  readonly size: number;
}

const artifacts = "workers-artifacts";
/** A file system knows no longer ones; it would not say that nothing is there, but that it was asked badly. */
const nameBytesMax = 255;
/** What a worker and a daemon write; not what else lies there (pids, results, an author's own files). */
const workerLog = /^(?:worker\.log|events\.log|gc\.log|tuple-steps\.jsonl)(?:\.[\w.]+)?$/;
const daemonLog = /^[\w-]+\.(?:log|out)(?:\.[\w.]+)?$/;

export class LogPlaces {
  readonly #runtime: Runtime;
  readonly #folders: () => Promise<LogFolders>;

  constructor(runtime: Runtime, folders: () => Promise<LogFolders>) {
    this.#runtime = runtime;
    this.#folders = folders;
  }

  /** The log of this name, on this host or on the first that has it; null: there is none, or it is no name of a log. */
  async find(name: string, isDaemon: boolean, host: string | null): Promise<OpenedPlace | null> {
    const inside = isDaemon ? daemonPath(name) : workerPath(name);
    if (inside === null) return null;
    for (const [each, folder] of await this.#each()) {
      if (host !== null && each !== host) continue;
      const path = await this.#within(folder, inside);
      const stat = path === null ? null : await this.#runtime.fs.stat(path);
      if (path !== null && stat?.kind === "file") return { host: each, path, size: stat.size };
    }
    return null;
  }

  /** All logs of workers, or those of one topology, or of one of its ports. */
  async workerLogs(topologyId?: string, port?: string): Promise<LogFile[]> {
    const found: LogFile[] = [];
    for (const [host, folder] of await this.#each()) {
      for (const id of await this.#list(`${folder}/${artifacts}`, topologyId)) {
        for (const slot of await this.#list(`${folder}/${artifacts}/${id}`, port))
          found.push(...(await this.#logs(host, folder, `${id}/${slot}`, false)));
      }
    }
    return found;
  }

  async daemonLogs(): Promise<LogFile[]> {
    const folders = await this.#each();
    const found = await Promise.all(folders.map(([host, folder]) => this.#logs(host, folder, "", true)));
    return found.flat();
  }

  async #each(): Promise<(readonly [host: string, folder: string])[]> {
    return Object.entries(await this.#folders()).flatMap(([host, all]) => all.map((folder) => [host, folder] as const));
  }

  async #logs(host: string, folder: string, below: string, isDaemon: boolean): Promise<LogFile[]> {
    const names = await this.#list(isDaemon ? folder : `${folder}/${artifacts}/${below}`);
    const found: LogFile[] = [];
    for (const each of names) {
      const name = isDaemon ? each : `${below}/${each}`;
      const inside = isDaemon ? daemonPath(name) : workerPath(name);
      const path = inside === null ? null : await this.#within(folder, inside);
      const stat = path === null ? null : await this.#runtime.fs.stat(path);
      if (stat?.kind === "file") found.push({ host, name, isDaemon, size: stat.size, modifiedMs: stat.modifiedMs });
    }
    return found;
  }

  /** Names in a folder, or the one that is wanted; none when there is no such folder. */
  async #list(folder: string, wanted?: string): Promise<string[]> {
    const names = await this.#runtime.fs.list(folder).catch((): string[] => []);
    return wanted === undefined ? names : names.filter((name) => name === wanted);
  }

  /** Null: nothing is there, or it lies elsewhere in truth. */
  async #within(folder: string, inside: string): Promise<string | null> {
    const { fs } = this.#runtime;
    const [root, path] = await Promise.all([fs.realPath(folder), fs.realPath(`${folder}/${inside}`)]);
    return root !== null && path?.startsWith(`${root}/`) === true ? path : null;
  }
}

function workerPath(name: string): string | null {
  const parts = name.split("/");
  const [id = "", port = "", file = ""] = parts;
  const isPlain = parts.length === 3 && isName(id) && isName(file) && /^\d{1,5}$/.test(port) && workerLog.test(file);
  return isPlain ? `${artifacts}/${id}/${port}/${file}` : null;
}

function daemonPath(name: string): string | null {
  return isName(name) && daemonLog.test(name) ? name : null;
}

/** One step of a path, and no step upwards. */
function isName(part: string): boolean {
  return (
    part !== "" && Buffer.byteLength(part) <= nameBytesMax && !/[/\\\0]/.test(part) && part !== "." && part !== ".."
  );
}

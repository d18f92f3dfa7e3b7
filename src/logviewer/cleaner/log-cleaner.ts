/**
 * Keeps the logs of workers within their bounds: folders of dead workers that nobody has written to for long go whole, then the oldest
 * files of a worker that has too much, then those of all workers. Source: LogCleaner of Storm 2.8.
 */
import { messageOf, pause, type Runtime } from "../../base/index.ts";
import { type Deleted, DirectoryCleaner, mayGoOfAll, mayGoOfWorker } from "./directory-cleaner.ts";
import { type Entry, entriesOf, namesIn, sizeOf, type WorkerFolder, workerFolders } from "./worker-folders.ts";

export interface CleanerSettings {
  /** `logviewer.cleanup.interval.secs`; null: logs are left alone, as in Storm. */
  readonly intervalMs: number | null;
  /** `logviewer.cleanup.age.mins`. */
  readonly ageMs: number;
  /** `logviewer.max.sum.worker.logs.size.mb`, of a node. */
  readonly sumBytesMax: number;
  /** `logviewer.max.per.worker.logs.size.mb`; half the sum at most, as in Storm. */
  readonly perWorkerBytesMax: number;
}

export interface LiveWorkers {
  readonly ids: ReadonlySet<string>;
  /** `<topology id>/<port>`. */
  readonly slots: ReadonlySet<string>;
}

export interface CleanedNode {
  /** Its storm.log.dir. */
  readonly folder: string;
  /** At this moment. Rejects when that cannot be told: then nothing is deleted. */
  readonly live: () => Promise<LiveWorkers>;
}

export class LogCleaner implements AsyncDisposable {
  readonly #runtime: Runtime;
  readonly #settings: CleanerSettings;
  readonly #nodes: () => Promise<readonly CleanedNode[]>;
  readonly #stop = new AbortController();
  readonly #files: DirectoryCleaner;
  #ended: Promise<void> = Promise.resolve();

  constructor(runtime: Runtime, settings: CleanerSettings, nodes: () => Promise<readonly CleanedNode[]>) {
    this.#runtime = runtime;
    this.#settings = {
      ...settings,
      perWorkerBytesMax: Math.min(settings.perWorkerBytesMax, settings.sumBytesMax / 2),
    };
    this.#nodes = nodes;
    this.#files = new DirectoryCleaner(runtime, this.#stop.signal);
  }

  /** At once, and then again and again. */
  start(): void {
    const { log } = this.#runtime;
    const { intervalMs, sumBytesMax, perWorkerBytesMax } = this.#settings;
    const [sum, perWorker] = [sumBytesMax, perWorkerBytesMax].map((bytes) => bytes / 1024 / 1024);
    log.info(
      `configured max total size of worker logs: ${sum} MB, max total size of worker logs per directory: ${perWorker} MB`,
    );
    if (intervalMs === null) log.warn("The interval for log cleanup is not set. Skip starting log cleanup thread.");
    else this.#ended = this.#loop(intervalMs);
  }

  /** Once, over all nodes. Never rejects. */
  async run(): Promise<Deleted> {
    let all: Deleted = { files: 0, bytes: 0 };
    try {
      for (const node of await this.#nodes()) all = sum(all, await this.#cleanNode(node));
    } catch (error) {
      this.#runtime.log.error(`Exception while cleaning up old log. ${messageOf(error)}`);
    }
    return all;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #loop(intervalMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.run();
      await pause(this.#runtime.timers, intervalMs, signal);
    }
  }

  /** Never rejects: one node's trouble is not another's. */
  async #cleanNode(node: CleanedNode): Promise<Deleted> {
    let done: Deleted = { files: 0, bytes: 0 };
    try {
      const root = await this.#runtime.fs.realPath(`${node.folder}/workers-artifacts`);
      if (root === null) return done;
      for (const folder of await workerFolders(this.#runtime.fs, root))
        done = sum(done, await this.#removeOld(folder, node, root));
      return sum(done, await this.#cleanSizes(node, root));
    } catch (error) {
      this.#runtime.log.error(`Exception while cleaning up old log. ${messageOf(error)}`, { folder: node.folder });
      return done;
    }
  }

  /** The whole folder, when it is old and its worker is dead. */
  async #removeOld(folder: WorkerFolder, node: CleanedNode, root: string): Promise<Deleted> {
    const nothing: Deleted = { files: 0, bytes: 0 };
    if (this.#stop.signal.aborted || !(await this.#isOld(folder))) return nothing;
    // Asked for each anew: a worker may have come back to its folder since the last one.
    if (await this.#lives(folder, await node.live())) return nothing;
    const { fs, log } = this.#runtime;
    const bytes = await sizeOf(fs, folder.path);
    try {
      if ((await fs.realPath(folder.path)) !== folder.path) return nothing;
      log.info(`Cleaning up: Removing ${folder.path}, ${bytes / 1000} KB`);
      await fs.remove(folder.path);
      const topology = `${root}/${folder.slot.split("/")[0]}`;
      if ((await namesIn(fs, topology)).length === 0) await fs.remove(topology);
      return { files: 1, bytes };
    } catch (error) {
      log.error(`Could not remove ${folder.path}: ${messageOf(error)}`);
      return nothing;
    }
  }

  async #isOld({ path }: WorkerFolder): Promise<boolean> {
    const { fs, clock } = this.#runtime;
    const since = clock.nowMs() - this.#settings.ageMs;
    const stat = await fs.stat(path);
    if (stat === null || stat.modifiedMs > since) return false;
    return (await entriesOf(fs, path)).every(({ modifiedMs }) => modifiedMs <= since);
  }

  async #cleanSizes(node: CleanedNode, root: string): Promise<Deleted> {
    const { perWorkerBytesMax, sumBytesMax } = this.#settings;
    const folders = await workerFolders(this.#runtime.fs, root);
    const live = await node.live();
    const living = new Set<string>();
    for (const folder of folders) if (await this.#lives(folder, live)) living.add(folder.path);
    const rule = (mayGo: (lives: boolean, entry: Entry) => boolean) => (folder: WorkerFolder, entry: Entry) =>
      mayGo(living.has(folder.path), entry);
    let done: Deleted = { files: 0, bytes: 0 };
    for (const folder of folders) {
      const of = `worker directory: ${folder.path} is over per-worker`;
      const quota = { bytes: perWorkerBytesMax, of, mayGo: rule(mayGoOfWorker) };
      done = sum(done, await this.#files.deleteOldestWhileTooLarge([folder], quota));
    }
    const quota = { bytes: sumBytesMax, of: "log root directory is over global", mayGo: rule(mayGoOfAll) };
    return sum(done, await this.#files.deleteOldestWhileTooLarge(folders, quota));
  }

  /** By its slot, or by the worker that its worker.yaml names. */
  async #lives({ path, slot }: WorkerFolder, { ids, slots }: LiveWorkers): Promise<boolean> {
    if (slots.has(slot)) return true;
    const { fs } = this.#runtime;
    const file = `${path}/worker.yaml`;
    if ((await fs.realPath(file)) !== file || (await fs.stat(file))?.kind !== "file") return false;
    const text = Buffer.from(await fs.readFile(file)).toString("utf8");
    const [, id] = /(?:^|[{,])\s*["']?worker-id["']?\s*:\s*["']?([\w-]+)/m.exec(text) ?? [];
    return id !== undefined && ids.has(id);
  }
}

function sum(a: Deleted, b: Deleted): Deleted {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

/**
 * Removes snapshots and logs that no recovery can need: all but the newest N valid snapshots, and the logs before the one that
 * covers the oldest of them. Source: DatadirCleanupManager, PurgeTxnLog of ZooKeeper 3.8.
 */
import { type FileSystem, messageOf, type Runtime, type Timer } from "../../base/index.ts";
import type { FileDatabase } from "./file-database.ts";
import { numberedFiles } from "./recovery.ts";
import { isSealed } from "./snapshot-file.ts";

export interface PurgeOptions {
  /** At least 3. */
  readonly snapRetainCount: number;
  /** 0: never. */
  readonly intervalHours: number;
}

const hourMs = 60 * 60 * 1000;

export class Purge {
  readonly #runtime: Runtime;
  readonly #database: FileDatabase;
  readonly #retainCount: number;
  readonly #timer: Timer | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(runtime: Runtime, database: FileDatabase, options: PurgeOptions) {
    this.#runtime = runtime;
    this.#database = database;
    this.#retainCount = options.snapRetainCount;
    runtime.log.info(`autopurge.snapRetainCount set to ${options.snapRetainCount}`);
    runtime.log.info(`autopurge.purgeInterval set to ${options.intervalHours}`);
    if (options.intervalHours <= 0) {
      runtime.log.info("Purge task is not scheduled.");
      return;
    }
    this.#run();
    this.#timer = runtime.timers.every(options.intervalHours * hourMs, () => this.#run());
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#running;
  }

  #run(): void {
    const { log, fs } = this.#runtime;
    log.info("Purge task started.");
    const { snapDirectory, logDirectory } = this.#database;
    this.#running = purge(fs, snapDirectory, logDirectory, this.#retainCount).then(
      (removed) => log.info(`Purge task completed. Removed ${removed.length} files`),
      (error: unknown) => log.error(`Error occurred while purging: ${messageOf(error)}`),
    );
  }
}

/** Paths removed, oldest first. With fewer valid snapshots than `retainCount` nothing is removed. */
export async function purge(
  fs: FileSystem,
  snapDirectory: string,
  logDirectory: string,
  retainCount: number,
): Promise<string[]> {
  const snapshots = await numberedFiles(fs, snapDirectory, "snapshot");
  const valid: number[] = [];
  for (const file of [...snapshots].reverse()) {
    if (valid.length < retainCount && (await isSealed(fs, file.path))) valid.push(file.zxid);
  }
  const oldestKept = valid.at(-1);
  if (oldestKept === undefined || valid.length < retainCount) return [];
  const removed = snapshots.filter((file) => file.zxid < oldestKept).map((file) => file.path);
  const logs = await numberedFiles(fs, logDirectory, "log");
  const covering = logs.findLast((file) => file.zxid <= oldestKept)?.zxid ?? 0;
  removed.push(...logs.filter((file) => file.zxid < covering).map((file) => file.path));
  for (const path of removed) await fs.remove(path);
  return removed;
}

/**
 * The log that is being written. Entries gather in memory until `sync`; one write and one fsync carry everything that
 * gathered while the previous fsync was under way (group commit). A new file starts with the first entry after `roll`.
 */
import { type FileHandle, type Log, must, type Runtime } from "../../base/index.ts";
import type { Proposal } from "../../wire/zookeeper/index.ts";
import { diskError } from "./errors.ts";
import { encodeEntry, logHeader, logName } from "./log-file.ts";
import type { Summary } from "./summary.ts";
import { SyncedMarkFile } from "./synced-mark.ts";

export interface TxnLogOptions {
  /** The folder `version-2` of dataLogDir. */
  readonly directory: string;
  /** forceSync; false gives up durability and is said so at the start. */
  readonly forceSync: boolean;
  /** fsync.warningthresholdms */
  readonly fsyncWarningMs: number;
}

interface Batch {
  /** Set when a file begins with these entries. */
  readonly startsFile: string | null;
  readonly pieces: Buffer[];
}

interface Waiter {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class TxnLog {
  readonly #runtime: Runtime;
  readonly #log: Log;
  readonly #options: TxnLogOptions;
  #pending: Batch[] = [];
  #rollNext = true;
  readonly #mark: SyncedMarkFile;
  #handle: FileHandle | null = null;
  #name = "";
  #position = 0;
  #running: Waiter | null = null;
  #next: Waiter | null = null;
  #failure: unknown = null;
  /** Of the fsyncs, in milliseconds; for `mntr`. */
  readonly fsyncTimes: Summary;

  constructor(runtime: Runtime, options: TxnLogOptions, fsyncTimes: Summary) {
    this.#runtime = runtime;
    this.#log = runtime.log;
    this.#options = options;
    this.fsyncTimes = fsyncTimes;
    this.#mark = new SyncedMarkFile(runtime, options.directory);
  }

  append(proposal: Proposal): void {
    const entry = encodeEntry(proposal);
    if (this.#rollNext) {
      this.#rollNext = false;
      this.#pending.push({ startsFile: logName(proposal.header.zxid), pieces: [logHeader, entry] });
      return;
    }
    const last = this.#pending.at(-1);
    if (last === undefined) this.#pending.push({ startsFile: null, pieces: [entry] });
    else last.pieces.push(entry);
  }

  /** The next entry opens a new file. */
  roll(): void {
    this.#rollNext = true;
  }

  /** See `Database.sync`. */
  sync(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#pending.length === 0) return this.#next?.promise ?? this.#running?.promise ?? Promise.resolve();
    if (this.#next !== null) return this.#next.promise;
    const waiter = newWaiter();
    this.#next = waiter;
    // Takes `#next` over at once.
    if (this.#running === null) void this.#run();
    return waiter.promise;
  }

  async close(): Promise<void> {
    await this.sync().catch(() => undefined);
    const handle = this.#handle;
    this.#handle = null;
    this.#rollNext = true;
    await handle?.close();
    await this.#mark.close();
  }

  /** One flush after the other until nobody waits. Never rejects: waiters are told. */
  async #run(): Promise<void> {
    while (this.#next !== null) {
      const waiter = this.#next;
      this.#running = waiter;
      this.#next = null;
      const batches = this.#pending;
      this.#pending = [];
      try {
        await this.#flush(batches);
        waiter.resolve();
      } catch (error) {
        this.#failure = diskError(error, "writing the transaction log");
        waiter.reject(this.#failure);
        this.#refuseNext();
      }
    }
    this.#running = null;
  }

  #refuseNext(): void {
    this.#next?.reject(this.#failure);
    this.#next = null;
  }

  async #flush(batches: readonly Batch[]): Promise<void> {
    for (const batch of batches) {
      if (batch.startsFile !== null) await this.#open(batch.startsFile);
      const bytes = batch.pieces.length === 1 ? batch.pieces[0]! : Buffer.concat(batch.pieces);
      await must(this.#handle, "the open log file").write(bytes, this.#position);
      this.#position += bytes.length;
    }
    await this.#fsync();
  }

  async #open(name: string): Promise<void> {
    if (this.#handle !== null) {
      await this.#fsync();
      await this.#handle.close();
    }
    this.#name = name;
    this.#log.info(`Creating new log file: ${name}`);
    this.#handle = await this.#runtime.fs.open(`${this.#options.directory}/${name}`, "create-new");
    this.#position = 0;
    await this.#mark.begin(name);
    await this.#runtime.fs.syncDirectory(this.#options.directory);
  }

  async #fsync(): Promise<void> {
    if (!this.#options.forceSync) return;
    const startMs = this.#runtime.clock.monotonicMs();
    await must(this.#handle, "the open log file").sync();
    const tookMs = this.#runtime.clock.monotonicMs() - startMs;
    this.fsyncTimes.add(tookMs);
    this.#mark.note({ log: this.#name, bytes: this.#position });
    if (tookMs > this.#options.fsyncWarningMs) {
      this.#log.warn(
        `fsync-ing the write ahead log in ${this.#options.directory}/${this.#name} took ${Math.round(tookMs)}ms which will ` +
          `adversely effect operation latency. File size is ${this.#position} bytes. See the ZooKeeper troubleshooting guide`,
      );
    }
  }
}

function newWaiter(): Waiter {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // A caller that gave up must not turn a disk error into an unhandled rejection; the others still see it.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

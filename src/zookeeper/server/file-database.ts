/**
 * The database of a server on its disk: tree and sessions in memory, log and snapshots under `version-2`.
 * Recovery and purging are in recovery.ts and purge.ts; the bytes in log-file.ts and snapshot-file.ts.
 */
import { assert, makeDurableDirectory, type Runtime } from "../../base/index.ts";
import { opCode, type Proposal, type SessionId, type Zxid } from "../../wire/zookeeper/index.ts";
import { CommittedRing } from "./committed-ring.ts";
import { DataTree } from "./data-tree.ts";
import type { ApplyResult, Database, SnapshotImage } from "./database.ts";
import { EpochFiles } from "./epoch-files.ts";
import { diskError } from "./errors.ts";
import { type CutLog, committedFromLog, cutLogAfter, cutTail, numberedFiles, recover } from "./recovery.ts";
import { serializeImage } from "./snapshot-codec.ts";
import { writeSnapshot } from "./snapshot-file.ts";
import { Summary } from "./summary.ts";
import { TxnLog } from "./txn-log.ts";

export interface FileDatabaseOptions {
  readonly dataDir: string;
  readonly dataLogDir: string;
  /** Transactions between snapshots; the real number is drawn between half of it and all. Default 100,000. */
  readonly snapCount: number;
  /** Log bytes between snapshots, drawn the same way. Default 4 GiB (snapSizeLimitInKb); ≤ 0: no such rule. */
  readonly snapBytes: number;
  /** How many committed transactions stay in memory. Default 500. */
  readonly commitLogCount: number;
  /** Default true. */
  readonly forceSync: boolean;
  /** Default 1000. */
  readonly fsyncWarningMs: number;
  /** snapshot.trust.empty: replay a log that has no snapshot. Default false. */
  readonly trustEmptySnapshot: boolean;
  /** What `/zookeeper/config` holds whatever the disk says: the ensemble of this server's zoo.cfg. Null, the default: nothing. */
  readonly configText?: string | null;
}

export const databaseDefaults = {
  snapCount: 100_000,
  snapBytes: 4 * 2 ** 30,
  commitLogCount: 500,
  forceSync: true,
  fsyncWarningMs: 1000,
  trustEmptySnapshot: false,
} as const;

export const versionFolder = "version-2";

export class FileDatabase implements Database {
  readonly tree = new DataTree();
  readonly sessions = new Map<SessionId, number>();
  readonly committed: CommittedRing;
  readonly epochs: EpochFiles;
  readonly snapDirectory: string;
  readonly logDirectory: string;
  lastProcessedZxid: Zxid = 0;
  lastLoggedZxid: Zxid = 0;
  historyFromZxid: Zxid = 0;
  newestSnapshotBytes = 0;
  readonly fsyncTimes = new Summary();
  readonly snapshotTimes = new Summary();
  readonly #runtime: Runtime;
  readonly #options: FileDatabaseOptions;
  #log: TxnLog;
  #txnsSinceSnapshot = 0;
  #bytesSinceSnapshot = 0;
  #txnsWanted = 0;
  #bytesWanted = 0;
  #snapshotting: Promise<void> | null = null;
  #closing = false;
  #onFailure: (error: unknown) => void = () => undefined;

  constructor(runtime: Runtime, options: FileDatabaseOptions) {
    this.#runtime = runtime;
    this.#options = options;
    this.committed = new CommittedRing(options.commitLogCount, () => this.lastProcessedZxid);
    this.snapDirectory = `${options.dataDir}/${versionFolder}`;
    this.logDirectory = `${options.dataLogDir}/${versionFolder}`;
    this.epochs = new EpochFiles(runtime, this.snapDirectory);
    this.#log = this.#newLog();
  }

  /** Told when a snapshot that nobody waits for cannot be written. */
  onFailure(handler: (error: unknown) => void): void {
    this.#onFailure = handler;
  }

  async load(): Promise<void> {
    try {
      await this.#finishSnapshot();
      await this.#log.close();
      this.#log = this.#newLog();
      await this.#makeDirectories();
      await this.#recover(Number.POSITIVE_INFINITY);
      await this.#makeDurable();
      await this.epochs.load(this.lastProcessedZxid);
      if (this.newestSnapshotBytes === 0) await this.takeSnapshot();
      this.#drawSnapshotTime();
    } catch (error) {
      throw diskError(error, "loading the database");
    }
  }

  append(proposal: Proposal): void {
    const { zxid } = proposal.header;
    assert(zxid > this.lastLoggedZxid, `zxid ${zxid} is logged after ${this.lastLoggedZxid}`);
    this.lastLoggedZxid = zxid;
    this.#bytesSinceSnapshot += proposal.bytes.length;
    this.#log.append(proposal);
  }

  sync(): Promise<void> {
    return this.#log.sync();
  }

  apply(proposal: Proposal): ApplyResult {
    const result = this.#replay(proposal);
    this.#txnsSinceSnapshot++;
    if (this.#snapshotDue()) void this.takeSnapshot().catch((error: unknown) => this.#onFailure(error));
    return result;
  }

  advanceTo(zxid: Zxid): void {
    if (zxid > this.lastProcessedZxid) this.lastProcessedZxid = zxid;
    if (zxid > this.lastLoggedZxid) this.lastLoggedZxid = zxid;
  }

  committedFromLog(zxid: Zxid, bytesMax: number): Promise<AsyncIterable<Proposal> | null> {
    return committedFromLog(this.#runtime.fs, this.logDirectory, zxid, this.lastProcessedZxid, bytesMax);
  }

  async truncate(zxid: Zxid): Promise<void> {
    try {
      await this.#finishSnapshot();
      await this.#forgetLogAfter(zxid);
      await this.#recover(zxid);
    } catch (error) {
      throw diskError(error, "truncating the transaction log");
    }
  }

  serialize(): Generator<Buffer, void, void> {
    return serializeImage(this, this.lastProcessedZxid);
  }

  async restore(image: SnapshotImage, zxid: Zxid): Promise<void> {
    await this.#finishSnapshot();
    if (this.lastLoggedZxid > zxid) await this.#forgetLogAfter(zxid);
    this.#adopt(image);
    this.committed.clear();
    this.historyFromZxid = zxid;
    this.lastProcessedZxid = zxid;
    this.lastLoggedZxid = zxid;
    this.#log.roll();
  }

  async takeSnapshot(): Promise<void> {
    while (this.#snapshotting !== null) await this.#snapshotting.catch(() => undefined);
    const running = this.#snapshot();
    this.#snapshotting = running;
    try {
      await running;
    } finally {
      if (this.#snapshotting === running) this.#snapshotting = null;
    }
  }

  stopSnapshot(): Promise<void> {
    return this.#finishSnapshot();
  }

  async close(): Promise<void> {
    await this.#finishSnapshot();
    await this.#log.close();
  }

  #newLog(): TxnLog {
    const { forceSync, fsyncWarningMs } = this.#options;
    return new TxnLog(this.#runtime, { directory: this.logDirectory, forceSync, fsyncWarningMs }, this.fsyncTimes);
  }

  async #makeDirectories(): Promise<void> {
    await makeDurableDirectory(this.#runtime.fs, this.snapDirectory);
    await makeDurableDirectory(this.#runtime.fs, this.logDirectory);
  }

  /**
   * A process that was killed may have left what it wrote in the system's cache. It was read back, so it is promised from
   * now on: to leaders, as this server's history. A later power cut must not take it.
   */
  async #makeDurable(): Promise<void> {
    const { fs } = this.#runtime;
    const newest = (await numberedFiles(fs, this.logDirectory, "log")).at(-1);
    if (newest !== undefined) {
      const handle = await fs.open(newest.path, "read-write");
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    for (const directory of new Set([this.snapDirectory, this.logDirectory])) await fs.syncDirectory(directory);
  }

  async #recover(upTo: Zxid): Promise<void> {
    const { fs, log } = this.#runtime;
    this.tree.reset();
    this.sessions.clear();
    this.committed.clear();
    this.historyFromZxid = 0;
    this.lastProcessedZxid = 0;
    const folders = {
      snapDirectory: this.snapDirectory,
      logDirectory: this.logDirectory,
      dataDir: this.#options.dataDir,
    };
    const tails: CutLog[] = [];
    const found = await recover(fs, log, folders, this.#options.trustEmptySnapshot, {
      image: (image, zxid) => {
        this.#adopt(image);
        this.historyFromZxid = zxid;
        this.lastProcessedZxid = zxid;
      },
      transaction: (proposal) => {
        if (proposal.header.zxid <= upTo) this.#replay(proposal);
      },
      torn: (tail) => tails.push(tail),
    });
    this.#ownConfigNode();
    // Only now, when everything was found readable, is anything changed on disk.
    for (const tail of tails) await cutTail(fs, log, tail);
    this.newestSnapshotBytes = found.snapshotBytes;
    this.lastLoggedZxid = this.lastProcessedZxid;
    this.#txnsSinceSnapshot = found.transactionCount;
  }

  /** What a leader does not have was never committed: no restart may find it again. */
  async #forgetLogAfter(zxid: Zxid): Promise<void> {
    await this.#log.close();
    await cutLogAfter(this.#runtime.fs, this.logDirectory, this.snapDirectory, zxid);
    this.#log = this.#newLog();
  }

  #adopt(image: SnapshotImage): void {
    this.tree.adopt(image.tree);
    this.sessions.clear();
    for (const [id, timeoutMs] of image.sessions) this.sessions.set(id, timeoutMs);
    this.#ownConfigNode();
  }

  #ownConfigNode(): void {
    if (this.#options.configText != null) this.tree.setConfigNode(this.#options.configText, 0);
  }

  #replay(proposal: Proposal): ApplyResult {
    const { header, txn } = proposal;
    const result = this.tree.apply(proposal);
    if (txn.kind === "createSession") this.sessions.set(header.clientId, txn.timeoutMs);
    else if (header.type === opCode.closeSession) this.sessions.delete(header.clientId);
    if (header.zxid > this.lastProcessedZxid) this.lastProcessedZxid = header.zxid;
    this.committed.push(proposal);
    return result;
  }

  #snapshotDue(): boolean {
    if (this.#snapshotting !== null || this.#closing) return false;
    if (this.#txnsSinceSnapshot > this.#txnsWanted) return true;
    return this.#options.snapBytes > 0 && this.#bytesSinceSnapshot > this.#bytesWanted;
  }

  /** Half of the limit and a random part of the other half: an ensemble must not write its snapshots all at once. */
  #drawSnapshotTime(): void {
    const { snapCount, snapBytes } = this.#options;
    const { random } = this.#runtime;
    this.#txnsWanted = Math.floor(snapCount / 2 + (random.float() * snapCount) / 2);
    this.#bytesWanted = Math.floor(snapBytes / 2 + (random.float() * snapBytes) / 2);
  }

  async #snapshot(): Promise<void> {
    const zxid = this.lastProcessedZxid;
    const startMs = this.#runtime.clock.monotonicMs();
    this.#txnsSinceSnapshot = 0;
    this.#bytesSinceSnapshot = 0;
    this.#drawSnapshotTime();
    this.#log.roll();
    this.#runtime.log.info(
      `Snapshotting: 0x${zxid.toString(16)} to ${this.snapDirectory}/snapshot.${zxid.toString(16)}`,
    );
    try {
      const bytes = await writeSnapshot(this.#runtime.fs, this.snapDirectory, zxid, this, () => this.#closing);
      if (bytes !== null) this.newestSnapshotBytes = bytes;
      this.snapshotTimes.add(this.#runtime.clock.monotonicMs() - startMs);
    } catch (error) {
      throw diskError(error, "writing a snapshot");
    }
  }

  /** Waits for a running snapshot to stop at its next piece. */
  async #finishSnapshot(): Promise<void> {
    this.#closing = true;
    while (this.#snapshotting !== null) await this.#snapshotting.catch(() => undefined);
    this.#closing = false;
  }
}

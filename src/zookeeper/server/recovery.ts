/**
 * What a start finds on disk: the newest snapshot that is whole, every transaction after it, a torn tail perhaps. Reading
 * changes nothing; the caller cuts and removes after everything was found readable.
 * Source: FileTxnSnapLog.restore, FileTxnLog.truncate of ZooKeeper 3.8.
 */
import type { FileSystem, Log } from "../../base/index.ts";
import type { Proposal } from "../../wire/zookeeper/index.ts";
import type { SnapshotImage } from "./database.ts";
import { epochOf } from "./epoch-files.ts";
import { misplacedFile, missingTransactions, noSnapshot } from "./errors.ts";
import { logHeader, readLogFile, zxidOfName } from "./log-file.ts";
import { isUnfinishedSnapshot, readSnapshot, snapshotTriesMax } from "./snapshot-file.ts";
import { readSyncedMark, type SyncedMark } from "./synced-mark.ts";

export interface NumberedFile {
  readonly path: string;
  readonly zxid: number;
}

export interface CutLog {
  readonly path: string;
  readonly goodBytes: number;
}

export interface RecoverySink {
  image(image: SnapshotImage, zxid: number): void;
  transaction(proposal: Proposal): void;
  torn(tail: CutLog): void;
}

export interface Folders {
  readonly snapDirectory: string;
  readonly logDirectory: string;
  readonly dataDir: string;
}

export async function numberedFiles(
  fs: FileSystem,
  directory: string,
  prefix: "log" | "snapshot",
): Promise<NumberedFile[]> {
  const files: NumberedFile[] = [];
  for (const name of await fs.list(directory)) {
    const zxid = zxidOfName(name, prefix);
    if (zxid !== null) files.push({ path: `${directory}/${name}`, zxid });
  }
  return files.sort((a, b) => a.zxid - b.zxid);
}

/** Calls the sink in order. Throws SL-ZK-NO-SNAPSHOT and SL-ZK-LOG-DAMAGED. */
export async function recover(
  fs: FileSystem,
  log: Log,
  folders: Folders,
  trustEmpty: boolean,
  sink: RecoverySink,
): Promise<{ readonly snapshotBytes: number; readonly transactionCount: number }> {
  await checkFolders(fs, folders);
  await removeUnfinished(fs, folders.snapDirectory);
  const logs = await numberedFiles(fs, folders.logDirectory, "log");
  const snapshot = await newestSnapshot(fs, log, folders.snapDirectory);
  if (snapshot === null && logs.length > 0 && !trustEmpty) throw noSnapshot(folders.snapDirectory);
  const startZxid = snapshot?.zxid ?? 0;
  if (snapshot !== null) {
    log.info(`Reading snapshot ${snapshot.path}`);
    sink.image(snapshot.image, startZxid);
  }
  const mark = await readSyncedMark(fs, folders.logDirectory);
  const transactionCount = await replayLogs(fs, logs, startZxid, snapshot !== null, mark, sink);
  log.info(`${transactionCount} txns loaded`);
  return { snapshotBytes: snapshot?.bytes ?? 0, transactionCount };
}

/** A dataLogDir that was added or changed later would hide every transaction since the last snapshot. */
async function checkFolders(fs: FileSystem, { snapDirectory, logDirectory }: Folders): Promise<void> {
  if (snapDirectory === logDirectory) return;
  const misplacedLog = (await numberedFiles(fs, snapDirectory, "log"))[0];
  if (misplacedLog !== undefined)
    throw misplacedFile(misplacedLog.path, "Snapshot directory has log files", "dataLogDir");
  const misplacedSnapshot = (await numberedFiles(fs, logDirectory, "snapshot"))[0];
  if (misplacedSnapshot !== undefined) {
    throw misplacedFile(misplacedSnapshot.path, "Log directory has snapshot files", "dataDir");
  }
}

async function removeUnfinished(fs: FileSystem, directory: string): Promise<void> {
  for (const name of await fs.list(directory)) if (isUnfinishedSnapshot(name)) await fs.remove(`${directory}/${name}`);
}

async function newestSnapshot(
  fs: FileSystem,
  log: Log,
  directory: string,
): Promise<(NumberedFile & { readonly image: SnapshotImage; readonly bytes: number }) | null> {
  const files = (await numberedFiles(fs, directory, "snapshot")).reverse().slice(0, snapshotTriesMax);
  for (const file of files) {
    const image = await readSnapshot(fs, file.path);
    if (typeof image !== "string") return { ...file, image, bytes: (await fs.stat(file.path))?.size ?? 0 };
    log.warn(`problem reading snap file ${file.path}: ${image}`);
  }
  return null;
}

/** Files from the one that may hold `startZxid` + 1 onwards. */
function filesFrom(logs: readonly NumberedFile[], startZxid: number): readonly NumberedFile[] {
  let first = 0;
  for (let index = 0; index < logs.length; index++) if (logs[index]!.zxid <= startZxid) first = index;
  return logs.slice(first);
}

async function replayLogs(
  fs: FileSystem,
  logs: readonly NumberedFile[],
  startZxid: number,
  hasSnapshot: boolean,
  mark: SyncedMark | null,
  sink: RecoverySink,
): Promise<number> {
  let last = startZxid;
  let count = 0;
  for (const file of filesFrom(logs, startZxid)) {
    const entries = readLogFile(fs, file.path, syncedBytesOf(file, mark));
    for (;;) {
      const step = await entries.next();
      if (step.done === true) {
        if (step.value.torn || step.value.goodBytes <= logHeader.length)
          sink.torn({ path: file.path, goodBytes: step.value.goodBytes });
        break;
      }
      const { proposal } = step.value;
      const { zxid } = proposal.header;
      if (zxid <= last) continue;
      // Inside an epoch zxids are contiguous; a log without any snapshot may begin anywhere.
      const anywhere = !hasSnapshot && count === 0;
      if (!anywhere && zxid !== last + 1 && epochOf(zxid) === epochOf(last)) {
        throw missingTransactions(file.path, `0x${last.toString(16)}`, `0x${zxid.toString(16)}`);
      }
      last = zxid;
      count++;
      sink.transaction(proposal);
    }
  }
  return count;
}

/** Older files were synced whole before the next one began; a newer file than the marked one is not known at all. */
function syncedBytesOf(file: NumberedFile, mark: SyncedMark | null): number {
  const marked = mark === null ? null : zxidOfName(mark.log, "log");
  if (mark === null || marked === null || file.zxid < marked) return Number.POSITIVE_INFINITY;
  return file.zxid === marked ? mark.bytes : 0;
}

/** Cuts what a torn write left; a file that holds no transaction is removed, because its name will be needed again. */
export async function cutTail(fs: FileSystem, log: Log, tail: CutLog): Promise<void> {
  if (tail.goodBytes <= logHeader.length) {
    log.warn(`Removing ${tail.path}: no transaction in it was completely written`);
    await fs.remove(tail.path);
    await fs.syncDirectory(tail.path.slice(0, tail.path.lastIndexOf("/")));
    return;
  }
  log.warn(`Truncating ${tail.path} to ${tail.goodBytes} bytes: the last transaction was not completely written`);
  await cutFile(fs, tail.path, tail.goodBytes);
}

async function cutFile(fs: FileSystem, path: string, bytes: number): Promise<void> {
  const handle = await fs.open(path, "read-write");
  try {
    await handle.truncate(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** TRUNC: no entry and no snapshot after `zxid` stays. Newest files go first, so that a crash in between leaves no gap. */
export async function cutLogAfter(
  fs: FileSystem,
  logDirectory: string,
  snapDirectory: string,
  zxid: number,
): Promise<void> {
  for (const file of (await numberedFiles(fs, snapDirectory, "snapshot")).reverse()) {
    if (file.zxid > zxid) await fs.remove(file.path);
  }
  await fs.syncDirectory(snapDirectory);
  for (const file of (await numberedFiles(fs, logDirectory, "log")).reverse()) {
    if (file.zxid > zxid) {
      await fs.remove(file.path);
      await fs.syncDirectory(logDirectory);
      continue;
    }
    const keep = await endOf(fs, file.path, zxid);
    if (keep !== null) await cutFile(fs, file.path, keep);
    return;
  }
}

/** Offset behind the last entry that stays; null when all of them do. */
async function endOf(fs: FileSystem, path: string, zxid: number): Promise<number | null> {
  let end = logHeader.length;
  for await (const entry of readLogFile(fs, path)) {
    if (entry.proposal.header.zxid > zxid) return end;
    end = entry.end;
  }
  return null;
}

/** See `Database.committedFromLog`. */
export async function committedFromLog(
  fs: FileSystem,
  directory: string,
  zxid: number,
  lastProcessed: number,
  bytesMax: number,
): Promise<AsyncIterable<Proposal> | null> {
  const logs = await numberedFiles(fs, directory, "log");
  const files = filesFrom(logs, zxid);
  if (files.length === 0 || files[0]!.zxid > zxid) return null;
  let bytes = 0;
  for (const file of files.slice(1)) bytes += (await fs.stat(file.path))?.size ?? 0;
  return bytes > bytesMax ? null : proposalsFrom(fs, files, zxid, lastProcessed);
}

async function* proposalsFrom(
  fs: FileSystem,
  files: readonly NumberedFile[],
  zxid: number,
  lastProcessed: number,
): AsyncGenerator<Proposal, void, void> {
  let before: Proposal | null = null;
  reading: for (const file of files) {
    for await (const { proposal } of readLogFile(fs, file.path)) {
      if (proposal.header.zxid > lastProcessed) break reading;
      if (proposal.header.zxid <= zxid) {
        before = proposal;
        continue;
      }
      if (before !== null) yield before;
      before = null;
      yield proposal;
      if (proposal.header.zxid === lastProcessed) break reading;
    }
  }
  if (before !== null) yield before;
}

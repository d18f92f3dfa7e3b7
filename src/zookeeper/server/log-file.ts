/**
 * Log files `log.<zxid of the first transaction, hex>`: header, then entries of checksum, length, transaction, 'B'.
 * Reading tells three ends apart: clean, torn (the last write did not finish; nothing valid follows) and damaged.
 * Source: FileTxnLog of ZooKeeper 3.8.
 */
import type { FileHandle, FileSystem } from "../../base/index.ts";
import { decodeProposal, JuteError, type Proposal } from "../../wire/zookeeper/index.ts";
import { adler32 } from "./adler32.ts";
import { damagedLog } from "./errors.ts";

/** "ZKLG", version 2, database id 0. */
export const logHeader = Buffer.from("5a4b4c47000000020000000000000000", "hex");
const endOfRecord = 0x42;
/** Checksum (8) and length (4). */
const prefixBytes = 12;
const readBytes = 1024 * 1024;
const zeros = Buffer.alloc(readBytes);
/** A transaction header alone; anything shorter is no entry. */
const entryBytesMin = 32;
/** Longer entries than any multi of jute.maxbuffer can make are damage. */
const entryBytesMax = 128 * 1024 * 1024;

export function logName(zxid: number): string {
  return `log.${zxid.toString(16)}`;
}

/** The zxid in `log.<hex>` or `snapshot.<hex>`; null for other names. */
export function zxidOfName(name: string, prefix: "log" | "snapshot"): number | null {
  const match = /^(log|snapshot)\.([0-9a-f]{1,16})$/.exec(name);
  return match !== null && match[1] === prefix ? Number.parseInt(match[2]!, 16) : null;
}

export function encodeEntry(proposal: Proposal): Buffer {
  const { bytes } = proposal;
  const entry = Buffer.allocUnsafe(prefixBytes + bytes.length + 1);
  entry.writeUInt32BE(0, 0);
  entry.writeUInt32BE(adler32(bytes), 4);
  entry.writeInt32BE(bytes.length, 8);
  bytes.copy(entry, prefixBytes);
  entry[prefixBytes + bytes.length] = endOfRecord;
  return entry;
}

export interface LogEntry {
  readonly proposal: Proposal;
  /** Offset of the byte after it. */
  readonly end: number;
}

export interface LogEnd {
  /** Bytes from the start that are good. */
  readonly goodBytes: number;
  /** Whether something that is no padding lies behind them. */
  readonly torn: boolean;
}

/**
 * Yields every entry and returns how the file ends. Throws SL-ZK-LOG-DAMAGED when valid entries follow a damaged one that
 * lies within the first `syncedBytes`, which were on stable storage: no torn write can have damaged it.
 */
export async function* readLogFile(
  fs: FileSystem,
  path: string,
  syncedBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<LogEntry, LogEnd, void> {
  const handle = await fs.open(path, "read");
  try {
    const size = await handle.size();
    const window = new Window(handle, size);
    const header = await window.bytes(0, logHeader.length);
    if (header === null || !header.equals(logHeader)) return await endAt(window, path, 0, syncedBytes, "no log header");
    let offset = logHeader.length;
    for (;;) {
      const found = await entryAt(window, offset);
      if (typeof found === "string") return await endAt(window, path, offset, syncedBytes, found);
      offset = found.end;
      yield found;
    }
  } finally {
    await handle.close();
  }
}

/** A piece of the file in memory, moved along with the reading. */
class Window {
  readonly #handle: FileHandle;
  readonly size: number;
  #start = 0;
  #piece: Buffer = Buffer.alloc(0);

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** Null past the end of the file. */
  async bytes(offset: number, count: number): Promise<Buffer | null> {
    if (offset + count > this.size) return null;
    if (offset < this.#start || offset + count > this.#start + this.#piece.length) {
      this.#piece = await readAt(this.#handle, offset, Math.min(Math.max(count, readBytes), this.size - offset));
      this.#start = offset;
      if (this.#piece.length < count) return null;
    }
    return this.#piece.subarray(offset - this.#start, offset - this.#start + count);
  }

  /** Whether nothing but zeros follows; read in pieces, because Apache's files are padded by 64 MiB. */
  async isPaddedFrom(offset: number): Promise<boolean> {
    for (let at = offset; at < this.size; at += readBytes) {
      const piece = await readAt(this.#handle, at, Math.min(readBytes, this.size - at));
      if (!piece.equals(zeros.subarray(0, piece.length))) return false;
    }
    return true;
  }

  rest(offset: number): Promise<Buffer> {
    return readAt(this.#handle, offset, this.size - offset);
  }
}

async function readAt(handle: FileHandle, offset: number, count: number): Promise<Buffer> {
  const piece = Buffer.allocUnsafeSlow(count);
  let filled = 0;
  while (filled < count) {
    const read = await handle.read(piece.subarray(filled), offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return piece.subarray(0, filled);
}

/** The entry, or why there is none. */
async function entryAt(window: Window, offset: number): Promise<LogEntry | string> {
  const prefix = await window.bytes(offset, prefixBytes);
  if (prefix === null) return "the file ends inside an entry";
  const checksum = prefix.readUInt32BE(4);
  const checksumHigh = prefix.readUInt32BE(0);
  const length = prefix.readInt32BE(8);
  if (length === 0) return "padding";
  if (length < entryBytesMin || length > entryBytesMax || checksumHigh !== 0) return `Unreasonable length = ${length}`;
  const body = await window.bytes(offset + prefixBytes, length + 1);
  if (body === null) return "the file ends inside an entry";
  return decodeEntry(body, length, checksum, offset + prefixBytes + length + 1);
}

function decodeEntry(body: Buffer, length: number, checksum: number, end: number): LogEntry | string {
  if (body[length] !== endOfRecord) return "an entry has no end mark";
  const record = Buffer.from(body.subarray(0, length));
  if (adler32(record) !== checksum) return "CRC check failed";
  try {
    return { proposal: decodeProposal(record), end };
  } catch (error) {
    if (error instanceof JuteError) return error.message;
    throw error;
  }
}

/** The good part ends at `offset`. Only padding or a torn write may follow: a valid entry means damage before it. */
async function endAt(
  window: Window,
  path: string,
  offset: number,
  syncedBytes: number,
  reason: string,
): Promise<LogEnd> {
  if (await window.isPaddedFrom(offset)) return { goodBytes: offset, torn: false };
  if (offset >= syncedBytes) return { goodBytes: offset, torn: true };
  const rest = await window.rest(offset);
  for (let at = 1; at + prefixBytes + entryBytesMin < rest.length; at++) {
    const length = rest.readInt32BE(at + 8);
    if (length < entryBytesMin || at + prefixBytes + length >= rest.length || rest.readUInt32BE(at) !== 0) continue;
    const body = rest.subarray(at + prefixBytes, at + prefixBytes + length + 1);
    if (body[length] !== endOfRecord) continue;
    if (typeof decodeEntry(body, length, rest.readUInt32BE(at + 4), 0) !== "string")
      throw damagedLog(path, offset, reason);
  }
  return { goodBytes: offset, torn: true };
}

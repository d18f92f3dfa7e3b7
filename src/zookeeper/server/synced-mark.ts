/**
 * A small file beside the logs that says how far the newest one is known to be on stable storage. It tells a torn last write,
 * whose sectors may have arrived in any order, from damage to what was acknowledged: damage below the mark is never a torn
 * write. The mark lags behind (it is written without a sync of its own), so it never says too much. Apache ZooKeeper
 * does not see the file; without it every valid entry behind damage counts as acknowledged.
 */
import { type FileHandle, type FileSystem, FsError, type Runtime } from "../../base/index.ts";
import { adler32 } from "./adler32.ts";

export interface SyncedMark {
  /** File name of the log. */
  readonly log: string;
  readonly bytes: number;
}

const markName = "synced";
const markBytes = 64;
/** Two places in different sectors, written in turn: a torn write leaves the other one readable. */
const placeBytes = 512;
const placeCount = 2;

export class SyncedMarkFile {
  readonly #runtime: Runtime;
  readonly #path: string;
  #handle: FileHandle | null = null;
  #next: SyncedMark | null = null;
  #writing: Promise<void> | null = null;
  #place = 0;

  constructor(runtime: Runtime, directory: string) {
    this.#runtime = runtime;
    this.#path = `${directory}/${markName}`;
  }

  /** A log file begins; durable when it resolves, together with the folder's entry, which the caller syncs. */
  async begin(log: string): Promise<void> {
    await this.#settle();
    this.#handle ??= await this.#runtime.fs.open(this.#path, "create");
    const places = Buffer.alloc(placeCount * placeBytes);
    for (let place = 0; place < placeCount; place++) encode({ log, bytes: 0 }).copy(places, place * placeBytes);
    await this.#handle.write(places, 0);
    await this.#handle.sync();
  }

  /** Noted without waiting; a newer mark replaces one that is not written yet. */
  note(mark: SyncedMark): void {
    this.#next = mark;
    this.#writing ??= this.#write();
  }

  async close(): Promise<void> {
    await this.#settle();
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  async #settle(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  /** Never rejects: a mark that cannot be written only lags. */
  async #write(): Promise<void> {
    try {
      while (this.#next !== null && this.#handle !== null) {
        const mark = this.#next;
        this.#next = null;
        this.#place = (this.#place + 1) % placeCount;
        await this.#handle.write(encode(mark), this.#place * placeBytes);
      }
    } catch {
      this.#next = null;
    }
    this.#next = null;
    this.#writing = null;
  }
}

/** The larger of the two marks; null when there is none that can be read. */
export async function readSyncedMark(fs: FileSystem, directory: string): Promise<SyncedMark | null> {
  let bytes: Buffer;
  try {
    bytes = Buffer.from(await fs.readFile(`${directory}/${markName}`));
  } catch (error) {
    if (error instanceof FsError && error.code === "ENOENT") return null;
    throw error;
  }
  let best: SyncedMark | null = null;
  for (let place = 0; place < placeCount; place++) {
    const mark = decode(bytes.subarray(place * placeBytes, place * placeBytes + markBytes));
    if (mark !== null && (best === null || mark.bytes > best.bytes)) best = mark;
  }
  return best;
}

function encode(mark: SyncedMark): Buffer {
  const bytes = Buffer.alloc(markBytes, " ");
  bytes.write(`${mark.log} ${mark.bytes}`, 8, "latin1");
  bytes.writeUInt32BE(adler32(bytes.subarray(8)), 0);
  return bytes;
}

function decode(bytes: Buffer): SyncedMark | null {
  if (bytes.length !== markBytes || bytes.readUInt32BE(0) !== adler32(bytes.subarray(8))) return null;
  const [log, count] = bytes.toString("latin1", 8).trim().split(" ");
  return log === undefined || count === undefined ? null : { log, bytes: Number(count) };
}

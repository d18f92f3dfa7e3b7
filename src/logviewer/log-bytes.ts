/**
 * The text of a log, whether its file is plain or, rolled, compressed (`worker.log.1.gz`): read a part at a time, and never more of it in
 * memory than that part. Positions are those of the text. Source: LogviewerLogPageHandler and LogviewerLogSearchHandler of Storm 2.8.
 */
import { createGunzip, type Gunzip } from "node:zlib";
import type { FileHandle, FileSystem } from "../base/index.ts";

export interface LogBytes extends AsyncDisposable {
  /** Of a compressed log what its end says, as in Storm: modulo 2³², and of its last part alone when it was put together. */
  readonly size: number;
  /** Fewer at the end. A compressed log is read from its beginning again when `position` is far before an earlier one. */
  read(position: number, length: number): Promise<Buffer>;
}

export async function openLog(fs: FileSystem, path: string): Promise<LogBytes> {
  const file = await fs.open(path, "read");
  try {
    return path.endsWith(".gz")
      ? new CompressedLog(file, await sizeInside(file))
      : new PlainLog(file, await file.size());
  } catch (error) {
    await file.close();
    throw error;
  }
}

const pieceBytes = 64 * 1024;
/** What a search looks back at: more than the surroundings of a match. */
const lookBackBytes = 4 * 1024;
/** The length of the text, at the end of every gzip file (RFC 1952, ISIZE). */
const sizeBytes = 4;
const shortestGzipBytes = 18;

class PlainLog implements LogBytes {
  readonly size: number;
  readonly #file: FileHandle;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  read(position: number, length: number): Promise<Buffer> {
    return readAt(this.#file, position, length);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}

class CompressedLog implements LogBytes {
  readonly size: number;
  readonly #file: FileHandle;
  #pieces: AsyncGenerator<Buffer>;
  #held: Buffer[] = [];
  /** Where what is held begins and ends. */
  #from = 0;
  #end = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
    this.#pieces = gunzipped(file);
  }

  async read(position: number, length: number): Promise<Buffer> {
    if (position < this.#from) await this.#restart();
    while (this.#end < position + length) {
      this.#forget(position - lookBackBytes);
      const { done, value } = await this.#pieces.next();
      if (done === true) break;
      this.#held.push(value);
      this.#end += value.length;
    }
    const start = position - this.#from;
    // Whatever is held is little more than what is asked for.
    return Buffer.from(Buffer.concat(this.#held).subarray(start, start + length));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pieces.return(undefined);
    await this.#file.close();
  }

  async #restart(): Promise<void> {
    await this.#pieces.return(undefined);
    this.#pieces = gunzipped(this.#file);
    this.#held = [];
    this.#from = 0;
    this.#end = 0;
  }

  #forget(before: number): void {
    for (let first = this.#held[0]; first !== undefined && this.#from + first.length <= before; first = this.#held[0]) {
      this.#from += first.length;
      this.#held.shift();
    }
  }
}

/** Throws zlib's error where the file is damaged. */
async function* gunzipped(file: FileHandle): AsyncGenerator<Buffer, void, void> {
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  const fed = feed(file, gunzip).catch((error: unknown) => {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const piece of gunzip) yield piece as Buffer;
  } finally {
    gunzip.destroy();
    await fed;
  }
}

async function feed(file: FileHandle, gunzip: Gunzip): Promise<void> {
  for (let position = 0; !gunzip.destroyed; ) {
    const piece = await readAt(file, position, pieceBytes);
    position += piece.length;
    if (gunzip.destroyed) return;
    if (piece.length === 0) {
      gunzip.end();
      return;
    }
    if (!gunzip.write(piece)) await drained(gunzip);
  }
}

/** Also when nothing will drain it any more. */
function drained(gunzip: Gunzip): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    gunzip.off("drain", done).off("close", done);
    resolve();
  };
  gunzip.on("drain", done).on("close", done);
  return promise;
}

async function sizeInside(file: FileHandle): Promise<number> {
  const size = await file.size();
  if (size < shortestGzipBytes) return 0;
  return (await readAt(file, size - sizeBytes, sizeBytes)).readUInt32LE(0);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, await file.read(bytes, position));
}

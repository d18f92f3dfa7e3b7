/** Zip archives, which Storm calls jars. The one place that knows fflate; loaded where an archive is made or unpacked. */
import { Unzip, UnzipInflate, UnzipPassThrough, type Zippable, zipSync } from "fflate";
import { isStormLabError, messageOf, type StormLabError } from "../base/index.ts";
import { archiveRefused } from "./code-errors.ts";

export interface UnzipBounds {
  readonly bytesMax: number;
  readonly filesMax: number;
}

/** The oldest that the format can say: the same files always make the same bytes. */
const everyTime = new Date(1980, 0, 1);
const unix = 3;
const plainFile = 0o100644 << 16;
/** Packed already: they would only cost time. */
const packed = /\.(br|gz|zip|zst|png|jpe?g|webp|mp[34]|node|wasm)$/;

/** By path, in the given order. */
export function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const entries: Zippable = Object.create(null) as Zippable;
  for (const [path, bytes] of files) entries[path] = [bytes, { level: packed.test(path) ? 0 : 6 }];
  return zipSync(entries, { mtime: everyTime, os: unix, attrs: plainFile }) as Uint8Array<ArrayBuffer>;
}

/**
 * The files that `wanted` takes, by path. What comes out is counted while it comes, whatever the archive says of itself.
 * Throws SL-CODE-ARCHIVE.
 */
export function unzip(
  archive: Uint8Array,
  wanted: (path: string) => boolean,
  bounds: UnzipBounds,
): Map<string, Uint8Array> {
  const unpacked = new Unpacking(wanted, bounds);
  const unzipper = new Unzip((file) => unpacked.begin(file));
  unzipper.register(UnzipInflate);
  unzipper.register(UnzipPassThrough);
  try {
    for (let at = 0; at < archive.length; at += pieceBytes)
      unzipper.push(archive.subarray(at, at + pieceBytes), at + pieceBytes >= archive.length);
  } catch (error) {
    if (isStormLabError(error)) throw error;
    throw archiveRefused(`it is broken: ${messageOf(error)}`);
  }
  return unpacked.complete();
}

/** So little that what one piece may expand to (a thousandfold) fits into memory. */
const pieceBytes = 16 * 1024;

type UnzipFile = Parameters<ConstructorParameters<typeof Unzip>[0] & object>[0];

class Unpacking {
  #refusal: StormLabError | null = null;
  readonly #wanted: (path: string) => boolean;
  readonly #bounds: UnzipBounds;
  readonly #files = new Map<string, Uint8Array[] | Uint8Array>();
  #count = 0;
  #bytes = 0;

  constructor(wanted: (path: string) => boolean, bounds: UnzipBounds) {
    this.#wanted = wanted;
    this.#bounds = bounds;
  }

  begin(file: UnzipFile): void {
    const { filesMax } = this.#bounds;
    if (++this.#count > filesMax) this.#refuse(`it has more than ${filesMax} files`);
    const path = file.name;
    if (path.endsWith("/") || !this.#wanted(path)) return;
    if (this.#files.has(path)) this.#refuse(`${path} is in it twice`);
    const pieces: Uint8Array[] = [];
    this.#files.set(path, pieces);
    file.ondata = (error, piece, final) => {
      if (error !== null) throw this.#refusal ?? error;
      this.#bytes += piece.length;
      const { bytesMax } = this.#bounds;
      if (this.#bytes > bytesMax) this.#refuse(`it unpacks to more than ${bytesMax} bytes`);
      pieces.push(piece);
      if (final) this.#files.set(path, Buffer.concat(pieces));
    };
    file.start();
  }

  complete(): Map<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    for (const [path, bytes] of this.#files) {
      if (Array.isArray(bytes)) throw archiveRefused(`it ends in the middle of ${path}`);
      files.set(path, bytes);
    }
    return files;
  }

  #refuse(reason: string): never {
    this.#refusal = archiveRefused(reason);
    throw this.#refusal;
  }
}

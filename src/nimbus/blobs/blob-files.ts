/**
 * Blobs on the disk, as Storm's local blob store lays them out: `<hash of the name mod 1024>/data_<key>/data` and `meta_<key>/data`.
 * What is written goes to a `.tmp` file first; a blob that has both of its files is whole.
 */
import { type FileHandle, FsError, makeDurableDirectory, type Runtime } from "../../base/index.ts";
import { BlobChecksum } from "../../state/index.ts";
import { stringHash } from "../../topology/index.ts";
import { type ReadableBlobMeta, SettableBlobMeta } from "../../wire/thrift/index.ts";

/** Not seen by readers until `commit`. */
export interface BlobDraft {
  readonly bytes: number;
  write(chunk: Uint8Array): Promise<void>;
  /** On stable storage, and the blob for every later reader, when it resolves. */
  commit(): Promise<void>;
  cancel(): Promise<void>;
}

export interface BlobReader {
  readonly size: number;
  /** Empty at the end. */
  read(bytesMax: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

const buckets = 1024;
const chunkBytes = 256 * 1024;

export class BlobFiles {
  readonly #runtime: Runtime;
  readonly #root: string;
  readonly #versions = new Map<string, number>();
  #drafts = 0;

  constructor(runtime: Runtime, root: string) {
    this.#runtime = runtime;
    this.#root = root;
  }

  /** The whole blobs, sorted. Once, before anything is written: drafts that a former life left are removed. */
  async load(): Promise<string[]> {
    const keys: string[] = [];
    for (const bucket of await this.#list(this.#root)) {
      for (const name of await this.#list(`${this.#root}/${bucket}`)) {
        const folder = `${this.#root}/${bucket}/${name}`;
        const files = await this.#list(folder);
        for (const file of files) if (file.endsWith(draftSuffix)) await this.#runtime.fs.remove(`${folder}/${file}`);
        if (name.startsWith("data_") && files.includes("data")) keys.push(name.slice("data_".length));
      }
    }
    return keys.sort();
  }

  /** Null: there is no such blob. */
  async meta(key: string): Promise<ReadableBlobMeta | null> {
    try {
      const bytes = await this.#runtime.fs.readFile(`${this.#folder(`meta_${key}`)}/data`);
      return { settable: SettableBlobMeta.decode(bytes), version: await this.version(key) };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async setMeta(key: string, meta: SettableBlobMeta): Promise<void> {
    const draft = await this.#draft(`meta_${key}`);
    await draft.write(SettableBlobMeta.encode(meta));
    await draft.commit();
  }

  /** Throws `FsError` ENOENT. */
  async version(key: string): Promise<number> {
    const known = this.#versions.get(key);
    if (known !== undefined) return known;
    const reader = await this.open(key);
    try {
      const checksum = new BlobChecksum();
      for (;;) {
        const chunk = await reader.read(chunkBytes);
        if (chunk.length === 0) break;
        checksum.update(chunk);
      }
      this.#versions.set(key, checksum.value);
      return checksum.value;
    } finally {
      await reader.close();
    }
  }

  async write(key: string): Promise<BlobDraft> {
    const draft = await this.#draft(`data_${key}`);
    const commit = async () => {
      this.#versions.delete(key);
      await draft.commit();
    };
    return {
      get bytes() {
        return draft.bytes;
      },
      write: (chunk) => draft.write(chunk),
      commit,
      cancel: () => draft.cancel(),
    };
  }

  /** Goes on reading this version whatever replaces it. Throws `FsError` ENOENT. */
  async open(key: string): Promise<BlobReader> {
    const file = await this.#runtime.fs.open(`${this.#folder(`data_${key}`)}/data`, "read");
    try {
      return new FileReader(file, await file.size());
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Nothing there is not an error. */
  async delete(key: string): Promise<void> {
    this.#versions.delete(key);
    await this.#runtime.fs.remove(this.#folder(`data_${key}`));
    await this.#runtime.fs.remove(this.#folder(`meta_${key}`));
  }

  async #draft(name: string): Promise<FileDraft> {
    const { fs, clock } = this.#runtime;
    const folder = this.#folder(name);
    if ((await fs.stat(folder)) === null) await makeDurableDirectory(fs, folder);
    // Storm names a draft by the millisecond; two of one millisecond differ by their number here.
    const path = `${folder}/${clock.nowMs()}${this.#drafts++ % 1000}${draftSuffix}`;
    return new FileDraft(this.#runtime, folder, path, await fs.open(path, "create"));
  }

  #folder(name: string): string {
    return `${this.#root}/${Math.abs(stringHash(name)) % buckets}/${name}`;
  }

  async #list(folder: string): Promise<string[]> {
    try {
      return await this.#runtime.fs.list(folder);
    } catch (error) {
      if (isMissing(error) || (error instanceof FsError && error.code === "ENOTDIR")) return [];
      throw error;
    }
  }
}

const draftSuffix = ".tmp";

class FileDraft implements BlobDraft {
  readonly #runtime: Runtime;
  readonly #folder: string;
  readonly #path: string;
  readonly #file: FileHandle;
  bytes = 0;

  constructor(runtime: Runtime, folder: string, path: string, file: FileHandle) {
    this.#runtime = runtime;
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#file.write(chunk, this.bytes);
    this.bytes += chunk.length;
  }

  async commit(): Promise<void> {
    try {
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
    await this.#runtime.fs.rename(this.#path, `${this.#folder}/data`);
    await this.#runtime.fs.syncDirectory(this.#folder);
  }

  async cancel(): Promise<void> {
    await this.#file.close();
    await this.#runtime.fs.remove(this.#path);
  }
}

class FileReader implements BlobReader {
  readonly #file: FileHandle;
  readonly size: number;
  #at = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  async read(bytesMax: number): Promise<Uint8Array> {
    const chunk = new Uint8Array(Math.min(bytesMax, this.size - this.#at));
    if (chunk.length === 0) return chunk;
    const count = await this.#file.read(chunk, this.#at);
    this.#at += count;
    return chunk.subarray(0, count);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof FsError && error.code === "ENOENT";
}

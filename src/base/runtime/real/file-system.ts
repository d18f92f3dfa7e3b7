/** Files of Node. Descriptors with callbacks: half the cost of `fs.promises` for the log that every write waits for. */

import fs from "node:fs";
import { type FileHandle, type FileStat, type FileSystem, FsError, type OpenMode } from "../runtime.ts";

const flags: Readonly<Record<OpenMode, string>> = {
  read: "r",
  "read-write": "r+",
  create: "w+",
  "create-new": "wx+",
  append: "a+",
};

export const realFileSystem: FileSystem = {
  open: async (path, mode) => {
    const descriptor = await call<number>(path, (done) => fs.open(path, flags[mode], done));
    if (mode === "read") await refuseDirectory(path, descriptor);
    return new RealFileHandle(path, descriptor, mode);
  },
  readFile: (path) => call(path, (done) => fs.readFile(path, done)),
  writeFile: (path, bytes) => call(path, (done) => fs.writeFile(path, bytes, done)),
  rename: (from, to) => call(from, (done) => fs.rename(from, to, done)),
  remove: (path) => call(path, (done) => fs.rm(path, { recursive: true, force: true }, done)),
  makeDirectory: async (path) => {
    await call<string | undefined>(path, (done) => fs.mkdir(path, { recursive: true }, done));
  },
  list: async (path) => (await call<string[]>(path, (done) => fs.readdir(path, done))).sort(),
  stat,
  realPath,
  syncDirectory: async (path) => {
    const descriptor = await call<number>(path, (done) =>
      fs.open(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY, done),
    );
    try {
      await call<void>(path, (done) => fs.fsync(descriptor, done));
    } finally {
      await call<void>(path, (done) => fs.close(descriptor, done));
    }
  },
};

class RealFileHandle implements FileHandle {
  readonly #path: string;
  readonly #mode: OpenMode;
  #descriptor: number;

  constructor(path: string, descriptor: number, mode: OpenMode) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#mode = mode;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    let count = 0;
    while (count < into.length) {
      const descriptor = this.#open();
      const part = await call<number>(this.#path, (done) =>
        fs.read(descriptor, into, count, into.length - count, position + count, done),
      );
      if (part === 0) break;
      count += part;
    }
    return count;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    for (let count = 0; count < bytes.length; ) {
      const descriptor = this.#open();
      const at = this.#mode === "append" ? null : position + count;
      count += await call<number>(this.#path, (done) =>
        fs.write(descriptor, bytes, count, bytes.length - count, at, done),
      );
    }
  }

  sync(): Promise<void> {
    return this.#call((descriptor, done) => fs.fdatasync(descriptor, done));
  }

  truncate(size: number): Promise<void> {
    return this.#call((descriptor, done) => fs.ftruncate(descriptor, size, done));
  }

  async size(): Promise<number> {
    const descriptor = this.#open();
    return (await call<fs.Stats>(this.#path, (done) => fs.fstat(descriptor, done))).size;
  }

  async close(): Promise<void> {
    const descriptor = this.#open();
    this.#descriptor = -1;
    await call<void>(this.#path, (done) => fs.close(descriptor, done));
  }

  async #call(
    action: (descriptor: number, done: (error: NodeJS.ErrnoException | null) => void) => void,
  ): Promise<void> {
    const descriptor = this.#open();
    await call<void>(this.#path, (done) => action(descriptor, done));
  }

  /** A number that was closed may belong to another file by now. */
  #open(): number {
    if (this.#descriptor < 0) throw new FsError("EBADF", this.#path, `EBADF: ${this.#path} is closed`);
    return this.#descriptor;
  }
}

async function stat(path: string): Promise<FileStat | null> {
  try {
    const found = await call<fs.Stats>(path, (done) => fs.stat(path, done));
    const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
    return { kind, size: found.size, modifiedMs: found.mtimeMs };
  } catch (error) {
    if (error instanceof FsError && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  }
}

async function realPath(path: string): Promise<string | null> {
  try {
    return await call<string>(path, (done) => fs.realpath(path, done));
  } catch (error) {
    if (error instanceof FsError && ["ENOENT", "ENOTDIR", "ELOOP"].includes(error.code)) return null;
    throw error;
  }
}

async function refuseDirectory(path: string, descriptor: number): Promise<void> {
  const found = await call<fs.Stats>(path, (done) => fs.fstat(descriptor, done));
  if (!found.isDirectory()) return;
  await call<void>(path, (done) => fs.close(descriptor, done));
  throw new FsError("EISDIR", path, `EISDIR: ${path}`);
}

function call<T>(
  path: string,
  action: (done: (error: NodeJS.ErrnoException | null, value?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    action((error, value) => {
      if (error === null || error === undefined) resolve(value as T);
      else reject(new FsError(error.code ?? "EIO", path, error.message));
    });
  });
}

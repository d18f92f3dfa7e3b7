/** Files of one simulated process: every call takes the disk's time, may fail as its disk does, and may be cut by its death. */

import { posix } from "node:path";
import { type FileHandle, type FileStat, type FileSystem, FsError, type OpenMode } from "../runtime.ts";
import { DiskDirectory, fsError } from "./disk.ts";
import type { DiskFile } from "./disk-file.ts";
import type { Kernel } from "./kernel.ts";
import type { EndKind, Holding, SimulatedProcess } from "./process.ts";
import type { Range } from "./profile.ts";
import { hashBytes, traced } from "./trace.ts";

/** How much of a write a dying process still gets done: 0 … 1. */
type Share = number;

export class SimulatedFileSystem implements FileSystem {
  readonly #kernel: Kernel;
  readonly #process: SimulatedProcess;

  constructor(kernel: Kernel, process: SimulatedProcess) {
    this.#kernel = kernel;
    this.#process = process;
  }

  open(path: string, mode: OpenMode): Promise<FileHandle> {
    const { disk } = this.#process.host;
    return this.operate("writeMs", `open ${path}`, 0, () => {
      const found = disk.find(this.#absolute(path));
      if (found instanceof DiskDirectory) throw fsError(mode === "create-new" ? "EEXIST" : "EISDIR", path);
      if (found !== undefined && mode === "create-new") throw fsError("EEXIST", path);
      if (found === undefined && (mode === "read" || mode === "read-write")) throw fsError("ENOENT", path);
      if (found === undefined) disk.reserve(path, 0);
      const file = found ?? disk.createFile(this.#absolute(path));
      if (mode === "create" && file.size > 0) file.truncate(0);
      return new SimulatedFileHandle(this, this.#process, file, path, mode);
    });
  }

  readFile(path: string): Promise<Uint8Array> {
    return this.operate("readMs", `read ${path}`, 0, () => {
      const file = this.#process.host.disk.file(this.#absolute(path));
      this.failSometimes(path);
      const bytes = new Uint8Array(file.size);
      file.read(bytes, 0);
      return bytes;
    });
  }

  writeFile(path: string, bytes: Uint8Array): Promise<void> {
    const { disk } = this.#process.host;
    return this.operate("writeMs", `write ${path}`, hashBytes(bytes), (share) => {
      const found = disk.find(this.#absolute(path));
      if (found instanceof DiskDirectory) throw fsError("EISDIR", path);
      disk.reserve(path, bytes.length);
      const file = found ?? disk.createFile(this.#absolute(path));
      if (file.size > 0) file.truncate(0);
      file.write(bytes.subarray(0, Math.floor(bytes.length * share)), 0);
      disk.touch(file);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#change(`rename ${from} → ${to}`, (disk) => disk.rename(this.#absolute(from), this.#absolute(to)));
  }

  remove(path: string): Promise<void> {
    return this.#change(`remove ${path}`, (disk) => disk.remove(this.#absolute(path)));
  }

  makeDirectory(path: string): Promise<void> {
    return this.#change(`make directory ${path}`, (disk) => disk.makeDirectory(this.#absolute(path)));
  }

  list(path: string): Promise<string[]> {
    return this.operate("readMs", `list ${path}`, 0, () => {
      return [...this.#process.host.disk.directory(this.#absolute(path)).entries.keys()].sort();
    });
  }

  stat(path: string): Promise<FileStat | null> {
    return this.operate("readMs", `stat ${path}`, 0, () => {
      const node = this.#process.host.disk.find(this.#absolute(path));
      if (node === undefined) return null;
      if (node instanceof DiskDirectory) return { kind: "directory", size: 0, modifiedMs: node.modifiedMs };
      return { kind: "file", size: node.size, modifiedMs: node.modifiedMs };
    });
  }

  /** There are no links. */
  realPath(path: string): Promise<string | null> {
    return this.operate("readMs", `real path of ${path}`, 0, () => {
      const absolute = posix.normalize(this.#absolute(path));
      return this.#process.host.disk.find(absolute) === undefined ? null : absolute;
    });
  }

  syncDirectory(path: string): Promise<void> {
    return this.operate("syncMs", `sync directory ${path}`, 0, (share) => {
      if (share === 1) this.#process.host.disk.syncDirectory(this.#absolute(path));
    });
  }

  failSometimes(path: string): void {
    if (this.#process.host.random.chance(this.#process.host.disk.profile.readError)) throw fsError("EIO", path);
  }

  /**
   * `action` runs when the disk gets to it; its result reaches the process in a turn. When the process dies before,
   * chance decides whether the call was done, done in part (`share`), or never began; a power failure undoes it.
   */
  operate<T>(
    latency: "readMs" | "writeMs" | "syncMs",
    what: string,
    detail: number,
    action: (share: Share) => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const process = this.#process;
      if (!process.act()) return;
      const { scheduler } = this.#kernel;
      const range: Range = process.host.disk.profile[latency];
      const call = new FileCall(process, action);
      process.hold(call);
      scheduler.at(process.nowUs + process.host.random.between(range.min, range.max) * 1000, () => {
        if (!process.alive) return;
        process.release(call);
        this.#kernel.note(process, traced.file, detail, () => what);
        try {
          const value = action(1);
          process.dispatch(() => resolve(value));
        } catch (error) {
          if (error instanceof FsError) process.dispatch(() => reject(error));
          else throw error;
        }
      });
    });
  }

  #change(what: string, action: (disk: SimulatedProcess["host"]["disk"]) => void): Promise<void> {
    return this.operate("writeMs", what, 0, (share) => {
      if (share === 1) action(this.#process.host.disk);
    });
  }

  #absolute(path: string): string {
    return path.startsWith("/") ? path : `${this.#process.cwd}/${path}`;
  }
}

class FileCall<T> implements Holding {
  readonly #process: SimulatedProcess;
  readonly #action: (share: Share) => T;

  constructor(process: SimulatedProcess, action: (share: Share) => T) {
    this.#process = process;
    this.#action = action;
  }

  ownerEnded(how: EndKind): void {
    const { random } = this.#process.host;
    const fate = random.below(3);
    if (how === "power off" || fate === 0) return;
    try {
      this.#action(fate === 1 ? 1 : random.float());
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
    }
  }
}

class SimulatedFileHandle implements FileHandle {
  readonly #files: SimulatedFileSystem;
  readonly #process: SimulatedProcess;
  readonly #file: DiskFile;
  readonly #path: string;
  readonly #mode: OpenMode;
  #closed = false;

  constructor(files: SimulatedFileSystem, process: SimulatedProcess, file: DiskFile, path: string, mode: OpenMode) {
    this.#files = files;
    this.#process = process;
    this.#file = file;
    this.#path = path;
    this.#mode = mode;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.#operate("readMs", `read ${this.#path} at ${position}`, 0, () => {
      this.#files.failSometimes(this.#path);
      return this.#file.read(into, position);
    });
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    const what = `write ${this.#path} at ${position}: ${bytes.length} bytes`;
    return this.#operate("writeMs", what, hashBytes(bytes), (share) => {
      if (this.#mode === "read") throw fsError("EBADF", this.#path);
      const { disk } = this.#process.host;
      disk.reserve(this.#path, bytes.length);
      const part = share === 1 ? bytes : bytes.subarray(0, Math.floor(bytes.length * share));
      if (part.length > 0) this.#file.write(part, this.#mode === "append" ? this.#file.size : position);
      disk.touch(this.#file);
    });
  }

  sync(): Promise<void> {
    const { changes } = this.#file;
    return this.#operate("syncMs", `sync ${this.#path}`, 0, (share) => {
      if (share === 1) this.#file.synced(changes);
    });
  }

  truncate(size: number): Promise<void> {
    return this.#operate("writeMs", `truncate ${this.#path} to ${size}`, 0, (share) => {
      if (this.#mode === "read") throw fsError("EINVAL", this.#path);
      if (share === 1) this.#file.truncate(size);
    });
  }

  size(): Promise<number> {
    return this.#operate("readMs", `size ${this.#path}`, 0, () => this.#file.size);
  }

  close(): Promise<void> {
    return this.#operate("readMs", `close ${this.#path}`, 0, () => {
      this.#closed = true;
    });
  }

  #operate<T>(
    latency: "readMs" | "writeMs" | "syncMs",
    what: string,
    detail: number,
    action: (share: Share) => T,
  ): Promise<T> {
    return this.#files.operate(latency, what, detail, (share) => {
      if (this.#closed) throw fsError("EBADF", this.#path);
      return action(share);
    });
  }
}

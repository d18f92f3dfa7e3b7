/**
 * Archives that clients upload before they submit: files in `nimbus/inbox` of the local directory. A location is the file's path, as
 * in Storm; only paths that name a file of the inbox are taken back, for a client could name any file of this machine.
 */
import { type FileHandle, FsError, makeDurableDirectory, type Runtime } from "../base/index.ts";
import { newUuid } from "../state/index.ts";
import { applicationError } from "../wire/thrift/index.ts";
import { Sessions } from "./sessions.ts";

interface Upload {
  readonly file: FileHandle;
  readonly path: string;
  bytes: number;
}

/** Larger than any bundle of a classroom, smaller than a disk. */
const uploadBytesMax = 512 * 1024 * 1024;
const uploadsMax = 100;
const archiveName = /^stormjar-[0-9a-f-]{36}\.jar$/;
const readBytes = 256 * 1024;

export class Inbox {
  readonly #runtime: Runtime;
  readonly #directory: string;
  readonly #uploads: Sessions<Upload>;

  constructor(runtime: Runtime, localDirectory: string, expiryMs: number) {
    this.#runtime = runtime;
    this.#directory = `${localDirectory}/nimbus/inbox`;
    this.#uploads = new Sessions(runtime, {
      name: "upload",
      expiryMs,
      max: uploadsMax,
      giveUp: async ({ file, path }) => {
        await file.close();
        await runtime.fs.remove(path);
      },
    });
  }

  /** The location. */
  async begin(): Promise<string> {
    await makeDurableDirectory(this.#runtime.fs, this.#directory);
    const path = `${this.#directory}/stormjar-${newUuid(this.#runtime.random)}.jar`;
    const file = await this.#runtime.fs.open(path, "create-new");
    try {
      return this.#uploads.begin({ file, path, bytes: 0 }, path);
    } catch (error) {
      await file.close();
      await this.#runtime.fs.remove(path);
      throw error;
    }
  }

  async chunk(location: string, bytes: Uint8Array): Promise<void> {
    const written = await this.#uploads.use(location, async (upload) => {
      if (upload.bytes + bytes.length > uploadBytesMax) {
        throw applicationError("INTERNAL_ERROR", `the archive is larger than ${uploadBytesMax / 1024 / 1024} MB`);
      }
      await upload.file.write(bytes, upload.bytes);
      upload.bytes += bytes.length;
      return true;
    });
    if (written === null) throw timedOut();
  }

  async finish(location: string): Promise<void> {
    const finished = await this.#uploads.use(location, async ({ file }) => {
      this.#uploads.end(location);
      try {
        await file.sync();
      } finally {
        await file.close();
      }
      return true;
    });
    if (finished === null) throw timedOut();
    this.#runtime.log.info(`Finished uploading file from client: ${location}`);
  }

  /** Null: no file of the inbox. */
  async *read(location: string): AsyncGenerator<Uint8Array> {
    const file = await this.#runtime.fs.open(this.#own(location), "read");
    try {
      for (let at = 0; ; ) {
        const chunk = new Uint8Array(readBytes);
        const count = await file.read(chunk, at);
        if (count === 0) return;
        yield chunk.subarray(0, count);
        at += count;
      }
    } finally {
      await file.close();
    }
  }

  async has(location: string): Promise<boolean> {
    return this.#isOwn(location) && (await this.#runtime.fs.stat(location))?.kind === "file";
  }

  /** Removes what has lain there for longer than this. */
  async clean(expirationMs: number): Promise<void> {
    const { fs, clock, log } = this.#runtime;
    for (const name of await this.#names()) {
      const path = `${this.#directory}/${name}`;
      const stat = await fs.stat(path);
      if (stat?.kind !== "file" || clock.nowMs() - stat.modifiedMs < expirationMs) continue;
      await fs.remove(path);
      log.info(`Cleaning inbox ... deleted: ${name}`);
    }
  }

  stop(): Promise<void> {
    return this.#uploads.stop();
  }

  #own(location: string): string {
    if (!this.#isOwn(location)) throw applicationError("INTERNAL_ERROR", `${location} is no file of nimbus' inbox`);
    return location;
  }

  #isOwn(location: string): boolean {
    const prefix = `${this.#directory}/`;
    return location.startsWith(prefix) && archiveName.test(location.slice(prefix.length));
  }

  async #names(): Promise<string[]> {
    try {
      return await this.#runtime.fs.list(this.#directory);
    } catch (error) {
      if (error instanceof FsError && error.code === "ENOENT") return [];
      throw error;
    }
  }
}

function timedOut(): Error {
  return applicationError("INTERNAL_ERROR", "File for that location does not exist (or timed out)");
}

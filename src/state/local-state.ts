/**
 * What a daemon keeps on its own disk, in the files of Storm's LocalState: a folder of whole versions, each a file named by its
 * number beside an empty `<number>.version` that says that it is complete. Storm's daemons read ours and the other way round.
 */
import { FsError, makeDurableDirectory, messageOf, type Runtime } from "../base/index.ts";
import { LocalStateData, type StructType, type ThriftSerializedObject } from "../wire/thrift/index.ts";

/** Complete versions that stay, the newest included; Storm's own number. */
const versionsKept = 4;
const completeSuffix = ".version";
const javaPackage = "org.apache.storm.generated";

type Parts = ReadonlyMap<string, ThriftSerializedObject>;

export class LocalState {
  readonly #runtime: Runtime;
  readonly #directory: string;
  readonly #synced: boolean;
  #made = false;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * The directory is made by the first `put`. `synced: false`: for what is worth nothing after a power cut, such as a heartbeat; it
   * still survives the process.
   */
  constructor(runtime: Runtime, directory: string, options: { readonly synced?: boolean } = {}) {
    this.#runtime = runtime;
    this.#directory = directory;
    this.#synced = options.synced ?? true;
  }

  get<T>(key: string, type: StructType<T>): Promise<T | null> {
    return this.#inTurn(async () => {
      const part = (await this.#read()).get(key);
      return part === undefined ? null : type.decode(part.bits);
    });
  }

  /** Other keys stay. On stable storage when it resolves, if it is synced. */
  put<T>(key: string, type: StructType<T>, value: T): Promise<void> {
    return this.#inTurn(async () => {
      const parts = new Map(await this.#read());
      parts.set(key, { name: `${javaPackage}.${type.name}`, bits: type.encode(value) });
      await this.#write(parts);
    });
  }

  /** One after the other: a version holds all keys. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Of the newest version that can be read. */
  async #read(): Promise<Parts> {
    for (const version of (await this.#versions()).reverse()) {
      const path = this.#path(version);
      try {
        const bytes = await this.#runtime.fs.readFile(path);
        if (bytes.length > 0) return LocalStateData.decode(bytes).serialized_parts;
        this.#runtime.log.warn(`LocalState file '${path}' contained no data, resetting state`);
        return new Map();
      } catch (error) {
        this.#runtime.log.warn(
          `LocalState file '${path}' is corrupted, taking the version before: ${messageOf(error)}`,
        );
      }
    }
    return new Map();
  }

  async #write(parts: Parts): Promise<void> {
    const { fs, clock } = this.#runtime;
    if (!this.#made)
      await (this.#synced ? makeDurableDirectory(fs, this.#directory) : fs.makeDirectory(this.#directory));
    this.#made = true;
    const versions = await this.#versions();
    const version = Math.max(clock.nowMs(), (versions.at(-1) ?? 0) + 1);
    await this.#writeFile(this.#path(version), LocalStateData.encode({ serialized_parts: parts }));
    await this.#writeFile(this.#path(version) + completeSuffix, new Uint8Array());
    if (this.#synced) await fs.syncDirectory(this.#directory);
    for (const old of versions.slice(0, Math.max(0, versions.length + 1 - versionsKept))) {
      await fs.remove(this.#path(old) + completeSuffix);
      await fs.remove(this.#path(old));
    }
  }

  async #writeFile(path: string, bytes: Uint8Array): Promise<void> {
    const file = await this.#runtime.fs.open(path, "create");
    try {
      await file.write(bytes, 0);
      if (this.#synced) await file.sync();
    } finally {
      await file.close();
    }
  }

  /** The complete ones, oldest first. */
  async #versions(): Promise<number[]> {
    const names = new Set(await this.#names());
    return [...names]
      .filter((name) => /^\d+$/.test(name) && names.has(name + completeSuffix))
      .map(Number)
      .sort((a, b) => a - b);
  }

  async #names(): Promise<string[]> {
    try {
      return await this.#runtime.fs.list(this.#directory);
    } catch (error) {
      if (error instanceof FsError && error.code === "ENOENT") return [];
      throw error;
    }
  }

  #path(version: number): string {
    return `${this.#directory}/${version}`;
  }
}

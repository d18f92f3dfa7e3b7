/**
 * The code of topologies on this node, `supervisor/stormdist/<topology id>/` as in Storm: downloaded once, whole or not at all. A folder
 * appears under its name only when everything in it is on the disk.
 */
import { exitCodes, messageOf, type Runtime, StormLabError } from "../base/index.ts";
import { downloadBlob, type NimbusClient } from "../client/index.ts";
import { BlobChecksum, newUuid } from "../state/index.ts";

/** Unpacks `resources/` of an archive into a new folder. */
export type Unpack = (runtime: Runtime, archive: Uint8Array, directory: string) => Promise<void>;

/** Blobs of a topology, by the names that Storm gives the files. */
const files = ["stormjar.jar", "stormcode.ser", "stormconf.ser"] as const;
/** Those that a rebalance may write anew. */
const changing = ["stormcode.ser", "stormconf.ser"] as const;
/** A topology's archive is bounded by what nimbus takes. */
const blobBytesMax = 1024 * 1024 * 1024;

export class CodeStore {
  readonly #runtime: Runtime;
  readonly #root: string;
  readonly #tmp: string;
  readonly #nimbus: NimbusClient;
  readonly #unpack: Unpack;
  readonly #present = new Set<string>();
  readonly #coming = new Map<string, Promise<void>>();
  /** How often each topology's conf or code has changed here; not at all: 0. */
  readonly #generations = new Map<string, number>();

  /** `localDir`: storm.local.dir. */
  constructor(runtime: Runtime, localDir: string, nimbus: NimbusClient, unpack: Unpack) {
    this.#runtime = runtime;
    this.#root = `${localDir}/supervisor/stormdist`;
    this.#tmp = `${localDir}/supervisor/tmp`;
    this.#nimbus = nimbus;
    this.#unpack = unpack;
  }

  /** Finds what is there; what a dead supervisor had begun goes. */
  async open(): Promise<void> {
    const { fs } = this.#runtime;
    await fs.remove(this.#tmp);
    await fs.makeDirectory(this.#tmp);
    await fs.makeDirectory(this.#root);
    for (const name of await fs.list(this.#root)) this.#present.add(name);
  }

  directoryOf(topologyId: string): string {
    return `${this.#root}/${topologyId}`;
  }

  state(topologyId: string): "absent" | "coming" | "present" {
    if (this.#present.has(topologyId)) return "present";
    return this.#coming.has(topologyId) ? "coming" : "absent";
  }

  /** Another number: what lies here has changed. */
  generation(topologyId: string): number {
    return this.#generations.get(topologyId) ?? 0;
  }

  /** Brings what has changed at nimbus. Whether something had. Rejects when it cannot be had now: what is here stays. */
  async refresh(topologyId: string): Promise<boolean> {
    const { fs, log, random } = this.#runtime;
    if (!this.#present.has(topologyId)) return false;
    let hasChanged = false;
    for (const name of changing) {
      const key = `${topologyId}-${name}`;
      const path = `${this.directoryOf(topologyId)}/${name}`;
      const { version } = await this.#nimbus.calls.getBlobMeta({ key });
      if (new BlobChecksum().update(await fs.readFile(path)).value === version) continue;
      const aside = `${this.#tmp}/${newUuid(random)}`;
      await this.#download(key, aside);
      await fs.rename(aside, path);
      await fs.syncDirectory(this.directoryOf(topologyId));
      log.info(`Updated the blob ${key}`);
      hasChanged = true;
    }
    if (hasChanged) this.#generations.set(topologyId, this.generation(topologyId) + 1);
    return hasChanged;
  }

  /** Resolves when it is present, however many ask at once. Rejects when it cannot be had now; nothing is left behind. */
  fetch(topologyId: string): Promise<void> {
    const known = this.#coming.get(topologyId);
    if (known !== undefined) return known;
    const coming = this.#fetch(topologyId).finally(() => this.#coming.delete(topologyId));
    this.#coming.set(topologyId, coming);
    return coming;
  }

  async #fetch(topologyId: string): Promise<void> {
    const { fs, log } = this.#runtime;
    const directory = `${this.#tmp}/${newUuid(this.#runtime.random)}`;
    try {
      log.info(`Downloading code for storm id ${topologyId}`);
      await fs.makeDirectory(directory);
      const [archive] = await Promise.all(
        files.map((name) => this.#download(`${topologyId}-${name}`, `${directory}/${name}`)),
      );
      await this.#unpack(this.#runtime, archive ?? new Uint8Array(), directory);
      await fs.syncDirectory(directory);
      await fs.rename(directory, this.directoryOf(topologyId));
      await fs.syncDirectory(this.#root);
      this.#present.add(topologyId);
      log.info(`Finished downloading code for storm id ${topologyId}`);
    } catch (error) {
      await fs.remove(directory);
      throw error;
    }
  }

  /** Code of topologies that this node has no more to do with goes. */
  async keepOnly(topologyIds: ReadonlySet<string>): Promise<void> {
    for (const id of [...this.#present]) {
      if (topologyIds.has(id)) continue;
      this.#present.delete(id);
      this.#generations.delete(id);
      this.#runtime.log.info(`Removing code for storm id ${id}`);
      await this.#runtime.fs.remove(this.directoryOf(id));
    }
  }

  /** One blob, whole: its version is the checksum of its bytes. */
  async #download(key: string, path: string): Promise<Uint8Array> {
    const { version, chunks } = await downloadBlob(this.#nimbus, key);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > blobBytesMax) throw damaged(key, `it has more than ${blobBytesMax} bytes`);
      parts.push(chunk);
    }
    const bytes = Buffer.concat(parts);
    const found = new BlobChecksum().update(bytes).value;
    if (found !== version) throw damaged(key, `its checksum is ${found}, nimbus says ${version}`);
    const file = await this.#runtime.fs.open(path, "create");
    try {
      await file.write(bytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    return bytes;
  }
}

function damaged(key: string, why: string): StormLabError {
  return new StormLabError({
    code: "SL-BLOB-DAMAGED",
    what: `the blob ${key} did not arrive as nimbus has it: ${why}`,
    why: "the file on nimbus's disk, or the download, was damaged",
    hint: "it is downloaded again by itself; submit the topology again if that does not help",
    exitCode: exitCodes.refused,
    retriable: true,
  });
}

/** In words, for the log of a slot. */
export function downloadFailure(topologyId: string, error: unknown): string {
  return `Could not download code for storm id ${topologyId}: ${messageOf(error)}`;
}

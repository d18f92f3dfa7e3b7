/**
 * The blobs of one nimbus: its files, and the nodes in ZooKeeper that tell the other nimbuses which version of what it has. The
 * nimbus that leads makes versions; the others hold copies. Source: LocalFsBlobStore and KeySequenceNumber of Storm 2.8.
 */
import type { Runtime } from "../../base/index.ts";
import type { BlobHolder, ClusterState, KeptNode, LeaderWrites } from "../../state/index.ts";
import {
  KeyAlreadyExistsException,
  KeyNotFoundException,
  type ReadableBlobMeta,
  type SettableBlobMeta,
} from "../../wire/thrift/index.ts";
import { type BlobDraft, type BlobFiles, type BlobReader, isMissing } from "./blob-files.ts";
import { checkBlobKey, topologyOfBlob } from "./blob-keys.ts";

/** World may read, as Storm's BlobStoreAclHandler.DEFAULT: everybody may do everything where security is off. */
export const defaultBlobMeta: SettableBlobMeta = {
  acl: [{ type: "OTHER", name: "", access: 7 }],
  replication_factor: 1,
};

const firstVersion = 1;
const chunkBytes = 256 * 1024;

export class BlobStore {
  readonly #runtime: Runtime;
  readonly #state: ClusterState;
  readonly #files: BlobFiles;
  readonly #nimbusId: string;
  readonly #keys = new Set<string>();
  readonly #kept = new Map<string, { readonly version: number; readonly node: KeptNode }>();

  constructor(runtime: Runtime, state: ClusterState, files: BlobFiles, nimbusId: string) {
    this.#runtime = runtime;
    this.#state = state;
    this.#files = files;
    this.#nimbusId = nimbusId;
  }

  /** What the disk has. What ZooKeeper knows nothing of is thrown away: its creation was never finished, or it was deleted. */
  async load(): Promise<void> {
    await this.#state.sync();
    const known = new Set(await this.#state.blobKeys());
    for (const key of await this.#files.load()) {
      if (known.has(key)) this.#keys.add(key);
      else await this.#files.delete(key);
    }
  }

  get keys(): string[] {
    return [...this.#keys].sort();
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Of the ids that end in one of the three names of a topology's blobs. */
  get topologyIds(): Set<string> {
    return new Set(this.keys.flatMap((key) => topologyOfBlob(key) ?? []));
  }

  /** Committed through `publish`. Throws KeyAlreadyExistsException. */
  async create(key: string, meta: SettableBlobMeta): Promise<BlobDraft> {
    checkBlobKey(key);
    if (this.has(key)) throw alreadyExists(key);
    await this.#files.setMeta(key, meta);
    return this.#files.write(key);
  }

  /** Committed through `publish`. Throws KeyNotFoundException. */
  update(key: string): Promise<BlobDraft> {
    this.#need(key);
    return this.#files.write(key);
  }

  /** The draft becomes the blob, with the next version. Only the leader makes versions. */
  async publish(key: string, draft: BlobDraft, writes: LeaderWrites): Promise<void> {
    if (!this.has(key)) {
      await draft.commit();
      this.#keys.add(key);
      await this.#hold(key, firstVersion);
      await writes.setBlobMaxVersion(key, firstVersion);
      return;
    }
    const version = (await this.#newest(key)) + 1;
    await writes.setBlobMaxVersion(key, version);
    await draft.commit();
    await this.#hold(key, version);
  }

  /** Makes it, or replaces it. */
  async put(key: string, bytes: Uint8Array, writes: LeaderWrites): Promise<void> {
    const draft = this.has(key) ? await this.update(key) : await this.create(key, defaultBlobMeta);
    await this.fill(draft, [bytes]);
    await this.publish(key, draft, writes);
  }

  /** Writes it all, or cancels the draft. */
  async fill(draft: BlobDraft, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of chunks) await draft.write(chunk);
    } catch (error) {
      await draft.cancel();
      throw error;
    }
  }

  /** A copy of what another nimbus has, as version `version` of it. */
  async copy(key: string, draft: BlobDraft, meta: SettableBlobMeta, version: number): Promise<void> {
    await this.#files.setMeta(key, meta);
    await draft.commit();
    this.#keys.add(key);
    await this.#hold(key, version);
  }

  draftOfCopy(key: string): Promise<BlobDraft> {
    checkBlobKey(key);
    return this.#files.write(key);
  }

  /** This copy is that version already. */
  async hold(key: string, version: number): Promise<void> {
    if (this.#kept.get(key)?.version !== version) await this.#hold(key, version);
  }

  /** The version that this nimbus says it has; 0: none yet. */
  heldVersion(key: string): number {
    return this.#kept.get(key)?.version ?? 0;
  }

  /** Nobody who lives has a newer one: what is here is the newest there is. */
  async holdAsNewest(key: string): Promise<void> {
    if (this.heldVersion(key) === 0) await this.#hold(key, await this.#newest(key));
  }

  /** Throws KeyNotFoundException. */
  async meta(key: string): Promise<ReadableBlobMeta> {
    this.#need(key);
    const meta = await this.#files.meta(key);
    if (meta === null) throw notFound(key);
    return meta;
  }

  async setMeta(key: string, meta: SettableBlobMeta): Promise<void> {
    this.#need(key);
    await this.#files.setMeta(key, meta);
  }

  /** Throws KeyNotFoundException. */
  async open(key: string): Promise<{ readonly reader: BlobReader; readonly version: number }> {
    this.#need(key);
    try {
      const version = await this.#files.version(key);
      return { reader: await this.#files.open(key), version };
    } catch (error) {
      throw isMissing(error) ? notFound(key) : error;
    }
  }

  /** For small ones. Throws KeyNotFoundException. */
  async read(key: string): Promise<Uint8Array> {
    const { reader } = await this.open(key);
    try {
      const chunks: Uint8Array[] = [];
      for (;;) {
        const chunk = await reader.read(chunkBytes);
        if (chunk.length === 0) return Buffer.concat(chunks);
        chunks.push(chunk);
      }
    } finally {
      await reader.close();
    }
  }

  /** Here and in ZooKeeper. */
  async delete(key: string, writes: LeaderWrites): Promise<void> {
    await this.drop(key);
    await writes.removeBlob(key);
  }

  /** Here alone: ZooKeeper knows it no more. */
  async drop(key: string): Promise<void> {
    this.#keys.delete(key);
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    await kept?.node.close();
    await this.#files.delete(key);
  }

  /** How many nimbuses have it, in whatever version. */
  async replication(key: string): Promise<number> {
    this.#need(key);
    return (await this.#state.blobHolders(key)).length;
  }

  /** Nimbuses that live and have the newest version that any of them has, this one not among them. */
  static newestElsewhere(holders: readonly BlobHolder[], nimbusId: string): readonly BlobHolder[] {
    const newest = Math.max(0, ...holders.map(({ version }) => version));
    return holders.filter(({ nimbusId: id, version }) => version === newest && id !== nimbusId);
  }

  async #newest(key: string): Promise<number> {
    const [max, holders] = await Promise.all([this.#state.blobMaxVersion(key), this.#state.blobHolders(key)]);
    return Math.max(firstVersion, max ?? 0, ...holders.map(({ version }) => version));
  }

  async #hold(key: string, version: number): Promise<void> {
    const before = this.#kept.get(key);
    this.#kept.delete(key);
    await before?.node.close();
    const node = await this.#state.keepBlob(key, this.#nimbusId, version);
    if (this.has(key)) this.#kept.set(key, { version, node });
    else await node.close();
    this.#runtime.log.debug(`Blob ${key} is here as version ${version}`);
  }

  #need(key: string): void {
    if (!this.has(key)) throw notFound(key);
  }
}

function alreadyExists(key: string): Error {
  return KeyAlreadyExistsException.error({ msg: key });
}

function notFound(key: string): Error {
  return KeyNotFoundException.error({ msg: key });
}

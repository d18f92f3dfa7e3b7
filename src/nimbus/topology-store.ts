/**
 * What nimbus has of each topology beside its archive: the normalised structure and its conf, in the blobs of Storm's names. Kept in
 * memory as long as the blob has the same version: every page and every round of scheduling asks for them.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import type { LeaderWrites } from "../state/index.ts";
import { gzipThrift, StormTopology } from "../wire/thrift/index.ts";
import { topologyBlobKeys } from "./blobs/blob-keys.ts";
import type { BlobStore } from "./blobs/blob-store.ts";
import { type ConfObject, jsonObject } from "./conf-values.ts";

export interface StoredTopology {
  readonly conf: ConfObject;
  readonly topology: StormTopology;
}

/** What a conf may unpack to. */
const confBytesMax = 16 * 1024 * 1024;
/** Topologies in memory. */
const cachedMax = 1000;

export class TopologyStore {
  readonly #blobs: BlobStore;
  readonly #cached = new Map<string, { readonly versions: string; readonly stored: StoredTopology }>();

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Null: there is no such topology here. */
  async read(id: string): Promise<StoredTopology | null> {
    const { code, conf } = topologyBlobKeys(id);
    if (!this.#blobs.has(code) || !this.#blobs.has(conf)) return null;
    const versions = `${(await this.#blobs.meta(code)).version} ${(await this.#blobs.meta(conf)).version}`;
    const cached = this.#cached.get(id);
    if (cached?.versions === versions) return cached.stored;
    const stored = {
      conf: jsonObject(gunzipSync(await this.#blobs.read(conf), { maxOutputLength: confBytesMax }).toString("utf8")),
      topology: gzipThrift(StormTopology).decode(await this.#blobs.read(code)),
    };
    this.#cached.delete(id);
    this.#cached.set(id, { versions, stored });
    for (const oldest of this.#cached.keys()) {
      if (this.#cached.size <= cachedMax) break;
      this.#cached.delete(oldest);
    }
    return stored;
  }

  async write(id: string, { conf, topology }: StoredTopology, writes: LeaderWrites): Promise<void> {
    const keys = topologyBlobKeys(id);
    await this.#blobs.put(keys.code, gzipThrift(StormTopology).encode(topology), writes);
    await this.#blobs.put(keys.conf, gzipSync(JSON.stringify(conf)), writes);
  }

  forget(id: string): void {
    this.#cached.delete(id);
  }
}

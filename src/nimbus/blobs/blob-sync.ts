/**
 * Keeps the blobs of a nimbus that does not lead equal to what ZooKeeper says there is: it copies what it lacks from those who have
 * the newest version, and drops what is gone, so that it can lead when the leader dies. Source: LocalFsBlobStoreSynchronizer.
 */
import { messageOf, type Runtime } from "../../base/index.ts";
import { type BlobHolder, type ClusterState, type Following, follow } from "../../state/index.ts";
import { withPeerBlob } from "./blob-peer.ts";
import { BlobStore } from "./blob-store.ts";

/** By key: who has it in which version. */
type KnownBlobs = ReadonlyMap<string, readonly BlobHolder[]>;

export class BlobSync {
  readonly #runtime: Runtime;
  readonly #state: ClusterState;
  readonly #store: BlobStore;
  readonly #nimbusId: string;
  readonly #pollMs: number;
  #following: Following | null = null;
  #running: Promise<void> = Promise.resolve();
  /** Said already. */
  #trouble: string | null = null;

  constructor(runtime: Runtime, state: ClusterState, store: BlobStore, nimbusId: string, pollMs: number) {
    this.#runtime = runtime;
    this.#state = state;
    this.#store = store;
    this.#nimbusId = nimbusId;
    this.#pollMs = pollMs;
  }

  start(): void {
    this.#following ??= follow(this.#runtime, {
      name: "the blobs of the other nimbuses",
      pollMs: this.#pollMs,
      read: (watch) => this.#read(watch),
      onValue: (known) => {
        this.#running = this.#equalise(known);
        return this.#running;
      },
    });
  }

  /** Nothing of it runs any more when it resolves. */
  async stop(): Promise<void> {
    this.#following?.stop();
    this.#following = null;
    await this.#running.catch(() => undefined);
  }

  /**
   * Copies what is missing of these or newer elsewhere, from nimbuses that live. Those that nobody could give are left: by key, and
   * why. For a nimbus that is about to lead, with the sync stopped.
   */
  async complete(keys: readonly string[]): Promise<Map<string, string>> {
    const missing = new Map<string, string>();
    for (const key of keys) {
      const trouble = await this.#copyIfNewer(key, await this.#state.blobHolders(key));
      if (trouble !== null && !this.#store.has(key)) missing.set(key, trouble);
    }
    return missing;
  }

  async #read(watch: () => void): Promise<KnownBlobs> {
    const known = new Map<string, readonly BlobHolder[]>();
    for (const key of await this.#state.blobKeys(watch)) known.set(key, await this.#state.blobHolders(key, watch));
    return known;
  }

  async #equalise(known: KnownBlobs): Promise<void> {
    for (const key of this.#store.keys) {
      if (this.#following === null) return;
      if (!known.has(key)) await this.#store.drop(key);
    }
    let trouble: string | null = null;
    for (const [key, holders] of known) {
      if (this.#following === null) return;
      const why = await this.#copyIfNewer(key, holders);
      if (why !== null) trouble ??= `Could not copy blob ${key}: ${why}`;
    }
    if (trouble !== null && trouble !== this.#trouble) this.#runtime.log.warn(trouble);
    this.#trouble = trouble;
    if (trouble !== null) this.#runtime.timers.after(retryMs, () => this.#following?.refresh());
  }

  /** Null: this nimbus has the newest version there is. */
  async #copyIfNewer(key: string, holders: readonly BlobHolder[]): Promise<string | null> {
    const peers = BlobStore.newestElsewhere(holders, this.#nimbusId);
    const version = peers[0]?.version ?? 0;
    if (version <= this.#store.heldVersion(key)) return this.#keepOwn(key);
    let trouble = "";
    for (const { nimbusId } of peers) {
      try {
        await this.#copy(key, nimbusId, version);
        return null;
      } catch (error) {
        trouble = messageOf(error);
      }
    }
    return trouble;
  }

  async #keepOwn(key: string): Promise<string | null> {
    if (!this.#store.has(key)) return "no nimbus that is alive has it";
    await this.#store.holdAsNewest(key);
    return null;
  }

  async #copy(key: string, nimbusId: string, version: number): Promise<void> {
    await withPeerBlob(this.#runtime, nimbusId, key, async ({ meta, checksum, chunks }) => {
      if (this.#store.has(key) && (await this.#store.meta(key)).version === checksum) {
        await this.#store.hold(key, version);
        return;
      }
      const draft = await this.#store.draftOfCopy(key);
      await this.#store.fill(draft, chunks);
      await this.#store.copy(key, draft, meta, version);
      this.#runtime.log.info(`Copied blob ${key} of ${draft.bytes} bytes from ${nimbusId}`);
    });
  }
}

/** After a copy that failed: its holder may be dying, or be there in a moment. */
const retryMs = 2000;

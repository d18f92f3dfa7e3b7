/**
 * Sweeps away what topologies leave behind: heartbeats, errors and back-pressure in ZooKeeper, blobs. Only what has belonged to no
 * topology for a while: a submission stores its blobs before its topology is known. Source: Nimbus.doCleanup of Storm 2.8.
 */
import { messageOf, type Runtime, type Timer } from "../base/index.ts";
import type { ClusterState } from "../state/index.ts";
import { topologyBlobKeys, topologyOfBlob } from "./blobs/blob-keys.ts";
import type { BlobStore } from "./blobs/blob-store.ts";
import type { HeartbeatCache } from "./heartbeats.ts";
import type { Term } from "./leader-role.ts";
import type { TopologyStore } from "./topology-store.ts";

export interface CleanupParts {
  readonly runtime: Runtime;
  readonly state: ClusterState;
  readonly blobs: BlobStore;
  readonly store: TopologyStore;
  readonly heartbeats: HeartbeatCache;
  /** Topologies that are being submitted. */
  readonly inFlight: () => Iterable<string>;
  /** `nimbus.topology.blobstore.deletion.delay.ms`. */
  readonly delayMs: number;
  readonly everyMs: number;
}

export class Cleanup {
  readonly #parts: CleanupParts;
  /** Since when nothing of theirs was known (monotonic). */
  readonly #deadSinceMs = new Map<string, number>();
  #running = false;

  constructor(parts: CleanupParts) {
    this.#parts = parts;
  }

  begin(term: Term): void {
    this.#deadSinceMs.clear();
    const timer: Timer = this.#parts.runtime.timers.every(this.#parts.everyMs, () => void this.#sweep(term));
    term.over.addEventListener("abort", () => timer.cancel(), { once: true });
  }

  async #sweep(term: Term): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (const id of await this.#due()) {
        this.#parts.runtime.log.info(`Cleaning up ${id}`);
        await this.#clean(term, id);
      }
    } catch (error) {
      if (!term.over.aborted) this.#parts.runtime.log.warn(`Could not clean up: ${messageOf(error)}`);
    } finally {
      this.#running = false;
    }
  }

  async #due(): Promise<string[]> {
    const { runtime, state, blobs, heartbeats, delayMs } = this.#parts;
    const coming = [...this.#parts.inFlight()];
    const found = new Set([...(await state.topologiesWithRemains()), ...blobs.topologyIds, ...heartbeats.topologies]);
    // Another nimbus may have said once more that it has a blob, just after it was deleted.
    for (const key of await state.blobKeys()) found.add(topologyOfBlob(key) ?? "");
    found.delete("");
    // Read last: what is alive now was not dead before.
    for (const id of [...coming, ...(await state.topologies())]) found.delete(id);
    const nowMs = runtime.clock.monotonicMs();
    for (const id of this.#deadSinceMs.keys()) if (!found.has(id)) this.#deadSinceMs.delete(id);
    for (const id of found) if (!this.#deadSinceMs.has(id)) this.#deadSinceMs.set(id, nowMs);
    return [...this.#deadSinceMs].filter(([, sinceMs]) => nowMs - sinceMs >= delayMs).map(([id]) => id);
  }

  async #clean(term: Term, id: string): Promise<void> {
    const { blobs, store, heartbeats } = this.#parts;
    await term.writes.removeRemains(id);
    for (const key of Object.values(topologyBlobKeys(id))) {
      if (blobs.has(key)) await blobs.delete(key, term.writes);
      else await term.writes.removeBlob(key);
    }
    store.forget(id);
    heartbeats.forget(id);
    this.#deadSinceMs.delete(id);
  }
}

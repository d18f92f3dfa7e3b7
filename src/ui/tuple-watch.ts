/** Looks once a second for followed tuples of the topologies that are debugged, and tells of the newest of each as of an event. */
import { messageOf, type Runtime, type Timer } from "../base/index.ts";
import type { ClusterWatch } from "./events/cluster-watch.ts";
import type { TupleTree } from "./tuple-trees.ts";

export interface TupleWatchOptions {
  readonly watch: Pick<ClusterWatch, "picture" | "log">;
  readonly trees: (topologyId: string) => Promise<readonly TupleTree[]>;
}

const lookEveryMs = 1000;

export class TupleWatch {
  readonly #runtime: Runtime;
  readonly #options: TupleWatchOptions;
  readonly #timer: Timer;
  /** When the last one that was told of began, by topology. */
  readonly #toldMs = new Map<string, number>();
  #isLooking = false;

  constructor(runtime: Runtime, options: TupleWatchOptions) {
    this.#runtime = runtime;
    this.#options = options;
    this.#timer = runtime.timers.every(lookEveryMs, () => void this.#look());
  }

  stop(): void {
    this.#timer.cancel();
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { topologies } = this.#options.watch.picture;
    for (const id of this.#toldMs.keys()) if (!topologies.has(id)) this.#toldMs.delete(id);
    for (const [id, { isDebugged }] of topologies) if (isDebugged) await this.#lookAt(id);
    this.#isLooking = false;
  }

  /** Never rejects. */
  async #lookAt(id: string): Promise<void> {
    const { watch, trees } = this.#options;
    try {
      const newest = (await trees(id)).find(({ tuples }) => tuples.length > 0);
      if (newest === undefined || newest.startMs <= (this.#toldMs.get(id) ?? 0)) return;
      this.#toldMs.set(id, newest.startMs);
      const { component, root, messageId, tuples } = newest;
      watch.log.add([{ event: "tuple-sampled", id, component, root, messageId, values: tuples[0]?.values ?? "" }]);
    } catch (error) {
      this.#runtime.log.warn(`The followed tuples of ${id} cannot be read: ${messageOf(error)}`);
    }
  }
}

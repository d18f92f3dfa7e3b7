/**
 * Containers that lost their last child and TTL nodes that nobody touched are deleted some time later, by the leader or a
 * standalone server. Source: ContainerManager of ZooKeeper 3.8.
 */
import type { Runtime, Timer } from "../../base/index.ts";
import { JuteWriter, opCode } from "../../wire/zookeeper/index.ts";
import { ttlMsOf } from "./data-node.ts";
import type { DataTree } from "./data-tree.ts";
import type { ServerRequest } from "./request.ts";

export interface ReaperOptions {
  /** znode.container.checkIntervalMs; default 60,000. */
  readonly checkMs: number;
  /** znode.container.maxPerMinute; default 10,000. */
  readonly perMinute: number;
}

/** Paths that may go now. A container must have had a child. */
export function* reapable(tree: DataTree, nowMs: number): Generator<string, void, void> {
  for (const path of tree.containers) {
    const node = tree.get(path);
    if (node !== undefined && node.cversion > 0 && node.childCount === 0) yield path;
  }
  for (const path of tree.ttls) {
    const node = tree.get(path);
    if (node !== undefined && node.childCount === 0 && nowMs - node.mtimeMs > ttlMsOf(node.owner)) yield path;
  }
}

export class NodeReaper {
  readonly #runtime: Runtime;
  readonly #tree: DataTree;
  readonly #options: ReaperOptions;
  readonly #submit: (request: ServerRequest) => void;
  readonly #timer: Timer;

  constructor(runtime: Runtime, tree: DataTree, options: ReaperOptions, submit: (request: ServerRequest) => void) {
    this.#runtime = runtime;
    this.#tree = tree;
    this.#options = options;
    this.#submit = submit;
    this.#timer = runtime.timers.every(options.checkMs, () => this.#check());
  }

  close(): void {
    this.#timer.cancel();
  }

  #check(): void {
    let left = Math.max(1, Math.floor((this.#options.perMinute * this.#options.checkMs) / 60_000));
    for (const path of reapable(this.#tree, this.#runtime.clock.nowMs())) {
      if (left-- === 0) return;
      this.#runtime.log.info(`Attempting to delete candidate container: ${path}`);
      this.#submit({
        sessionId: 0n,
        cxid: 0,
        type: opCode.deleteContainer,
        body: new JuteWriter().ustring(path).flush(),
        ids: [],
        owner: null,
        client: null,
        receivedMs: this.#runtime.clock.monotonicMs(),
      });
    }
  }
}

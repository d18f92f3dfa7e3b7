/** Who waits for which change. Kept by the client, not by a connection: that is what lets watches outlive a session. */
import { type ClientRequest, eventType, type WatcherEvent, type WatchPaths } from "../../wire/zookeeper/index.ts";
import type { WatchEvent, WatchHandler } from "./client.ts";

export type WatchKind = keyof WatchPaths;

export class WatchTable {
  readonly #kinds: { readonly [Kind in WatchKind]: Map<string, Map<WatchHandler, object | null>> } = {
    data: new Map(),
    exist: new Map(),
    child: new Map(),
    persistent: new Map(),
    persistentRecursive: new Map(),
  };

  /** The same handler counts once on a path. `owner`: the session it ends with; null: it outlives sessions. */
  add(kind: WatchKind, path: string, handler: WatchHandler, owner: object | null): void {
    const handlers = this.#kinds[kind].get(path);
    if (handlers === undefined) this.#kinds[kind].set(path, new Map([[handler, owner]]));
    else handlers.set(handler, owner);
  }

  /** True when it was the last handler on that path: the server need not watch any more. */
  remove(kind: WatchKind, path: string, handler: WatchHandler): boolean {
    const handlers = this.#kinds[kind].get(path);
    if (handlers?.delete(handler) !== true || handlers.size > 0) return false;
    return this.#kinds[kind].delete(path);
  }

  /** Every watch of the path and kinds, as after removeWatches. */
  removeAll(kinds: readonly WatchKind[], path: string): void {
    for (const kind of kinds) this.#kinds[kind].delete(path);
  }

  removeOwned(owner: object): void {
    for (const paths of Object.values(this.#kinds)) {
      for (const [path, handlers] of paths) {
        for (const [handler, its] of handlers) if (its === owner) handlers.delete(handler);
        if (handlers.size === 0) paths.delete(path);
      }
    }
  }

  paths(): WatchPaths {
    return {
      data: [...this.#kinds.data.keys()],
      exist: [...this.#kinds.exist.keys()],
      child: [...this.#kinds.child.keys()],
      persistent: [...this.#kinds.persistent.keys()],
      persistentRecursive: [...this.#kinds.persistentRecursive.keys()],
    };
  }

  has(path: string): boolean {
    return Object.values(this.#kinds).some((paths) => paths.has(path));
  }

  /** The request that arms the watches of one path again, without a look back. */
  rearm(path: string): ClientRequest {
    const only = (kind: WatchKind) => (this.#kinds[kind].has(path) ? [path] : []);
    const watches: WatchPaths = {
      data: only("data"),
      exist: only("exist"),
      child: only("child"),
      persistent: only("persistent"),
      persistentRecursive: only("persistentRecursive"),
    };
    return { op: "setWatches2", relativeZxid: Number.MAX_SAFE_INTEGER, watches };
  }

  /** Those who must hear of the event; one-shot watches are forgotten with it. Null: an event that nobody asked for. */
  take({ type, path }: WatcherEvent): { readonly event: WatchEvent; readonly handlers: WatchHandler[] } | null {
    const name = names.get(type);
    if (name === undefined) return null;
    const handlers = new Set<WatchHandler>();
    for (const kind of oneShotKinds[name]) {
      for (const handler of this.#kinds[kind].get(path)?.keys() ?? []) handlers.add(handler);
      this.#kinds[kind].delete(path);
    }
    for (const handler of this.#kinds.persistent.get(path)?.keys() ?? []) handlers.add(handler);
    if (name !== "NodeChildrenChanged") {
      for (const above of selfAndAncestors(path)) {
        for (const handler of this.#kinds.persistentRecursive.get(above)?.keys() ?? []) handlers.add(handler);
      }
    }
    return handlers.size === 0 ? null : { event: { type: name, path }, handlers: [...handlers] };
  }

  /** Everybody, with an event that says only that something may have changed; one-shot watches are forgotten. */
  takeAll(): { readonly event: WatchEvent; readonly handlers: WatchHandler[] }[] {
    const taken: { event: WatchEvent; handlers: WatchHandler[] }[] = [];
    for (const kind of ["data", "exist", "child", "persistent", "persistentRecursive"] as const) {
      for (const [path, handlers] of this.#kinds[kind]) {
        taken.push({ event: { type: "None", path }, handlers: [...handlers.keys()] });
        if (kind === "data" || kind === "exist" || kind === "child") this.#kinds[kind].delete(path);
      }
    }
    return taken;
  }

  /** Persistent watches see no replay of what they missed: after a gap their handlers are told so. */
  *persistent(): Iterable<{ readonly path: string; readonly handler: WatchHandler }> {
    for (const kind of ["persistent", "persistentRecursive"] as const) {
      for (const [path, handlers] of this.#kinds[kind]) {
        for (const handler of handlers.keys()) yield { path, handler };
      }
    }
  }
}

type ChangeName = Exclude<WatchEvent["type"], "None">;

const names: ReadonlyMap<number, ChangeName> = new Map<number, ChangeName>([
  [eventType.nodeCreated, "NodeCreated"],
  [eventType.nodeDeleted, "NodeDeleted"],
  [eventType.nodeDataChanged, "NodeDataChanged"],
  [eventType.nodeChildrenChanged, "NodeChildrenChanged"],
]);

/** ZooKeeper's table of which change fires which watch (reference: client protocol, "Watches"). */
const oneShotKinds: { readonly [Name in ChangeName]: readonly WatchKind[] } = {
  NodeCreated: ["data", "exist"],
  NodeDeleted: ["data", "exist", "child"],
  NodeDataChanged: ["data", "exist"],
  NodeChildrenChanged: ["child"],
};

function* selfAndAncestors(path: string): Iterable<string> {
  for (let at = path; at !== "/"; at = at.slice(0, Math.max(1, at.lastIndexOf("/")))) yield at;
  yield "/";
}

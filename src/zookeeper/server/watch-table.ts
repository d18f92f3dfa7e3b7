/**
 * Who wants to hear of which path: one-shot data and child watches, persistent and persistent recursive ones. Lives in the
 * server that the client is connected to; nothing of it is replicated. Pure: a watcher is told through its `deliver`.
 * Source: WatchManager, DataTree.setWatches of ZooKeeper (several modes on one path are kept apart, as from 3.9).
 */
import { type Acl, eventType, type SetWatchesBody, watcherType } from "../../wire/zookeeper/index.ts";
import { parentOf } from "./data-node.ts";
import type { DataTree, TreeListener } from "./data-tree.ts";

/** One connection. */
export interface Watcher {
  /** `acl`: of the node concerned; the event is withheld from who may not read it. Null: tell in any case. */
  deliver(type: number, path: string, acl: readonly Acl[] | null): void;
}

type Kind = "data" | "child" | "persistent" | "recursive";

/** One kind of watch, by path and by watcher. */
class Table {
  readonly byPath = new Map<string, Set<Watcher>>();
  readonly byWatcher = new Map<Watcher, Set<string>>();

  add(path: string, watcher: Watcher): void {
    const watchers = this.byPath.get(path);
    if (watchers === undefined) this.byPath.set(path, new Set([watcher]));
    else watchers.add(watcher);
    const paths = this.byWatcher.get(watcher);
    if (paths === undefined) this.byWatcher.set(watcher, new Set([path]));
    else paths.add(path);
  }

  has(path: string, watcher: Watcher): boolean {
    return this.byPath.get(path)?.has(watcher) ?? false;
  }

  remove(path: string, watcher: Watcher): boolean {
    const watchers = this.byPath.get(path);
    if (watchers === undefined || !watchers.delete(watcher)) return false;
    if (watchers.size === 0) this.byPath.delete(path);
    this.#forget(path, watcher);
    return true;
  }

  /** Takes all watchers of a path out. */
  take(path: string): Set<Watcher> | undefined {
    const watchers = this.byPath.get(path);
    if (watchers === undefined) return undefined;
    this.byPath.delete(path);
    for (const watcher of watchers) this.#forget(path, watcher);
    return watchers;
  }

  removeWatcher(watcher: Watcher): void {
    for (const path of this.byWatcher.get(watcher) ?? []) {
      const watchers = this.byPath.get(path);
      watchers?.delete(watcher);
      if (watchers?.size === 0) this.byPath.delete(path);
    }
    this.byWatcher.delete(watcher);
  }

  #forget(path: string, watcher: Watcher): void {
    const paths = this.byWatcher.get(watcher);
    paths?.delete(path);
    if (paths?.size === 0) this.byWatcher.delete(watcher);
  }
}

export class WatchTable implements TreeListener {
  readonly #tables: Readonly<Record<Kind, Table>> = {
    data: new Table(),
    child: new Table(),
    persistent: new Table(),
    recursive: new Table(),
  };

  addData(path: string, watcher: Watcher): void {
    this.#tables.data.add(path, watcher);
  }

  addChild(path: string, watcher: Watcher): void {
    this.#tables.child.add(path, watcher);
  }

  addPersistent(path: string, watcher: Watcher, recursive: boolean): void {
    this.#tables[recursive ? "recursive" : "persistent"].add(path, watcher);
  }

  /** The connection is gone. */
  removeWatcher(watcher: Watcher): void {
    for (const table of Object.values(this.#tables)) table.removeWatcher(watcher);
  }

  /** Whether the watcher has a watch of this `watcherType` on exactly this path. */
  has(path: string, watcher: Watcher, type: number): boolean {
    return kindsOf(type).some((kind) => this.#tables[kind].has(path, watcher));
  }

  /** False: there was none. */
  remove(path: string, watcher: Watcher, type: number): boolean {
    let removed = false;
    for (const kind of kindsOf(type)) if (this.#tables[kind].remove(path, watcher)) removed = true;
    return removed;
  }

  created(path: string, acl: readonly Acl[], parentAcl: readonly Acl[]): void {
    this.#tellNode(eventType.nodeCreated, path, acl);
    this.#tellParent(path, parentAcl);
  }

  deleted(path: string, acl: readonly Acl[], parentAcl: readonly Acl[]): void {
    const told = this.#tellNode(eventType.nodeDeleted, path, acl);
    for (const watcher of this.#tables.child.take(path) ?? []) {
      if (!told?.has(watcher)) watcher.deliver(eventType.nodeDeleted, path, acl);
    }
    this.#tellParent(path, parentAcl);
  }

  dataChanged(path: string, acl: readonly Acl[]): void {
    this.#tellNode(eventType.nodeDataChanged, path, acl);
  }

  /** Data watchers of the node, persistent ones, recursive ones of it and everything above; each once. */
  #tellNode(type: number, path: string, acl: readonly Acl[]): Set<Watcher> | undefined {
    const { data, persistent, recursive } = this.#tables;
    const oneShot = data.take(path);
    const lasting = persistent.byPath.get(path);
    if (lasting === undefined && recursive.byPath.size === 0) {
      if (oneShot !== undefined) for (const watcher of oneShot) watcher.deliver(type, path, acl);
      return oneShot;
    }
    const all = new Set<Watcher>(oneShot);
    for (const watcher of lasting ?? []) all.add(watcher);
    if (recursive.byPath.size > 0) this.#addRecursive(path, all);
    for (const watcher of all) watcher.deliver(type, path, acl);
    return all;
  }

  #addRecursive(path: string, into: Set<Watcher>): void {
    let above = path;
    for (;;) {
      for (const watcher of this.#tables.recursive.byPath.get(above) ?? []) into.add(watcher);
      if (above === "/") return;
      above = parentOf(above);
    }
  }

  #tellParent(path: string, parentAcl: readonly Acl[]): void {
    const { child, persistent } = this.#tables;
    const parent = parentOf(path);
    const oneShot = child.take(parent);
    const lasting = persistent.byPath.get(parent);
    for (const watcher of oneShot ?? []) watcher.deliver(eventType.nodeChildrenChanged, parent, parentAcl);
    for (const watcher of lasting ?? []) {
      if (!oneShot?.has(watcher)) watcher.deliver(eventType.nodeChildrenChanged, parent, parentAcl);
    }
  }

  /** A client is back: what changed since `relativeZxid` is told at once, the rest is watched again. */
  restore(tree: DataTree, body: SetWatchesBody, watcher: Watcher): void {
    for (const path of body.data) {
      const node = tree.get(path);
      if (node === undefined) watcher.deliver(eventType.nodeDeleted, path, null);
      else if (node.mzxid > body.relativeZxid) watcher.deliver(eventType.nodeDataChanged, path, tree.aclOf(node));
      else this.addData(path, watcher);
    }
    for (const path of body.exist) {
      const node = tree.get(path);
      if (node === undefined) this.addData(path, watcher);
      else watcher.deliver(eventType.nodeCreated, path, tree.aclOf(node));
    }
    for (const path of body.child) {
      const node = tree.get(path);
      if (node === undefined) watcher.deliver(eventType.nodeDeleted, path, null);
      else if (node.pzxid > body.relativeZxid) watcher.deliver(eventType.nodeChildrenChanged, path, tree.aclOf(node));
      else this.addChild(path, watcher);
    }
    for (const path of body.persistent) this.addPersistent(path, watcher, false);
    for (const path of body.persistentRecursive) this.addPersistent(path, watcher, true);
  }

  /** Watching connections, watched paths, watches: `wchs`. */
  summary(): { readonly watchers: number; readonly paths: number; readonly watches: number } {
    const watchers = new Set<Watcher>();
    const paths = new Set<string>();
    let watches = 0;
    for (const table of Object.values(this.#tables)) {
      for (const watcher of table.byWatcher.keys()) watchers.add(watcher);
      for (const [path, held] of table.byPath) {
        paths.add(path);
        watches += held.size;
      }
    }
    return { watchers: watchers.size, paths: paths.size, watches };
  }

  /** Watchers by path, for `wchp`; the other way round gives `wchc`. */
  byPath(): Map<string, Set<Watcher>> {
    const all = new Map<string, Set<Watcher>>();
    for (const table of Object.values(this.#tables)) {
      for (const [path, watchers] of table.byPath) {
        const known = all.get(path) ?? new Set<Watcher>();
        for (const watcher of watchers) known.add(watcher);
        all.set(path, known);
      }
    }
    return all;
  }
}

function kindsOf(type: number): readonly Kind[] {
  if (type === watcherType.data) return ["data"];
  if (type === watcherType.children) return ["child"];
  if (type === watcherType.persistent) return ["persistent"];
  if (type === watcherType.persistentRecursive) return ["recursive"];
  return ["data", "child", "persistent", "recursive"];
}

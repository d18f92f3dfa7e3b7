/**
 * What the tree will look like to the next request: changes that are proposed and not applied yet, newest first by path.
 * Source: PrepRequestProcessor.ChangeRecord, ZooKeeperServer.outstandingChanges of 3.8.
 */
import type { Acl } from "../../wire/zookeeper/index.ts";
import type { DataTree } from "./data-tree.ts";

export interface ChangeRecord {
  readonly zxid: number;
  readonly path: string;
  /** False: the node is deleted by then. */
  readonly exists: boolean;
  readonly owner: bigint;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  readonly childCount: number;
  readonly acl: readonly Acl[];
  readonly dataBytes: number;
}

interface Entry {
  readonly record: ChangeRecord;
  /** What stood in the map before, for the way back of a failing multi. */
  readonly before: ChangeRecord | undefined;
}

export class ChangeRecords {
  readonly #tree: DataTree;
  readonly #newest = new Map<string, ChangeRecord>();
  /** In zxid order; the first `#applied` entries are done with. */
  #entries: Entry[] = [];
  #applied = 0;

  constructor(tree: DataTree) {
    this.#tree = tree;
  }

  /** The newest outstanding record, else one of the tree as it is; null: there is no such node. */
  get(path: string, zxid: number): ChangeRecord | null {
    const outstanding = this.#newest.get(path);
    if (outstanding !== undefined) return outstanding.exists ? outstanding : null;
    const node = this.#tree.get(path);
    if (node === undefined) return null;
    return {
      zxid,
      path,
      exists: true,
      owner: node.owner,
      version: node.version,
      cversion: node.cversion,
      aversion: node.aversion,
      childCount: node.childCount,
      acl: this.#tree.aclOf(node),
      dataBytes: node.dataLength,
    };
  }

  add(record: ChangeRecord): void {
    this.#entries.push({ record, before: this.#newest.get(record.path) });
    this.#newest.set(record.path, record);
  }

  /** Everything up to `zxid` is in the tree now. */
  applied(zxid: number): void {
    while (this.#applied < this.#entries.length && this.#entries[this.#applied]!.record.zxid <= zxid) {
      const { record } = this.#entries[this.#applied]!;
      if (this.#newest.get(record.path) === record) this.#newest.delete(record.path);
      this.#applied++;
    }
    if (this.#applied === this.#entries.length) {
      this.#entries = [];
      this.#applied = 0;
    } else if (this.#applied > 1024) {
      this.#entries.splice(0, this.#applied);
      this.#applied = 0;
    }
  }

  /** A multi failed: none of its records counts. */
  rollBack(zxid: number): void {
    while (this.#entries.length > this.#applied && this.#entries.at(-1)!.record.zxid === zxid) {
      const { record, before } = this.#entries.pop()!;
      if (before === undefined) this.#newest.delete(record.path);
      else this.#newest.set(record.path, before);
    }
  }

  /** Paths of the session's ephemerals once everything outstanding is applied. */
  ephemeralsOf(sessionId: bigint): Set<string> {
    const paths = new Set(this.#tree.ephemerals.get(sessionId));
    for (let index = this.#applied; index < this.#entries.length; index++) {
      const { record } = this.#entries[index]!;
      if (!record.exists) paths.delete(record.path);
      else if (record.owner === sessionId) paths.add(record.path);
    }
    return paths;
  }

  clear(): void {
    this.#newest.clear();
    this.#entries = [];
    this.#applied = 0;
  }

  get size(): number {
    return this.#entries.length - this.#applied;
  }
}

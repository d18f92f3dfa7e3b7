/**
 * The tree in memory: nodes, their access lists, who owns which ephemerals. Pure: transactions in, results and change
 * notices out. Every transaction may be applied again over a fuzzy snapshot and then changes nothing that it should not.
 * Source: DataTree of ZooKeeper 3.8.
 */
import { must } from "../../base/index.ts";
import {
  type Acl,
  type CloseSessionTxn,
  type CreateTxn,
  type DeleteTxn,
  errorCode,
  type MultiTxn,
  opCode,
  type Proposal,
  type SessionId,
  type SetAclTxn,
  type SetDataTxn,
  type Stat,
  type Txn,
  type TxnHeader,
} from "../../wire/zookeeper/index.ts";
import { AclTable, openAclKey, unresolvedAclKey } from "./acl-table.ts";
import { containerOwner, DataNode, isContainer, isSession, isTtl, nameOf, parentOf, ttlOwner } from "./data-node.ts";
import type { ApplyResult } from "./database.ts";
import {
  formatQuota,
  limitedPathOf,
  limitsName,
  parseQuota,
  quotaPathOver,
  quotaRoot,
  statsName,
  statsPath,
} from "./quotas.ts";

/** Told of every change, after it; `acl` is the list of the node concerned (events are withheld from who may not read it). */
export interface TreeListener {
  created(path: string, acl: readonly Acl[], parentAcl: readonly Acl[]): void;
  deleted(path: string, acl: readonly Acl[], parentAcl: readonly Acl[]): void;
  dataChanged(path: string, acl: readonly Acl[]): void;
}

const zookeeperPath = "/zookeeper";
const configPath = "/zookeeper/config";
const configAcl: readonly Acl[] = [{ perms: 1, scheme: "world", id: "anyone" }];
const emptyData = Buffer.alloc(0);

/** Paths that nobody may delete. */
export function isSpecialPath(path: string): boolean {
  return path === "/" || path === zookeeperPath || path === quotaRoot || path === configPath;
}

export class DataTree {
  /** By path; a parent always comes before its children (Map keeps the order of insertion): snapshots rely on it. */
  nodes = new Map<string, DataNode>();
  acls = new AclTable();
  /** Paths of the ephemeral nodes of each session that has some. */
  ephemerals = new Map<SessionId, Set<string>>();
  containers = new Set<string>();
  ttls = new Set<string>();
  #limited = new Set<string>();
  #listener: TreeListener | null = null;
  /** Bytes of all paths and data, for `mntr`. */
  approximateDataBytes = 0;

  constructor() {
    this.reset();
  }

  /** Back to the built-in nodes. */
  reset(): void {
    this.clear();
    this.#addOwnNodes();
  }

  /** ZooKeeper's own nodes, where they are missing: snapshots of old servers have no config node. */
  #addOwnNodes(): void {
    for (const path of ["/", zookeeperPath, configPath, quotaRoot]) {
      if (this.nodes.has(path)) continue;
      const aclKey = path === configPath ? this.acls.use(configAcl) : openAclKey;
      const node = new DataNode(emptyData, aclKey, 0, 0, 0n);
      if (path === configPath) node.aversion = -1;
      this.#insert(path, node);
    }
  }

  clear(): void {
    this.nodes = new Map();
    this.acls = new AclTable();
    this.ephemerals = new Map();
    this.containers = new Set();
    this.ttls = new Set();
    this.#limited = new Set();
    this.approximateDataBytes = 0;
  }

  /** Becomes `other`, which must not be used afterwards; the listener stays. */
  adopt(other: DataTree): void {
    this.nodes = other.nodes;
    this.acls = other.acls;
    this.ephemerals = other.ephemerals;
    this.containers = other.containers;
    this.ttls = other.ttls;
    this.#limited = other.#limited;
    this.approximateDataBytes = other.approximateDataBytes;
  }

  listen(listener: TreeListener | null): void {
    this.#listener = listener;
  }

  get(path: string): DataNode | undefined {
    return this.nodes.get(path);
  }

  aclOf(node: DataNode): readonly Acl[] {
    return this.acls.list(node.aclKey);
  }

  /** Paths below which somebody set limits. */
  get limitedPaths(): ReadonlySet<string> {
    return this.#limited;
  }

  get ephemeralCount(): number {
    let count = 0;
    for (const paths of this.ephemerals.values()) count += paths.size;
    return count;
  }

  apply(proposal: Proposal): ApplyResult {
    return this.#applyTxn(proposal.header, proposal.txn);
  }

  /** A node out of a snapshot; parents first. False: its parent is missing. */
  insertFromSnapshot(path: string, node: DataNode): boolean {
    node.aclKey = this.acls.countFromSnapshot(node.aclKey);
    return this.#insert(path, node);
  }

  /** After the last node of a snapshot. */
  finishSnapshot(): void {
    this.acls.purgeUnused();
    this.#addOwnNodes();
    for (const path of this.nodes.keys()) {
      if (path.endsWith(`/${limitsName}`)) {
        const limited = limitedPathOf(parentOf(path));
        if (limited !== null) this.#limited.add(limited);
      }
    }
    for (const limited of this.#limited) this.#recount(limited);
  }

  /** The server's own configuration, readable by everyone; not a transaction. */
  setConfigNode(text: string, configVersion: number): void {
    const node = must(this.nodes.get(configPath), "the config node");
    this.approximateDataBytes -= node.dataLength;
    node.data = Buffer.from(text, "utf8");
    this.approximateDataBytes += node.dataLength;
    node.mzxid = configVersion;
    node.version = -1;
  }

  #applyTxn(header: TxnHeader, txn: Txn): ApplyResult {
    switch (txn.kind) {
      case "create":
        return this.#create(header, txn);
      case "delete":
        return this.#result(header, txn.type, this.#delete(txn, header.zxid), txn.path, null);
      case "setData":
        return this.#setData(header, txn);
      case "setAcl":
        return this.#setAcl(header, txn);
      case "check":
        return this.#result(header, txn.type, errorCode.ok, txn.path, null);
      case "error":
        return this.#result(header, txn.type, txn.error, null, null);
      case "createSession":
        return this.#result(header, txn.type, errorCode.ok, null, null);
      case "closeSession":
        this.#closeSession(header, txn);
        return this.#result(header, txn.type, errorCode.ok, null, null);
      case "multi":
        return this.#multi(header, txn);
    }
  }

  #result(header: TxnHeader, type: number, error: number, path: string | null, stat: Stat | null): ApplyResult {
    return { zxid: header.zxid, type, error, path, stat, parts: null };
  }

  #multi(header: TxnHeader, txn: MultiTxn): ApplyResult {
    const failed = txn.txns.findIndex((part) => part.kind === "error" && part.error !== errorCode.ok);
    const parts = txn.txns.map((part, index): ApplyResult => {
      if (failed < 0) return this.#applyTxn(header, part);
      let error: number = index < failed ? errorCode.ok : errorCode.runtimeInconsistency;
      if (index === failed && part.kind === "error") error = part.error;
      return this.#result(header, opCode.error, error, null, null);
    });
    const error = parts.find((part) => part.error !== errorCode.ok)?.error ?? errorCode.ok;
    return { zxid: header.zxid, type: txn.type, error, path: null, stat: null, parts };
  }

  #create(header: TxnHeader, txn: CreateTxn): ApplyResult {
    const parentPath = parentOf(txn.path);
    const parent = this.nodes.get(parentPath);
    if (parent === undefined) return this.#result(header, txn.type, errorCode.noNode, txn.path, null);
    const aclKey = this.acls.use(txn.acl);
    const known = this.nodes.get(txn.path);
    if (known !== undefined && parent.children?.has(nameOf(txn.path)) === true) {
      // A fuzzy snapshot may hold the node and lack the list.
      if (known.aclKey === unresolvedAclKey && known.czxid === header.zxid) known.aclKey = aclKey;
      else this.acls.release(aclKey);
      this.#raiseCversion(parent, txn.parentCversion, header.zxid);
      return this.#result(header, txn.type, errorCode.nodeExists, txn.path, null);
    }
    if (known !== undefined) this.#dropOrphan(txn.path, known);
    this.#raiseCversion(parent, txn.parentCversion, header.zxid);
    const node = new DataNode(txn.data, aclKey, header.zxid, header.timeMs, ownerOf(txn, header.clientId));
    this.#insert(txn.path, node);
    this.#trackQuotaCreated(txn.path, node);
    this.#listener?.created(txn.path, txn.acl, this.aclOf(parent));
    return this.#result(header, txn.type, errorCode.ok, txn.path, node.stat());
  }

  /**
   * A fuzzy snapshot held a parent made anew and this child of it; the replayed delete of the old parent took the parent
   * alone. The child's own creation follows always, and must make it again, below the new parent.
   */
  #dropOrphan(path: string, node: DataNode): void {
    this.#forget(path, node);
    this.acls.release(node.aclKey);
    this.#trackQuotaDeleted(path, node);
  }

  /** Only upwards: the snapshot may already hold what later transactions did to this parent. */
  #raiseCversion(parent: DataNode, parentCversion: number, zxid: number): void {
    const cversion = parentCversion === -1 ? parent.cversion + 1 : parentCversion;
    if (cversion <= parent.cversion) return;
    parent.cversion = cversion;
    parent.pzxid = zxid;
  }

  #insert(path: string, node: DataNode): boolean {
    if (path !== "/") {
      const parent = this.nodes.get(parentOf(path));
      if (parent === undefined) return false;
      parent.children ??= new Set();
      parent.children.add(nameOf(path));
    }
    this.nodes.set(path, node);
    this.approximateDataBytes += path.length + node.dataLength;
    if (node.owner === 0n) return true;
    if (isContainer(node.owner)) this.containers.add(path);
    else if (isTtl(node.owner)) this.ttls.add(path);
    else this.#ephemeralsOf(node.owner).add(path);
    return true;
  }

  #ephemeralsOf(sessionId: SessionId): Set<string> {
    let paths = this.ephemerals.get(sessionId);
    if (paths === undefined) {
      paths = new Set();
      this.ephemerals.set(sessionId, paths);
    }
    return paths;
  }

  #delete(txn: DeleteTxn, zxid: number): number {
    return this.#deletePath(txn.path, zxid);
  }

  #deletePath(path: string, zxid: number): number {
    const parent = this.nodes.get(parentOf(path));
    if (parent === undefined || path === "/") return errorCode.noNode;
    // Also when the child is gone already: the parent's pzxid of a fuzzy snapshot may be older than this.
    parent.children?.delete(nameOf(path));
    if (zxid > parent.pzxid) parent.pzxid = zxid;
    const node = this.nodes.get(path);
    if (node === undefined) return errorCode.noNode;
    const acl = this.aclOf(node);
    this.#forget(path, node);
    this.acls.release(node.aclKey);
    this.#trackQuotaDeleted(path, node);
    this.#listener?.deleted(path, acl, this.aclOf(parent));
    return errorCode.ok;
  }

  #forget(path: string, node: DataNode): void {
    this.nodes.delete(path);
    this.approximateDataBytes -= path.length + node.dataLength;
    if (node.owner === 0n) return;
    this.containers.delete(path);
    this.ttls.delete(path);
    if (!isSession(node.owner)) return;
    const paths = this.ephemerals.get(node.owner);
    paths?.delete(path);
    if (paths?.size === 0) this.ephemerals.delete(node.owner);
  }

  #setData(header: TxnHeader, txn: SetDataTxn): ApplyResult {
    const node = this.nodes.get(txn.path);
    if (node === undefined) return this.#result(header, txn.type, errorCode.noNode, txn.path, null);
    const growth = (txn.data?.length ?? 0) - node.dataLength;
    node.data = txn.data;
    node.mzxid = header.zxid;
    node.mtimeMs = header.timeMs;
    node.version = txn.version;
    this.approximateDataBytes += growth;
    this.#addToQuota(txn.path, growth, 0);
    this.#listener?.dataChanged(txn.path, this.aclOf(node));
    return this.#result(header, txn.type, errorCode.ok, txn.path, node.stat());
  }

  #setAcl(header: TxnHeader, txn: SetAclTxn): ApplyResult {
    const node = this.nodes.get(txn.path);
    if (node === undefined) return this.#result(header, txn.type, errorCode.noNode, txn.path, null);
    const before = node.aclKey;
    node.aclKey = this.acls.use(txn.acl);
    this.acls.release(before);
    node.aversion = txn.version;
    return this.#result(header, txn.type, errorCode.ok, txn.path, node.stat());
  }

  #closeSession(header: TxnHeader, txn: CloseSessionTxn): void {
    const own = [...(this.ephemerals.get(header.clientId) ?? [])];
    for (const path of txn.paths ?? []) this.#deletePath(path, header.zxid);
    for (const path of own) if (this.nodes.get(path)?.owner === header.clientId) this.#deletePath(path, header.zxid);
    this.ephemerals.delete(header.clientId);
  }

  #trackQuotaCreated(path: string, node: DataNode): void {
    const limited = limitedPathOf(parentOf(path));
    if (limited !== null) {
      if (nameOf(path) === limitsName) this.#limited.add(limited);
      else if (nameOf(path) === statsName) this.#recount(limited);
    }
    this.#addToQuota(path, node.dataLength, 1);
  }

  #trackQuotaDeleted(path: string, node: DataNode): void {
    const limited = limitedPathOf(parentOf(path));
    if (limited !== null && nameOf(path) === limitsName) this.#limited.delete(limited);
    this.#addToQuota(path, -node.dataLength, -1);
  }

  #addToQuota(path: string, bytes: number, count: number): void {
    const limited = quotaPathOver(this.#limited, path);
    if (limited === null) return;
    const node = this.nodes.get(statsPath(limited));
    if (node === undefined) return;
    const track = parseQuota(node.data?.toString("utf8") ?? "");
    track.bytes += bytes;
    track.count += count;
    node.data = Buffer.from(formatQuota(track), "utf8");
  }

  /** Counts the subtree afresh; rare (a limit was set, a snapshot loaded). */
  #recount(limited: string): void {
    const node = this.nodes.get(statsPath(limited));
    if (node === undefined) return;
    const track = parseQuota("");
    track.bytes = 0;
    track.count = 0;
    const waiting = this.nodes.has(limited) ? [limited] : [];
    while (waiting.length > 0) {
      const path = must(waiting.pop(), "a path to count");
      const counted = must(this.nodes.get(path), "a child of the tree");
      track.count++;
      track.bytes += counted.dataLength;
      for (const name of counted.children ?? []) waiting.push(`${path}/${name}`);
    }
    node.data = Buffer.from(formatQuota(track), "utf8");
  }
}

function ownerOf(txn: CreateTxn, sessionId: SessionId): bigint {
  if (txn.type === opCode.createContainer) return containerOwner;
  if (txn.type === opCode.createTtl) return txn.ttlMs > 0 ? ttlOwner(txn.ttlMs) : 0n;
  return txn.ephemeral ? sessionId : 0n;
}

/** A second, much smaller opinion of what transactions do to a tree, to compare the servers' trees with. */
import type { Proposal, Txn } from "../../../src/wire/zookeeper/index.ts";

export interface ModelNode {
  readonly owner: bigint;
  readonly value: string;
  readonly version: number;
  readonly mzxid: number;
}

export class Model {
  readonly nodes = new Map<string, ModelNode>();
  readonly sessions = new Set<bigint>();
  /** Clients never write the same value again. */
  readonly #written = new Set<string>();

  /** What is wrong with this transaction here, if anything. */
  apply({ header, txn }: Proposal): string | null {
    if (txn.kind === "multi") {
      if (txn.txns.some((part) => part.kind === "error")) return null;
      for (const part of txn.txns) {
        const wrong = this.#one(part, header.clientId, header.zxid);
        if (wrong !== null) return wrong;
      }
      return null;
    }
    return this.#one(txn, header.clientId, header.zxid);
  }

  #one(txn: Txn, session: bigint, zxid: number): string | null {
    const isOpen = this.sessions.has(session);
    switch (txn.kind) {
      case "createSession":
        this.sessions.add(session);
        return null;
      case "closeSession": {
        this.sessions.delete(session);
        for (const [path, node] of this.nodes) if (node.owner === session) this.nodes.delete(path);
        return null;
      }
      case "create":
        if (!isOpen) return `create ${txn.path} by a session that is not open`;
        if (this.nodes.has(txn.path)) return `create ${txn.path}, which exists`;
        if (this.#again(txn.data)) return `create ${txn.path}: "${txn.data}" is written a second time`;
        this.nodes.set(txn.path, {
          owner: txn.ephemeral ? session : 0n,
          value: txn.data?.toString() ?? "",
          version: 0,
          mzxid: zxid,
        });
        return null;
      case "delete":
        return this.nodes.delete(txn.path) ? null : `delete ${txn.path}, which does not exist`;
      case "setData": {
        const node = this.nodes.get(txn.path);
        if (!isOpen) return `setData ${txn.path} by a session that is not open`;
        if (node === undefined) return `setData ${txn.path}, which does not exist`;
        if (txn.version !== node.version + 1) return `setData ${txn.path}: version ${node.version} → ${txn.version}`;
        if (this.#again(txn.data)) return `setData ${txn.path}: "${txn.data}" is written a second time`;
        this.nodes.set(txn.path, { ...node, value: txn.data?.toString() ?? "", version: txn.version, mzxid: zxid });
        return null;
      }
      default:
        return null;
    }
  }

  #again(data: Buffer | null): boolean {
    const value = data?.toString() ?? "";
    if (value === "") return false;
    if (this.#written.has(value)) return true;
    this.#written.add(value);
    return false;
  }
}

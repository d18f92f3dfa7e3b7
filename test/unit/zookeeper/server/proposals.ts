/** Transactions and requests in one line, for the tests of the server's pure parts. */
import {
  type Acl,
  createMode,
  encodeProposal,
  JuteWriter,
  opCode,
  type Proposal,
  type SessionId,
  type Txn,
  writeAcls,
} from "../../../../src/wire/zookeeper/index.ts";
import type { ServerRequest } from "../../../../src/zookeeper/server/request.ts";

export const openAcl: readonly Acl[] = [{ perms: 31, scheme: "world", id: "anyone" }];

export function proposalOf(zxid: number, txn: Txn, clientId: SessionId = 1n): Proposal {
  return encodeProposal({ clientId, cxid: zxid, zxid, timeMs: 1000 + zxid, type: txn.type }, txn);
}

export function createTxn(
  path: string,
  options: { data?: string; ephemeral?: boolean; cversion?: number; acl?: readonly Acl[] } = {},
): Txn {
  return {
    kind: "create",
    type: opCode.create,
    path,
    data: Buffer.from(options.data ?? ""),
    acl: options.acl ?? openAcl,
    ephemeral: options.ephemeral ?? false,
    parentCversion: options.cversion ?? -1,
    ttlMs: 0,
  };
}

export function deleteTxn(path: string): Txn {
  return { kind: "delete", type: opCode.delete, path };
}

export function setDataTxn(path: string, data: string, version: number): Txn {
  return { kind: "setData", type: opCode.setData, path, data: Buffer.from(data), version };
}

export function requestOf(type: number, body: Buffer, options: Partial<ServerRequest> = {}): ServerRequest {
  return { sessionId: 1n, cxid: 1, type, body, ids: [], owner: null, client: null, receivedMs: 0, ...options };
}

export function createBody(
  path: string,
  options: { data?: string; flags?: number; acl?: readonly Acl[] | null; ttlMs?: number } = {},
): Buffer {
  const writer = new JuteWriter().ustring(path).buffer(Buffer.from(options.data ?? ""));
  writeAcls(writer, options.acl === undefined ? openAcl : options.acl);
  writer.int(options.flags ?? createMode.persistent);
  if (options.ttlMs !== undefined) writer.number(options.ttlMs);
  return writer.flush();
}

export function pathVersion(path: string, version = -1): Buffer {
  return new JuteWriter().ustring(path).int(version).flush();
}

export function setDataBody(path: string, data: string, version = -1): Buffer {
  return new JuteWriter().ustring(path).buffer(Buffer.from(data)).int(version).flush();
}

/** A multi's body: each part its type and record. */
export function multiBody(parts: readonly (readonly [type: number, body: Buffer])[]): Buffer {
  const writer = new JuteWriter();
  for (const [type, body] of parts) writer.int(type).boolean(false).int(-1).raw(body);
  return writer.int(-1).boolean(true).int(-1).flush();
}

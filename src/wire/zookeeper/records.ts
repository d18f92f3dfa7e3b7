/** Records that several packets share: Id, ACL, Stat, the connect handshake and the headers. */
import type { JuteReader, JuteWriter } from "./jute.ts";

export interface Id {
  readonly scheme: string;
  readonly id: string;
}

export interface Acl {
  /** Bits of `permission`. */
  readonly perms: number;
  readonly scheme: string;
  readonly id: string;
}

/** A node's numbers as clients see them. */
export interface Stat {
  readonly czxid: number;
  readonly mzxid: number;
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  /** Session of an ephemeral node, else 0 (containers and TTL nodes too). */
  readonly ephemeralOwner: bigint;
  readonly dataLength: number;
  readonly numChildren: number;
  readonly pzxid: number;
}

export interface ConnectRequest {
  readonly protocolVersion: number;
  readonly lastZxidSeen: number;
  readonly timeoutMs: number;
  /** 0: a new session. */
  readonly sessionId: bigint;
  readonly password: Buffer;
  readonly readOnly: boolean;
  /** Clients up to 3.3 send no such byte and expect none. */
  readonly hasReadOnlyByte: boolean;
}

export interface ConnectResponse {
  readonly protocolVersion: number;
  /** ≤ 0: the session has expired. */
  readonly timeoutMs: number;
  readonly sessionId: bigint;
  readonly password: Buffer;
  /** Null: the byte is left out. */
  readonly readOnly: boolean | null;
}

export interface ReplyHeader {
  readonly xid: number;
  readonly zxid: number;
  readonly error: number;
}

export interface WatcherEvent {
  readonly type: number;
  readonly state: number;
  readonly path: string;
}

const aclBytesMin = 12;
const idBytesMin = 8;
export const passwordBytes = 16;

export function readAcls(reader: JuteReader): Acl[] | null {
  const count = reader.count(aclBytesMin);
  if (count < 0) return null;
  const acls: Acl[] = [];
  for (let index = 0; index < count; index++) {
    acls.push({ perms: reader.int(), scheme: reader.ustring() ?? "", id: reader.ustring() ?? "" });
  }
  return acls;
}

export function writeAcls(writer: JuteWriter, acls: readonly Acl[] | null): void {
  writer.vector(acls, (into, acl) => into.int(acl.perms).ustring(acl.scheme).ustring(acl.id));
}

export function readIds(reader: JuteReader): Id[] {
  return reader.vector(idBytesMin, (from) => ({ scheme: from.ustring() ?? "", id: from.ustring() ?? "" }));
}

export function writeIds(writer: JuteWriter, ids: readonly Id[] | null): void {
  writer.vector(ids, (into, id) => into.ustring(id.scheme).ustring(id.id));
}

export function writeStat(writer: JuteWriter, stat: Stat): void {
  writer.number(stat.czxid).number(stat.mzxid).number(stat.ctimeMs).number(stat.mtimeMs);
  writer.int(stat.version).int(stat.cversion).int(stat.aversion).long(stat.ephemeralOwner);
  writer.int(stat.dataLength).int(stat.numChildren).number(stat.pzxid);
}

export function readStat(reader: JuteReader): Stat {
  return {
    czxid: reader.number(),
    mzxid: reader.number(),
    ctimeMs: reader.number(),
    mtimeMs: reader.number(),
    version: reader.int(),
    cversion: reader.int(),
    aversion: reader.int(),
    ephemeralOwner: reader.long(),
    dataLength: reader.int(),
    numChildren: reader.int(),
    pzxid: reader.number(),
  };
}

export function readConnectRequest(reader: JuteReader): ConnectRequest {
  const protocolVersion = reader.int();
  const lastZxidSeen = reader.number();
  const timeoutMs = reader.int();
  const sessionId = reader.long();
  const password = reader.buffer() ?? Buffer.alloc(0);
  const hasReadOnlyByte = reader.remaining > 0;
  const readOnly = hasReadOnlyByte && reader.boolean();
  return { protocolVersion, lastZxidSeen, timeoutMs, sessionId, password, readOnly, hasReadOnlyByte };
}

export function writeConnectRequest(writer: JuteWriter, request: ConnectRequest): void {
  writer.int(request.protocolVersion).number(request.lastZxidSeen).int(request.timeoutMs);
  writer.long(request.sessionId).buffer(request.password);
  if (request.hasReadOnlyByte) writer.boolean(request.readOnly);
}

export function readConnectResponse(reader: JuteReader): ConnectResponse {
  const protocolVersion = reader.int();
  const timeoutMs = reader.int();
  const sessionId = reader.long();
  const password = reader.buffer() ?? Buffer.alloc(0);
  const readOnly = reader.remaining > 0 ? reader.boolean() : null;
  return { protocolVersion, timeoutMs, sessionId, password, readOnly };
}

export function writeConnectResponse(writer: JuteWriter, response: ConnectResponse): void {
  writer.int(response.protocolVersion).int(response.timeoutMs).long(response.sessionId).buffer(response.password);
  if (response.readOnly !== null) writer.boolean(response.readOnly);
}

export function readReplyHeader(reader: JuteReader): ReplyHeader {
  return { xid: reader.int(), zxid: reader.number(), error: reader.int() };
}

export function readWatcherEvent(reader: JuteReader): WatcherEvent {
  return { type: reader.int(), state: reader.int(), path: reader.string("path") };
}

/**
 * Transactions as ZooKeeper logs and proposes them: TxnHeader, one record by type, and a digest that may be absent.
 * Source: zookeeper.jute, module org.apache.zookeeper.txn.
 */
import { opCode } from "./codes.ts";
import { JuteError, JuteReader, JuteWriter } from "./jute.ts";
import { type Acl, readAcls, writeAcls } from "./records.ts";

/** epoch·2³² + counter; a safe integer, so epochs end at 2²¹. */
export type Zxid = number;
/** 64 bits, signed; the server that made it in the top byte. */
export type SessionId = bigint;

export interface TxnHeader {
  readonly clientId: SessionId;
  readonly cxid: number;
  readonly zxid: Zxid;
  readonly timeMs: number;
  /** The operation that the log shows; `opCode.error` for a refused one. */
  readonly type: number;
}

export interface CreateTxn {
  readonly kind: "create";
  /** create, create2, createContainer or createTtl. */
  readonly type: number;
  readonly path: string;
  readonly data: Buffer | null;
  readonly acl: readonly Acl[];
  readonly ephemeral: boolean;
  /** Stored cversion of the parent after this create; −1: one more than it has. */
  readonly parentCversion: number;
  /** Milliseconds; only createTtl. */
  readonly ttlMs: number;
}
export interface DeleteTxn {
  readonly kind: "delete";
  /** delete or deleteContainer. */
  readonly type: number;
  readonly path: string;
}
export interface SetDataTxn {
  readonly kind: "setData";
  /** setData or reconfig. */
  readonly type: number;
  readonly path: string;
  readonly data: Buffer | null;
  /** The version after it. */
  readonly version: number;
}
export interface SetAclTxn {
  readonly kind: "setAcl";
  readonly type: number;
  readonly path: string;
  readonly acl: readonly Acl[];
  /** The aversion after it. */
  readonly version: number;
}
export interface CheckTxn {
  readonly kind: "check";
  readonly type: number;
  readonly path: string;
  readonly version: number;
}
export interface CreateSessionTxn {
  readonly kind: "createSession";
  readonly type: number;
  readonly timeoutMs: number;
}
export interface CloseSessionTxn {
  readonly kind: "closeSession";
  readonly type: number;
  /** Ephemeral nodes to delete; null: all that the tree knows of. */
  readonly paths: readonly string[] | null;
}
export interface ErrorTxn {
  readonly kind: "error";
  readonly type: number;
  readonly error: number;
}
export interface MultiTxn {
  readonly kind: "multi";
  readonly type: number;
  readonly txns: readonly Txn[];
}
export type Txn =
  | CreateTxn
  | DeleteTxn
  | SetDataTxn
  | SetAclTxn
  | CheckTxn
  | CreateSessionTxn
  | CloseSessionTxn
  | ErrorTxn
  | MultiTxn;

/** One transaction with the bytes that go verbatim into the log and to every learner. */
export interface Proposal {
  readonly header: TxnHeader;
  readonly txn: Txn;
  /** TxnHeader, record and (when its author wrote one) TxnDigest. */
  readonly bytes: Buffer;
}

const maxNestedMulti = 1;
/** One writer for all transactions: a new one each would leave a hole in memory each. */
const keptScratchBytes = 64 * 1024;
let scratch = new JuteWriter(keptScratchBytes);

export function encodeProposal(header: TxnHeader, txn: Txn): Proposal {
  if (scratch.capacity > keptScratchBytes) scratch = new JuteWriter(keptScratchBytes);
  const writer = scratch;
  writer.truncate(0);
  writer.long(header.clientId).int(header.cxid).number(header.zxid).number(header.timeMs).int(header.type);
  writeTxn(writer, txn);
  return { header, txn, bytes: writer.flush() };
}

/** Keeps `bytes`. A digest at the end is not interpreted: comparing it is optional in ZooKeeper too. */
export function decodeProposal(bytes: Buffer): Proposal {
  const reader = new JuteReader(bytes, 0, bytes.length);
  const header: TxnHeader = {
    clientId: reader.long(),
    cxid: reader.int(),
    zxid: reader.number(),
    timeMs: reader.number(),
    type: reader.int(),
  };
  return { header, txn: readTxn(reader, header.type, 0), bytes };
}

function writeTxn(writer: JuteWriter, txn: Txn): void {
  switch (txn.kind) {
    case "create":
      writer.ustring(txn.path).buffer(txn.data);
      writeAcls(writer, txn.acl);
      if (txn.type === opCode.create || txn.type === opCode.create2) writer.boolean(txn.ephemeral);
      writer.int(txn.parentCversion);
      if (txn.type === opCode.createTtl) writer.number(txn.ttlMs);
      return;
    case "delete":
      writer.ustring(txn.path);
      return;
    case "setData":
      writer.ustring(txn.path).buffer(txn.data).int(txn.version);
      return;
    case "setAcl":
      writer.ustring(txn.path);
      writeAcls(writer, txn.acl);
      writer.int(txn.version);
      return;
    case "check":
      writer.ustring(txn.path).int(txn.version);
      return;
    case "createSession":
      writer.int(txn.timeoutMs);
      return;
    case "closeSession":
      if (txn.paths !== null) writer.vector(txn.paths, (into, path) => into.ustring(path));
      return;
    case "error":
      writer.int(txn.error);
      return;
    case "multi":
      writer.vector(txn.txns, (into, part) => {
        const record = new JuteWriter();
        writeTxn(record, part);
        into.int(part.type).buffer(record.take());
      });
      return;
  }
}

function readTxn(reader: JuteReader, type: number, depth: number): Txn {
  switch (type) {
    case opCode.create:
    case opCode.create2:
    case opCode.createContainer:
    case opCode.createTtl:
      return readCreate(reader, type);
    case opCode.delete:
    case opCode.deleteContainer:
      return { kind: "delete", type, path: reader.string("path") };
    case opCode.setData:
    case opCode.reconfig:
      return { kind: "setData", type, path: reader.string("path"), data: reader.buffer(), version: reader.int() };
    case opCode.setAcl:
      return { kind: "setAcl", type, path: reader.string("path"), acl: readAcls(reader) ?? [], version: reader.int() };
    case opCode.check:
      return { kind: "check", type, path: reader.string("path"), version: reader.int() };
    case opCode.createSession:
      return { kind: "createSession", type, timeoutMs: reader.int() };
    case opCode.closeSession:
      return { kind: "closeSession", type, paths: readClosePaths(reader) };
    case opCode.error:
      return { kind: "error", type, error: reader.int() };
    case opCode.multi:
      if (depth >= maxNestedMulti) throw new JuteError("multi inside multi");
      return { kind: "multi", type, txns: reader.vector(8, (from) => readPart(from, depth + 1)) };
    default:
      throw new JuteError(`Unsupported Txn with type=${type}`);
  }
}

function readCreate(reader: JuteReader, type: number): CreateTxn {
  const path = reader.string("path");
  const data = reader.buffer();
  const acl = readAcls(reader) ?? [];
  const plain = type === opCode.create || type === opCode.create2;
  const ephemeral = plain && reader.boolean();
  // The form before 3.3.3 ends here.
  const parentCversion = reader.remaining >= 4 ? reader.int() : -1;
  const ttlMs = type === opCode.createTtl ? reader.number() : 0;
  return { kind: "create", type, path, data, acl, ephemeral, parentCversion, ttlMs };
}

function readClosePaths(reader: JuteReader): string[] | null {
  if (reader.remaining === 0) return null;
  return reader.vector(4, (from) => from.string("path"));
}

function readPart(reader: JuteReader, depth: number): Txn {
  const type = reader.int();
  const bytes = reader.buffer();
  if (bytes === null) throw new JuteError("a multi holds an empty record");
  return readTxn(new JuteReader(bytes, 0, bytes.length), type, depth);
}

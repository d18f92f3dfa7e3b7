/**
 * A request becomes a transaction: every check of ZooKeeper in its order, against the tree plus what is outstanding. Pure.
 * Standalone and leader own one each; a refused request becomes a transaction of type error, which takes a zxid too.
 * Source: PrepRequestProcessor of ZooKeeper 3.8.
 */
import {
  type Acl,
  type CreateBody,
  type CreateTxn,
  createMode,
  encodeProposal,
  errorCode,
  JuteError,
  JuteReader,
  type MultiBody,
  type MultiPart,
  opCode,
  type PathVersionBody,
  type Proposal,
  permission,
  readCreateBody,
  readMultiParts,
  readPathVersion,
  readSetAclBody,
  readSetDataBody,
  type SessionId,
  type SetAclBody,
  type SetDataBody,
  type Txn,
} from "../../wire/zookeeper/index.ts";
import { checkAcl, fixupAcl } from "./auth.ts";
import { type ChangeRecord, ChangeRecords } from "./change-records.ts";
import { checkPath, containerOwner, isSession, parentOf, ttlMsMax, ttlOwner } from "./data-node.ts";
import { type DataTree, isSpecialPath } from "./data-tree.ts";
import { limitsPath, parseQuota, quotaPathOver, statsPath } from "./quotas.ts";
import type { ServerRequest } from "./request.ts";

/** What the owner of a preparer knows about sessions; `SessionTracker` is one. */
export interface SessionChecks {
  /** An `errorCode`: may a request of this session, coming through this owner, be executed? */
  check(sessionId: SessionId, owner: object | null): number;
  setClosing(sessionId: SessionId): void;
}

export interface PreparerOptions {
  /** zookeeper.extendedTypesEnabled: TTL nodes. Default false. */
  readonly extendedTypesEnabled: boolean;
  /** zookeeper.enforceQuota: hard limits refuse. Default false. */
  readonly enforceQuota: boolean;
  /** zookeeper.skipACL. Default false. */
  readonly skipAcl: boolean;
}

/** Refused with this code. Thrown and caught inside `Preparer` only. */
class Refusal extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`refused with ${code}`);
    this.code = code;
  }
}

interface Step {
  readonly request: ServerRequest;
  readonly zxid: number;
  readonly timeMs: number;
}

export class Preparer {
  readonly #tree: DataTree;
  readonly #sessions: SessionChecks;
  readonly #options: PreparerOptions;
  readonly #records: ChangeRecords;

  constructor(tree: DataTree, sessions: SessionChecks, options: PreparerOptions) {
    this.#tree = tree;
    this.#sessions = sessions;
    this.#options = options;
    this.#records = new ChangeRecords(tree);
  }

  /** Paths with proposed changes that are not applied. */
  get outstandingCount(): number {
    return this.#records.size;
  }

  /** Never throws for what a client sent. `zxid` must grow from call to call; `timeMs` is the wall clock. */
  prepare(request: ServerRequest, zxid: number, timeMs: number): Proposal {
    const step: Step = { request, zxid, timeMs };
    let txn: Txn;
    try {
      txn = this.#txnOf(step);
    } catch (error) {
      txn = { kind: "error", type: opCode.error, error: codeOf(error) };
    }
    const type = txn.kind === "error" ? opCode.error : request.type;
    return encodeProposal({ clientId: request.sessionId, cxid: request.cxid, zxid, timeMs, type }, txn);
  }

  /** The transaction with this zxid is in the tree. */
  applied(zxid: number): void {
    this.#records.applied(zxid);
  }

  /** The tree was replaced, or the epoch ended: nothing is outstanding. */
  clear(): void {
    this.#records.clear();
  }

  #txnOf(step: Step): Txn {
    const { body } = step.request;
    const reader = new JuteReader(body, 0, body.length);
    const { type } = step.request;
    switch (type) {
      case opCode.create:
      case opCode.create2:
      case opCode.createContainer:
      case opCode.createTtl:
        return this.#create(step, type, readCreateBody(reader, type));
      case opCode.delete:
        return this.#delete(step, readPathVersion(reader));
      case opCode.deleteContainer:
        return this.#deleteContainer(step, reader.string("path"));
      case opCode.setData:
        return this.#setData(step, readSetDataBody(reader));
      case opCode.setAcl:
        return this.#setAcl(step, readSetAclBody(reader));
      case opCode.check:
        return this.#check(step, readPathVersion(reader));
      case opCode.multi:
        return this.#multi(step, readMultiParts(reader));
      case opCode.createSession:
        return { kind: "createSession", type, timeoutMs: reader.int() };
      case opCode.closeSession:
        return this.#closeSession(step);
      case opCode.reconfig:
        throw new Refusal(errorCode.reconfigDisabled);
      default:
        throw new Refusal(errorCode.unimplemented);
    }
  }

  #part(step: Step, part: MultiPart<MultiBody>): Txn {
    switch (part.type) {
      case opCode.delete:
        return this.#delete(step, part.body as PathVersionBody);
      case opCode.check:
        return this.#check(step, part.body as PathVersionBody);
      case opCode.setData:
        return this.#setData(step, part.body as SetDataBody);
      case opCode.getData:
      case opCode.getChildren:
        throw new JuteError("a read inside a multi of writes");
      default:
        return this.#create(step, part.type, part.body as CreateBody);
    }
  }

  #multi(step: Step, parts: readonly MultiPart<MultiBody>[]): Txn {
    let failed = false;
    const txns = parts.map((part): Txn => {
      if (failed) return { kind: "error", type: opCode.error, error: errorCode.runtimeInconsistency };
      try {
        return this.#part(step, part);
      } catch (error) {
        failed = true;
        this.#records.rollBack(step.zxid);
        return { kind: "error", type: opCode.error, error: codeOf(error) };
      }
    });
    return { kind: "multi", type: opCode.multi, txns };
  }

  #checkSession(step: Step): void {
    const code = this.#sessions.check(step.request.sessionId, step.request.owner);
    if (code !== errorCode.ok) throw new Refusal(code);
  }

  #record(path: string, zxid: number): ChangeRecord {
    const record = this.#records.get(path, zxid);
    if (record === null) throw new Refusal(errorCode.noNode);
    return record;
  }

  #checkAcl(acl: readonly Acl[], perms: number, step: Step): void {
    if (this.#options.skipAcl) return;
    const code = checkAcl(acl, perms, step.request.ids);
    if (code !== errorCode.ok) throw new Refusal(code);
  }

  #fixupAcl(acl: readonly Acl[] | null, step: Step): readonly Acl[] {
    const fixed = fixupAcl(acl, step.request.ids);
    if (fixed === null) throw new Refusal(errorCode.invalidAcl);
    return fixed;
  }

  #create(step: Step, type: number, body: CreateBody): Txn {
    const owner = this.#ownerOf(step, body);
    this.#checkSession(step);
    if (!body.path.includes("/") || body.path.includes("\0")) throw new Refusal(errorCode.badArguments);
    const acl = this.#fixupAcl(body.acl, step);
    const parent = this.#record(parentOf(body.path), step.zxid);
    this.#checkAcl(parent.acl, permission.create, step);
    const path = isSequential(body.flags) ? body.path + sequenceSuffix(parent.cversion) : body.path;
    requirePath(path);
    if (this.#records.get(path, step.zxid) !== null) throw new Refusal(errorCode.nodeExists);
    if (isSession(parent.owner)) throw new Refusal(errorCode.noChildrenForEphemerals);
    const dataBytes = body.data?.length ?? 0;
    this.#checkQuota(path, dataBytes, 1);
    const parentCversion = parent.cversion + 1;
    const { zxid } = step;
    this.#records.add({ ...parent, zxid, cversion: parentCversion, childCount: parent.childCount + 1 });
    this.#records.add({
      zxid,
      path,
      exists: true,
      owner,
      version: 0,
      cversion: 0,
      aversion: 0,
      childCount: 0,
      acl,
      dataBytes,
    });
    const ephemeral = isSession(owner);
    const ttlMs = Math.max(0, body.ttlMs);
    return { kind: "create", type, path, data: body.data, acl, ephemeral, parentCversion, ttlMs } satisfies CreateTxn;
  }

  /** The owner field of a node in this mode; refuses modes and TTLs that may not be. */
  #ownerOf(step: Step, body: CreateBody): bigint {
    const { flags, ttlMs } = body;
    if (!Number.isInteger(flags) || flags < createMode.persistent || flags > createMode.persistentSequentialWithTtl) {
      throw new Refusal(errorCode.badArguments);
    }
    const withTtl = flags === createMode.persistentWithTtl || flags === createMode.persistentSequentialWithTtl;
    if (withTtl && !this.#options.extendedTypesEnabled) throw new Refusal(errorCode.unimplemented);
    if (withTtl ? ttlMs <= 0 || ttlMs > ttlMsMax : ttlMs >= 0) throw new Refusal(errorCode.badArguments);
    if (withTtl) return ttlOwner(ttlMs);
    if (flags === createMode.container) return containerOwner;
    const ephemeral = flags === createMode.ephemeral || flags === createMode.ephemeralSequential;
    return ephemeral ? step.request.sessionId : 0n;
  }

  #delete(step: Step, body: PathVersionBody): Txn {
    this.#checkSession(step);
    const { path, version } = body;
    if (!path.includes("/") || path.includes("\0") || isSpecialPath(path)) throw new Refusal(errorCode.badArguments);
    const parent = this.#record(parentOf(path), step.zxid);
    this.#checkAcl(parent.acl, permission.delete, step);
    const node = this.#record(path, step.zxid);
    requireVersion(node.version, version);
    if (node.childCount > 0) throw new Refusal(errorCode.notEmpty);
    this.#recordDelete(step, node, parent);
    return { kind: "delete", type: opCode.delete, path };
  }

  #deleteContainer(step: Step, path: string): Txn {
    if (isSpecialPath(path)) throw new Refusal(errorCode.badArguments);
    const node = this.#record(path, step.zxid);
    if (node.childCount > 0) throw new Refusal(errorCode.notEmpty);
    if (isSession(node.owner)) throw new Refusal(errorCode.badVersion);
    this.#recordDelete(step, node, this.#record(parentOf(path), step.zxid));
    return { kind: "delete", type: opCode.deleteContainer, path };
  }

  #recordDelete(step: Step, node: ChangeRecord, parent: ChangeRecord): void {
    const { zxid } = step;
    this.#records.add({ ...parent, zxid, childCount: parent.childCount - 1 });
    this.#records.add({ ...node, zxid, exists: false });
  }

  #setData(step: Step, body: SetDataBody): Txn {
    this.#checkSession(step);
    const { path, data } = body;
    requirePath(path);
    const node = this.#record(path, step.zxid);
    this.#checkAcl(node.acl, permission.write, step);
    const dataBytes = data?.length ?? 0;
    this.#checkQuota(path, dataBytes - node.dataBytes, 0);
    const version = requireVersion(node.version, body.version);
    this.#records.add({ ...node, zxid: step.zxid, version, dataBytes });
    return { kind: "setData", type: opCode.setData, path, data, version };
  }

  #setAcl(step: Step, body: SetAclBody): Txn {
    this.#checkSession(step);
    const { path } = body;
    requirePath(path);
    const acl = this.#fixupAcl(body.acl, step);
    const node = this.#record(path, step.zxid);
    this.#checkAcl(node.acl, permission.admin, step);
    const version = requireVersion(node.aversion, body.version);
    this.#records.add({ ...node, zxid: step.zxid, aversion: version, acl });
    return { kind: "setAcl", type: opCode.setAcl, path, acl, version };
  }

  #check(step: Step, body: PathVersionBody): Txn {
    this.#checkSession(step);
    const { path } = body;
    requirePath(path);
    const node = this.#record(path, step.zxid);
    this.#checkAcl(node.acl, permission.read, step);
    return { kind: "check", type: opCode.check, path, version: requireVersion(node.version, body.version) };
  }

  /** No session check: expiry asks for it without owning the session, and it is the session's last request. */
  #closeSession(step: Step): Txn {
    const { sessionId } = step.request;
    const paths = [...this.#records.ephemeralsOf(sessionId)];
    for (const path of paths) {
      const node = this.#records.get(path, step.zxid);
      const parent = this.#records.get(parentOf(path), step.zxid);
      if (node !== null && parent !== null) this.#recordDelete(step, node, parent);
    }
    this.#sessions.setClosing(sessionId);
    return { kind: "closeSession", type: opCode.closeSession, paths };
  }

  #checkQuota(path: string, bytes: number, count: number): void {
    if (!this.#options.enforceQuota) return;
    const limited = quotaPathOver(this.#tree.limitedPaths, path);
    if (limited === null) return;
    const limits = parseQuota(this.#tree.get(limitsPath(limited))?.data?.toString("utf8") ?? "");
    const used = parseQuota(this.#tree.get(statsPath(limited))?.data?.toString("utf8") ?? "");
    const tooMany = count > 0 && limits.countHardLimit > -1 && used.count + count > limits.countHardLimit;
    const tooLarge = bytes > 0 && limits.byteHardLimit > -1 && used.bytes + bytes > limits.byteHardLimit;
    if (tooMany || tooLarge) throw new Refusal(errorCode.quotaExceeded);
  }
}

function codeOf(error: unknown): number {
  if (error instanceof Refusal) return error.code;
  if (error instanceof JuteError) return errorCode.marshallingError;
  throw error;
}

function requirePath(path: string): void {
  if (checkPath(path) !== errorCode.ok) throw new Refusal(errorCode.badArguments);
}

/** The next version. −1 matches any. */
function requireVersion(current: number, expected: number): number {
  if (expected !== -1 && expected !== current) throw new Refusal(errorCode.badVersion);
  return current + 1;
}

function isSequential(flags: number): boolean {
  return (
    flags === createMode.persistentSequential ||
    flags === createMode.ephemeralSequential ||
    flags === createMode.persistentSequentialWithTtl
  );
}

/** Java's `%010d` of a signed int. */
function sequenceSuffix(count: number): string {
  return count < 0 ? `-${String(-count).padStart(9, "0")}` : String(count).padStart(10, "0");
}

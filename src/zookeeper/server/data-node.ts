/** One node of the tree in memory, and the rules by which its owner field tells ephemerals, containers and TTL nodes apart. */
import { errorCode, type Stat } from "../../wire/zookeeper/index.ts";

export class DataNode {
  /**
   * The data, one character a byte: thousands of small nodes would cost five times as much as Buffers. Null: no data, which
   * clients tell from empty.
   */
  bytes: string | null;
  /** Key into the ACL table. */
  aclKey: number;
  czxid: number;
  mzxid: number;
  pzxid: number;
  ctimeMs: number;
  mtimeMs: number;
  version: number;
  /** Counts creations below this node only; clients see 2·creations − children. */
  cversion: number;
  aversion: number;
  /** Session id, or one of the two special forms below. */
  owner: bigint;
  /** Names of the children; null while there has been none, which saves a set for every leaf. */
  children: Set<string> | null = null;

  constructor(data: Buffer | null, aclKey: number, zxid: number, timeMs: number, owner: bigint) {
    this.bytes = data === null ? null : data.toString("latin1");
    this.aclKey = aclKey;
    this.czxid = zxid;
    this.mzxid = zxid;
    this.pzxid = zxid;
    this.ctimeMs = timeMs;
    this.mtimeMs = timeMs;
    this.version = 0;
    this.cversion = 0;
    this.aversion = 0;
    this.owner = owner;
  }

  get data(): Buffer | null {
    return this.bytes === null ? null : Buffer.from(this.bytes, "latin1");
  }

  set data(data: Buffer | null) {
    this.bytes = data === null ? null : data.toString("latin1");
  }

  get dataLength(): number {
    return this.bytes === null ? 0 : this.bytes.length;
  }

  get childCount(): number {
    return this.children === null ? 0 : this.children.size;
  }

  stat(): Stat {
    const numChildren = this.childCount;
    return {
      czxid: this.czxid,
      mzxid: this.mzxid,
      ctimeMs: this.ctimeMs,
      mtimeMs: this.mtimeMs,
      version: this.version,
      cversion: this.cversion * 2 - numChildren,
      aversion: this.aversion,
      ephemeralOwner: isSession(this.owner) ? this.owner : 0n,
      dataLength: this.dataLength,
      numChildren,
      pzxid: this.pzxid,
    };
  }
}

/** Stored owner of container nodes, −2⁶³. */
export const containerOwner = -0x8000_0000_0000_0000n;
const ttlMark = 0xff00_0000_0000_0000n;
/** Milliseconds; 40 bits are kept in the owner field. */
export const ttlMsMax = 2 ** 40 - 1;

export function ttlOwner(ttlMs: number): bigint {
  return BigInt.asIntN(64, ttlMark | BigInt(ttlMs));
}

export function isContainer(owner: bigint): boolean {
  return owner === containerOwner;
}

/** Server ids end at 254 where TTL nodes are allowed, so that no session id starts with 0xff. */
export function isTtl(owner: bigint): boolean {
  return BigInt.asUintN(64, owner) >> 56n === 0xffn;
}

export function ttlMsOf(owner: bigint): number {
  return Number(BigInt.asUintN(40, owner));
}

/** Whether the owner is a session: the node is ephemeral and may have no children. */
export function isSession(owner: bigint): boolean {
  return owner !== 0n && owner !== containerOwner && !isTtl(owner);
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * PathUtils.validatePath: `errorCode.ok` or `badArguments`. Starts with a slash, ends with none, no empty, `.` or `..`
 * element, no control characters, no surrogates or private use, none of the specials at the end of the plane.
 */
export function checkPath(path: string): number {
  if (path === "/") return errorCode.ok;
  if (path.length === 0 || path.charCodeAt(0) !== 47 || path.charCodeAt(path.length - 1) === 47) {
    return errorCode.badArguments;
  }
  for (let index = 0; index < path.length; index++) {
    if (forbidden(path.charCodeAt(index))) return errorCode.badArguments;
  }
  if (path.includes("//")) return errorCode.badArguments;
  if (path.includes("/.") && path.split("/").some((element) => element === "." || element === "..")) {
    return errorCode.badArguments;
  }
  return errorCode.ok;
}

function forbidden(unit: number): boolean {
  return (
    unit < 0x20 ||
    (unit >= 0x7f && unit <= 0x9f) ||
    (unit >= 0xd800 && unit <= 0xf8ff) ||
    (unit >= 0xfff0 && unit <= 0xffff)
  );
}

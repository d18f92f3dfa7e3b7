/**
 * The client protocol as a client speaks it: every request of ZooKeeper 3.8 as data, and its bytes with frame and header.
 * Read by src/zookeeper/client only; a server reads request records where it carries them out.
 */
import { addWatchMode, opCode, specialXid, watcherType } from "./codes.ts";
import { JuteWriter } from "./jute.ts";
import { type Acl, type ConnectRequest, writeAcls, writeConnectRequest } from "./records.ts";

/** Paths of watches by kind, for `setWatches`. */
export interface WatchPaths {
  readonly data: readonly string[];
  readonly exist: readonly string[];
  readonly child: readonly string[];
  readonly persistent: readonly string[];
  readonly persistentRecursive: readonly string[];
}

/** A part of a `multi`. */
export type MultiOperation =
  | CreateRequest
  | { readonly op: "delete"; readonly path: string; readonly version: number }
  | { readonly op: "setData"; readonly path: string; readonly data: Uint8Array | null; readonly version: number }
  | { readonly op: "check"; readonly path: string; readonly version: number };

/** A part of a `multiRead`. */
export type MultiReadOperation = { readonly op: "getData" | "getChildren"; readonly path: string };

export interface CreateRequest {
  /** `create` answers the path only, `create2` the stat too; containers and TTL nodes have their own. */
  readonly op: "create" | "create2" | "createContainer" | "createTtl";
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  /** A value of `createMode`. */
  readonly flags: number;
  /** Only for `createTtl`. */
  readonly ttlMs?: number;
}

export interface ReadRequest {
  readonly op: "exists" | "getData" | "getChildren" | "getChildren2";
  readonly path: string;
  readonly watch: boolean;
}

export interface PathRequest {
  readonly op: "getAcl" | "sync" | "getEphemerals" | "getAllChildrenNumber";
  readonly path: string;
}

export type ClientRequest =
  | MultiOperation
  | {
      readonly op: "exists" | "getData" | "getChildren" | "getChildren2";
      readonly path: string;
      readonly watch: boolean;
    }
  | { readonly op: "getAcl" | "sync" | "getEphemerals" | "getAllChildrenNumber"; readonly path: string }
  | { readonly op: "setAcl"; readonly path: string; readonly acl: readonly Acl[]; readonly version: number }
  | { readonly op: "multi"; readonly operations: readonly MultiOperation[] }
  | { readonly op: "multiRead"; readonly operations: readonly MultiReadOperation[] }
  | { readonly op: "addWatch"; readonly path: string; readonly mode: AddWatchMode }
  | { readonly op: "checkWatches" | "removeWatches"; readonly path: string; readonly type: WatcherType }
  | { readonly op: "reconfig"; readonly joining: string; readonly leaving: string; readonly members: string }
  | { readonly op: "whoAmI" | "ping" | "closeSession" }
  | { readonly op: "auth"; readonly scheme: string; readonly auth: Uint8Array }
  | { readonly op: "setWatches" | "setWatches2"; readonly relativeZxid: number; readonly watches: WatchPaths };

export type AddWatchMode = keyof typeof addWatchMode;
export type WatcherType = keyof typeof watcherType;
export type ClientOp = ClientRequest["op"];

/** The xid that a request must carry; null for those that take the next one of their connection. */
export function fixedXid(op: ClientOp): number | null {
  if (op === "ping") return specialXid.ping;
  if (op === "auth") return specialXid.auth;
  return op === "setWatches" || op === "setWatches2" ? specialXid.setWatches : null;
}

/** Frame length, request header and record. */
export function encodeRequest(xid: number, request: ClientRequest): Buffer {
  const writer = new JuteWriter();
  writer.int(0).int(xid).int(opCode[request.op]);
  writeRequest(writer, request);
  return framed(writer);
}

/** The first packet of a connection: it has no request header. */
export function encodeConnect(request: ConnectRequest): Buffer {
  const writer = new JuteWriter();
  writer.int(0);
  writeConnectRequest(writer, request);
  return framed(writer);
}

function framed(writer: JuteWriter): Buffer {
  writer.patchInt(0, writer.length - 4);
  return writer.take();
}

function writeRequest(writer: JuteWriter, request: ClientRequest): void {
  switch (request.op) {
    case "multi":
    case "multiRead":
      writeMulti(writer, request.operations);
      return;
    case "setAcl":
      writer.ustring(request.path);
      writeAcls(writer, request.acl);
      writer.int(request.version);
      return;
    case "addWatch":
      writer.ustring(request.path).int(addWatchMode[request.mode]);
      return;
    case "checkWatches":
    case "removeWatches":
      writer.ustring(request.path).int(watcherType[request.type]);
      return;
    case "reconfig":
      // The current configuration's id −1: whatever it is.
      writer.ustring(request.joining).ustring(request.leaving).ustring(request.members).number(-1);
      return;
    case "auth":
      writer.int(0).ustring(request.scheme).buffer(request.auth);
      return;
    case "setWatches":
    case "setWatches2":
      writeSetWatches(writer, request.relativeZxid, request.watches, request.op === "setWatches2");
      return;
    case "whoAmI":
    case "ping":
    case "closeSession":
      return;
    default:
      writeNodeRequest(writer, request);
  }
}

type NodeRequest = MultiOperation | ReadRequest | PathRequest;

function writeNodeRequest(writer: JuteWriter, request: NodeRequest): void {
  writer.ustring(request.path);
  switch (request.op) {
    case "exists":
    case "getData":
    case "getChildren":
    case "getChildren2":
      writer.boolean(request.watch);
      return;
    case "getAcl":
    case "sync":
    case "getEphemerals":
    case "getAllChildrenNumber":
      return;
    case "delete":
    case "check":
      writer.int(request.version);
      return;
    case "setData":
      writer.buffer(request.data).int(request.version);
      return;
    default:
      writer.buffer(request.data);
      writeAcls(writer, request.acl);
      writer.int(request.flags);
      if (request.op === "createTtl") writer.number(request.ttlMs ?? 0);
      return;
  }
}

function writeMulti(writer: JuteWriter, operations: readonly (MultiOperation | MultiReadOperation)[]): void {
  for (const operation of operations) {
    writer.int(opCode[operation.op]).boolean(false).int(-1);
    writeNodeRequest(writer, isRead(operation) ? { ...operation, watch: false } : operation);
  }
  writer.int(-1).boolean(true).int(-1);
}

function isRead(operation: MultiOperation | MultiReadOperation): operation is MultiReadOperation {
  return operation.op === "getData" || operation.op === "getChildren";
}

function writeSetWatches(writer: JuteWriter, relativeZxid: number, watches: WatchPaths, second: boolean): void {
  const lists = [watches.data, watches.exist, watches.child];
  if (second) lists.push(watches.persistent, watches.persistentRecursive);
  writer.number(relativeZxid);
  for (const paths of lists) writer.vector(paths, (into, path) => into.ustring(path));
}

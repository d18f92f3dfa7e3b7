/**
 * Requests that a server answers from its own memory: reads and everything about watches. No promise and no copy of the
 * tree on the way. Source: FinalRequestProcessor of ZooKeeper 3.8.
 */
import {
  type Acl,
  addWatchMode,
  errorCode,
  type Id,
  type JuteReader,
  type JuteWriter,
  opCode,
  type PathWatchBody,
  permission,
  readMultiParts,
  readPathNumber,
  readPathWatch,
  readSetWatches,
  type SessionId,
  writeAcls,
  writeStat,
} from "../../wire/zookeeper/index.ts";
import { checkAcl, userNameOf } from "./auth.ts";
import type { DataNode } from "./data-node.ts";
import type { DataTree } from "./data-tree.ts";
import { writeEndOfParts, writePartHeader } from "./replies.ts";
import type { Watcher, WatchTable } from "./watch-table.ts";

export interface ReadContext {
  readonly tree: DataTree;
  readonly watches: WatchTable;
  readonly skipAcl: boolean;
}

/** The connection that asks. */
export interface Reader extends Watcher {
  readonly sessionId: SessionId;
  readonly ids: readonly Id[];
}

/** Whether `answerRead` knows the operation. */
export function isRead(type: number): boolean {
  return readOps.has(type);
}

/** Operations whose reply is a header alone. */
export function answersWithoutRecord(type: number): boolean {
  return (
    type === opCode.setWatches ||
    type === opCode.setWatches2 ||
    type === opCode.checkWatches ||
    type === opCode.removeWatches
  );
}

type ReadOp = (context: ReadContext, reader: Reader, body: JuteReader, into: JuteWriter) => number;

/** Writes the reply's record and returns `ok`, or returns an error code and the record written so far is void. */
export function answerRead(
  context: ReadContext,
  type: number,
  reader: Reader,
  body: JuteReader,
  into: JuteWriter,
): number {
  const op = readOps.get(type);
  return op === undefined ? errorCode.unimplemented : op(context, reader, body, into);
}

const readOps = new Map<number, ReadOp>([
  [opCode.exists, exists],
  [opCode.getData, (context, reader, body, into) => getData(context, reader, readPathWatch(body), true, into)],
  [opCode.getChildren, (context, reader, body, into) => getChildren(context, reader, readPathWatch(body), false, into)],
  [opCode.getChildren2, (context, reader, body, into) => getChildren(context, reader, readPathWatch(body), true, into)],
  [opCode.getAcl, getAcl],
  [opCode.getAllChildrenNumber, getAllChildrenNumber],
  [opCode.getEphemerals, getEphemerals],
  [opCode.multiRead, multiRead],
  [opCode.setWatches, (context, reader, body) => setWatches(context, reader, body, false)],
  [opCode.setWatches2, (context, reader, body) => setWatches(context, reader, body, true)],
  [opCode.addWatch, addWatch],
  [opCode.checkWatches, (context, reader, body) => checkWatches(context, reader, body)],
  [opCode.removeWatches, (context, reader, body) => removeWatches(context, reader, body)],
  [opCode.whoAmI, whoAmI],
]);

function allowed(context: ReadContext, reader: Reader, acl: readonly Acl[], perms: number): boolean {
  return context.skipAcl || checkAcl(acl, perms, reader.ids) === errorCode.ok;
}

function readable(context: ReadContext, reader: Reader, node: DataNode): boolean {
  return allowed(context, reader, context.tree.aclOf(node), permission.read);
}

function exists(context: ReadContext, reader: Reader, body: JuteReader, into: JuteWriter): number {
  const { path, watch } = readPathWatch(body);
  if (path.includes("\0")) return errorCode.badArguments;
  if (watch) context.watches.addData(path, reader);
  const node = context.tree.get(path);
  if (node === undefined) return errorCode.noNode;
  writeStat(into, node.stat());
  return errorCode.ok;
}

function getData(
  context: ReadContext,
  reader: Reader,
  request: PathWatchBody,
  withStat: boolean,
  into: JuteWriter,
): number {
  const node = context.tree.get(request.path);
  if (node === undefined) return errorCode.noNode;
  if (!readable(context, reader, node)) return errorCode.noAuth;
  if (request.watch) context.watches.addData(request.path, reader);
  into.byteString(node.bytes);
  if (withStat) writeStat(into, node.stat());
  return errorCode.ok;
}

function getChildren(
  context: ReadContext,
  reader: Reader,
  request: PathWatchBody,
  withStat: boolean,
  into: JuteWriter,
): number {
  const node = context.tree.get(request.path);
  if (node === undefined) return errorCode.noNode;
  if (!readable(context, reader, node)) return errorCode.noAuth;
  if (request.watch) context.watches.addChild(request.path, reader);
  into.int(node.childCount);
  for (const name of node.children ?? []) into.ustring(name);
  if (withStat) writeStat(into, node.stat());
  return errorCode.ok;
}

/** Without the right to administer, the hashes of digest ids are hidden. */
function getAcl(context: ReadContext, reader: Reader, body: JuteReader, into: JuteWriter): number {
  const node = context.tree.get(body.string("path"));
  if (node === undefined) return errorCode.noNode;
  const acl = context.tree.aclOf(node);
  if (!allowed(context, reader, acl, permission.read | permission.admin)) return errorCode.noAuth;
  const full = allowed(context, reader, acl, permission.admin);
  writeAcls(
    into,
    full ? acl : acl.map((entry) => (entry.scheme === "digest" ? { ...entry, id: masked(entry.id) } : entry)),
  );
  writeStat(into, node.stat());
  return errorCode.ok;
}

function masked(digestId: string): string {
  return `${digestId.slice(0, Math.max(0, digestId.indexOf(":")))}:x`;
}

function getAllChildrenNumber(context: ReadContext, reader: Reader, body: JuteReader, into: JuteWriter): number {
  const path = body.string("path");
  const node = context.tree.get(path);
  if (node === undefined) return errorCode.noNode;
  if (!readable(context, reader, node)) return errorCode.noAuth;
  let count = path === "/" ? context.tree.nodes.size - 1 : 0;
  if (path !== "/") for (const other of context.tree.nodes.keys()) if (other.startsWith(`${path}/`)) count++;
  into.int(count);
  return errorCode.ok;
}

function getEphemerals(context: ReadContext, reader: Reader, body: JuteReader, into: JuteWriter): number {
  const prefix = body.ustring()?.trim() ?? "";
  const own = [...(context.tree.ephemerals.get(reader.sessionId) ?? [])];
  const all = prefix === "" || prefix === "/";
  into.vector(all ? own : own.filter((path) => path.startsWith(prefix)), (writer, path) => writer.ustring(path));
  return errorCode.ok;
}

/** Each operation succeeds or fails by itself. */
function multiRead(context: ReadContext, reader: Reader, body: JuteReader, into: JuteWriter): number {
  const parts = readMultiParts(body);
  if (parts.some((part) => part.type !== opCode.getData && part.type !== opCode.getChildren))
    return errorCode.marshallingError;
  for (const part of parts) {
    const start = into.length;
    writePartHeader(into, part.type, errorCode.ok);
    const request = part.body as PathWatchBody;
    const error =
      part.type === opCode.getData
        ? getData(context, reader, request, true, into)
        : getChildren(context, reader, request, false, into);
    if (error === errorCode.ok) continue;
    into.truncate(start);
    writePartHeader(into, opCode.error, error);
    into.int(error);
  }
  writeEndOfParts(into);
  return errorCode.ok;
}

function setWatches(context: ReadContext, reader: Reader, body: JuteReader, withPersistent: boolean): number {
  context.watches.restore(context.tree, readSetWatches(body, withPersistent), reader);
  return errorCode.ok;
}

function addWatch(context: ReadContext, reader: Reader, body: JuteReader, into: JuteWriter): number {
  const { path, number: mode } = readPathNumber(body);
  if (mode !== addWatchMode.persistent && mode !== addWatchMode.persistentRecursive) return errorCode.badArguments;
  context.watches.addPersistent(path, reader, mode === addWatchMode.persistentRecursive);
  into.int(errorCode.ok);
  return errorCode.ok;
}

function checkWatches(context: ReadContext, reader: Reader, body: JuteReader): number {
  const { path, number: type } = readPathNumber(body);
  return context.watches.has(path, reader, type) ? errorCode.ok : errorCode.noWatcher;
}

function removeWatches(context: ReadContext, reader: Reader, body: JuteReader): number {
  const { path, number: type } = readPathNumber(body);
  return context.watches.remove(path, reader, type) ? errorCode.ok : errorCode.noWatcher;
}

function whoAmI(_context: ReadContext, reader: Reader, _body: JuteReader, into: JuteWriter): number {
  into.vector(reader.ids, (writer, id) => writer.ustring(id.scheme).ustring(userNameOf(id)));
  return errorCode.ok;
}

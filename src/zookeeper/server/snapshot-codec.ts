/**
 * The body of a snapshot: sessions, access lists, nodes, a closing "/". The same bytes lie in snapshot files and travel
 * as SNAP to learners. Source: SerializeUtils, DataTree.serialize of ZooKeeper 3.8.
 */
import {
  JuteError,
  JuteReader,
  JuteUnderflow,
  JuteWriter,
  readAcls,
  type SessionId,
  writeAcls,
  type Zxid,
} from "../../wire/zookeeper/index.ts";
import { DataNode } from "./data-node.ts";
import { DataTree } from "./data-tree.ts";
import type { SnapshotImage } from "./database.ts";

/** Bytes after which a piece is handed out. */
const usualPieceBytes = 64 * 1024;
/** A node's data may be as long as any packet ever accepted; larger lengths are damage. */
const fieldBytesMax = 256 * 1024 * 1024;
const endMark = "/";

/**
 * The image as of `zxid`, in pieces of about 64 KiB. Consumed over several turns it is fuzzy: changes made meanwhile may or
 * may not be in it, and the transactions after `zxid` must be applied over it. They make every younger node, so none is
 * written: a path that is deleted and made again on the way would come twice.
 */
export function* serializeImage(
  { tree, sessions }: Pick<SnapshotImage, "tree"> & { readonly sessions: ReadonlyMap<SessionId, number> },
  zxid: Zxid,
  pieceBytes = usualPieceBytes,
): Generator<Buffer, void, void> {
  const writer = new JuteWriter(pieceBytes + 4096);
  writer.int(sessions.size);
  for (const [id, timeoutMs] of sessions) writer.long(id).int(timeoutMs);
  writer.int(tree.acls.size);
  for (const [key, acl] of tree.acls.entries()) {
    writer.number(key);
    writeAcls(writer, acl);
  }
  for (const [path, node] of tree.nodes) {
    if (node.czxid > zxid) continue;
    writeNode(writer, path, node);
    if (writer.length >= pieceBytes) yield writer.flush();
  }
  writer.ustring(endMark);
  yield writer.flush();
}

function writeNode(writer: JuteWriter, path: string, node: DataNode): void {
  writer
    .ustring(path === "/" ? "" : path)
    .byteString(node.bytes)
    .number(node.aclKey);
  writer.number(node.czxid).number(node.mzxid).number(node.ctimeMs).number(node.mtimeMs);
  writer.int(node.version).int(node.cversion).int(node.aversion).long(node.owner).number(node.pzxid);
}

type Stage = "sessions" | "lists" | "nodes" | "done";

/** Takes the body in pieces of any size and builds the image. Throws `JuteError` when the bytes are not one. */
export class SnapshotDecoder {
  readonly #tree = new DataTree();
  readonly #sessions = new Map<SessionId, number>();
  #pending: Buffer = Buffer.alloc(0);
  #stage: Stage = "sessions";
  #left = -1;

  constructor() {
    this.#tree.clear();
  }

  /** Null: more bytes are needed. Otherwise the bytes that follow the image. */
  push(bytes: Buffer): Buffer | null {
    const whole = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const reader = new JuteReader(whole, 0, fieldBytesMax);
    let parsed = 0;
    try {
      while (this.#stage !== "done") {
        this.#step(reader);
        parsed = reader.offset;
      }
    } catch (error) {
      if (!(error instanceof JuteUnderflow)) throw error;
      // A copy: the piece may be a view of a buffer that the caller fills again.
      this.#pending = Buffer.from(whole.subarray(parsed));
      return null;
    }
    this.#tree.finishSnapshot();
    return whole.subarray(parsed);
  }

  get image(): SnapshotImage {
    if (this.#stage !== "done") throw new JuteError("the snapshot is not complete");
    return { tree: this.#tree, sessions: this.#sessions };
  }

  #step(reader: JuteReader): void {
    if (this.#stage === "nodes") {
      this.#readNode(reader);
    } else if (this.#left < 0) {
      this.#left = reader.int();
      if (this.#left < 0) throw new JuteError(`Unreasonable count = ${this.#left}`);
    } else if (this.#left === 0) {
      this.#stage = this.#stage === "sessions" ? "lists" : "nodes";
      this.#left = -1;
    } else {
      if (this.#stage === "sessions") this.#readSession(reader);
      else this.#readList(reader);
      this.#left--;
    }
  }

  #readSession(reader: JuteReader): void {
    const id = reader.long();
    this.#sessions.set(id, reader.int());
  }

  #readList(reader: JuteReader): void {
    const key = reader.number();
    this.#tree.acls.restore(key, readAcls(reader) ?? []);
  }

  #readNode(reader: JuteReader): void {
    const path = reader.string("path");
    if (path === endMark) {
      this.#stage = "done";
      return;
    }
    const bytes = reader.byteString();
    const aclKey = reader.number();
    const node = new DataNode(null, aclKey, 0, 0, 0n);
    node.bytes = bytes;
    node.czxid = reader.number();
    node.mzxid = reader.number();
    node.ctimeMs = reader.number();
    node.mtimeMs = reader.number();
    node.version = reader.int();
    node.cversion = reader.int();
    node.aversion = reader.int();
    node.owner = reader.long();
    node.pzxid = reader.number();
    if (!this.#tree.insertFromSnapshot(path === "" ? "/" : path, node)) {
      throw new JuteError(`Invalid Datatree, unable to find parent of ${path}`);
    }
  }
}

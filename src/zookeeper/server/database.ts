/**
 * The seam between a server's memory and disk and the roles that decide what is written there (standalone, leader,
 * learner). Order of life of a transaction, whatever the role:
 *   proposal (encodeProposal or decodeProposal) → `append` → `sync` → [agreement] → `apply`, in zxid order each.
 * Only then is anyone told that it happened. `FileDatabase` implements it on `Runtime.fs`.
 */
import type { Proposal, SessionId, Stat, Zxid } from "../../wire/zookeeper/index.ts";
import type { DataTree } from "./data-tree.ts";
import type { Summary } from "./summary.ts";

export interface Database {
  /** Changed by `apply` and `restore` only. The object stays the same over `restore`, `truncate` and `load`. */
  readonly tree: DataTree;
  /** Timeouts in milliseconds of every global session that is open, as of the last applied transaction. */
  readonly sessions: ReadonlyMap<SessionId, number>;
  /** The last applied zxid; 0 of an empty database. */
  readonly lastProcessedZxid: Zxid;
  /** The last appended zxid (durable only after `sync`); ≥ `lastProcessedZxid`. */
  readonly lastLoggedZxid: Zxid;
  readonly epochs: Epochs;

  /**
   * Newest valid snapshot, then every later log entry; a torn tail of the last log is cut. Everything found is applied.
   * An empty folder gets its first snapshot. Throws SL-ZK-LOG-DAMAGED (nothing on disk is changed), SL-ZK-NO-SNAPSHOT,
   * SL-ZK-EPOCH (acceptedEpoch below currentEpoch).
   */
  load(): Promise<void>;

  /** Puts a transaction into the log's buffer; its zxid must be above `lastLoggedZxid`. Costs no I/O. */
  append(proposal: Proposal): void;
  /**
   * Resolves when everything appended before the call is on stable storage; concurrent calls share one fsync.
   * Rejects when the disk refuses: the server must stop, because nobody knows then what the disk holds.
   */
  sync(): Promise<void>;
  /**
   * Applies a committed transaction to the tree, keeps it in the window of committed ones and hands watch events to the
   * listener of the tree. Repeatable: what a fuzzy snapshot already held changes nothing. Starts a snapshot when due.
   */
  apply(proposal: Proposal): ApplyResult;

  /** The window of committed transactions in memory, oldest first (commitLogCount, at least 500). */
  readonly committed: CommittedWindow;
  /**
   * The image that memory was filled from, at the last load or restore: the log has every transaction after it. Before it
   * transactions may be missing, because an image came in their place.
   */
  readonly historyFromZxid: Zxid;
  /** A new leader's epoch begins: `lastProcessedZxid` moves up to epoch·2³² without a transaction. */
  advanceTo(zxid: Zxid): void;
  /**
   * Committed transactions out of the log files, in order, for a learner older than the window: the first one is the
   * last at or before `zxid`. Null when the log does not reach back to `zxid`, or when the files after the one that
   * holds it are larger than `bytesMax`.
   */
  committedFromLog(zxid: Zxid, bytesMax: number): Promise<AsyncIterable<Proposal> | null>;
  /** Bytes of the newest snapshot on disk, 0 without one; the rule of snapshotSizeFactor needs it. */
  readonly newestSnapshotBytes: number;

  /** TRUNC: forgets everything after `zxid` on disk and in memory, then loads again. Resolves when that is durable. */
  truncate(zxid: Zxid): Promise<void>;

  /**
   * The image for SNAP: the snapshot body (sessions, ACL map, nodes, final "/") without file header, checksum or digest,
   * in pieces of some 64 KiB. Fuzzy when consumed over several turns: later transactions must be sent after it.
   */
  serialize(): Generator<Buffer, void, void>;
  /** Replaces tree and sessions by a decoded image, as of `zxid`; call `takeSnapshot` before promising anything. */
  restore(image: SnapshotImage, zxid: Zxid): Promise<void>;
  /** Writes a snapshot of the present state and starts a new log file; resolves when the snapshot is durable. */
  takeSnapshot(): Promise<void>;

  /**
   * Gives up a snapshot that is being written. A snapshot is written over several turns under the zxid at which it began:
   * what may yet be undone must not get into it.
   */
  stopSnapshot(): Promise<void>;

  /** Of the log's fsyncs since the start, in milliseconds, and of snapshots; for `mntr`. */
  readonly fsyncTimes: Summary;
  readonly snapshotTimes: Summary;

  close(): Promise<void>;
}

export interface CommittedWindow {
  /** Zxid of the oldest and newest; both `lastProcessedZxid` when it is empty. */
  readonly minZxid: Zxid;
  readonly maxZxid: Zxid;
  readonly length: number;
  at(index: number): Proposal;
}

/**
 * `acceptedEpoch` and `currentEpoch` files; each setter resolves when the new value is durable. A missing file counts as
 * the epoch of the last zxid. `current` is never below that epoch: a learner that died between the snapshot of SNAP and
 * its `setCurrent` holds a prefix of that leader's history and may say so.
 */
export interface Epochs {
  readonly accepted: number;
  readonly current: number;
  setAccepted(epoch: number): Promise<void>;
  setCurrent(epoch: number): Promise<void>;
}

/** What the transaction did, enough to answer whoever asked for it. */
export interface ApplyResult {
  readonly zxid: Zxid;
  readonly type: number;
  /** An `errorCode`; for a multi the code of its culprit. */
  readonly error: number;
  readonly path: string | null;
  readonly stat: Stat | null;
  /** One for each part of a multi. */
  readonly parts: readonly ApplyResult[] | null;
}

/**
 * Filled by a `SnapshotDecoder` from the bytes of SNAP; opaque otherwise.
 *   const decoder = new SnapshotDecoder();      // src/zookeeper/server/snapshot-codec.ts
 *   let rest = decoder.push(chunk);             // null: more bytes are needed; else the bytes after the image
 *   if (rest !== null) await database.restore(decoder.image, snapZxid);
 */
export interface SnapshotImage {
  readonly tree: DataTree;
  readonly sessions: Map<SessionId, number>;
}

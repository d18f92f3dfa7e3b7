/**
 * The door of the ZooKeeper client: what daemons, tools and tests see, whichever library carries the protocol.
 *
 * Three promises beyond the protocol's own. A request of a dead session is never carried out by another one (use
 * `ZooKeeperSession`). Watches set through the client outlive the session: they are armed again in the next one, and what
 * changed meanwhile is reported. Nothing waits unbounded: every request ends in a result or in one error.
 */
import type { Acl, Id, MultiReadOperation, MultiResult, Stat } from "../../wire/zookeeper/index.ts";
import type { ClientErrorCode } from "./client-errors.ts";
import type { AuthInfo } from "./session-adapter.ts";

export type CreateMode =
  | "persistent"
  | "ephemeral"
  | "persistentSequential"
  | "ephemeralSequential"
  | "container"
  | "persistentWithTtl"
  | "persistentSequentialWithTtl";

export interface CreateOptions extends CallOptions {
  /** Default `persistent`. */
  readonly mode?: CreateMode;
  /** Default world:anyone, all permissions. */
  readonly acl?: readonly Acl[];
  /** For the two TTL modes: milliseconds after the last change, childless, until the server may delete it. */
  readonly ttlMs?: number;
}

export interface CallOptions {
  /** Aborting gives the call up with SL-ZK-ABORTED; a write that was sent may still happen. */
  readonly signal?: AbortSignal;
}

export interface ReadOptions extends CallOptions {
  /** Told once of the next change. The same function counts once per node and kind of read. */
  readonly watch?: WatchHandler;
}

/**
 * ZooKeeper's words. `None`: what changed is unknown, read again. Persistent watches get it after each reconnection, all
 * watches when the servers have lost their data.
 */
export interface WatchEvent {
  readonly type: "NodeCreated" | "NodeDeleted" | "NodeDataChanged" | "NodeChildrenChanged" | "None";
  readonly path: string;
}

/** Must not throw. Runs before any reply that could show the change, and after every earlier reply. */
export type WatchHandler = (event: WatchEvent) => void;

export interface NodeData {
  /** Null when the node was created without data. */
  readonly data: Buffer | null;
  readonly stat: Stat;
}

export interface NodeChildren {
  /** In no particular order. */
  readonly children: readonly string[];
  readonly stat: Stat;
}

/** A part of `multi`; versions default to −1, any. */
export type MultiPart =
  | {
      readonly op: "create";
      readonly path: string;
      readonly data?: Uint8Array | null;
      readonly options?: Omit<CreateOptions, "signal">;
    }
  | { readonly op: "setData"; readonly path: string; readonly data: Uint8Array | null; readonly version?: number }
  | { readonly op: "delete" | "check"; readonly path: string; readonly version?: number };

/** All or nothing. */
export type MultiOutcome =
  | { readonly done: true; readonly results: readonly MultiResult[] }
  /** Nothing was applied; `failed` is the index of the part that did not hold. */
  | { readonly done: false; readonly failed: number; readonly error: ClientErrorCode };

/** A missing node is an answer, not an error, wherever `null` or `false` is returned. */
export interface ZooKeeperOperations {
  /** The path, with its number if sequential. SL-ZK-NODE-EXISTS, SL-ZK-NO-NODE (no parent). */
  create(path: string, data?: Uint8Array | null, options?: CreateOptions): Promise<string>;
  /** The same with the new node's stat (ZooKeeper ≥ 3.5). */
  createWithStat(
    path: string,
    data?: Uint8Array | null,
    options?: CreateOptions,
  ): Promise<{ readonly path: string; readonly stat: Stat }>;
  /** False: there was no such node. SL-ZK-NOT-EMPTY, SL-ZK-BAD-VERSION. */
  delete(path: string, version?: number, options?: CallOptions): Promise<boolean>;
  /** On a missing node the watch tells of its creation. */
  exists(path: string, options?: ReadOptions): Promise<Stat | null>;
  /** On a missing node no watch is set. */
  getData(path: string, options?: ReadOptions): Promise<NodeData | null>;
  /** SL-ZK-NO-NODE, SL-ZK-BAD-VERSION. */
  setData(path: string, data: Uint8Array | null, version?: number, options?: CallOptions): Promise<Stat>;
  /** On a missing node no watch is set. */
  getChildren(path: string, options?: ReadOptions): Promise<NodeChildren | null>;
  getAcl(path: string, options?: CallOptions): Promise<{ readonly acl: readonly Acl[]; readonly stat: Stat } | null>;
  setAcl(path: string, acl: readonly Acl[], version?: number, options?: CallOptions): Promise<Stat>;
  /** Afterwards reads of this client see every write that had been committed before the call. */
  sync(path: string, options?: CallOptions): Promise<void>;
  multi(parts: readonly MultiPart[], options?: CallOptions): Promise<MultiOutcome>;
  multiRead(parts: readonly MultiReadOperation[], options?: CallOptions): Promise<readonly MultiResult[]>;
  /** A watch that stays (ZooKeeper ≥ 3.6). The result removes it. */
  addWatch(
    path: string,
    mode: "persistent" | "persistentRecursive",
    handler: WatchHandler,
    options?: CallOptions,
  ): Promise<() => Promise<void>>;
  /** Forgets every watch of this client on the node, one-shot or persistent. SL-ZK-NO-WATCHER. */
  removeWatches(path: string, options?: CallOptions): Promise<void>;
  whoAmI(options?: CallOptions): Promise<readonly Id[]>;
  /** Ephemeral nodes of the current session below `prefix`. */
  getEphemerals(prefix: string, options?: CallOptions): Promise<readonly string[]>;
  /** All descendants; null when there is no such node. */
  getAllChildrenNumber(path: string, options?: CallOptions): Promise<number | null>;
}

/** One session: a fencing token. Its requests fail with SL-ZK-SESSION-EXPIRED once it has ended. */
export interface ZooKeeperSession extends ZooKeeperOperations {
  readonly id: bigint;
  readonly timeoutMs: number;
  /** Aborted when the session has ended: by the servers' word, or because they cannot have heard of it for its time-out. */
  readonly ended: AbortSignal;
  /**
   * For how many ms more the servers must hold the session, by what they have answered; 0 when that is not known. A
   * follower that has lost its leader goes on answering for up to syncLimit ticks: what must never be done twice also
   * needs a `check` in its multi.
   */
  assuredMs(): number;
}

/**
 * Curator's words. `suspended`: not connected, the session may live. `lost`: the session has ended, another one is being
 * opened. `failed`: credentials were refused, the client has ended.
 */
export type ConnectionState = "connected" | "suspended" | "reconnected" | "lost" | "failed" | "closed";

/** Requests go to the session of the moment; those not yet sent wait for the next one. */
export interface ZooKeeperClient extends ZooKeeperOperations, AsyncDisposable {
  /** The session, once connected. SL-ZK-ABORTED, SL-ZK-CLOSED, SL-ZK-AUTH-FAILED, SL-ZK-UNREACHABLE (after `patienceMs`). */
  session(options?: CallOptions): Promise<ZooKeeperSession>;
  /** The result ends the listening. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** For this session and all later ones. */
  addAuth(scheme: string, auth: Uint8Array | string): void;
  /** Closes the session, so that its ephemeral nodes go at once. Idempotent. */
  close(): Promise<void>;
}

export interface ZooKeeperClientOptions {
  /** `host:port,host:port…`. */
  readonly servers: string;
  /** Default 20,000; the servers clamp it to 2–20 ticks. */
  readonly sessionTimeoutMs?: number;
  readonly auth?: readonly AuthInfo[];
  /** How long a request waits for a connection before it fails with SL-ZK-UNREACHABLE. Default: the session time-out. */
  readonly patienceMs?: number;
  /** Requests that wait to be sent; more fail with SL-ZK-QUEUE-FULL. Default 10,000. */
  readonly queueMax?: number;
  /** Requests on their way at once. Default 1000, a server's own limit. */
  readonly outstandingMax?: number;
}

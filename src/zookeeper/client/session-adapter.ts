/**
 * What the client needs of a library that speaks ZooKeeper: one session that connects, and connects again, until it is
 * closed or the servers call it expired. Two sides: our own (own-session.ts) and the package node-zookeeper-client
 * (package-session.ts). Everything a user relies on beyond that (fencing, new sessions, queues, promises) is above it.
 */
import type { Runtime } from "../../base/index.ts";
import type { ClientReplies, ClientRequest, SessionId, WatcherEvent, WatchPaths } from "../../wire/zookeeper/index.ts";
import type { Assurance } from "./assurance.ts";
import type { Host } from "./connect-string.ts";

export interface SessionAdapter {
  readonly name: string;
  /** `3.4`: create, delete, exists, getData, setData, ACLs, children, sync, multi. `3.8`: everything. */
  readonly protocol: "3.4" | "3.8";
  /** Never throws for a server that is away; nothing is called back before this returns. */
  open(runtime: Runtime, options: SessionOptions, listener: SessionListener): ProtocolSession;
}

export interface SessionOptions {
  readonly hosts: readonly Host[];
  /** Asked for; the servers clamp it to 2–20 ticks. */
  readonly timeoutMs: number;
  readonly auth: readonly AuthInfo[];
  /** The one-shot and persistent watches to arm at a new connection, and since when their changes are wanted. */
  watches(): { readonly paths: WatchPaths; readonly sinceZxid: number };
}

export interface AuthInfo {
  readonly scheme: string;
  readonly auth: Uint8Array;
}

export interface SessionListener {
  connected(info: SessionInfo): void;
  /** A request was answered: see `Assurance` for the two moments. */
  confirmed(assurance: Assurance, zxid: number): void;
  /** Every request that was on its way has been answered with `connectionLoss`. */
  disconnected(reason: string): void;
  /** A connection attempt came to nothing; for error texts. */
  unreachable(reason: string): void;
  /** Last call, once: the servers do not know the session (any more), or refused the credentials. */
  ended(why: "expired" | "authFailed"): void;
  event(event: WatcherEvent): void;
}

export interface SessionInfo {
  readonly sessionId: SessionId;
  /** As negotiated. */
  readonly timeoutMs: number;
  readonly server: string;
}

export type Outcome<R extends ClientRequest> =
  | { readonly error: 0; readonly reply: ClientReplies[R["op"]] }
  /** An `errorCode`. */
  | { readonly error: number; readonly reply: null };

export interface ProtocolSession {
  /** Whether requests can be sent now. */
  ready(): boolean;
  /** Only while connected. `done` runs exactly once, in the order of the requests, before any later event is delivered. */
  send<R extends ClientRequest>(request: R, done: (outcome: Outcome<R>) => void): void;
  addAuth(auth: AuthInfo): void;
  /** Closes the session at the servers if one can be reached, at most `deadlineMs`; the listener hears nothing more. */
  close(deadlineMs: number): Promise<void>;
}

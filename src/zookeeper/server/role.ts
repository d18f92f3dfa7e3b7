/**
 * What differs between standalone, leader, follower and observer, and what a role may ask of the server it runs in.
 *
 * A `ZooKeeperServer` owns the client port, the connections, the watches and the `Database`. It answers reads by itself:
 * requests of one connection are answered in order, a read behind an unfinished write of the same connection waits,
 * other connections do not. Everything that needs agreement goes to the current role:
 *   standalone  prepare → append → sync → commit                              (standalone.ts, 100 lines: read it first)
 *   leader      prepare → append + PROPOSAL → own sync + ACKs → COMMIT → commit (quorum/)
 *   learner     REQUEST to the leader; PROPOSAL → append → sync → ACK; COMMIT → commit (quorum/)
 * `Preparer` (preparer.ts) is the pure half of "prepare": a request becomes a `Proposal`, with outstanding-change records
 * as in PrepRequestProcessor; standalone and leader each own one.
 *
 * Without a role (LOOKING) no client is served: connections are closed at once, four-letter words say so.
 */
import type { Proposal, SessionId } from "../../wire/zookeeper/index.ts";
import type { ServerRequest } from "./request.ts";

export type ServerMode = "standalone" | "leader" | "follower" | "observer" | "read-only";

export interface Role {
  readonly mode: ServerMode;
  /**
   * A write, sync, createSession or closeSession of this server's clients. The role answers by exactly one of
   * `host.commit(proposal, request)` (also for refused ones: they are proposals of type error),
   * `host.answer(request, error)` (sync, or refused without a transaction), in the order of requests of one session.
   * It may also never answer, when it ends: `host` then closes the connections.
   */
  submit(request: ServerRequest): void;
  /** A session's client gave a sign of life. False: this session is not open (any more). */
  touch(sessionId: SessionId, timeoutMs: number): boolean;
  /** An id for a new session; the role makes it global when the createSession request is submitted. */
  createSessionId(): SessionId;
  /** A client came back with its session and the right password: is it still open, and owned by `owner` from now on? */
  revalidate(sessionId: SessionId, timeoutMs: number, owner: object, done: (valid: boolean) => void): void;
  /** Requests that await agreement; for `mntr`, and the server stops reading above globalOutstandingLimit. */
  readonly outstandingCount: number;
  /** Sessions this role watches over with the time until each may expire (dump, mntr); empty on learners. */
  sessionDeadlines(): Iterable<{ readonly sessionId: SessionId; readonly inMs: number }>;
  /** Role-specific lines for `srvr`/`mntr`, as ZooKeeper's key and value (leader: followers, synced_followers …). */
  monitor(): Iterable<readonly [key: string, value: string | number]>;
  /** A leader's connections to observers. */
  readonly observers?: readonly ObserverConnection[];
  close(): void;
}

/** What the admin command `observers` tells of one; LearnerHandler.getLearnerHandlerInfo. */
export interface ObserverConnection {
  readonly remote: string;
  readonly sid: number;
  /** Wall clock. */
  readonly establishedMs: number;
  readonly synced: boolean;
  readonly counters: LearnerCounters;
}

/** Since the connection was made, or `reset`. */
export class LearnerCounters {
  packetsReceived = 0;
  packetsSent = 0;
  requests = 0;
  /** Of the newest acknowledgement or request; −1: none yet. */
  lastZxid = -1;

  reset(): void {
    this.packetsReceived = 0;
    this.packetsSent = 0;
    this.requests = 0;
    this.lastZxid = -1;
  }
}

/** The server, as a role sees it. */
export interface RoleHost {
  /** From now on clients are served through this role. */
  serve(role: Role): void;
  /** Ends serving: every client connection is closed (they look for another server). The database stays open. */
  stopServing(reason: string): void;
  /**
   * A transaction is committed: applies it to the database (in zxid order), sends watch events, then answers `request`
   * if its client is here. A closeSession also closes the connection of that session, wherever the request came from.
   */
  commit(proposal: Proposal, request: ServerRequest | null): void;
  /** Answers a request that needs no transaction (sync), or refuses it with an `errorCode`. */
  answer(request: ServerRequest, error: number): void;
  /** The time of a session is over; its closing is on the way. */
  expired(sessionId: SessionId, timeoutMs: number): void;
  /** The disk or an invariant failed: log it, close everything, end the process's main with this error. */
  fail(error: unknown): void;
}

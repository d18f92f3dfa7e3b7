/**
 * The role of a server without an ensemble: prepare → append → one fsync for all that gathered → commit.
 * Source: ZooKeeperServer's chain Prep → Sync → Final of 3.8.
 */

import type { Runtime, Timer } from "../../base/index.ts";
import { JuteReader, opCode, type Proposal, type SessionId } from "../../wire/zookeeper/index.ts";
import type { Database } from "./database.ts";
import { NodeReaper, type ReaperOptions } from "./node-reaper.ts";
import type { Preparer } from "./preparer.ts";
import type { ServerRequest } from "./request.ts";
import type { Role, RoleHost } from "./role.ts";
import { firstSessionId, type SessionTracker } from "./session-tracker.ts";

/** The top byte of the session ids of a server without an ensemble, as in ZooKeeper. */
const standaloneServerId = 1;

export interface StandaloneParts {
  readonly host: RoleHost;
  readonly database: Database;
  readonly sessions: SessionTracker;
  readonly preparer: Preparer;
  readonly reaper: ReaperOptions;
}

interface Waiting {
  /** Null: a sync, which only keeps its place among the writes. */
  readonly proposal: Proposal | null;
  readonly request: ServerRequest;
}

export class StandaloneRole implements Role {
  readonly mode = "standalone";
  readonly #runtime: Runtime;
  readonly #parts: StandaloneParts;
  readonly #reaper: NodeReaper;
  #waiting: Waiting[] = [];
  #flushing = false;
  #zxid: number;
  #nextSessionId: SessionId;
  #expiry: Timer | null = null;
  #closed = false;
  outstandingCount = 0;

  constructor(runtime: Runtime, parts: StandaloneParts) {
    this.#runtime = runtime;
    this.#parts = parts;
    this.#zxid = parts.database.lastLoggedZxid;
    this.#nextSessionId = firstSessionId(standaloneServerId, runtime.clock.nowMs());
    const nowMs = runtime.clock.monotonicMs();
    for (const [id, timeoutMs] of parts.database.sessions) parts.sessions.track(id, timeoutMs, nowMs);
    this.#reaper = new NodeReaper(runtime, parts.database.tree, parts.reaper, (request) => this.submit(request));
    this.#armExpiry();
  }

  submit(request: ServerRequest): void {
    if (this.#closed) return;
    const { sessions, preparer, database } = this.#parts;
    this.outstandingCount++;
    if (request.type === opCode.sync) {
      this.#waiting.push({ proposal: null, request });
    } else {
      if (request.type === opCode.createSession) {
        const timeoutMs = new JuteReader(request.body).int();
        sessions.track(request.sessionId, timeoutMs, this.#runtime.clock.monotonicMs());
      }
      const proposal = preparer.prepare(request, ++this.#zxid, this.#runtime.clock.nowMs());
      database.append(proposal);
      this.#waiting.push({ proposal, request });
    }
    if (this.#flushing) return;
    this.#flushing = true;
    // What other connections have already sent joins the same fsync.
    this.#runtime.timers.soon(() => void this.#flush());
  }

  touch(sessionId: SessionId, timeoutMs: number): boolean {
    return this.#parts.sessions.touch(sessionId, timeoutMs, this.#runtime.clock.monotonicMs());
  }

  createSessionId(): SessionId {
    const id = this.#nextSessionId;
    this.#nextSessionId = BigInt.asIntN(64, id + 1n);
    return id;
  }

  revalidate(sessionId: SessionId, timeoutMs: number, owner: object, done: (valid: boolean) => void): void {
    const alive = this.touch(sessionId, timeoutMs);
    if (alive) this.#parts.sessions.setOwner(sessionId, owner);
    done(alive);
  }

  sessionDeadlines(): Iterable<{ readonly sessionId: SessionId; readonly inMs: number }> {
    return this.#parts.sessions.deadlines(this.#runtime.clock.monotonicMs());
  }

  monitor(): Iterable<readonly [key: string, value: string | number]> {
    return [];
  }

  close(): void {
    this.#closed = true;
    this.#expiry?.cancel();
    this.#reaper.close();
  }

  /** One fsync after the other while anything waits. Never rejects: a disk error ends the server. */
  async #flush(): Promise<void> {
    try {
      while (this.#waiting.length > 0 && !this.#closed) {
        const batch = this.#waiting;
        this.#waiting = [];
        await this.#parts.database.sync();
        for (const each of batch) this.#finish(each);
      }
    } catch (error) {
      this.#parts.host.fail(error);
    }
    this.#flushing = false;
  }

  #finish({ proposal, request }: Waiting): void {
    if (this.#closed) return;
    const { host, preparer, sessions } = this.#parts;
    this.outstandingCount--;
    if (proposal === null) {
      host.answer(request, sessions.check(request.sessionId, request.owner));
      return;
    }
    host.commit(proposal, request);
    preparer.applied(proposal.header.zxid);
    if (proposal.header.type === opCode.closeSession) sessions.remove(request.sessionId);
  }

  #armExpiry(): void {
    const waitMs = this.#parts.sessions.waitMs(this.#runtime.clock.monotonicMs());
    this.#expiry = this.#runtime.timers.after(waitMs, () => {
      for (const sessionId of this.#parts.sessions.expired(this.#runtime.clock.monotonicMs())) this.#expire(sessionId);
      if (!this.#closed) this.#armExpiry();
    });
  }

  #expire(sessionId: SessionId): void {
    this.#parts.host.expired(sessionId, this.#parts.sessions.timeoutMsOf(sessionId));
    this.submit(ownRequest(sessionId, opCode.closeSession, Buffer.alloc(0), this.#runtime.clock.monotonicMs()));
  }
}

/** A request of the server itself, on behalf of a session or (0) of nobody. */
export function ownRequest(sessionId: SessionId, type: number, body: Buffer, nowMs: number): ServerRequest {
  return { sessionId, cxid: 0, type, body, ids: [], owner: null, client: null, receivedMs: nowMs };
}

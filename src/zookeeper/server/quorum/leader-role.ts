/**
 * A leader as its own clients and the learners' requests meet it: prepares transactions, hands them to the broadcast,
 * and watches over all sessions of the ensemble.
 */
import type { Runtime } from "../../../base/index.ts";
import { errorCode, opCode, type Proposal, type SessionId, type Zxid } from "../../../wire/zookeeper/index.ts";
import type { TouchedSession } from "../../../wire/zookeeper/quorum/index.ts";
import type { ZooConfig } from "../config.ts";
import type { Database } from "../database.ts";
import { NodeReaper } from "../node-reaper.ts";
import { Preparer } from "../preparer.ts";
import type { ServerRequest } from "../request.ts";
import type { ObserverConnection, RoleHost } from "../role.ts";
import { SessionTracker } from "../session-tracker.ts";
import { ownRequest } from "../standalone.ts";
import type { Broadcast, LeadingRole } from "./leader.ts";
import { firstOf, isLastOfEpoch } from "./zxid.ts";

export interface LeaderRoleOptions {
  readonly runtime: Runtime;
  readonly database: Database;
  readonly host: RoleHost;
  readonly broadcast: Broadcast;
  readonly epoch: number;
  readonly config: ZooConfig;
  readonly nextSessionId: () => SessionId;
}

export class LeaderRole implements LeadingRole {
  readonly mode = "leader";
  readonly #options: LeaderRoleOptions;
  readonly #sessions: SessionTracker;
  readonly #preparer: Preparer;
  readonly #reaper: NodeReaper;
  #lastZxid: Zxid;

  /** Every session that is open gets its whole timeout again: this server has not heard its client. */
  constructor(options: LeaderRoleOptions) {
    this.#options = options;
    const nowMs = options.runtime.clock.monotonicMs();
    this.#sessions = new SessionTracker(options.config.tickTimeMs, nowMs);
    for (const [id, timeoutMs] of options.database.sessions) this.#sessions.track(id, timeoutMs, nowMs);
    this.#preparer = new Preparer(options.database.tree, this.#sessions, options.config);
    const reaper = { checkMs: options.config.containerCheckMs, perMinute: options.config.containersPerMinute };
    this.#reaper = new NodeReaper(options.runtime, options.database.tree, reaper, (request) => this.submit(request));
    this.#lastZxid = firstOf(options.epoch);
  }

  get outstandingCount(): number {
    return this.#options.broadcast.outstandingCount;
  }

  submit(request: ServerRequest): void {
    const { host } = this.#options;
    if (request.type === opCode.sync) this.#sync(request, (error) => host.answer(request, error));
    else this.#propose(request, request);
  }

  submitForwarded(request: ServerRequest, answered: () => void): void {
    if (request.type === opCode.sync) this.#sync(request, answered);
    else this.#propose(request, null);
  }

  touch(sessionId: SessionId, timeoutMs: number): boolean {
    return this.#sessions.touch(sessionId, timeoutMs, this.#nowMs());
  }

  touchAll(sessions: readonly TouchedSession[]): void {
    const nowMs = this.#nowMs();
    for (const { sessionId, timeoutMs } of sessions) this.#sessions.touch(sessionId, timeoutMs, nowMs);
  }

  createSessionId(): SessionId {
    return this.#options.nextSessionId();
  }

  revalidate(sessionId: SessionId, timeoutMs: number, owner: object, done: (valid: boolean) => void): void {
    done(this.revalidateFor(owner, { sessionId, timeoutMs }));
  }

  revalidateFor(owner: object, session: TouchedSession): boolean {
    if (!this.#sessions.touch(session.sessionId, session.timeoutMs, this.#nowMs())) return false;
    return this.#sessions.setOwner(session.sessionId, owner);
  }

  committed(proposal: Proposal): void {
    const { zxid, type, clientId } = proposal.header;
    this.#preparer.applied(zxid);
    if (type === opCode.closeSession) this.#sessions.remove(clientId);
  }

  expireSessions(): void {
    const nowMs = this.#nowMs();
    for (const sessionId of this.#sessions.expired(nowMs)) {
      this.#options.host.expired(sessionId, this.#sessions.timeoutMsOf(sessionId));
      this.#propose(ownRequest(sessionId, opCode.closeSession, Buffer.alloc(0), nowMs), null);
    }
  }

  sessionDeadlines(): Iterable<{ readonly sessionId: SessionId; readonly inMs: number }> {
    return this.#sessions.deadlines(this.#nowMs());
  }

  monitor(): Iterable<readonly [key: string, value: string | number]> {
    return this.#options.broadcast.monitor();
  }

  get observers(): readonly ObserverConnection[] {
    return this.#options.broadcast.observers;
  }

  close(): void {
    this.#reaper.close();
    this.#options.broadcast.giveUp("Shutting down");
  }

  #propose(request: ServerRequest, answerTo: ServerRequest | null): void {
    const { broadcast, runtime } = this.#options;
    if (isLastOfEpoch(this.#lastZxid)) {
      broadcast.giveUp("zxid lower 32 bits have rolled over, forcing re-election, and therefore new epoch start");
      return;
    }
    if (request.type === opCode.createSession) this.#begin(request);
    this.#lastZxid++;
    broadcast.propose(this.#preparer.prepare(request, this.#lastZxid, runtime.clock.nowMs()), answerTo);
  }

  /** The session lives from its proposal on: its first requests may come before the commit. */
  #begin(request: ServerRequest): void {
    if (request.body.length < 4) return;
    this.#sessions.track(request.sessionId, request.body.readInt32BE(0), this.#nowMs());
    if (request.owner !== null) this.#sessions.setOwner(request.sessionId, request.owner);
  }

  /** Answered when everything before it is committed and on its way. */
  #sync(request: ServerRequest, answer: (error: number) => void): void {
    const code = this.#sessions.check(request.sessionId, request.owner);
    if (code !== errorCode.ok) answer(code);
    else this.#options.broadcast.afterOutstanding(() => answer(errorCode.ok));
  }

  #nowMs(): number {
    return this.#options.runtime.clock.monotonicMs();
  }
}

/**
 * What a learner's clients have asked of the leader and not been answered. Transactions come back with session and cxid
 * only, for every server alike; a client that moves between servers may begin its cxids anew, so that two requests of one
 * session, sent through different servers, look the same. Pure.
 */
import {
  errorCode,
  JuteError,
  JuteReader,
  type Proposal,
  type SessionId,
  type Zxid,
} from "../../../wire/zookeeper/index.ts";
import type { ServerRequest } from "../request.ts";

interface Forwarded {
  readonly request: ServerRequest;
  /** Its own transaction is none of those that were known when it was sent. */
  readonly afterZxid: Zxid;
}

export class ForwardedRequests {
  /** In order for each session. */
  readonly #bySession = new Map<SessionId, Forwarded[]>();
  /** When sessions came here from another server; only as long as that matters. */
  readonly #arrivedMs = new Map<SessionId, number>();
  readonly #lateMs: number;
  #count = 0;

  /** `lateMs`: for so long after a session's move the leader may still get what was sent through the server before. */
  constructor(lateMs: number) {
    this.#lateMs = lateMs;
  }

  get count(): number {
    return this.#count;
  }

  /** `afterZxid`: of the last proposal that had come when the request was sent. */
  add(request: ServerRequest, afterZxid: Zxid): void {
    const queue = this.#bySession.get(request.sessionId);
    if (queue === undefined) this.#bySession.set(request.sessionId, [{ request, afterZxid }]);
    else queue.push({ request, afterZxid });
    this.#count++;
  }

  /** The request that this transaction answers; null when it is another server's, or nobody waits. */
  take(proposal: Proposal): ServerRequest | null {
    const { clientId, cxid, zxid } = proposal.header;
    const queue = this.#bySession.get(clientId);
    if (queue === undefined) return null;
    this.#dropClosedHeads(queue);
    const head = queue[0];
    const mine = head !== undefined && head.request.cxid === cxid && zxid > head.afterZxid;
    const answered = mine && this.#isAnswer(proposal, head.request) ? head.request : null;
    if (answered !== null) {
      queue.shift();
      this.#count--;
    }
    if (queue.length === 0) this.#bySession.delete(clientId);
    return answered;
  }

  /** The session's client has come back, or over, on a new connection: what it asked for before is answered to nobody. */
  arrived(sessionId: SessionId, nowMs: number): void {
    this.#count -= this.#bySession.get(sessionId)?.length ?? 0;
    this.#bySession.delete(sessionId);
    this.#arrivedMs.set(sessionId, nowMs);
  }

  /** Lets go of what nobody waits for any more. */
  sweep(nowMs: number): void {
    for (const [sessionId, queue] of this.#bySession) {
      this.#dropClosedHeads(queue);
      if (queue.length === 0) this.#bySession.delete(sessionId);
    }
    for (const [sessionId, arrivedMs] of this.#arrivedMs) {
      if (nowMs - arrivedMs > this.#lateMs) this.#arrivedMs.delete(sessionId);
    }
  }

  /** As far as can be told: an observer does not see proposals, and so has no older ones to rule out. */
  #isAnswer({ header, txn }: Proposal, request: ServerRequest): boolean {
    if (txn.kind === "error") {
      // Soon after a session came here, it is what was sent late through the server before that is refused as moved.
      return txn.error !== errorCode.sessionMoved || !this.#arrivedMs.has(header.clientId);
    }
    if (header.type !== request.type) return false;
    return !("path" in txn) || txn.path.startsWith(pathOf(request) ?? "//");
  }

  #dropClosedHeads(queue: Forwarded[]): void {
    while (queue[0]?.request.client?.closed === true) {
      queue.shift();
      this.#count--;
    }
  }
}

/** Every request about one node begins with its path; a sequential one gets its number behind it. */
function pathOf(request: ServerRequest): string | null {
  try {
    return new JuteReader(request.body).ustring();
  } catch (error) {
    if (error instanceof JuteError) return null;
    throw error;
  }
}

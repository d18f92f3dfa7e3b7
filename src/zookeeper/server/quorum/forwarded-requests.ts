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
  #count = 0;

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
    const answered = mine && isAnswer(proposal, head.request) ? head.request : null;
    if (answered !== null) {
      queue.shift();
      this.#count--;
    }
    if (queue.length === 0) this.#bySession.delete(clientId);
    return answered;
  }

  /** Of a session whose client has come back on a new connection. */
  drop(sessionId: SessionId): void {
    this.#count -= this.#bySession.get(sessionId)?.length ?? 0;
    this.#bySession.delete(sessionId);
  }

  /** What nobody waits for any more. */
  dropClosed(): void {
    for (const [sessionId, queue] of this.#bySession) {
      this.#dropClosedHeads(queue);
      if (queue.length === 0) this.#bySession.delete(sessionId);
    }
  }

  #dropClosedHeads(queue: Forwarded[]): void {
    while (queue[0]?.request.client?.closed === true) {
      queue.shift();
      this.#count--;
    }
  }
}

/** As far as can be told: an observer does not see proposals, and so has no older ones to rule out. */
function isAnswer({ header, txn }: Proposal, request: ServerRequest): boolean {
  // The session is here: whoever was refused because it has moved asked through the server before.
  if (txn.kind === "error") return txn.error !== errorCode.sessionMoved;
  // Closing by expiry has cxid 0, which a client's first request may have too.
  if (header.type !== request.type) return false;
  return !("path" in txn) || txn.path.startsWith(pathOf(request) ?? "//");
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

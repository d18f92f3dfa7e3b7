/**
 * What a leader has proposed and a quorum has not yet got on disk. Acknowledgements come in zxid order from each server,
 * so one number for a server says all; commits leave in zxid order. Pure.
 */
import { assert } from "../../../base/index.ts";
import type { Proposal, Zxid } from "../../../wire/zookeeper/index.ts";
import type { ServerRequest } from "../request.ts";
import type { QuorumVerifier } from "./quorum-verifier.ts";

export interface Proposed {
  readonly proposal: Proposal;
  /** The request of this server's own that it answers; null when another server asked. */
  readonly request: ServerRequest | null;
  readonly proposedMs: number;
  /** Called right after the commit: the syncs that came while this was the last proposal. */
  readonly onCommit: (() => void)[];
}

export class ProposalLedger {
  readonly #verifier: QuorumVerifier;
  readonly #outstanding: Proposed[] = [];
  readonly #ackedUpTo = new Map<number, Zxid>();
  #lastProposed: Zxid;
  #lastCommitted: Zxid;

  constructor(verifier: QuorumVerifier, lastCommitted: Zxid) {
    this.#verifier = verifier;
    this.#lastProposed = lastCommitted;
    this.#lastCommitted = lastCommitted;
  }

  get lastProposed(): Zxid {
    return this.#lastProposed;
  }

  get lastCommitted(): Zxid {
    return this.#lastCommitted;
  }

  /** Oldest first. */
  get outstanding(): readonly Proposed[] {
    return this.#outstanding;
  }

  propose(proposal: Proposal, request: ServerRequest | null, proposedMs: number): void {
    assert(proposal.header.zxid > this.#lastProposed, "proposals are made in zxid order");
    this.#lastProposed = proposal.header.zxid;
    this.#outstanding.push({ proposal, request, proposedMs, onCommit: [] });
  }

  /** Runs `action` when everything proposed so far is committed; at once when it is. */
  afterOutstanding(action: () => void): void {
    const last = this.#outstanding.at(-1);
    if (last === undefined) action();
    else last.onCommit.push(action);
  }

  /** Server `sid` has everything up to `zxid` on disk. The proposals that a quorum has now, oldest first. */
  ack(sid: number, zxid: Zxid): Proposed[] {
    if (!this.#verifier.isVoter(sid) || zxid <= (this.#ackedUpTo.get(sid) ?? -1)) return [];
    this.#ackedUpTo.set(sid, zxid);
    let count = 0;
    while (count < this.#outstanding.length && this.#hasQuorum(this.#outstanding[count]!.proposal.header.zxid)) count++;
    const committed = this.#outstanding.splice(0, count);
    const last = committed.at(-1);
    if (last !== undefined) this.#lastCommitted = last.proposal.header.zxid;
    return committed;
  }

  /** A server comes back: what it holds it will say anew. */
  forget(sid: number): void {
    this.#ackedUpTo.delete(sid);
  }

  /** When `sid` was sent the oldest proposal that it has not acknowledged; null when it owes nothing. */
  oldestUnackedMs(sid: number): number | null {
    const acked = this.#ackedUpTo.get(sid) ?? -1;
    return this.#outstanding.find((entry) => entry.proposal.header.zxid > acked)?.proposedMs ?? null;
  }

  #hasQuorum(zxid: Zxid): boolean {
    const supporters = new Set<number>();
    for (const [sid, acked] of this.#ackedUpTo) if (acked >= zxid) supporters.add(sid);
    return this.#verifier.containsQuorum(supporters);
  }
}

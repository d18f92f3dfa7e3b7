/**
 * How a leader comes to lead: a quorum names the epochs it has accepted and gets a new one above them all, the same
 * quorum acknowledges it, and a quorum says that it holds the leader's history. Pure; the leader itself takes part
 * like any other server.
 */
import type { Zxid } from "../../../wire/zookeeper/index.ts";
import type { QuorumVerifier } from "./quorum-verifier.ts";
import { firstOf } from "./zxid.ts";

export type EpochAnswer = "counted" | "not-counted" | "ahead";

export class Establishment {
  readonly #myId: number;
  readonly #verifier: QuorumVerifier;
  readonly #currentEpoch: number;
  readonly #lastZxid: Zxid;
  readonly #connecting = new Set<number>();
  readonly #electing = new Set<number>();
  readonly #synced = new Set<number>();
  #highestAccepted = -1;
  #epoch: number | null = null;

  /** `currentEpoch` and `lastZxid` are the leader's own when it was elected. */
  constructor(myId: number, verifier: QuorumVerifier, currentEpoch: number, lastZxid: Zxid) {
    this.#myId = myId;
    this.#verifier = verifier;
    this.#currentEpoch = currentEpoch;
    this.#lastZxid = lastZxid;
  }

  /** The new epoch, null until a quorum has named what it accepted. It never changes after that. */
  get epoch(): number | null {
    return this.#epoch;
  }

  /** The epoch is acknowledged by a quorum. */
  get elected(): boolean {
    return this.#complete(this.#electing);
  }

  /** A quorum holds the leader's history. */
  get established(): boolean {
    return this.#complete(this.#synced);
  }

  /** For the log when time ran out. */
  get syncedSids(): readonly number[] {
    return [...this.#synced].sort((a, b) => a - b);
  }

  offer(sid: number, acceptedEpoch: number): void {
    if (this.#epoch !== null) return;
    this.#highestAccepted = Math.max(this.#highestAccepted, acceptedEpoch);
    if (this.#verifier.isVoter(sid)) this.#connecting.add(sid);
    if (this.#complete(this.#connecting)) this.#epoch = this.#highestAccepted + 1;
  }

  /**
   * `currentEpoch` −1: the learner had accepted the epoch before, which says nothing new. `ahead`: it knows more than
   * this leader and must not follow it.
   */
  ackEpoch(sid: number, currentEpoch: number, lastZxid: Zxid): EpochAnswer {
    // Once a quorum has agreed, what a latecomer has beyond it was never committed: it will be cut.
    if (currentEpoch === -1 || this.elected) return "not-counted";
    const mine = Math.max(this.#lastZxid, firstOf(this.#currentEpoch));
    if (currentEpoch > this.#currentEpoch) return "ahead";
    if (currentEpoch === this.#currentEpoch && lastZxid > mine) return "ahead";
    if (!this.#verifier.isVoter(sid)) return "not-counted";
    this.#electing.add(sid);
    return "counted";
  }

  ackNewLeader(sid: number): void {
    if (this.#verifier.isVoter(sid)) this.#synced.add(sid);
  }

  #complete(sids: ReadonlySet<number>): boolean {
    return sids.has(this.#myId) && this.#verifier.containsQuorum(sids);
  }
}

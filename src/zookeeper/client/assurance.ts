/**
 * What a client may conclude of its session from the answers it gets.
 *
 * Expiry is judged by the leader. A follower answers by itself and tells the leader of the session up to half a tick
 * later; when the follower dies before, the leader never hears of it. So an answer counts as settled only when a later
 * request, sent at least a quarter of the time-out after it, is answered on the same connection (the time-out is at
 * least two ticks). And when most of the time-out has passed since the settled moment, an answer proves nothing: the
 * leader's judgement may be on its way. Then only a new connection helps, which is confirmed by the leader.
 */
import type { Clock } from "../../base/index.ts";

/** Of the time-out: what a follower may take to tell the leader. */
const reportPart = 1 / 4;
/** Of that: how far apart the answers are that are remembered. */
const spacingPart = 1 / 8;

export class Assurance {
  readonly #clock: Clock;
  #timeoutMs = 0;
  /** Answers that nothing settles yet, oldest first; some of them, spread over the time. */
  #open: { readonly sentMs: number; readonly answeredMs: number }[] = [];
  /** When the newest request left that was answered (monotonic). */
  confirmedMs = 0;
  /** The servers hold the session at least for its time-out from here on. */
  settledMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A handshake that left at `sentAtMs` was answered: the leader knows of it. */
  connected(sentAtMs: number, timeoutMs: number): void {
    this.#timeoutMs = timeoutMs;
    this.confirmedMs = sentAtMs;
    this.settledMs = sentAtMs;
    this.#open = [];
  }

  /** False: the answer proves nothing, and the session has to be taken up anew. */
  answered(sentAtMs: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const reportMs = this.#timeoutMs * reportPart;
    if (nowMs - this.settledMs > this.#timeoutMs - reportMs) return false;
    this.confirmedMs = Math.max(this.confirmedMs, sentAtMs);
    while (this.#open[0] !== undefined && sentAtMs - this.#open[0].answeredMs >= reportMs) {
      this.settledMs = this.#open[0].sentMs;
      this.#open.shift();
    }
    const newestMs = this.#open.at(-1)?.sentMs ?? Number.NEGATIVE_INFINITY;
    if (sentAtMs - newestMs >= reportMs * spacingPart) this.#open.push({ sentMs: sentAtMs, answeredMs: nowMs });
    return true;
  }
}

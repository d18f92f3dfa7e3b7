/**
 * The election of a leader (ZooKeeper's `electionAlg` 3) as a state machine: notifications and timer expiries go in,
 * notifications to send, timers to set and at last a decision come out. It knows no sockets and no clock; the shell
 * around it (`election.ts`) does what the effects say.
 */
import { assert } from "../../../base/index.ts";
import type { QuorumVerifier } from "./quorum-verifier.ts";
import { isBetter, type ServerState, type StatedVote, sameVote, type Vote } from "./vote.ts";

/** A vote as one server tells it to another. */
export interface Notification extends StatedVote {
  /** The server that sent it. */
  readonly sid: number;
  readonly configVersion: number;
}

export type ElectionEffect =
  /** Tell `to`, which may be this server itself. */
  | { readonly kind: "send"; readonly to: number; readonly state: ServerState; readonly vote: Vote }
  /** Replace the election timer: `timeout` is to be called when it runs out. */
  | { readonly kind: "arm"; readonly delayMs: number }
  | { readonly kind: "disarm" }
  /** Nothing was heard: dial every server of the ensemble that is not connected. */
  | { readonly kind: "connect-all" }
  | { readonly kind: "log"; readonly message: string }
  /** The election is over; `state` is what this server now is. */
  | { readonly kind: "decided"; readonly state: Exclude<ServerState, "LOOKING">; readonly vote: Vote };

export interface ElectionOptions {
  readonly myId: number;
  readonly verifier: QuorumVerifier;
  /** How long a quorum's silence must last before its vote is taken for final. Default 200 ms. */
  readonly finalizeWaitMs?: number;
  /** First wait for a notification. Default 200 ms. */
  readonly minNotificationIntervalMs?: number;
  /** The wait doubles up to this. Default 60,000 ms. */
  readonly maxNotificationIntervalMs?: number;
}

/** What an observer proposes: nothing that could ever win. */
const noVote = -(2 ** 63);

export class FastLeaderElection {
  private readonly myId: number;
  private readonly verifier: QuorumVerifier;
  private readonly finalizeWaitMs: number;
  private readonly minIntervalMs: number;
  private readonly maxIntervalMs: number;
  private state: ServerState = "LOOKING";
  private phase: "idle" | "waiting" | "finalizing" = "idle";
  private round = 0;
  private intervalMs: number;
  private initial: Vote;
  private proposal: Vote;
  private settled: Vote;
  private received = new Map<number, StatedVote>();
  private outOfElection = new Map<number, StatedVote>();
  private effects: ElectionEffect[] = [];

  constructor(options: ElectionOptions) {
    this.myId = options.myId;
    this.verifier = options.verifier;
    this.finalizeWaitMs = options.finalizeWaitMs ?? 200;
    this.minIntervalMs = options.minNotificationIntervalMs ?? 200;
    this.maxIntervalMs = options.maxNotificationIntervalMs ?? 60_000;
    this.intervalMs = this.minIntervalMs;
    this.initial = { leader: options.myId, zxid: 0, electionEpoch: 0, peerEpoch: 0 };
    this.proposal = this.initial;
    this.settled = this.initial;
  }

  /** The vote that is told to others; while looking, the one this server began with. */
  get currentVote(): Vote {
    return this.settled;
  }

  get serverState(): ServerState {
    return this.state;
  }

  /** Begins a round. `zxid` is the last one logged, `epoch` the current epoch as it stands on disk. */
  look(zxid: number, epoch: number): ElectionEffect[] {
    const mayLead = this.verifier.isVoter(this.myId);
    this.state = "LOOKING";
    this.phase = "waiting";
    this.round += 1;
    this.intervalMs = this.minIntervalMs;
    this.received = new Map();
    this.outOfElection = new Map();
    this.initial = mayLead
      ? { leader: this.myId, zxid, electionEpoch: this.round, peerEpoch: epoch }
      : { leader: noVote, zxid: noVote, electionEpoch: this.round, peerEpoch: noVote };
    this.proposal = this.initial;
    this.settled = { leader: this.myId, zxid, electionEpoch: this.round, peerEpoch: epoch };
    this.log(`New election. My id = ${this.myId}, proposed zxid=0x${hex(this.initial.zxid)}`);
    this.tellAll();
    this.arm(this.intervalMs);
    return this.take();
  }

  /** The epoch that this server now serves in: late joiners must hear it. */
  serving(peerEpoch: number): void {
    this.settled = { ...this.settled, peerEpoch };
  }

  /** Ends taking part; settled answers go on. */
  stop(): ElectionEffect[] {
    this.phase = "idle";
    this.effects.push({ kind: "disarm" });
    return this.take();
  }

  receive(notification: Notification): ElectionEffect[] {
    this.log(describe(notification, this.state));
    if (!this.verifier.isVoter(notification.sid)) {
      this.send(notification.sid, { ...this.settled, electionEpoch: this.round });
    } else if (this.state !== "LOOKING") {
      if (notification.state === "LOOKING") this.send(notification.sid, this.settled);
    } else {
      if (notification.state === "LOOKING" && notification.electionEpoch < this.round) {
        this.send(notification.sid, this.proposal);
      }
      if (this.verifier.isVoter(notification.leader)) this.consider(notification);
    }
    return this.take();
  }

  /**
   * The armed time has passed without a notification that counted. `delivered` tells whether a send queue is empty:
   * then others were reached and did not answer, else they were not reached.
   */
  timeout(delivered: boolean): ElectionEffect[] {
    if (this.phase === "finalizing") {
      this.decide(this.proposal);
    } else if (this.phase === "waiting") {
      if (delivered) this.tellAll();
      else this.effects.push({ kind: "connect-all" });
      this.intervalMs = Math.min(this.intervalMs * 2, this.maxIntervalMs);
      this.log(`Notification time out: ${this.intervalMs} ms`);
      this.arm(this.intervalMs);
    }
    return this.take();
  }

  private consider(notification: Notification): void {
    if (this.phase === "idle") return;
    if (this.phase === "finalizing") {
      if (!isBetter(notification, this.proposal)) {
        this.arm(this.finalizeWaitMs);
        return;
      }
      this.phase = "waiting";
    }
    this.arm(this.intervalMs);
    if (notification.state === "LOOKING") this.considerLooking(notification);
    else if (notification.state !== "OBSERVING") this.considerSettled(notification);
  }

  private considerLooking(notification: Notification): void {
    if (this.initial.zxid === -1 || notification.zxid === -1) return;
    if (notification.electionEpoch < this.round) return;
    if (notification.electionEpoch > this.round) {
      this.round = notification.electionEpoch;
      this.received = new Map();
      this.propose(isBetter(notification, this.initial) ? notification : this.initial);
      this.tellAll();
    } else if (isBetter(notification, this.proposal)) {
      this.propose(notification);
      this.tellAll();
    }
    this.received.set(notification.sid, voteOf(notification));
    if (this.supported(this.received, { ...this.proposal, state: "LOOKING", version: notification.version })) {
      this.phase = "finalizing";
      this.arm(this.finalizeWaitMs);
    }
  }

  /** A quorum has settled already: join it, provided that the leader itself was heard to lead. */
  private considerSettled(notification: Notification): void {
    const vote = voteOf(notification);
    if (notification.electionEpoch === this.round) {
      this.received.set(notification.sid, vote);
      if (this.supported(this.received, vote) && this.leads(this.received, vote)) {
        this.decide(vote);
        return;
      }
    }
    this.outOfElection.set(notification.sid, vote);
    if (this.supported(this.outOfElection, vote) && this.leads(this.outOfElection, vote)) {
      this.round = vote.electionEpoch;
      this.decide(vote);
    }
  }

  private leads(votes: ReadonlyMap<number, StatedVote>, vote: Vote): boolean {
    if (vote.leader === this.myId) return vote.electionEpoch === this.round;
    return votes.get(vote.leader)?.state === "LEADING";
  }

  private supported(votes: ReadonlyMap<number, StatedVote>, vote: StatedVote): boolean {
    const supporters = new Set<number>();
    for (const [sid, other] of votes) if (sameVote(other, vote)) supporters.add(sid);
    return this.verifier.containsQuorum(supporters);
  }

  private propose(vote: Vote): void {
    this.proposal = {
      leader: vote.leader,
      zxid: vote.zxid,
      electionEpoch: this.round,
      peerEpoch: vote.peerEpoch,
    };
  }

  private decide(vote: Vote): void {
    assert(this.state === "LOOKING", "only a looking server decides an election");
    const { leader, zxid, peerEpoch, electionEpoch } = vote;
    this.settled = { leader, zxid, electionEpoch, peerEpoch };
    this.phase = "idle";
    if (leader === this.myId) this.state = "LEADING";
    else this.state = this.verifier.isVoter(this.myId) ? "FOLLOWING" : "OBSERVING";
    this.effects.push({ kind: "disarm" }, { kind: "decided", state: this.state, vote: this.settled });
  }

  private tellAll(): void {
    for (const sid of this.verifier.voters) this.send(sid, { ...this.proposal, electionEpoch: this.round });
  }

  private send(to: number, vote: Vote): void {
    this.effects.push({ kind: "send", to, state: this.state, vote });
  }

  private arm(delayMs: number): void {
    this.effects.push({ kind: "arm", delayMs });
  }

  private log(message: string): void {
    this.effects.push({ kind: "log", message });
  }

  private take(): ElectionEffect[] {
    const effects = this.effects;
    this.effects = [];
    return effects;
  }
}

function voteOf(notification: Notification): StatedVote {
  const { leader, zxid, electionEpoch, peerEpoch, state, version } = notification;
  return { leader, zxid, electionEpoch, peerEpoch, state, version };
}

/** ZooKeeper's own log line of a notification. */
function describe(n: Notification, myState: ServerState): string {
  return (
    `Notification: my state:${myState}; n.sid:${n.sid}, n.state:${n.state}, n.leader:${n.leader}, ` +
    `n.round:0x${hex(n.electionEpoch)}, n.peerEpoch:0x${hex(n.peerEpoch)}, n.zxid:0x${hex(n.zxid)}, ` +
    `message format version:0x${hex(n.version)}, n.config version:0x${hex(n.configVersion)}`
  );
}

/** As Java prints a long: two's complement, no leading zeros. */
function hex(value: number): string {
  return BigInt.asUintN(64, BigInt(value)).toString(16);
}

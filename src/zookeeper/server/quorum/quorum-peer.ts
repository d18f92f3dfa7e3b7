/**
 * A member of an ensemble: looks for a leader, leads or follows, and looks again (QuorumPeer). Whatever ends a role, the
 * database is brought to what is on its disk before the next election, because that is what the vote promises.
 */
import { messageOf, type Runtime } from "../../../base/index.ts";
import { JuteError, type Proposal, type SessionId } from "../../../wire/zookeeper/index.ts";
import type { ZooConfig } from "../config.ts";
import type { Database } from "../database.ts";
import type { RoleHost } from "../role.ts";
import { firstSessionId } from "../session-tracker.ts";
import { Election, type ElectionResult } from "./election.ts";
import { type Ensemble, ensembleOf } from "./ensemble.ts";
import { FollowerRole } from "./follower-role.ts";
import { Leader } from "./leader.ts";
import { LeaderRole } from "./leader-role.ts";
import { connectToLeader, type LearnerOptions, synchronise } from "./learner.ts";
import { type QuorumConnection, QuorumConnectionEnded } from "./quorum-connection.ts";
import type { ServerState } from "./vote.ts";
import { firstOf } from "./zxid.ts";

export interface QuorumPeerOptions {
  readonly runtime: Runtime;
  readonly config: ZooConfig;
  /** A key of `config.servers`. */
  readonly myId: number;
  /** Loaded. */
  readonly database: Database;
  readonly host: RoleHost;
}

/** Between a failed attempt to join a leader and the next election. */
const refusedPauseMs = 50;

export class QuorumPeer {
  readonly #options: QuorumPeerOptions;
  readonly #runtime: Runtime;
  readonly #ensemble: Ensemble;
  readonly #election: Election;
  readonly #closing = Promise.withResolvers<null>();
  #state: ServerState = "LOOKING";
  #leaderSid: number | null = null;
  #closed = false;
  #endRole: ((reason: string) => void) | null = null;
  #lastSessionId: SessionId;

  constructor(options: QuorumPeerOptions) {
    this.#options = options;
    this.#runtime = options.runtime;
    this.#ensemble = ensembleOf(options.config, options.myId);
    this.#election = new Election(options.runtime, this.#ensemble);
    this.#lastSessionId = firstSessionId(options.myId, options.runtime.clock.nowMs());
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Who was elected last; null before that and while looking. */
  get leaderSid(): number | null {
    return this.#leaderSid;
  }

  /** Takes part until `close`. Rejects when the election port stays taken or the disk fails. */
  async run(): Promise<void> {
    await this.#election.listen();
    try {
      while (!this.#closed) {
        const result = await this.#lookForLeader();
        if (result === null) return;
        await this.#serveAs(result);
      }
    } finally {
      await this.#election.close();
    }
  }

  /** `run` resolves when everything has ended. The database stays open. */
  close(): void {
    this.#closed = true;
    this.#closing.resolve(null);
    this.#endRole?.("Shutting down");
  }

  async #lookForLeader(): Promise<ElectionResult | null> {
    const { database } = this.#options;
    this.#state = "LOOKING";
    this.#leaderSid = null;
    this.#runtime.log.info("LOOKING");
    const found = this.#election.lookForLeader(database.lastProcessedZxid, database.epochs.current);
    return Promise.race([found, this.#closing.promise]);
  }

  async #serveAs({ state, vote }: ElectionResult): Promise<void> {
    this.#state = state;
    this.#leaderSid = vote.leader;
    this.#runtime.log.info(state);
    const startMs = this.#runtime.clock.monotonicMs();
    const onServing = (epoch: number): void => {
      this.#election.serving(epoch);
      const tookMs = Math.round(this.#runtime.clock.monotonicMs() - startMs);
      this.#runtime.log.info(`${state} - LEADER ELECTION TOOK - ${tookMs} MS`);
    };
    if (state === "LEADING") await this.#lead(onServing);
    else await this.#follow(vote.leader, onServing);
  }

  async #lead(onServing: (epoch: number) => void): Promise<void> {
    const { runtime, config, database, host } = this.#options;
    const nextSessionId = (): SessionId => this.#nextSessionId();
    const leader = new Leader({
      runtime,
      ensemble: this.#ensemble,
      database,
      host,
      onServing,
      makeRole: (broadcast, epoch) =>
        new LeaderRole({ runtime, config, database, host, broadcast, epoch, nextSessionId }),
    });
    this.#endRole = (reason) => leader.giveUp(reason);
    const reason = await leader.lead();
    this.#endRole = null;
    host.stopServing(reason);
    await this.#fastForward(leader.uncommitted);
  }

  async #follow(leaderSid: number, onServing: (epoch: number) => void): Promise<void> {
    const { runtime, database } = this.#options;
    const observer = this.#state === "OBSERVING";
    const learner: LearnerOptions = { runtime, ensemble: this.#ensemble, database, observer };
    let connection: QuorumConnection | null = null;
    try {
      connection = await Promise.race([connectToLeader(learner, leaderSid), this.#closing.promise]);
      if (connection !== null) await this.#learn(learner, connection, onServing);
    } catch (error) {
      if (!(error instanceof QuorumConnectionEnded || error instanceof JuteError)) throw error;
      runtime.log.warn("Exception when following the leader", { reason: messageOf(error) });
      // The next election may end at once with the same leader, which may need a moment.
      await new Promise<void>((resolve) => runtime.timers.after(refusedPauseMs, resolve));
    } finally {
      connection?.close("Shutting down");
      this.#endRole = null;
    }
  }

  async #learn(
    learner: LearnerOptions,
    connection: QuorumConnection,
    onServing: (epoch: number) => void,
  ): Promise<void> {
    const { runtime, database, host } = this.#options;
    this.#endRole = (reason) => connection.close(reason);
    if (this.#closed) connection.close("Shutting down");
    const synchronised = await synchronise(learner, connection);
    database.advanceTo(firstOf(synchronised.epoch));
    const nextSessionId = (): SessionId => this.#nextSessionId();
    const { observer } = learner;
    const quorumSize = this.#ensemble.verifier.voters.length;
    const lateMs = this.#ensemble.syncLimit * this.#ensemble.tickMs;
    const parts = { runtime, database, host, connection, observer, nextSessionId, lateMs, quorumSize };
    const role = new FollowerRole(parts, synchronised);
    host.serve(role);
    onServing(synchronised.epoch);
    const reason = await new Promise<string>((resolve) => role.start(resolve));
    runtime.log.warn("Exception when following the leader", { reason });
    role.close();
    host.stopServing(reason);
    await this.#fastForward(role.uncommitted);
  }

  /**
   * Nobody is served any more, because part of this may yet be undone. What is in the log counts as this server's history from now on,
   * committed or not; the next leader decides.
   */
  async #fastForward(uncommitted: readonly Proposal[]): Promise<void> {
    const { database } = this.#options;
    await database.sync();
    if (uncommitted.length === 0) return;
    await database.stopSnapshot();
    for (const proposal of uncommitted) database.apply(proposal);
    await database.stopSnapshot();
  }

  #nextSessionId(): SessionId {
    this.#lastSessionId = BigInt.asIntN(64, this.#lastSessionId + 1n);
    return this.#lastSessionId;
  }
}

/**
 * A leader: finds its quorum, opens a new epoch, and from then on orders every change (Leader, LeaderZooKeeperServer).
 * A change is proposed, written by a majority, committed, in the order of zxids. It judges which sessions have expired,
 * and gives up as soon as it cannot be sure of its majority.
 */
import { type Listener, messageOf, type Runtime, type Timer } from "../../../base/index.ts";
import type { Proposal, Zxid } from "../../../wire/zookeeper/index.ts";
import { encodeQuorumPacket, packetType, type TouchedSession } from "../../../wire/zookeeper/quorum/index.ts";
import type { Database } from "../database.ts";
import type { ServerRequest } from "../request.ts";
import type { ObserverConnection, Role, RoleHost } from "../role.ts";
import type { Ensemble } from "./ensemble.ts";
import { Establishment } from "./establishment.ts";
import { LearnerHandler, type LearnerMaster } from "./learner-handler.ts";
import { ProposalLedger, type Proposed } from "./proposal-ledger.ts";
import { QuorumConnection, QuorumConnectionEnded } from "./quorum-connection.ts";
import { firstOf, printZxid } from "./zxid.ts";

export interface LeaderOptions {
  readonly runtime: Runtime;
  readonly ensemble: Ensemble;
  readonly database: Database;
  readonly host: RoleHost;
  /** Makes the role that clients are served through, once the epoch is established. */
  readonly makeRole: (leader: Broadcast, epoch: number) => LeadingRole;
  /** The new epoch is established and clients are served. */
  readonly onServing: (epoch: number) => void;
}

/** How a leading role gets its transactions agreed on. */
export interface Broadcast {
  readonly lastProposed: Zxid;
  readonly outstandingCount: number;
  /** `request` is answered when the proposal is committed; null when another server's client asked, or nobody. */
  propose(proposal: Proposal, request: ServerRequest | null): void;
  /** Runs `action` when everything proposed so far is committed. */
  afterOutstanding(action: () => void): void;
  /** The leadership ends. */
  giveUp(reason: string): void;
  monitor(): Iterable<readonly [key: string, value: string | number]>;
  readonly observers: readonly ObserverConnection[];
}

/** The part of a leader that clients and learners' requests meet. */
export interface LeadingRole extends Role {
  /** A learner forwarded it; `answered` is called for what needs no transaction. */
  submitForwarded(request: ServerRequest, answered: () => void): void;
  touchAll(sessions: readonly TouchedSession[]): void;
  revalidateFor(owner: object, session: TouchedSession): boolean;
  committed(proposal: Proposal): void;
  /** Proposes the closing of sessions whose time is over. */
  expireSessions(): void;
}

/** Connections that have not said which learner they are; for each one more the oldest must go. */
const unidentifiedMax = 64;

interface Gate {
  readonly open: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: QuorumConnectionEnded) => void;
}

export class Leader implements LearnerMaster, Broadcast {
  readonly runtime: Runtime;
  readonly ensemble: Ensemble;
  readonly database: Database;
  readonly #options: LeaderOptions;
  readonly #establishment: Establishment;
  readonly #ledger: ProposalLedger;
  readonly #handlers = new Set<LearnerHandler>();
  readonly #timers: Timer[] = [];
  readonly #end = Promise.withResolvers<string>();
  #gates: Gate[] = [];
  #listener: Listener | null = null;
  #role: LeadingRole | null = null;
  #epochDurable = false;
  #electedDurable = false;
  #servingSinceMs: number | null = null;
  #proposedCount = 0;
  #committedCount = 0;
  #ended: string | null = null;
  #syncing = false;
  #loggedUpTo: Zxid;
  #halfTicks = 0;

  constructor(options: LeaderOptions) {
    this.#options = options;
    this.runtime = options.runtime;
    this.ensemble = options.ensemble;
    this.database = options.database;
    const { myId, verifier } = options.ensemble;
    const { epochs, lastProcessedZxid } = options.database;
    this.#establishment = new Establishment(myId, verifier, epochs.current, lastProcessedZxid);
    this.#ledger = new ProposalLedger(verifier, lastProcessedZxid);
    this.#loggedUpTo = lastProcessedZxid;
  }

  /** Leads until it may not any more; resolves with the reason. Rejects only when the disk fails. */
  async lead(): Promise<string> {
    try {
      await this.#listen();
      await this.#establish();
      this.#serve();
      return await this.#end.promise;
    } catch (error) {
      if (!(error instanceof QuorumConnectionEnded)) throw error;
      return error.message;
    } finally {
      this.giveUp("Shutting down");
      await this.#listener?.close();
    }
  }

  /** In the log of this server and not known to be committed; complete on disk after `Database.sync`. */
  get uncommitted(): readonly Proposal[] {
    return this.#ledger.outstanding.map((entry) => entry.proposal);
  }

  get lastProposed(): Zxid {
    return this.#ledger.lastProposed;
  }

  get outstandingCount(): number {
    return this.#ledger.outstanding.length;
  }

  giveUp(reason: string): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.runtime.log.info(`Shutting down: ${reason}`);
    for (const timer of this.#timers) timer.cancel();
    for (const handler of [...this.#handlers]) handler.connection.close(reason);
    this.#handlers.clear();
    const gates = this.#gates;
    this.#gates = [];
    for (const gate of gates) gate.reject(new QuorumConnectionEnded(reason));
    this.#end.resolve(reason);
  }

  propose(proposal: Proposal, request: ServerRequest | null): void {
    if (this.#ended !== null) return;
    this.#proposedCount++;
    this.#ledger.propose(proposal, request, this.runtime.clock.monotonicMs());
    this.database.append(proposal);
    const { zxid } = proposal.header;
    const packet = encodeQuorumPacket({ type: packetType.proposal, zxid, data: proposal.bytes, authInfo: null });
    for (const handler of this.#handlers) if (handler.forwarding && !handler.observer) handler.sendEncoded(packet);
    this.#sync();
  }

  afterOutstanding(action: () => void): void {
    this.#ledger.afterOutstanding(action);
  }

  get observers(): readonly LearnerHandler[] {
    return [...this.#handlers].filter((handler) => handler.observer);
  }

  *monitor(): Iterable<readonly [key: string, value: string | number]> {
    const synced = [...this.#handlers].filter((handler) => handler.synced);
    const followers = synced.filter((handler) => !handler.observer);
    const nowMs = this.runtime.clock.monotonicMs();
    yield ["peer_state", "leading - broadcast"];
    yield ["leader_uptime", Math.round(nowMs - (this.#servingSinceMs ?? nowMs))];
    yield ["quorum_size", this.ensemble.verifier.voters.length];
    yield ["learners", this.#handlers.size];
    yield ["followers", [...this.#handlers].filter((handler) => !handler.observer).length];
    yield ["synced_followers", followers.length];
    yield ["synced_non_voting_followers", 0];
    yield ["synced_observers", synced.length - followers.length];
    yield ["pending_syncs", this.#handlers.size - synced.length];
    yield ["proposal_count", this.#proposedCount];
    yield ["commit_count", this.#committedCount];
  }

  joined(handler: LearnerHandler): void {
    for (const other of [...this.#handlers]) {
      if (other !== handler && other.sid === handler.sid) other.connection.close("the same learner connected again");
    }
    this.#ledger.forget(handler.sid);
  }

  async epochFor(sid: number, acceptedEpoch: number): Promise<number> {
    const { epoch } = this.#establishment;
    if (epoch !== null && acceptedEpoch > epoch && this.ensemble.verifier.isVoter(sid)) {
      // It may follow no leader of an older epoch again: only a new election lets it back in.
      this.giveUp(`Server ${sid} has accepted epoch ${acceptedEpoch}, above this leader's ${epoch}`);
    }
    this.#establishment.offer(sid, acceptedEpoch);
    this.#openGates();
    await this.#gate(() => this.#epochDurable);
    return this.#establishment.epoch ?? 0;
  }

  acknowledgeEpoch(sid: number, currentEpoch: number, lastZxid: Zxid): boolean {
    const answer = this.#establishment.ackEpoch(sid, currentEpoch, lastZxid);
    this.#openGates();
    return answer !== "ahead";
  }

  elected(): Promise<void> {
    return this.#gate(() => this.#electedDurable);
  }

  acknowledgeLeader(sid: number): void {
    this.#establishment.ackNewLeader(sid);
    this.#openGates();
  }

  serving(): Promise<void> {
    return this.#gate(() => this.#servingSinceMs !== null);
  }

  acknowledge(sid: number, zxid: Zxid): void {
    if (this.#ended !== null) return;
    for (const committed of this.#ledger.ack(sid, zxid)) this.#commit(committed);
  }

  request(handler: LearnerHandler, request: ServerRequest): void {
    this.#role?.submitForwarded(request, () => handler.send(packetType.sync, 0, null));
  }

  touch(sessions: readonly TouchedSession[]): void {
    this.#role?.touchAll(sessions);
  }

  revalidate(handler: LearnerHandler, session: TouchedSession): boolean {
    return this.#role?.revalidateFor(handler, session) ?? false;
  }

  left(handler: LearnerHandler): void {
    this.#handlers.delete(handler);
  }

  async #listen(): Promise<void> {
    const me = this.ensemble.members.get(this.ensemble.myId);
    if (me === undefined) throw new QuorumConnectionEnded("this server is not in its own configuration");
    const where = { port: me.quorumPort, ...(this.ensemble.listenOnAllIps ? {} : { host: me.host }) };
    try {
      this.#listener = await this.runtime.net.listen(where, (socket) =>
        this.#accept(new QuorumConnection(this.runtime, socket, this.ensemble.maxFieldBytes)),
      );
    } catch (error) {
      this.runtime.log.error(`Couldn't bind to ${me.host}:${me.quorumPort}`, { error: messageOf(error) });
      throw new QuorumConnectionEnded(messageOf(error));
    }
  }

  #accept(connection: QuorumConnection): void {
    if (this.#ended !== null) {
      connection.close(this.#ended);
      return;
    }
    const unidentified = [...this.#handlers].filter((handler) => handler.sid < 0);
    if (unidentified.length >= unidentifiedMax) unidentified[0]?.connection.close("it has not said who it is");
    const handler = new LearnerHandler(connection, this);
    this.#handlers.add(handler);
    handler.run().catch((error: unknown) => this.#options.host.fail(error));
  }

  /** Each step waits for a quorum, no longer than initLimit ticks. */
  async #establish(): Promise<void> {
    const { myId } = this.ensemble;
    const { epochs } = this.database;
    const establishment = this.#establishment;
    establishment.offer(myId, epochs.accepted);
    await this.#quorum(() => establishment.epoch !== null, "Timeout while waiting for epoch from quorum");
    const epoch = establishment.epoch ?? 0;
    await epochs.setAccepted(epoch);
    this.#epochDurable = true;
    establishment.ackEpoch(myId, epochs.current, this.database.lastProcessedZxid);
    await this.#quorum(() => establishment.elected, "Timeout while waiting for epoch to be acked by quorum");
    await epochs.setCurrent(epoch);
    this.#electedDurable = true;
    establishment.ackNewLeader(myId);
    await this.#quorum(
      () => establishment.established,
      () => `Waiting for a quorum of followers, only synced with sids: [ ${establishment.syncedSids.join(",")} ]`,
    );
  }

  #serve(): void {
    const epoch = this.#establishment.epoch ?? 0;
    const { host, makeRole, onServing } = this.#options;
    this.database.advanceTo(firstOf(epoch));
    this.#role = makeRole(this, epoch);
    this.#servingSinceMs = this.runtime.clock.monotonicMs();
    host.serve(this.#role);
    onServing(epoch);
    const supporters = `sids: [ ${this.#syncedSids().join(",")} ]`;
    const zxid = printZxid(firstOf(epoch));
    this.runtime.log.info(
      `Have quorum of supporters, ${supporters}; starting up and setting last processed zxid: ${zxid}`,
    );
    this.#timers.push(this.runtime.timers.every(this.ensemble.tickMs / 2, () => this.#halfTick()));
    this.#openGates();
  }

  /** What has arrived while this process could not run is read first. */
  #halfTick(): void {
    this.runtime.timers.soon(() => {
      if (this.#ended !== null) return;
      this.#role?.expireSessions();
      for (const handler of this.#handlers) {
        if (handler.synced) handler.send(packetType.ping, this.#ledger.lastProposed, null);
      }
      this.#halfTicks++;
      if (this.#halfTicks % 2 === 0) this.#checkQuorum();
    });
  }

  #checkQuorum(): void {
    const nowMs = this.runtime.clock.monotonicMs();
    const limitMs = this.ensemble.syncLimit * this.ensemble.tickMs;
    for (const handler of [...this.#handlers]) {
      const oldestMs = handler.synced ? this.#ledger.oldestUnackedMs(handler.sid) : null;
      if (!handler.observer && oldestMs !== null && nowMs - oldestMs > limitMs) {
        handler.connection.close("Closing connection to peer due to transaction timeout.");
      }
    }
    const sids = this.#syncedSids();
    if (this.ensemble.verifier.containsQuorum(new Set(sids))) return;
    this.giveUp(`Not sufficient followers synced, only synced with sids: [ ${sids.join(",")} ]`);
  }

  /** This server and the voters that were heard within syncLimit ticks. */
  #syncedSids(): number[] {
    const nowMs = this.runtime.clock.monotonicMs();
    const limitMs = this.ensemble.syncLimit * this.ensemble.tickMs;
    const sids = new Set([this.ensemble.myId]);
    for (const handler of this.#handlers) {
      const alive = handler.connection.isOpen && nowMs - handler.connection.lastHeardMs <= limitMs;
      if (alive && !handler.observer && handler.forwarding) sids.add(handler.sid);
    }
    return [...sids].sort((a, b) => a - b);
  }

  /** One fsync for all that was proposed while the one before was under way; it counts as this server's own vote. */
  #sync(): void {
    if (this.#syncing || this.#ended !== null || this.#ledger.lastProposed === this.#loggedUpTo) return;
    this.#syncing = true;
    const upTo = this.#ledger.lastProposed;
    this.database.sync().then(
      () => {
        this.#syncing = false;
        this.#loggedUpTo = upTo;
        this.acknowledge(this.ensemble.myId, upTo);
        this.#sync();
      },
      (error: unknown) => this.#options.host.fail(error),
    );
  }

  #commit(committed: Proposed): void {
    const { proposal, request } = committed;
    this.#committedCount++;
    const { zxid } = proposal.header;
    const commit = encodeQuorumPacket({ type: packetType.commit, zxid, data: null, authInfo: null });
    for (const handler of this.#handlers) {
      if (!handler.forwarding) continue;
      if (handler.observer) handler.send(packetType.inform, zxid, proposal.bytes);
      else handler.sendEncoded(commit);
    }
    this.#options.host.commit(proposal, request);
    this.#role?.committed(proposal);
    for (const action of committed.onCommit) action();
  }

  #gate(open: () => boolean): Promise<void> {
    if (this.#ended !== null) return Promise.reject(new QuorumConnectionEnded(this.#ended));
    if (open()) return Promise.resolve();
    return new Promise((resolve, reject) => this.#gates.push({ open, resolve, reject }));
  }

  #openGates(): void {
    const opened = this.#gates.filter((gate) => gate.open());
    this.#gates = this.#gates.filter((gate) => !opened.includes(gate));
    for (const gate of opened) gate.resolve();
  }

  async #quorum(open: () => boolean, timeoutReason: string | (() => string)): Promise<void> {
    this.#openGates();
    const limitMs = this.ensemble.initLimit * this.ensemble.tickMs;
    const timer = this.runtime.timers.after(limitMs, () => {
      // Answers that arrived while this process could not run still count.
      this.runtime.timers.soon(() => {
        if (!open()) this.giveUp(typeof timeoutReason === "string" ? timeoutReason : timeoutReason());
      });
    });
    this.#timers.push(timer);
    try {
      await this.#gate(open);
    } finally {
      timer.cancel();
    }
  }
}

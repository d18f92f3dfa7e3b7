/**
 * One learner as its leader sees it (LearnerHandler): lets it join, brings it to the leader's state, then passes on
 * what is proposed and committed and takes its acknowledgements and its clients' requests.
 */
import type { Runtime } from "../../../base/index.ts";
import { JuteError, type Proposal, type SessionId, type Zxid } from "../../../wire/zookeeper/index.ts";
import {
  decodeForwardedRequest,
  decodeInt,
  decodeLearnerInfo,
  decodeTouchedSessions,
  encodeInt,
  encodeQuorumPacket,
  encodeRevalidateAnswer,
  packetName,
  packetType,
  type QuorumPacket,
  type TouchedSession,
  zabProtocolVersion,
} from "../../../wire/zookeeper/quorum/index.ts";
import type { Database } from "../database.ts";
import type { ServerRequest } from "../request.ts";
import { LearnerCounters } from "../role.ts";
import type { Ensemble } from "./ensemble.ts";
import { type QuorumConnection, QuorumConnectionEnded } from "./quorum-connection.ts";
import { chooseSync, chooseSyncFromLog, type SyncChoice } from "./sync-choice.ts";
import { counterOf, epochOf, firstOf, printZxid } from "./zxid.ts";

/** What a handler asks of its leader. The promises reject when the leader gives up. */
export interface LearnerMaster {
  readonly runtime: Runtime;
  readonly ensemble: Ensemble;
  readonly database: Database;
  /** Proposed and not committed, oldest first. */
  readonly uncommitted: readonly Proposal[];
  /** A learner has said who it is; an older connection of the same learner ends. */
  joined(handler: LearnerHandler): void;
  epochFor(sid: number, acceptedEpoch: number): Promise<number>;
  /** False: the learner is ahead of this leader. */
  acknowledgeEpoch(sid: number, currentEpoch: number, lastZxid: Zxid): boolean;
  elected(): Promise<void>;
  acknowledgeLeader(sid: number): void;
  serving(): Promise<void>;
  acknowledge(sid: number, zxid: Zxid): void;
  request(handler: LearnerHandler, request: ServerRequest): void;
  touch(sessions: readonly TouchedSession[]): void;
  revalidate(handler: LearnerHandler, session: TouchedSession): boolean;
  left(handler: LearnerHandler): void;
}

const snapshotSignature = Buffer.from("\0\0\0\nBenWasHere", "latin1");

export class LearnerHandler {
  sid = -1;
  observer = false;
  /** Gets what is proposed and committed from now on. */
  forwarding = false;
  /** Has been told UPTODATE. */
  synced = false;
  readonly counters = new LearnerCounters();
  readonly establishedMs: number;
  readonly connection: QuorumConnection;
  readonly #master: LearnerMaster;
  readonly #database: Database;
  /** Packets that wait until the image has left; null: they go out at once. */
  #backlog: Uint8Array[] | null = null;

  constructor(connection: QuorumConnection, master: LearnerMaster) {
    this.connection = connection;
    this.establishedMs = master.runtime.clock.nowMs();
    this.#master = master;
    this.#database = master.database;
  }

  /** Never rejects; returns when the learner is in, or gone. */
  async run(): Promise<void> {
    const { log } = this.#master.runtime;
    try {
      await this.#join();
    } catch (error) {
      if (!(error instanceof QuorumConnectionEnded || error instanceof JuteError)) throw error;
      log.warn(`******* GOODBYE ${this.connection.remote} ********`, { reason: error.message, sid: this.sid });
      this.connection.close(error.message);
      this.#master.left(this);
    }
  }

  send(type: number, zxid: Zxid, data: Buffer | null): void {
    this.sendEncoded(encodeQuorumPacket({ type, zxid, data, authInfo: null }));
  }

  get remote(): string {
    return this.connection.remote;
  }

  sendEncoded(bytes: Uint8Array): void {
    this.counters.packetsSent++;
    if (this.#backlog !== null) this.#backlog.push(bytes);
    else this.connection.sendBytes(bytes);
  }

  async #join(): Promise<void> {
    const { ensemble } = this.#master;
    this.connection.setReadTimeout(ensemble.initLimit * ensemble.tickMs);
    const acceptedEpoch = await this.#introduction();
    const epoch = await this.#master.epochFor(this.sid, acceptedEpoch);
    const protocol = encodeInt(zabProtocolVersion);
    this.connection.send({ type: packetType.leaderInfo, zxid: firstOf(epoch), data: protocol, authInfo: null });
    const ack = await this.connection.receive();
    if (ack.type !== packetType.ackEpoch || ack.data === null) {
      throw new QuorumConnectionEnded(`${packetName(ack.type)} is not ACKEPOCH`);
    }
    if (!this.#master.acknowledgeEpoch(this.sid, decodeInt(ack.data), ack.zxid)) {
      throw new QuorumConnectionEnded(`Follower is ahead of the leader, last zxid ${printZxid(ack.zxid)}`);
    }
    await this.#master.elected();
    await this.#synchronise(ack.zxid, epoch);
    const promise = await this.connection.receive();
    if (promise.type !== packetType.ack || promise.zxid !== firstOf(epoch)) {
      throw new QuorumConnectionEnded("Next packet was supposed to be an ACK of NEWLEADER");
    }
    this.#master.acknowledgeLeader(this.sid);
    await this.#master.serving();
    // It has been waiting for a word of this leader: its silence counts from now on.
    this.connection.setReadTimeout(ensemble.syncLimit * ensemble.tickMs);
    this.send(packetType.upToDate, -1, null);
    this.synced = true;
    this.connection.deliver(
      (packet) => this.#handle(packet),
      (reason) => {
        this.#master.runtime.log.warn(`******* GOODBYE ${this.connection.remote} ********`, {
          reason: reason.message,
          sid: this.sid,
        });
        this.#master.left(this);
      },
    );
  }

  /** The epoch that the learner has accepted. */
  async #introduction(): Promise<number> {
    const { log } = this.#master.runtime;
    const packet = await this.connection.receive();
    if ((packet.type !== packetType.followerInfo && packet.type !== packetType.observerInfo) || packet.data === null) {
      throw new QuorumConnectionEnded(`First packet ${packetName(packet.type)} is not FOLLOWERINFO or OBSERVERINFO!`);
    }
    const info = decodeLearnerInfo(packet.data);
    if (info.protocolVersion < zabProtocolVersion) {
      throw new QuorumConnectionEnded(`protocol version 0x${info.protocolVersion.toString(16)} is too old`);
    }
    if (info.configVersion > 0n) {
      throw new QuorumConnectionEnded(`Follower is ahead of the leader (has a later activated configuration)`);
    }
    this.sid = Number(info.sid);
    this.observer = packet.type === packetType.observerInfo;
    log.info(`${this.observer ? "Observer" : "Follower"} sid: ${this.sid} : info : ${this.connection.remote}`);
    this.#master.joined(this);
    return epochOf(packet.zxid);
  }

  async #synchronise(learnerZxid: Zxid, epoch: number): Promise<void> {
    let choice = this.#choose(learnerZxid);
    if (choice.kind === "log") {
      const fromLog = await this.#readLog(learnerZxid);
      // The state may have moved on meanwhile, and with it the window.
      choice = this.#choose(learnerZxid);
      if (choice.kind === "log") choice = chooseSyncFromLog(learnerZxid, fromLog, this.#database);
    }
    // No await from the choice to `forwarding`: nothing that is proposed or committed may fall between them.
    const image = this.#queueHistory(choice, learnerZxid);
    if (!this.observer) {
      for (const proposal of this.#master.uncommitted) {
        this.send(packetType.proposal, proposal.header.zxid, proposal.bytes);
      }
    }
    this.forwarding = true;
    this.send(packetType.newLeader, firstOf(epoch), Buffer.from(this.#master.ensemble.configText));
    if (image !== null) await this.#sendImage(image);
  }

  #choose(learnerZxid: Zxid): SyncChoice {
    return this.#master.ensemble.forceSnapshotSync ? { kind: "snap" } : chooseSync(learnerZxid, this.#database);
  }

  /** Puts the answer into the stream; returns the image that must go out first when it is SNAP. */
  #queueHistory(choice: SyncChoice, learnerZxid: Zxid): Buffer[] | null {
    const { log } = this.#master.runtime;
    const learner = `(sid: ${this.sid}, last zxid ${printZxid(learnerZxid)})`;
    if (choice.kind === "diff" || choice.kind === "trunc") {
      log.info(`Sending ${choice.kind.toUpperCase()} zxid=${printZxid(choice.zxid)} to learner ${learner}`);
      this.send(choice.kind === "diff" ? packetType.diff : packetType.trunc, choice.zxid, null);
      for (const proposal of choice.missing) {
        this.send(packetType.proposal, proposal.header.zxid, proposal.bytes);
        this.send(packetType.commit, proposal.header.zxid, null);
      }
      return null;
    }
    const zxid = this.#database.lastProcessedZxid;
    log.info(`Sending snapshot last zxid of peer is ${printZxid(learnerZxid)}, zxid of leader is ${printZxid(zxid)}`);
    this.send(packetType.snap, zxid, null);
    this.#backlog = [];
    // Taken in one turn, so that it is of one moment.
    return [...this.#database.serialize(), snapshotSignature];
  }

  async #sendImage(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      this.connection.sendBytes(piece);
      if (!this.connection.flush()) await this.connection.drained();
    }
    const backlog = this.#backlog ?? [];
    this.#backlog = null;
    for (const bytes of backlog) this.connection.sendBytes(bytes);
  }

  async #readLog(learnerZxid: Zxid): Promise<Proposal[]> {
    const proposals: Proposal[] = [];
    const { snapshotSizeFactor } = this.#master.ensemble;
    if (learnerZxid < this.#database.historyFromZxid || snapshotSizeFactor < 0) return proposals;
    const bytesMax = this.#database.newestSnapshotBytes * snapshotSizeFactor;
    const entries = await this.#database.committedFromLog(learnerZxid, bytesMax);
    if (entries === null) return proposals;
    for await (const proposal of entries) proposals.push(proposal);
    return proposals;
  }

  #handle(packet: QuorumPacket): void {
    this.counters.packetsReceived++;
    if (packet.type === packetType.ack) this.counters.lastZxid = packet.zxid;
    switch (packet.type) {
      case packetType.ack:
        if (counterOf(packet.zxid) !== 0) this.#master.acknowledge(this.sid, packet.zxid);
        return;
      case packetType.ping:
        if (packet.data !== null) this.#master.touch(decodeTouchedSessions(packet.data));
        return;
      case packetType.revalidate: {
        const session = decodeTouchedSessions(packet.data ?? Buffer.alloc(0))[0];
        if (session !== undefined) this.#revalidate(session);
        return;
      }
      case packetType.request:
        if (packet.data !== null) this.#request(packet, packet.data);
        return;
      default:
        this.#master.runtime.log.warn(`unexpected quorum packet, type: ${packetName(packet.type)}`);
    }
  }

  #revalidate(session: TouchedSession): void {
    const valid = this.#master.revalidate(this, session);
    this.send(packetType.revalidate, -1, encodeRevalidateAnswer(session.sessionId, valid));
  }

  #request(packet: QuorumPacket, data: Buffer): void {
    this.counters.requests++;
    const { sessionId, cxid, type, body }: { sessionId: SessionId; cxid: number; type: number; body: Buffer } =
      decodeForwardedRequest(data);
    this.#master.request(this, {
      sessionId,
      cxid,
      type,
      body,
      ids: packet.authInfo ?? [],
      owner: this,
      client: null,
      receivedMs: this.#master.runtime.clock.monotonicMs(),
    });
  }
}

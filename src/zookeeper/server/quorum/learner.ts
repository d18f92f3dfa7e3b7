/**
 * How a follower or observer finds its leader and comes to hold the leader's history (Learner): discovery of the
 * epoch, synchronisation by DIFF, TRUNC or SNAP, and the promise that everything is on disk. What an acknowledgement
 * promises is durable before it is sent.
 */
import { messageOf, type Runtime } from "../../../base/index.ts";
import { decodeProposal, type Proposal, type Zxid } from "../../../wire/zookeeper/index.ts";
import {
  decodeInt,
  encodeInt,
  encodeLearnerInfo,
  packetName,
  packetType,
  type QuorumPacket,
  zabProtocolVersion,
} from "../../../wire/zookeeper/quorum/index.ts";
import type { Database } from "../database.ts";
import { SnapshotDecoder } from "../snapshot-codec.ts";
import { type Ensemble, printedAddress } from "./ensemble.ts";
import { QuorumConnection, QuorumConnectionEnded } from "./quorum-connection.ts";
import { counterOf, epochOf, firstOf, printZxid } from "./zxid.ts";

export interface LearnerOptions {
  readonly runtime: Runtime;
  readonly ensemble: Ensemble;
  readonly database: Database;
  /** Observers get what is committed and acknowledge nothing but their presence. */
  readonly observer: boolean;
}

export interface Synchronised {
  readonly epoch: number;
  /** In the log and on disk, but not yet committed: to be acknowledged, then applied when the commits come. */
  readonly uncommitted: readonly Proposal[];
}

/** Attempts to reach the leader, which may need a moment longer than the learner to learn that it leads. */
const connectAttempts = 5;
/** zookeeper.leaderConnectDelayDuringRetryMs. */
const connectRetryMs = 100;
const snapshotSignature = "BenWasHere";

/** Rejects with `QuorumConnectionEnded` when the leader cannot be reached in time. */
export async function connectToLeader(options: LearnerOptions, leaderSid: number): Promise<QuorumConnection> {
  const { runtime, ensemble } = options;
  const leader = ensemble.members.get(leaderSid);
  if (leader === undefined) throw new QuorumConnectionEnded(`Couldn't find the leader with id = ${leaderSid}`);
  const limitMs = ensemble.connectToLearnerMasterLimit * ensemble.tickMs;
  const deadlineMs = runtime.clock.monotonicMs() + limitMs;
  for (let attempt = 0; ; attempt++) {
    const leftMs = deadlineMs - runtime.clock.monotonicMs();
    if (leftMs <= 0) throw new QuorumConnectionEnded("initLimit exceeded on retries.");
    try {
      const socket = await runtime.net.connect({ host: leader.host, port: leader.quorumPort, timeoutMs: leftMs });
      const connection = new QuorumConnection(runtime, socket, ensemble.maxFieldBytes);
      connection.setReadTimeout(ensemble.initLimit * ensemble.tickMs);
      return connection;
    } catch (error) {
      const address = printedAddress(leader.host, leader.quorumPort, true);
      const left = `remaining init limit=${Math.round(leftMs)}`;
      runtime.log.warn(`Unexpected exception, tries=${attempt}, ${left}, connecting to ${address}`, {
        error: messageOf(error),
      });
      if (attempt + 1 >= connectAttempts) throw new QuorumConnectionEnded(messageOf(error));
    }
    await new Promise<void>((resolve) => runtime.timers.after(connectRetryMs, resolve));
  }
}

/** Resolves when the leader has said UPTODATE: from then on clients may be served. */
export async function synchronise(options: LearnerOptions, connection: QuorumConnection): Promise<Synchronised> {
  const epoch = await discover(options, connection);
  const synchronisation = new Synchronisation(options, connection, epoch);
  try {
    return await synchronisation.run();
  } catch (error) {
    // Half of a history may be in memory, and an image that is on no disk: start from the disk again.
    if (synchronisation.touched) {
      await options.database.sync();
      await options.database.load();
    }
    throw error;
  }
}

/** Registers with the leader and accepts its epoch. */
async function discover(options: LearnerOptions, connection: QuorumConnection): Promise<number> {
  const { database, ensemble, observer } = options;
  const type = observer ? packetType.observerInfo : packetType.followerInfo;
  const data = encodeLearnerInfo({
    sid: BigInt(ensemble.myId),
    protocolVersion: zabProtocolVersion,
    configVersion: 0n,
  });
  connection.send({ type, zxid: firstOf(database.epochs.accepted), data, authInfo: null });
  const info = await connection.receive();
  if (info.type !== packetType.leaderInfo || info.data === null) {
    throw new QuorumConnectionEnded("First packet should have been LEADERINFO");
  }
  const protocol = decodeInt(info.data);
  if (protocol < zabProtocolVersion)
    throw new QuorumConnectionEnded(`the leader speaks protocol 0x${protocol.toString(16)}`);
  const epoch = epochOf(info.zxid);
  const { accepted, current } = database.epochs;
  if (epoch < accepted) {
    throw new QuorumConnectionEnded(`Leaders epoch, ${epoch} is less than accepted epoch, ${accepted}`);
  }
  if (epoch > accepted) await database.epochs.setAccepted(epoch);
  connection.send({
    type: packetType.ackEpoch,
    zxid: database.lastLoggedZxid,
    data: encodeInt(epoch > accepted ? current : -1),
    authInfo: null,
  });
  return epoch;
}

class Synchronisation {
  /** The database is not what it was. */
  touched = false;
  readonly #options: LearnerOptions;
  readonly #connection: QuorumConnection;
  readonly #database: Database;
  readonly #epoch: number;
  /** Received and not committed, oldest first. */
  #pending: Proposal[] = [];
  /** Committed before the leader's NEWLEADER; in the log, not yet applied. */
  #committed: Proposal[] = [];
  #imageMode = false;
  #promised = false;

  constructor(options: LearnerOptions, connection: QuorumConnection, epoch: number) {
    this.#options = options;
    this.#connection = connection;
    this.#database = options.database;
    this.#epoch = epoch;
  }

  async run(): Promise<Synchronised> {
    await this.#takeHistory(await this.#connection.receive());
    for (;;) {
      const packet = await this.#connection.receive();
      if (packet.type === packetType.upToDate) break;
      await this.#handle(packet);
    }
    if (!this.#promised) throw new QuorumConnectionEnded("UPTODATE came before NEWLEADER");
    this.#connection.send({ type: packetType.ack, zxid: firstOf(this.#epoch), data: null, authInfo: null });
    this.#connection.setReadTimeout(this.#options.ensemble.syncLimit * this.#options.ensemble.tickMs);
    if (this.#pending.length > 0) await this.#database.sync();
    return { epoch: this.#epoch, uncommitted: this.#pending };
  }

  async #takeHistory(packet: QuorumPacket): Promise<void> {
    const { log } = this.#options.runtime;
    switch (packet.type) {
      case packetType.diff:
        log.info(`Getting a diff from the leader ${printZxid(packet.zxid)}`);
        return;
      case packetType.trunc:
        log.warn(`Truncating log to get in sync with the leader ${printZxid(packet.zxid)}`);
        this.touched = true;
        await this.#database.truncate(packet.zxid);
        this.#requireCut(packet.zxid);
        return;
      case packetType.snap:
        log.info(`Getting a snapshot from leader ${printZxid(packet.zxid)}`);
        this.#imageMode = true;
        await this.#takeImage(packet.zxid);
        return;
      default:
        throw new QuorumConnectionEnded(`Got unexpected packet from leader: ${packetName(packet.type)}`);
    }
  }

  /** An image that is cut away again leaves less than the leader believes: it must be told anew. */
  #requireCut(zxid: Zxid): void {
    const { lastProcessedZxid } = this.#database;
    if (lastProcessedZxid === zxid || counterOf(zxid) === 0) return;
    throw new QuorumConnectionEnded(
      `Not able to truncate the log to ${printZxid(zxid)}, it ends at ${printZxid(lastProcessedZxid)}`,
    );
  }

  async #takeImage(zxid: Zxid): Promise<void> {
    const decoder = new SnapshotDecoder();
    for (;;) {
      const rest = decoder.push(await this.#connection.receiveBytes());
      if (rest === null) continue;
      this.#connection.unread(rest);
      break;
    }
    const signature = await this.#connection.receiveString();
    if (signature !== snapshotSignature) {
      throw new QuorumConnectionEnded(`Missing signature. Got ${signature}`);
    }
    this.touched = true;
    await this.#database.restore(decoder.image, zxid);
  }

  async #handle(packet: QuorumPacket): Promise<void> {
    switch (packet.type) {
      case packetType.proposal:
        this.#proposed(decodeProposal(this.#dataOf(packet)));
        return;
      case packetType.commit:
        this.#commit(packet.zxid);
        return;
      case packetType.inform: {
        const proposal = decodeProposal(this.#dataOf(packet));
        this.#proposed(proposal);
        this.#commit(proposal.header.zxid);
        return;
      }
      case packetType.newLeader:
        await this.#promise();
        return;
      case packetType.commitAndActivate:
      case packetType.informAndActivate:
        throw new QuorumConnectionEnded("the leader changes the ensemble's members, which is not supported here");
      default:
        return;
    }
  }

  #dataOf(packet: QuorumPacket): Buffer {
    if (packet.data === null) throw new QuorumConnectionEnded(`${packetName(packet.type)} without data`);
    return packet.data;
  }

  #proposed(proposal: Proposal): void {
    const last = Math.max(this.#database.lastLoggedZxid, this.#pending.at(-1)?.header.zxid ?? 0);
    if (proposal.header.zxid <= last) {
      throw new QuorumConnectionEnded(`Got zxid ${printZxid(proposal.header.zxid)} expected above ${printZxid(last)}`);
    }
    this.touched = true;
    // What comes with an image is logged behind the snapshot that the image becomes.
    if (!this.#imageMode || this.#promised) this.#database.append(proposal);
    this.#pending.push(proposal);
  }

  #commit(zxid: Zxid): void {
    const next = this.#pending.shift();
    if (next?.header.zxid !== zxid) {
      const have = next === undefined ? "nothing" : printZxid(next.header.zxid);
      throw new QuorumConnectionEnded(`Committing ${printZxid(zxid)}, but next proposal is ${have}`);
    }
    if (this.#promised) this.#committedLate(next);
    else if (this.#imageMode) this.#database.apply(next);
    else this.#committed.push(next);
  }

  /** Between the promise and UPTODATE: it is in the log; a quorum has it on disk. */
  #committedLate(proposal: Proposal): void {
    this.#database.apply(proposal);
  }

  /** Committed in the leader's eyes; should it fail before a quorum agrees, this may yet be undone. */
  async #applyCommitted(): Promise<void> {
    if (this.#committed.length === 0) return;
    await this.#database.stopSnapshot();
    for (const proposal of this.#committed) this.#database.apply(proposal);
    this.#committed = [];
    await this.#database.stopSnapshot();
  }

  /** NEWLEADER: everything received so far is made durable, then the epoch, then the leader is told. */
  async #promise(): Promise<void> {
    if (this.#imageMode) {
      await this.#database.takeSnapshot();
      for (const proposal of this.#pending) this.#database.append(proposal);
    }
    await this.#database.sync();
    await this.#applyCommitted();
    await this.#database.epochs.setCurrent(this.#epoch);
    this.#promised = true;
    this.#connection.send({ type: packetType.ack, zxid: firstOf(this.#epoch), data: null, authInfo: null });
  }
}

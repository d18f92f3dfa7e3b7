/**
 * A follower or observer that serves clients: reads are answered here, everything else goes to the leader and comes back
 * as proposals and commits (FollowerZooKeeperServer, ObserverZooKeeperServer).
 */
import type { Runtime } from "../../../base/index.ts";
import {
  decodeProposal,
  JuteWriter,
  opCode,
  type Proposal,
  type SessionId,
  type Zxid,
} from "../../../wire/zookeeper/index.ts";
import {
  decodeRevalidateAnswer,
  encodeForwardedRequest,
  encodeTouchedSessions,
  packetName,
  packetType,
  type QuorumPacket,
} from "../../../wire/zookeeper/quorum/index.ts";
import type { Database } from "../database.ts";
import type { ServerRequest } from "../request.ts";
import type { Role, RoleHost } from "../role.ts";
import { ForwardedRequests } from "./forwarded-requests.ts";
import type { Synchronised } from "./learner.ts";
import type { QuorumConnection } from "./quorum-connection.ts";
import { printZxid } from "./zxid.ts";

export interface FollowerRoleOptions {
  readonly runtime: Runtime;
  readonly database: Database;
  readonly host: RoleHost;
  readonly connection: QuorumConnection;
  readonly observer: boolean;
  readonly nextSessionId: () => SessionId;
  /** After so long a leader has given up a server that it does not hear, and with it what that server sent. */
  readonly lateMs: number;
  /** Servers that vote; for `mntr`. */
  readonly quorumSize: number;
}

export class FollowerRole implements Role {
  readonly mode: "follower" | "observer";
  readonly #options: FollowerRoleOptions;
  readonly #database: Database;
  readonly #connection: QuorumConnection;
  /** In the log, waiting for their commits, oldest first. */
  #uncommitted: Proposal[];
  /** In the log's buffer, not known to be on disk. */
  #unsynced: Zxid[] = [];
  #syncing = false;
  readonly #requests: ForwardedRequests;
  /** What is done at each SYNC, in the order in which the leader will send them. */
  readonly #syncs: (() => void)[] = [];
  readonly #revalidations = new Map<SessionId, ((valid: boolean) => void)[]>();
  #touched = new Map<SessionId, number>();
  #closed = false;
  #proposalCount = 0;
  #commitCount = 0;

  constructor(options: FollowerRoleOptions, synchronised: Synchronised) {
    this.mode = options.observer ? "observer" : "follower";
    this.#options = options;
    this.#database = options.database;
    this.#connection = options.connection;
    this.#requests = new ForwardedRequests(options.lateMs);
    this.#uncommitted = [...synchronised.uncommitted];
  }

  /** Begins to take packets. `onEnd` is called once, when the leader is lost. */
  start(onEnd: (reason: string) => void): void {
    for (const proposal of this.#uncommitted) this.#acknowledge(proposal.header.zxid);
    this.#connection.deliver(
      (packet) => this.#handle(packet),
      (reason) => onEnd(reason.message),
    );
  }

  get outstandingCount(): number {
    return this.#requests.count + this.#syncs.length;
  }

  submit(request: ServerRequest): void {
    if (this.#closed) return;
    if (request.type === opCode.sync) this.#syncs.push(() => this.#options.host.answer(request, 0));
    else this.#requests.add(request, this.#database.lastLoggedZxid);
    const { sessionId, cxid, type, body } = request;
    this.#connection.send({
      type: packetType.request,
      zxid: -1,
      data: encodeForwardedRequest({ sessionId, cxid, type, body }),
      authInfo: request.ids.length === 0 ? null : request.ids,
    });
  }

  touch(sessionId: SessionId, timeoutMs: number): boolean {
    this.#touched.set(sessionId, timeoutMs);
    return this.#database.sessions.has(sessionId);
  }

  createSessionId(): SessionId {
    return this.#options.nextSessionId();
  }

  revalidate(sessionId: SessionId, timeoutMs: number, _owner: object, done: (valid: boolean) => void): void {
    const waiting = this.#revalidations.get(sessionId);
    if (waiting === undefined) this.#revalidations.set(sessionId, [done]);
    else waiting.push(done);
    const data = encodeTouchedSessions([{ sessionId, timeoutMs }]);
    this.#connection.send({ type: packetType.revalidate, zxid: -1, data, authInfo: null });
  }

  sessionDeadlines(): Iterable<{ readonly sessionId: SessionId; readonly inMs: number }> {
    return [];
  }

  monitor(): Iterable<readonly [key: string, value: string | number]> {
    return [
      ["peer_state", `${this.#options.observer ? "observing" : "following"} - broadcast`],
      ["quorum_size", this.#options.quorumSize],
      ["learner_proposal_received_count", this.#proposalCount],
      ["learner_commit_received_count", this.#commitCount],
    ];
  }

  close(): void {
    this.#closed = true;
    this.#connection.close("Shutting down");
  }

  /** What is in the log and was not committed here; complete on disk after `Database.sync`. */
  get uncommitted(): readonly Proposal[] {
    return this.#uncommitted;
  }

  #handle(packet: QuorumPacket): void {
    switch (packet.type) {
      case packetType.proposal:
        this.#propose(packet);
        return;
      case packetType.commit:
        this.#commit(packet.zxid);
        return;
      case packetType.inform:
        if (this.#propose(packet)) this.#commit(this.#uncommitted[0]!.header.zxid);
        return;
      case packetType.ping:
        this.#pong(packet);
        return;
      case packetType.revalidate:
        this.#revalidated(packet);
        return;
      case packetType.sync: {
        const synced = this.#syncs.shift();
        if (synced === undefined) this.#options.runtime.log.warn("Not expecting a sync.");
        else synced();
        return;
      }
      case packetType.upToDate:
        this.#options.runtime.log.error("Received an UPTODATE message after Follower started");
        return;
      case packetType.commitAndActivate:
      case packetType.informAndActivate:
        this.#connection.close("the leader changes the ensemble's members, which is not supported here");
        return;
      default:
        this.#options.runtime.log.warn(`Unknown packet type: ${packetName(packet.type)}`);
    }
  }

  #propose(packet: QuorumPacket): boolean {
    if (packet.data === null) {
      this.#connection.close(`${packetName(packet.type)} without data`);
      return false;
    }
    const proposal = decodeProposal(packet.data);
    const { zxid } = proposal.header;
    if (zxid <= this.#database.lastLoggedZxid) {
      const last = printZxid(this.#database.lastLoggedZxid);
      this.#connection.close(`Got zxid ${printZxid(zxid)} expected above ${last}`);
      return false;
    }
    this.#proposalCount++;
    this.#database.append(proposal);
    this.#uncommitted.push(proposal);
    this.#unsynced.push(zxid);
    this.#sync();
    return true;
  }

  /** One fsync for everything that came while the one before was under way. */
  #sync(): void {
    if (this.#syncing || this.#closed || this.#unsynced.length === 0) return;
    this.#syncing = true;
    const batch = this.#unsynced;
    this.#unsynced = [];
    this.#database.sync().then(
      () => {
        this.#syncing = false;
        for (const zxid of batch) this.#acknowledge(zxid);
        this.#sync();
      },
      (error: unknown) => this.#options.host.fail(error),
    );
  }

  #acknowledge(zxid: Zxid): void {
    if (this.#closed || this.#options.observer) return;
    this.#connection.send({ type: packetType.ack, zxid, data: null, authInfo: null });
  }

  #commit(zxid: Zxid): void {
    const next = this.#uncommitted[0];
    if (next?.header.zxid !== zxid) {
      const have = next === undefined ? "none" : printZxid(next.header.zxid);
      this.#connection.close(`Committing zxid ${printZxid(zxid)} but next pending txn ${have}`);
      return;
    }
    this.#uncommitted.shift();
    this.#commitCount++;
    this.#options.host.commit(next, this.#requests.take(next));
  }

  #pong(packet: QuorumPacket): void {
    this.#requests.sweep(this.#options.runtime.clock.monotonicMs());
    const touched = this.#touched;
    this.#touched = new Map();
    const sessions = [...touched].map(([sessionId, timeoutMs]) => ({ sessionId, timeoutMs }));
    const data = encodeTouchedSessions(sessions);
    this.#connection.send({ type: packetType.ping, zxid: packet.zxid, data, authInfo: packet.authInfo });
  }

  #revalidated(packet: QuorumPacket): void {
    if (packet.data === null) return;
    const { sessionId, valid } = decodeRevalidateAnswer(packet.data);
    const waiting = this.#revalidations.get(sessionId);
    const done = waiting?.shift();
    if (waiting?.length === 0) this.#revalidations.delete(sessionId);
    if (done === undefined)
      this.#options.runtime.log.warn(`Missing session 0x${sessionId.toString(16)} for validation`);
    else {
      if (valid) this.#requests.arrived(sessionId, this.#options.runtime.clock.monotonicMs());
      if (valid && this.#options.observer) this.#afterOlderRequests(sessionId, () => done(true));
      else done(valid);
    }
  }

  /**
   * An observer sees no proposals. When the leader answers a sync, everything that the session had asked for through
   * another server has come as a commit, and cannot be taken for an answer to what it will ask here.
   */
  #afterOlderRequests(sessionId: SessionId, action: () => void): void {
    this.#syncs.push(action);
    const body = new JuteWriter().ustring("/").take();
    const data = encodeForwardedRequest({ sessionId, cxid: 0, type: opCode.sync, body });
    this.#connection.send({ type: packetType.request, zxid: -1, data, authInfo: null });
  }
}

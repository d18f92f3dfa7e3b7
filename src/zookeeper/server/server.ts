/**
 * A ZooKeeper server as its clients see it: the client port, connections and sessions on them, watches, answers. What needs
 * agreement goes to the current role (role.ts). One event loop; nothing here waits for the disk.
 */
import { type Listener, messageOf, type Runtime, type Socket } from "../../base/index.ts";
import {
  type ConnectRequest,
  errorCode,
  type Id,
  type JuteError,
  JuteReader,
  JuteWriter,
  opCode,
  type Proposal,
  readConnectRequest,
  type SessionId,
  writeConnectResponse,
} from "../../wire/zookeeper/index.ts";
import { authenticate } from "./auth.ts";
import type { ZooConfig } from "./config.ts";
import { Connection, plainAddress } from "./connection.ts";
import type { ConnectionHost } from "./connection-host.ts";
import type { DataTree } from "./data-tree.ts";
import type { Database } from "./database.ts";
import { portError } from "./errors.ts";
import { answerWord, wordOf } from "./four-letter-words.ts";
import { localOwner, type ServerRequest } from "./request.ts";
import type { Role, RoleHost } from "./role.ts";
import { ServerStats } from "./server-stats.ts";
import { sessionHex, sessionPassword } from "./session-tracker.ts";
import { WatchTable } from "./watch-table.ts";

const sweepMs = 1000;
/** CLIENT_REQUEST, SERVER_PING, SESSION_TRACE and WARNING, as ZooKeeper starts with. */
const defaultTraceMask = 306;
const noPassword = Buffer.alloc(16);

/** Operations that take a transaction or the leader's word. */
const clientWrites: ReadonlySet<number> = new Set([
  opCode.create,
  opCode.create2,
  opCode.createContainer,
  opCode.createTtl,
  opCode.delete,
  opCode.setData,
  opCode.setAcl,
  opCode.check,
  opCode.multi,
  opCode.sync,
  opCode.reconfig,
  opCode.closeSession,
]);

export class ZooKeeperServer implements RoleHost, ConnectionHost {
  readonly runtime: Runtime;
  readonly config: ZooConfig;
  readonly database: Database;
  readonly stats = new ServerStats();
  readonly watches = new WatchTable();
  readonly connections = new Set<Connection>();
  readonly startedMs: number;
  /** `myid`; 0 standalone. */
  serverId = 0;
  /** Nothing is traced by it: tools that set it read it back. */
  traceMask = defaultTraceMask;
  /** Who leads the ensemble; null while nobody does, and standalone. */
  leaderId: () => number | null = () => null;
  /** Lines that an ensemble adds to `conf`. */
  ensembleLines: readonly string[] = [];
  readonly #bySession = new Map<SessionId, Connection>();
  readonly #countByAddress = new Map<string, number>();
  #role: Role | null = null;
  #listener: Listener | null = null;
  #sweep: { cancel(): void } | null = null;
  #dirty: Connection[] = [];
  readonly #failure = Promise.withResolvers<never>();
  #failed = false;

  constructor(runtime: Runtime, config: ZooConfig, database: Database) {
    this.runtime = runtime;
    this.config = config;
    this.database = database;
    this.startedMs = runtime.clock.nowMs();
    database.tree.listen(this.watches);
    this.#failure.promise.catch(() => undefined);
  }

  /** Rejects when the server cannot go on; never resolves. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  get role(): Role | null {
    return this.#role;
  }

  /** The port clients reach, once `listen` has resolved. */
  get clientPort(): number | null {
    return this.#listener?.port ?? null;
  }

  get tree(): DataTree {
    return this.database.tree;
  }

  get skipAcl(): boolean {
    return this.config.skipAcl;
  }

  get maxBufferBytes(): number {
    return this.config.maxBufferBytes;
  }

  get maxFieldBytes(): number {
    return 2 * this.config.maxBufferBytes;
  }

  get lastZxid(): number {
    return this.database.lastProcessedZxid;
  }

  get overloaded(): boolean {
    return (this.#role?.outstandingCount ?? 0) > this.config.globalOutstandingLimit;
  }

  /** Opens the client port; clients are served as soon as there is a role. */
  async listen(port: number, address: string | null): Promise<void> {
    const host = address === null ? {} : { host: address };
    try {
      this.#listener = await this.runtime.net.listen({ port, ...host }, (socket) => this.#accept(socket));
    } catch (error) {
      throw portError(error, port, "clientPort");
    }
    this.runtime.log.info(`binding to port ${address ?? "0.0.0.0"}/${address ?? "0.0.0.0"}:${this.#listener.port}`);
    this.#sweep = this.runtime.timers.every(sweepMs, () => this.#sweepIdle());
  }

  /** Closes the port and every connection; the database is the caller's. */
  async close(): Promise<void> {
    this.stopServing("shutting down");
    this.#sweep?.cancel();
    this.#sweep = null;
    await this.#listener?.close();
    this.#listener = null;
  }

  // What roles ask for.

  serve(role: Role): void {
    this.#role = role;
  }

  stopServing(reason: string): void {
    const role = this.#role;
    this.#role = null;
    role?.close();
    for (const connection of [...this.connections]) connection.close(reason);
  }

  commit(proposal: Proposal, request: ServerRequest | null): void {
    const result = this.database.apply(proposal);
    this.stats.proposals.add(proposal.bytes.length);
    const { clientId, type } = proposal.header;
    const connection = request?.client instanceof Connection ? request.client : null;
    if (type === opCode.createSession) {
      if (connection !== null) this.#established(connection, true);
      return;
    }
    if (connection !== null && request !== null) {
      if (request.type === opCode.createSession) this.#established(connection, false);
      else connection.complete(request, result, errorCode.ok);
    }
    if (type !== opCode.closeSession) return;
    const closing = this.#bySession.get(clientId);
    if (closing !== undefined && closing !== connection) closing.close("session closed");
  }

  answer(request: ServerRequest, error: number): void {
    if (!(request.client instanceof Connection)) return;
    if (request.type === opCode.createSession) this.#established(request.client, false);
    else request.client.complete(request, null, error);
  }

  expired(sessionId: SessionId, timeoutMs: number): void {
    this.stats.sessionsExpired++;
    this.runtime.log.info(`Expiring session 0x${sessionHex(sessionId)}, timeout of ${timeoutMs}ms exceeded`);
  }

  fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.runtime.log.error(`Severe unrecoverable error, exiting: ${messageOf(error)}`);
    this.#failure.reject(error);
    this.stopServing("server failed");
  }

  // What connections ask for.

  connect(connection: Connection, body: Buffer): void {
    const role = this.#role;
    const { log } = this.runtime;
    if (role === null) {
      connection.close("ZooKeeperServer not running");
      return;
    }
    this.stats.connectionRequests++;
    const request = readConnectRequest(new JuteReader(body, 0, this.maxFieldBytes));
    connection.legacy = !request.hasReadOnlyByte;
    if (request.lastZxidSeen > this.lastZxid) {
      log.info(
        `Refusing session(0x${sessionHex(request.sessionId)}) request for client ${addressOf(connection)} as it has seen zxid ` +
          `0x${request.lastZxidSeen.toString(16)} our last zxid is 0x${this.lastZxid.toString(16)} client must try another server`,
      );
      connection.close("client has seen a later zxid");
      return;
    }
    connection.timeoutMs = this.#negotiate(request.timeoutMs);
    if (request.sessionId === 0n) this.#createSession(connection, role);
    else this.#reopenSession(connection, role, request);
  }

  fourLetterWord(connection: Connection, word: number): boolean {
    const name = wordOf(word);
    if (name === null) return false;
    this.runtime.log.info(`Processing ${name} command from ${addressOf(connection)}`);
    this.stats.packetsReceived++;
    connection.counters.packetsReceived++;
    connection.sendTextAndEnd(answerWord(this, name));
    return true;
  }

  heard(connection: Connection): void {
    const nowMs = this.runtime.clock.monotonicMs();
    connection.lastHeardMs = nowMs;
    if (connection.state !== "open") return;
    // Within one tick a second touch would land in the same bucket of sessions.
    const tick = Math.floor((nowMs + connection.timeoutMs) / this.config.tickTimeMs);
    if (tick === connection.touchedTick) return;
    connection.touchedTick = tick;
    this.#role?.touch(connection.sessionId, connection.timeoutMs);
  }

  accepts(type: number): boolean {
    return clientWrites.has(type);
  }

  submit(request: ServerRequest): void {
    this.#role?.submit(request);
  }

  authenticate(connection: Connection, scheme: string, data: Buffer): readonly Id[] | null {
    const { superDigest, digestAlgorithm } = this.config;
    const options = { superDigest, digestAlgorithm };
    const ids = authenticate(scheme, data.toString("utf8"), connection.address, options);
    const session = `session 0x${sessionHex(connection.sessionId)} ${addressOf(connection)}`;
    if (ids === null) this.runtime.log.warn(`Authentication failed for scheme: ${scheme} for ${session}`);
    else this.runtime.log.debug(`Authentication succeeded for scheme: ${scheme} for ${session}`);
    return ids;
  }

  answered(type: number, receivedMs: number): number {
    const latencyMs = Math.round(this.runtime.clock.monotonicMs() - receivedMs);
    this.stats.request(latencyMs, clientWrites.has(type));
    return latencyMs;
  }

  flushSoon(connection: Connection): void {
    if (this.#dirty.push(connection) > 1) return;
    queueMicrotask(() => {
      const dirty = this.#dirty;
      this.#dirty = [];
      for (const each of dirty) each.flush();
    });
  }

  malformed(connection: Connection, error: JuteError): void {
    this.runtime.log.warn(
      `Close of session 0x${sessionHex(connection.sessionId)} ${addressOf(connection)}: ${error.message}`,
    );
  }

  closing(connection: Connection, reason: string): void {
    this.runtime.log.debug(`Closed socket connection for client ${addressOf(connection)}: ${reason}`);
  }

  forget(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    const { address } = connection;
    const left = (this.#countByAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#countByAddress.set(address, left);
    else this.#countByAddress.delete(address);
    if (this.#bySession.get(connection.sessionId) === connection) this.#bySession.delete(connection.sessionId);
    this.watches.removeWatcher(connection);
  }

  // Sessions on this server.

  #createSession(connection: Connection, role: Role): void {
    connection.sessionId = role.createSessionId();
    const body = new JuteWriter(8).int(connection.timeoutMs).flush();
    role.submit({
      sessionId: connection.sessionId,
      cxid: 0,
      type: opCode.createSession,
      body,
      ids: [],
      owner: localOwner,
      client: connection,
      receivedMs: connection.lastHeardMs,
    });
  }

  #reopenSession(connection: Connection, role: Role, request: ConnectRequest): void {
    this.stats.connectionRevalidations++;
    connection.sessionId = request.sessionId;
    if (!request.password.equals(sessionPassword(request.sessionId))) {
      this.runtime.log.warn(
        `Incorrect password from ${addressOf(connection)} for session 0x${sessionHex(request.sessionId)}`,
      );
      this.#established(connection, false);
      return;
    }
    role.revalidate(request.sessionId, connection.timeoutMs, localOwner, (valid) =>
      this.#established(connection, valid),
    );
  }

  #negotiate(wantedMs: number): number {
    return Math.min(Math.max(wantedMs, this.config.minSessionTimeoutMs), this.config.maxSessionTimeoutMs);
  }

  #established(connection: Connection, valid: boolean): void {
    if (connection.closed) return;
    const { sessionId, timeoutMs } = connection;
    if (valid) {
      this.#bySession.get(sessionId)?.close("client reconnected");
      this.#bySession.set(sessionId, connection);
      connection.establishedMs = this.runtime.clock.nowMs();
    }
    connection.sendRecord((writer) =>
      writeConnectResponse(writer, {
        protocolVersion: 0,
        timeoutMs: valid ? timeoutMs : 0,
        sessionId: valid ? sessionId : 0n,
        password: valid ? sessionPassword(sessionId) : noPassword,
        readOnly: connection.legacy ? null : false,
      }),
    );
    if (valid) {
      this.runtime.log.debug(
        `Established session 0x${sessionHex(sessionId)} with negotiated timeout ${timeoutMs} for client ${addressOf(connection)}`,
      );
      connection.opened();
    } else {
      this.runtime.log.info(
        `Invalid session 0x${sessionHex(sessionId)} for client ${addressOf(connection)}, probably expired`,
      );
      connection.end();
    }
  }

  // The port.

  #accept(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress);
    const count = this.#countByAddress.get(address) ?? 0;
    const { maxClientCnxns, maxCnxns } = this.config;
    const tooMany = maxClientCnxns > 0 && count >= maxClientCnxns;
    if (tooMany || (maxCnxns > 0 && this.connections.size >= maxCnxns)) {
      this.stats.connectionsRejected++;
      this.runtime.log.warn(
        tooMany
          ? `Too many connections from /${address} - max is ${maxClientCnxns}`
          : `Too many connections max allowed is ${maxCnxns}`,
      );
      socket.handle({ data: () => undefined, close: () => undefined });
      socket.destroy();
      return;
    }
    this.#countByAddress.set(address, count + 1);
    this.connections.add(new Connection(this, socket, this.runtime.clock.monotonicMs()));
  }

  /** Connections that never opened a session, and sessions whose client has been silent beyond its timeout. */
  #sweepIdle(): void {
    const nowMs = this.runtime.clock.monotonicMs();
    for (const connection of [...this.connections]) {
      const open = connection.state === "open";
      const limitMs = open ? connection.timeoutMs + this.config.tickTimeMs : this.config.sessionlessTimeoutMs;
      if (nowMs - connection.lastHeardMs <= limitMs) continue;
      if (!open) this.stats.sessionlessExpired++;
      connection.close("no packet within its timeout");
    }
  }
}

function addressOf(connection: Connection): string {
  return `/${connection.address}:${connection.socket.remotePort}`;
}

/**
 * One connection to every other server for the votes of an election (QuorumCnxManager). The higher id of a pair dials:
 * a call from below is dropped and called back, so that a restarted server gets a fresh connection. Votes grow old at
 * once, therefore at most one waits for a server, the newest; a new connection begins with the last one sent.
 */
import { type Listener, messageOf, NetError, type Runtime, type Socket } from "../../../base/index.ts";
import {
  anonymousObserver,
  encodeInitialMessage,
  formatAddress,
  maxNotificationBytes,
  parseAddress,
  readInitialMessage,
} from "../../../wire/zookeeper/quorum/index.ts";
import { portError } from "../errors.ts";
import { type Ensemble, printedAddress } from "./ensemble.ts";
import { FrameReader } from "./frame-reader.ts";

export interface ElectionConnectionsOptions {
  /** A notification of another server, or of this one, without its length. */
  readonly onMessage: (sid: number, payload: Uint8Array) => void;
}

/** zookeeper.electionPortBindRetry: attempts, one second apart. */
const bindAttempts = 3;
const bindRetryMs = 1_000;
/** Callers that have not said who they are; for each one more the one that has been silent longest must go. */
const unidentifiedMax = 64;
/** Servers that may be connected at a time, known or not; more are turned away. */
const peersMax = 512;

interface Peer {
  readonly sid: number;
  link: Socket | null;
  dialing: boolean;
  /** The newest message that no connection has taken. */
  waiting: Uint8Array | null;
  lastSent: Uint8Array | null;
  /** The socket's buffer is full; `waiting` goes out at `drain`. */
  blocked: boolean;
  /** Monotonic time at which the link was made, or last brought something. */
  heardMs: number;
}

export class ElectionConnections {
  readonly #runtime: Runtime;
  readonly #ensemble: Ensemble;
  readonly #options: ElectionConnectionsOptions;
  readonly #peers = new Map<number, Peer>();
  readonly #unidentified = new Set<Socket>();
  #listener: Listener | null = null;
  #nextAnonymousSid = -1;
  #closed = false;

  constructor(runtime: Runtime, ensemble: Ensemble, options: ElectionConnectionsOptions) {
    this.#runtime = runtime;
    this.#ensemble = ensemble;
    this.#options = options;
  }

  /** Binds the election port; rejects when it stays taken. */
  async listen(): Promise<void> {
    const me = this.#ensemble.members.get(this.#ensemble.myId);
    if (me === undefined) return;
    const where = { port: me.electionPort, ...(this.#ensemble.listenOnAllIps ? {} : { host: me.host }) };
    for (let attempt = 1; ; attempt++) {
      try {
        this.#listener = await this.#runtime.net.listen(where, (socket) => this.#accept(socket));
        break;
      } catch (error) {
        this.#runtime.log.error(`Exception while listening to address ${formatAddress(me.host, me.electionPort)}`, {
          error: messageOf(error),
        });
        if (this.#closed || attempt >= bindAttempts)
          throw portError(error, me.electionPort, `election port of server.${me.sid}`);
        await new Promise<void>((resolve) => this.#runtime.timers.after(bindRetryMs, resolve));
      }
    }
    if (this.#closed) await this.#listener.close();
    const address = printedAddress(me.host, me.electionPort, true);
    this.#runtime.log.info(`${me.sid} is accepting connections now, my election bind port: ${address}`);
  }

  /** `message` with its length in front. To this server itself it comes back as if from the network. */
  send(sid: number, message: Uint8Array): void {
    if (this.#closed) return;
    if (sid === this.#ensemble.myId) {
      this.#runtime.timers.soon(() => {
        if (!this.#closed) this.#options.onMessage(sid, message.subarray(4));
      });
      return;
    }
    const peer = this.#peer(sid);
    if (peer === null) return;
    peer.waiting = message;
    if (peer.link === null) this.#dial(peer);
    else this.#flush(peer);
  }

  connectAll(): void {
    for (const sid of this.#peers.keys()) this.#dial(this.#peer(sid)!);
  }

  /**
   * Links that were there before `sinceMs` and have brought nothing since are made anew: a network that was cut may have
   * forgotten them, and nothing but TCP's own time-outs of many minutes would tell.
   */
  renewSilent(sinceMs: number): void {
    for (const peer of this.#peers.values()) {
      if (peer.link === null || peer.heardMs >= sinceMs) continue;
      this.#runtime.log.debug(`Connecting to ${peer.sid} again: it has not answered`);
      this.#drop(peer);
      this.#dial(peer);
    }
  }

  /** Some server has taken everything that was sent to it. */
  haveDelivered(): boolean {
    for (const peer of this.#peers.values()) if (peer.waiting === null) return true;
    return false;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const socket of this.#unidentified) socket.destroy();
    this.#unidentified.clear();
    for (const peer of this.#peers.values()) peer.link?.destroy();
    this.#peers.clear();
    if (this.#listener !== null) {
      this.#runtime.log.info("Leaving listener");
      await this.#listener.close();
    }
  }

  #peer(sid: number): Peer | null {
    const known = this.#peers.get(sid);
    if (known !== undefined) return known;
    if (this.#peers.size >= peersMax && !this.#ensemble.members.has(sid)) return null;
    const peer: Peer = { sid, link: null, dialing: false, waiting: null, lastSent: null, blocked: false, heardMs: 0 };
    this.#peers.set(sid, peer);
    return peer;
  }

  #dial(peer: Peer, calledFrom?: { readonly host: string; readonly port: number }): void {
    if (this.#closed || peer.link !== null || peer.dialing) return;
    const member = this.#ensemble.members.get(peer.sid);
    const target = calledFrom ?? (member === undefined ? null : { host: member.host, port: member.electionPort });
    if (target === null) {
      this.#runtime.log.warn(`Invalid server id: ${peer.sid}`);
      return;
    }
    peer.dialing = true;
    this.#runtime.net.connect({ ...target, timeoutMs: this.#ensemble.connectTimeoutMs }).then(
      (socket) => {
        peer.dialing = false;
        this.#called(peer, socket);
      },
      (error: unknown) => {
        peer.dialing = false;
        if (this.#closed) return;
        const resolved = !(error instanceof NetError && error.code === "ENOTFOUND");
        const address = printedAddress(target.host, target.port, resolved);
        this.#runtime.log.warn(`Cannot open channel to ${peer.sid} at election address ${address}`, {
          error: messageOf(error),
        });
      },
    );
  }

  /** The call was taken. */
  #called(peer: Peer, socket: Socket): void {
    if (this.#closed || this.#peers.get(peer.sid) !== peer) {
      this.#ignore(socket);
      return;
    }
    const me = this.#ensemble.members.get(this.#ensemble.myId)!;
    const introduction = encodeInitialMessage(me.sid, formatAddress(me.host, me.electionPort));
    if (me.sid < peer.sid) {
      this.#runtime.log.info(
        `Have smaller server identifier, so dropping the connection: (myId:${me.sid} --> sid:${peer.sid})`,
      );
      socket.handle({ data() {}, close() {} });
      socket.write(introduction);
      socket.end();
      return;
    }
    socket.write(introduction);
    this.#adopt(peer, socket, null);
  }

  #accept(socket: Socket): void {
    if (this.#closed) {
      this.#ignore(socket);
      return;
    }
    for (const oldest of this.#unidentified) {
      if (this.#unidentified.size < unidentifiedMax) break;
      this.#unidentified.delete(oldest);
      oldest.destroy();
    }
    const caller = formatAddress(socket.remoteAddress, socket.remotePort);
    this.#runtime.log.info(`Received connection request from /${caller}`);
    this.#unidentified.add(socket);
    const givesUpMs = this.#ensemble.syncLimit * this.#ensemble.tickMs;
    const timer = this.#runtime.timers.after(givesUpMs, () => socket.destroy());
    let handlers: { data(bytes: Uint8Array): void; drain(): void; close(): void } | null = null;
    let received = Buffer.alloc(0);
    const identified = (): void => {
      timer.cancel();
      this.#unidentified.delete(socket);
    };
    socket.handle({
      data: (bytes) => {
        if (handlers !== null) {
          handlers.data(bytes);
          return;
        }
        received = Buffer.concat([received, bytes]);
        const reading = readInitialMessage(received);
        if (reading.kind === "incomplete") return;
        identified();
        if (reading.kind === "malformed") {
          this.#runtime.log.error("Initial message parsing error!", { reason: reading.reason, from: caller });
          socket.destroy();
          return;
        }
        const rest = received.subarray(reading.length);
        received = Buffer.alloc(0);
        handlers = this.#introduced(socket, reading.sid, reading.address, rest);
      },
      drain: () => handlers?.drain(),
      close: () => {
        identified();
        handlers?.close();
      },
    });
  }

  #introduced(
    socket: Socket,
    claimed: bigint,
    address: string,
    rest: Uint8Array,
  ): { data(bytes: Uint8Array): void; drain(): void; close(): void } | null {
    const sid = claimed === anonymousObserver ? this.#nextAnonymousSid-- : Number(claimed);
    const me = this.#ensemble.myId;
    if (sid === me) {
      this.#runtime.log.warn(
        `We got a connection request from a server with our own ID. This should be either a configuration error, or a bug.`,
      );
      socket.destroy();
      return null;
    }
    const peer = this.#peer(sid);
    if (peer === null) {
      socket.destroy();
      return null;
    }
    if (sid < me && sid >= 0) {
      this.#drop(peer);
      socket.destroy();
      if (this.#ensemble.members.has(sid)) this.#dial(peer, parseAddress(address) ?? undefined);
      return null;
    }
    return this.#adopt(peer, socket, rest);
  }

  /** From here on the votes of this server travel over `socket`. `rest` is null when the socket's handlers are to be set here. */
  #adopt(
    peer: Peer,
    socket: Socket,
    rest: Uint8Array | null,
  ): { data(bytes: Uint8Array): void; drain(): void; close(): void } {
    this.#drop(peer);
    peer.link = socket;
    peer.blocked = false;
    peer.heardMs = this.#runtime.clock.monotonicMs();
    const frames = new FrameReader(maxNotificationBytes);
    const handlers = {
      data: (bytes: Uint8Array) => {
        if (peer.link !== socket) return;
        peer.heardMs = this.#runtime.clock.monotonicMs();
        if (!frames.push(bytes, (payload) => this.#options.onMessage(peer.sid, payload))) {
          this.#runtime.log.warn(`Connection broken for id ${peer.sid}, my id = ${this.#ensemble.myId}`, {
            error: "Received packet with invalid packet length",
          });
          this.#drop(peer);
        }
      },
      drain: () => {
        if (peer.link !== socket) return;
        peer.blocked = false;
        this.#flush(peer);
      },
      close: (error?: NetError) => {
        if (peer.link !== socket) return;
        peer.link = null;
        if (this.#closed) return;
        const [sid, me] = [peer.sid, this.#ensemble.myId];
        const reason = error === undefined ? {} : { error: error.message };
        this.#runtime.log.warn(`Connection broken for id ${sid}, my id = ${me}`, reason);
        this.#runtime.log.warn(`Interrupting SendWorker thread from RecvWorker. sid: ${sid}. myId: ${me}`);
      },
    };
    if (rest === null) socket.handle(handlers);
    peer.waiting ??= peer.lastSent;
    this.#flush(peer);
    if (rest !== null && rest.length > 0) handlers.data(rest);
    return handlers;
  }

  #flush(peer: Peer): void {
    if (peer.link === null || peer.blocked || peer.waiting === null) return;
    const message = peer.waiting;
    peer.waiting = null;
    peer.lastSent = message;
    // The socket owns what it is given, and `lastSent` may have to be sent again.
    peer.blocked = !peer.link.write(Uint8Array.from(message));
  }

  #drop(peer: Peer): void {
    const link = peer.link;
    peer.link = null;
    link?.destroy();
  }

  #ignore(socket: Socket): void {
    socket.handle({ data() {}, close() {} });
    socket.destroy();
  }
}

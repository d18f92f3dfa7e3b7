/**
 * One TCP connection to one ZooKeeper server, from the handshake to its end: pipelined requests, replies in order, watch
 * events, pings, and the time-outs that notice a server which has fallen silent. It never connects again.
 */
import { messageOf, NetError, type Runtime, type Socket, type Timer } from "../../base/index.ts";
import {
  type ClientOp,
  type ClientRequest,
  type ConnectRequest,
  type ConnectResponse,
  encodeConnect,
  encodeRequest,
  errorCode,
  fixedXid,
  JuteReader,
  type ReplyHeader,
  readConnectResponse,
  readReply,
  readReplyHeader,
  readWatcherEvent,
  specialXid,
  type WatcherEvent,
} from "../../wire/zookeeper/index.ts";
import { type Host, hostText } from "./connect-string.ts";
import { FrameReader } from "./frame-reader.ts";
import type { Outcome } from "./session-adapter.ts";

export interface ConnectionOptions {
  readonly host: Host;
  /** For the TCP connection, and again for the server's answer to the handshake. */
  readonly connectTimeoutMs: number;
  readonly handshake: ConnectRequest;
}

export interface ConnectionHandlers {
  /**
   * The answer to the handshake that left at `handshakeAtMs` (monotonic). `timeoutMs` ≤ 0: the session has expired, and the
   * server closes the connection.
   */
  opened(response: ConnectResponse, handshakeAtMs: number): void;
  /** After each answered request, before its `done`. */
  confirmed(sentAtMs: number, zxid: number): void;
  /** `zxid` is −1 up to ZooKeeper 3.8. */
  event(event: WatcherEvent, zxid: number): void;
  /** Last call, once; what was on its way has been answered with `connectionLoss`. */
  closed(reason: string): void;
}

/** A reply may be longer than a request: the names of all children of a node. */
const maxReplyBytes = 16 * 1024 * 1024;

interface Waiting {
  readonly xid: number;
  readonly op: ClientOp;
  readonly sentAtMs: number;
  readonly done: (outcome: Outcome<ClientRequest>, header: ReplyHeader | null) => void;
}

export class Connection {
  readonly #runtime: Runtime;
  readonly #options: ConnectionOptions;
  readonly #handlers: ConnectionHandlers;
  readonly #frames = new FrameReader(maxReplyBytes);
  #socket: Socket | null = null;
  #phase: "connecting" | "handshake" | "open" | "closed" = "connecting";
  #waiting: Waiting[] = [];
  #waitingFrom = 0;
  #nextXid = 1;
  #unsent: Buffer[] = [];
  #sentAtMs = 0;
  #heardAtMs = 0;
  #timer: Timer | null = null;

  constructor(runtime: Runtime, options: ConnectionOptions, handlers: ConnectionHandlers) {
    this.#runtime = runtime;
    this.#options = options;
    this.#handlers = handlers;
    const { host, connectTimeoutMs } = options;
    runtime.net.connect({ host: host.host, port: host.port, timeoutMs: connectTimeoutMs }).then(
      (socket) => this.#connected(socket),
      (error: unknown) => this.#close(error instanceof NetError ? error.code : messageOf(error)),
    );
  }

  /** `header` is null when the connection was lost before the answer. Only after `opened`; later it answers at once. */
  send<R extends ClientRequest>(
    request: R,
    done: (outcome: Outcome<R>, header: ReplyHeader | null) => void = () => {},
  ): void {
    const answer = done as Waiting["done"];
    if (this.#phase !== "open") {
      answer({ error: errorCode.connectionLoss, reply: null }, null);
      return;
    }
    const xid = fixedXid(request.op) ?? this.#takeXid();
    this.#sentAtMs = this.#runtime.clock.monotonicMs();
    this.#waiting.push({ xid, op: request.op, sentAtMs: this.#sentAtMs, done: answer });
    // What one turn sends leaves in one write.
    if (this.#unsent.push(encodeRequest(xid, request)) === 1) queueMicrotask(() => this.#flush());
  }

  /** Requests without an answer. */
  get outstandingCount(): number {
    return this.#waiting.length - this.#waitingFrom;
  }

  destroy(reason: string): void {
    this.#close(reason);
  }

  #connected(socket: Socket): void {
    if (this.#phase === "closed") {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.#phase = "handshake";
    socket.handle({
      data: (bytes) => this.#data(bytes),
      close: (error) => this.#close(error?.code ?? "the server closed the connection"),
    });
    socket.write(encodeConnect(this.#options.handshake));
    this.#sentAtMs = this.#runtime.clock.monotonicMs();
    this.#timer = this.#runtime.timers.after(this.#options.connectTimeoutMs, () =>
      this.#close(`no answer to the handshake within ${this.#options.connectTimeoutMs} ms`),
    );
  }

  #data(bytes: Uint8Array): void {
    this.#heardAtMs = this.#runtime.clock.monotonicMs();
    try {
      this.#frames.push(bytes, (body) => {
        if (this.#phase === "handshake") this.#handshakeAnswered(body);
        else if (this.#phase === "open") this.#packet(body);
      });
    } catch (error) {
      this.#close(`${hostText(this.#options.host)} does not speak ZooKeeper: ${messageOf(error)}`);
    }
  }

  #handshakeAnswered(body: Buffer): void {
    const response = readConnectResponse(new JuteReader(body));
    this.#timer?.cancel();
    this.#phase = "open";
    const handshakeAtMs = this.#sentAtMs;
    if (response.timeoutMs > 0) {
      const { timeoutMs } = response;
      this.#timer = this.#runtime.timers.every(Math.max(1, timeoutMs / checksPerTimeout), () =>
        this.#checkSilence(timeoutMs),
      );
    }
    this.#handlers.opened(response, handshakeAtMs);
  }

  #packet(body: Buffer): void {
    const reader = new JuteReader(body);
    const header = readReplyHeader(reader);
    if (header.xid === specialXid.notification) {
      this.#handlers.event(readWatcherEvent(reader), header.zxid);
      return;
    }
    const waiting = this.#waiting[this.#waitingFrom];
    if (waiting === undefined || waiting.xid !== header.xid) {
      this.#close(`reply to xid ${header.xid} where ${waiting?.xid ?? "none"} is due`);
      return;
    }
    const outcome: Outcome<ClientRequest> =
      header.error === errorCode.ok
        ? { error: errorCode.ok, reply: readReply(waiting.op, reader) }
        : { error: header.error, reply: null };
    this.#forgetFirst();
    this.#handlers.confirmed(waiting.sentAtMs, header.zxid);
    waiting.done(outcome, header);
  }

  #forgetFirst(): void {
    this.#waitingFrom++;
    if (this.#waitingFrom === this.#waiting.length) {
      this.#waiting = [];
      this.#waitingFrom = 0;
    } else if (this.#waitingFrom === waitingCompactAt) {
      this.#waiting.splice(0, waitingCompactAt);
      this.#waitingFrom = 0;
    }
  }

  /**
   * A ping after a sixth of the time-out without sending, a lost server after two thirds of silence. Were there a quarter between
   * two requests, what the first one assures would just not be settled in time (see Assurance).
   */
  #checkSilence(timeoutMs: number): void {
    const nowMs = this.#runtime.clock.monotonicMs();
    if (this.outstandingCount > 0 && nowMs - this.#oldestSilenceMs() >= (timeoutMs * 2) / 3) {
      this.#close(`nothing heard for ${Math.round(nowMs - this.#heardAtMs)} ms`);
      return;
    }
    if (nowMs - this.#sentAtMs >= timeoutMs / 6) this.send({ op: "ping" });
  }

  /** Since when the server owes something: a process that was itself paused must not blame the server. */
  #oldestSilenceMs(): number {
    return Math.max(this.#heardAtMs, this.#waiting[this.#waitingFrom]?.sentAtMs ?? 0);
  }

  #flush(): void {
    const unsent = this.#unsent;
    this.#unsent = [];
    if (this.#phase !== "open") return;
    this.#socket?.write(unsent.length === 1 ? (unsent[0] as Buffer) : Buffer.concat(unsent));
  }

  #takeXid(): number {
    const xid = this.#nextXid;
    this.#nextXid = xid === xidMax ? 1 : xid + 1;
    return xid;
  }

  #close(reason: string): void {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    this.#timer?.cancel();
    this.#socket?.destroy();
    const lost = this.#waiting.slice(this.#waitingFrom);
    this.#waiting = [];
    this.#waitingFrom = 0;
    for (const { done } of lost) done({ error: errorCode.connectionLoss, reply: null }, null);
    this.#handlers.closed(reason);
  }
}

const checksPerTimeout = 24;
const waitingCompactAt = 1024;
const xidMax = 0x7fffffff;

/**
 * One client connection: packets in, replies and events out, in order. Reads with nothing before them are answered in the
 * call that delivered their bytes; behind an unfinished write of the same connection they wait. Everything held for a
 * client is bounded: a slow reader, or one that floods, is not read from until it has caught up.
 * Source: NIOServerCnxn, CommitProcessor's ordering rule of ZooKeeper 3.8.
 */
import type { Socket } from "../../base/index.ts";
import {
  type Acl,
  errorCode,
  type Id,
  JuteError,
  JuteReader,
  JuteWriter,
  keeperState,
  opCode,
  permission,
  readAuthBody,
  type SessionId,
  specialXid,
} from "../../wire/zookeeper/index.ts";
import { checkAcl } from "./auth.ts";
import { ConnectionCounters } from "./connection-counters.ts";
import type { ConnectionHost } from "./connection-host.ts";
import type { ApplyResult } from "./database.ts";
import { Frames } from "./frames.ts";
import { PendingRequest } from "./pending-request.ts";
import { answerRead, answersWithoutRecord, isRead, type Reader } from "./reads.ts";
import { headerError, writeResult } from "./replies.ts";
import type { RequestClient, ServerRequest } from "./request.ts";

/** Requests and their bytes that may wait on one connection before it is not read from. */
const pendingCountMax = 1000;
const pendingBytesMax = 4 * 1024 * 1024;
/** Reply bytes made in one turn before they are handed to the socket. */
const outgoingBytesMax = 512 * 1024;
/** Unread events and replies after which a client is given up. */
const unreadBytesMax = 64 * 1024 * 1024;
/** A write buffer that grew beyond this is let go after use. */
const keptWriterBytes = 16 * 1024;
/** xid and type. */
const requestHeaderBytes = 8;

/** An IPv4 address without the IPv6 form that a listener for both gives it. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

export class Connection implements RequestClient, Reader {
  readonly host: ConnectionHost;
  readonly socket: Socket;
  /** Of the client, plain. */
  readonly address: string;
  readonly #frames: Frames;
  #out = new JuteWriter(0);
  #queue: PendingRequest[] = [];
  #head = 0;
  #pendingBytes = 0;
  #blocked = false;
  #paused = false;
  #flushPending = false;
  #closed = false;
  /** `open` once the session is established; between the two nothing further is read. */
  state: "new" | "connecting" | "open" = "new";
  sessionId: SessionId = 0n;
  timeoutMs = 0;
  /** A client up to 3.3, which sends and expects no read-only byte. */
  legacy = false;
  ids: readonly Id[];
  establishedMs: number;
  lastHeardMs: number;
  /** The tick in which the session was touched last; see `ConnectionHost.touch`. */
  touchedTick = -1;
  readonly counters = new ConnectionCounters();

  constructor(host: ConnectionHost, socket: Socket, nowMs: number) {
    this.host = host;
    this.socket = socket;
    this.#frames = new Frames(host.maxBufferBytes);
    this.address = plainAddress(socket.remoteAddress);
    this.ids = [{ scheme: "ip", id: this.address }];
    this.establishedMs = nowMs;
    this.lastHeardMs = nowMs;
    socket.handle({
      data: (bytes) => this.#received(bytes),
      drain: () => this.#drained(),
      close: () => this.#gone(),
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  get queuedCount(): number {
    return this.#queue.length - this.#head;
  }

  /** Watch event. */
  deliver(type: number, path: string, acl: readonly Acl[] | null): void {
    if (this.#closed) return;
    if (acl !== null && !this.host.skipAcl && checkAcl(acl, permission.read, this.ids) !== errorCode.ok) return;
    const start = this.#begin(specialXid.notification, -1, errorCode.ok);
    this.#out.int(type).int(keeperState.connected).ustring(path);
    this.#finish(start);
    if (this.socket.bufferedBytes > unreadBytesMax) this.close("reads too slowly");
  }

  /** A packet without reply header: the answer to a connect request. */
  sendRecord(write: (writer: JuteWriter) => void): void {
    const start = this.#out.length;
    this.#out.int(0);
    write(this.#out);
    this.#finish(start);
  }

  /** Text of a four-letter word, then the end. Nothing more is read. */
  sendTextAndEnd(text: string | Promise<string>): void {
    this.state = "connecting";
    if (typeof text === "string") this.#endWithText(text);
    else
      text.then(
        (ready) => this.#endWithText(ready),
        () => this.close("no answer to a four-letter word"),
      );
  }

  #endWithText(text: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.socket.write(Buffer.from(text, "utf8"));
    this.#endSocket();
    this.host.forget(this);
  }

  /** The session is established: packets that came meanwhile are read now. */
  opened(): void {
    this.state = "open";
    this.#pump();
  }

  /** A transaction of this connection's request is applied, or the request is refused with `error`. */
  complete(request: ServerRequest, result: ApplyResult | null, error: number): void {
    if (this.#closed) return;
    const pending = request as PendingRequest;
    pending.result = result;
    pending.error = result === null ? error : headerError(result);
    this.#answerQueue();
    if (this.#paused) this.#pump();
  }

  flush(): void {
    this.#flushPending = false;
    if (this.#out.length === 0 || this.#closed) return;
    const roomy = this.#out.capacity <= keptWriterBytes;
    const bytes = roomy ? this.#out.flush() : this.#out.take();
    if (!roomy) this.#out = new JuteWriter(0);
    if (!this.socket.write(bytes)) this.#blocked = true;
  }

  /** Sends what is written and ends. */
  end(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    this.#endSocket();
    this.host.forget(this);
  }

  /** What still comes is read and dropped: otherwise the client's own end would never be seen. */
  #endSocket(): void {
    this.socket.end();
    if (this.#paused) this.socket.resume();
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.host.closing(this, reason);
    this.socket.destroy();
    this.host.forget(this);
  }

  #gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.host.forget(this);
  }

  #received(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#frames.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.host.heard(this);
    this.#pump();
  }

  #drained(): void {
    this.#blocked = false;
    if (this.#closed) return;
    this.#answerQueue();
    this.#pump();
  }

  get #full(): boolean {
    return (
      this.#blocked ||
      this.state === "connecting" ||
      this.queuedCount >= pendingCountMax ||
      this.#pendingBytes >= pendingBytesMax ||
      (this.queuedCount > 0 && this.host.overloaded)
    );
  }

  /** Reads packets until there is none, or until the connection has enough to do. */
  #pump(): void {
    try {
      while (!this.#closed && !this.#full) {
        if (!this.#readPacket()) break;
      }
    } catch (error) {
      if (!(error instanceof JuteError)) throw error;
      this.host.malformed(this, error);
      this.close(error.message);
    }
    if (this.#closed) return;
    this.#frames.release();
    const pause = this.#full;
    if (pause !== this.#paused) {
      this.#paused = pause;
      if (pause) this.socket.pause();
      else this.socket.resume();
    }
  }

  #readPacket(): boolean {
    if (this.state === "new") {
      const word = this.#frames.peekInt();
      if (word === null) return false;
      if (this.host.fourLetterWord(this, word)) return false;
    }
    const body = this.#frames.next();
    if (body === null) return false;
    this.counters.packetsReceived++;
    this.host.stats.packetsReceived++;
    this.host.stats.bytesReceived += body.length;
    if (this.state === "new") {
      this.state = "connecting";
      this.host.connect(this, body);
    } else this.#request(body);
    return true;
  }

  #request(body: Buffer): void {
    if (body.length < requestHeaderBytes) throw new JuteError("a request without header");
    const xid = body.readInt32BE(0);
    const type = body.readInt32BE(4);
    const idle = this.#head === this.#queue.length;
    if (type === opCode.auth) this.#authenticate(xid, body);
    else if (idle && type === opCode.ping) this.#answerPing(xid, this.lastHeardMs);
    else if (idle && isRead(type)) this.#answerRead(xid, type, body, requestHeaderBytes, this.lastHeardMs);
    else this.#enqueue(xid, type, body);
  }

  #enqueue(xid: number, type: number, body: Buffer): void {
    const read = isRead(type) || type === opCode.ping;
    const own = Buffer.from(body.subarray(requestHeaderBytes));
    const pending = new PendingRequest(this, xid, type, own, this.lastHeardMs, read);
    if (!read && !this.host.accepts(type)) pending.error = errorCode.unimplemented;
    this.#queue.push(pending);
    this.#pendingBytes += own.length;
    if (read) return;
    if (pending.error === null) this.host.submit(pending);
    else this.#answerQueue();
  }

  /** Answers from the head of the queue as far as outcomes are known. */
  #answerQueue(): void {
    while (this.#head < this.#queue.length && !this.#closed && !this.#blocked) {
      const pending = this.#queue[this.#head]!;
      if (!pending.isRead && pending.error === null) break;
      this.#head++;
      this.#pendingBytes -= pending.body.length;
      if (pending.type === opCode.ping) this.#answerPing(pending.cxid, pending.receivedMs);
      else if (pending.isRead) this.#answerRead(pending.cxid, pending.type, pending.body, 0, pending.receivedMs);
      else this.#answerWrite(pending);
    }
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    } else if (this.#head >= pendingCountMax) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
  }

  #answerPing(xid: number, receivedMs: number): void {
    this.#finish(this.#begin(xid, this.host.lastZxid, errorCode.ok));
    this.#answered(opCode.ping, xid, receivedMs);
  }

  #answerRead(xid: number, type: number, body: Buffer, offset: number, receivedMs: number): void {
    if (answersWithoutRecord(type)) {
      // It may deliver events, which go out whole before the reply begins.
      const error = this.#runRead(type, body, offset);
      this.#finish(this.#begin(xid, this.host.lastZxid, error));
      this.#answered(type, xid, receivedMs);
      return;
    }
    const start = this.#begin(xid, this.host.lastZxid, errorCode.ok);
    const recordAt = this.#out.length;
    const error = this.#runRead(type, body, offset);
    if (error !== errorCode.ok) {
      this.#out.truncate(recordAt);
      this.#out.patchInt(start + 16, error);
    }
    this.#finish(start);
    this.#answered(type, xid, receivedMs);
  }

  #runRead(type: number, body: Buffer, offset: number): number {
    try {
      return answerRead(this.host, type, this, new JuteReader(body, offset, this.host.maxFieldBytes), this.#out);
    } catch (error) {
      if (error instanceof JuteError) return errorCode.marshallingError;
      throw error;
    }
  }

  #answerWrite(pending: PendingRequest): void {
    const error = pending.error ?? errorCode.systemError;
    const known = this.host.accepts(pending.type);
    const zxid = pending.result?.zxid ?? this.host.lastZxid;
    const start = this.#begin(pending.cxid, known ? zxid : -1, error);
    if (error === errorCode.ok) {
      if (pending.result !== null) writeResult(this.#out, pending.type, pending.result);
      else if (pending.type === opCode.sync) this.#out.raw(pending.body);
    }
    this.#finish(start);
    this.#answered(pending.type, pending.cxid, pending.receivedMs);
    // A client that sends what no client knows to send is not listened to any longer.
    if (pending.type === opCode.closeSession || !known) this.end();
  }

  #authenticate(xid: number, body: Buffer): void {
    const { scheme, data } = readAuthBody(new JuteReader(body, requestHeaderBytes));
    const ids = this.host.authenticate(this, scheme, data);
    const start = this.#begin(xid, 0, ids === null ? errorCode.authFailed : errorCode.ok);
    this.#finish(start);
    if (ids === null) {
      this.end();
      return;
    }
    const fresh = ids.filter((id) => !this.ids.some((known) => known.scheme === id.scheme && known.id === id.id));
    this.ids = [...this.ids, ...fresh];
  }

  /** Frame length (patched by `#finish`) and reply header; returns where the frame starts. */
  #begin(xid: number, zxid: number, error: number): number {
    const start = this.#out.length;
    this.#out.int(0).int(xid).number(zxid).int(error);
    return start;
  }

  #finish(start: number): void {
    const bytes = this.#out.length - start - 4;
    this.#out.patchInt(start, bytes);
    this.counters.packetsSent++;
    this.host.stats.response(bytes);
    if (this.#out.length >= outgoingBytesMax) this.flush();
    else if (!this.#flushPending) {
      this.#flushPending = true;
      this.host.flushSoon(this);
    }
  }

  #answered(type: number, xid: number, receivedMs: number): void {
    this.counters.answered(type, xid, this.host.lastZxid, this.host.answered(type, receivedMs));
  }
}

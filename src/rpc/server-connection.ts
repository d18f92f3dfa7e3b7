/**
 * One client of a Thrift server. Calls are answered as they complete, each with the sequence id of its call, so that a
 * slow one holds up nobody who can tell answers apart; a client that uses one id for all its calls (Python's, C++'s) cannot,
 * and has them run one after the other, as Storm's own server does.
 */
import { messageOf, type Socket } from "../base/index.ts";
import {
  type ApplicationExceptionKind,
  type MessageHead,
  type Method,
  messageType,
  readMessageHead,
  type ThriftReader,
  type ThriftWriter,
} from "../wire/thrift/index.ts";
import { exceptionFrame, refusalFrame, resultFrame } from "./answers.ts";
import { FrameCutter } from "./frame-cutter.ts";
import { type IncomingCall, ReceivedCall } from "./incoming-call.ts";
import type { ServerLimits } from "./server-limits.ts";

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly limits: ServerLimits;
  /** Counts the server's looks at its connections, `limits.stallMs / stallTicks` apart. */
  readonly tick: number;
  /** For one synchronous use at a time. */
  readonly reader: ThriftReader;
  readonly writer: ThriftWriter;
  entry(name: string): MethodEntry | undefined;
  /** Calls `flush` of the connection before this turn of the event loop is over. */
  flushSoon(connection: ServerConnection): void;
  /** Bytes of a call that was taken (positive) or is over (negative). */
  held(bytes: number): void;
  /** Bytes that came and are no call yet: more or fewer, and how many they are now. */
  unfinished(connection: ServerConnection, more: number, now: number): void;
  readonly isOverloaded: boolean;
  /** Whether a frame that has begun may go on: with too many of them only one may, for it will end. */
  mayFinish(connection: ServerConnection): boolean;
  /** Calls `resume` once there is more room. */
  resumeLater(connection: ServerConnection): void;
  closing(connection: ServerConnection, reason: string): void;
  failed(method: string, error: unknown): void;
  forget(connection: ServerConnection): void;
}

export interface MethodEntry {
  readonly method: Method<unknown, unknown>;
  readonly handler: (args: unknown, call: IncomingCall) => unknown;
}

/** Looks of the server within `stallMs`. */
export const stallTicks = 6;
/** Read while further calls wait: only a stream that is read shows its end. */
const readAheadBytes = 64 * 1024;

export class ServerConnection {
  readonly #host: ConnectionHost;
  readonly #socket: Socket;
  readonly #frames: FrameCutter;
  readonly #calls = new Map<number, ReceivedCall>();
  #out: Buffer[] = [];
  #outBytes = 0;
  #isPumping = false;
  #isFlushPending = false;
  #isPaused = false;
  /** Further calls wait until something is answered. */
  #isWaiting = false;
  /** The socket's buffer is above its mark. */
  #isBlocked = false;
  /** The next call has the sequence id of one that is not answered. */
  #isHeldBack = false;
  /** The tick in which the frame began that has not ended, and that in which the client read last; −1: neither. */
  #frameTick = -1;
  #unreadTick = -1;
  #unreadBytes = 0;
  /** Of `#frames`, as the server knows them. */
  #unfinishedBytes = 0;
  /** No more calls, no more answers; the socket may still send what it was given. */
  #isOver = false;
  /** The tick in which it was over. */
  #overTick = 0;
  /** The tick in which it was last heard of. */
  heardTick: number;
  #goneListeners: (() => void)[] = [];

  constructor(host: ConnectionHost, socket: Socket) {
    this.#host = host;
    this.#socket = socket;
    this.#frames = new FrameCutter(host.limits.maxFrameBytes);
    this.heardTick = host.tick;
    socket.handle({
      data: (bytes) => this.#received(bytes),
      drain: () => this.#drained(),
      end: () => this.end(),
      close: () => {
        this.#over();
        host.forget(this);
      },
    });
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number {
    return this.#socket.remotePort;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  onGone(listener: () => void): void {
    if (this.#isOver) listener();
    else this.#goneListeners.push(listener);
  }

  get isIdle(): boolean {
    return this.#calls.size === 0;
  }

  /** Writes what was answered. */
  flush(): void {
    this.#isFlushPending = false;
    const out = this.#out;
    if (out.length === 0 || this.#isOver) return;
    const bytes = out.length === 1 ? out[0]! : Buffer.concat(out, this.#outBytes);
    this.#out = [];
    this.#outBytes = 0;
    if (this.#socket.write(bytes)) return;
    this.#isBlocked = true;
    if (this.#unreadTick < 0) this.#unreadTick = this.#host.tick;
    this.#unreadBytes = this.#socket.bufferedBytes;
  }

  /** The server has more room. */
  resume(): void {
    this.#pump();
  }

  /** A look of the server: closes a connection that stands still. */
  look(): void {
    const { tick } = this.#host;
    if (this.#isOver) {
      if (tick - this.#overTick > stallTicks) this.#socket.destroy();
      return;
    }
    if (this.#frameTick >= 0 && tick - this.#frameTick > stallTicks) {
      this.close("began a frame and does not end it");
      return;
    }
    if (this.#unreadTick < 0) return;
    const unread = this.#socket.bufferedBytes;
    if (unread < this.#unreadBytes) {
      this.#unreadBytes = unread;
      this.#unreadTick = tick;
    } else if (tick - this.#unreadTick > stallTicks) this.close("does not read its answers");
  }

  /** In good order: what was answered is sent, then the end. */
  end(): void {
    if (this.#isOver) return;
    this.flush();
    this.#over();
    this.#socket.end();
    // What still comes is read and dropped: otherwise the client's own end would never be seen.
    if (this.#isPaused) this.#socket.resume();
  }

  /** At once, and in words. */
  close(reason: string): void {
    if (this.#isOver) return;
    this.#host.closing(this, reason);
    this.destroy();
  }

  destroy(): void {
    this.#over();
    this.#socket.destroy();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#overTick = this.#host.tick;
    this.#out = [];
    this.#host.unfinished(this, -this.#unfinishedBytes, 0);
    for (const call of this.#calls.values()) {
      this.#host.held(-call.bytes);
      call.clientGone();
    }
    this.#calls.clear();
    const listeners = this.#goneListeners;
    this.#goneListeners = [];
    for (const listener of listeners) listener();
  }

  #received(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.heardTick = this.#host.tick;
    this.#frames.push(bytes);
    this.#pump();
  }

  #drained(): void {
    this.#isBlocked = false;
    this.#unreadTick = -1;
    this.#pump();
  }

  /** It has enough to do: more is read when something is answered. */
  get #isFull(): boolean {
    const { limits, isOverloaded } = this.#host;
    return this.#isBlocked || isOverloaded || this.#calls.size >= limits.callsPerConnectionMax;
  }

  #pump(): void {
    if (this.#isPumping || this.#isOver) return;
    this.#isPumping = true;
    this.#isHeldBack = false;
    const frames = this.#frames;
    while (!this.#isOver && !this.#isHeldBack && !this.#isFull && frames.find()) {
      this.#frameTick = -1;
      this.#frame();
    }
    this.#isPumping = false;
    this.#host.reader.reset();
    if (this.#isOver) return;
    if (frames.fault !== null) {
      this.flush();
      this.close(frames.fault);
      return;
    }
    frames.release();
    this.flush();
    this.#settle();
  }

  /** After all calls that could be taken: counts what is left, and stops the stream while there is enough to do. */
  #settle(): void {
    const left = this.#frames.heldBytes;
    const more = left - this.#unfinishedBytes;
    this.#unfinishedBytes = left;
    if (more !== 0) this.#host.unfinished(this, more, left);
    const isBusy = this.#isFull || this.#isHeldBack;
    const isStarved = this.#host.isOverloaded || (!isBusy && left > 0 && !this.#host.mayFinish(this));
    if (isStarved) this.#host.resumeLater(this);
    this.#isWaiting = isBusy || isStarved;
    if (this.#isWaiting || left === 0) this.#frameTick = -1;
    else if (this.#frameTick < 0) this.#frameTick = this.#host.tick;
    const pause = this.#isWaiting && left > readAheadBytes;
    if (pause === this.#isPaused) return;
    this.#isPaused = pause;
    if (pause) this.#socket.pause();
    else this.#socket.resume();
  }

  #frame(): void {
    const frames = this.#frames;
    const { reader } = this.#host;
    reader.reset(frames.bytes, frames.start, frames.end);
    let head: MessageHead;
    try {
      head = readMessageHead(reader);
    } catch (error) {
      this.close(`sent no Thrift message (${messageOf(error)})`);
      return;
    }
    if (this.#calls.has(head.sequenceId)) {
      this.#isHeldBack = true;
      return;
    }
    const bytes = frames.end - frames.start;
    frames.take();
    this.#run(head, bytes);
  }

  #run(head: MessageHead, bytes: number): void {
    if (head.type !== messageType.call && head.type !== messageType.oneway) {
      this.#refuse(head, "INVALID_MESSAGE_TYPE", `Invalid message type: ${head.type}`);
      return;
    }
    const entry = this.#host.entry(head.name);
    if (entry === undefined) {
      this.#refuse(head, "UNKNOWN_METHOD", `Invalid method name: '${head.name}'`);
      return;
    }
    let args: unknown;
    try {
      args = entry.method.args.read(this.#host.reader);
    } catch (error) {
      this.#refuse(head, "PROTOCOL_ERROR", messageOf(error));
      return;
    }
    const call = new ReceivedCall(this, entry.method, head, bytes);
    try {
      const result = entry.handler(args, call);
      if (isThenable(result)) this.#await(call, result);
      else this.#reply(entry.method, head, result);
    } catch (error) {
      this.#replyError(entry.method, head, error);
    }
  }

  #await(call: ReceivedCall, result: PromiseLike<unknown>): void {
    this.#calls.set(call.head.sequenceId, call);
    this.#host.held(call.bytes);
    result.then(
      (value) => {
        this.#reply(call.method, call.head, value);
        this.#done(call);
      },
      (error: unknown) => {
        this.#replyError(call.method, call.head, error);
        this.#done(call);
      },
    );
  }

  #done(call: ReceivedCall): void {
    if (this.#isOver || !this.#calls.delete(call.head.sequenceId)) return;
    this.#host.held(-call.bytes);
    if (this.#isWaiting) this.#pump();
  }

  #reply(method: Method<unknown, unknown>, head: MessageHead, result: unknown): void {
    if (this.#isOver || head.type === messageType.oneway) return;
    let frame: Buffer;
    try {
      frame = resultFrame(this.#host.writer, method, head, result);
    } catch (error) {
      this.#replyError(method, head, error);
      return;
    }
    this.#send(frame);
  }

  #replyError(method: Method<unknown, unknown>, head: MessageHead, error: unknown): void {
    if (this.#isOver) return;
    let frame: Buffer | null = null;
    try {
      frame = exceptionFrame(this.#host.writer, method, head, error);
    } catch (fault) {
      this.#host.failed(head.name, fault);
    }
    if (frame !== null) {
      if (head.type !== messageType.oneway) this.#send(frame);
      return;
    }
    this.#host.failed(head.name, error);
    this.#refuse(head, "INTERNAL_ERROR", `Internal error processing ${head.name}: ${messageOf(error)}`);
  }

  #refuse(head: MessageHead, kind: ApplicationExceptionKind, message: string): void {
    if (head.type !== messageType.oneway) this.#send(refusalFrame(this.#host.writer, head, kind, message));
  }

  #send(frame: Buffer): void {
    const unread = this.#outBytes + this.#socket.bufferedBytes;
    if (unread > this.#host.limits.unsentBytesMax) {
      this.close(`has not read ${unread} bytes of its answers`);
      return;
    }
    this.#out.push(frame);
    this.#outBytes += frame.length;
    if (this.#isPumping || this.#isFlushPending) return;
    this.#isFlushPending = true;
    this.#host.flushSoon(this);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

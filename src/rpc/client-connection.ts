/**
 * The client's side of one connection: many calls may wait at once, each answered by its sequence id. An answer that fits
 * no call ends the connection, for then nothing on it can be believed.
 */
import { messageOf, type Runtime, type Socket, type Timer } from "../base/index.ts";
import {
  type Method,
  messageType,
  readApplicationException,
  readMessageHead,
  ThriftReader,
  ThriftWriter,
} from "../wire/thrift/index.ts";
import { abortedFault, busyFault, deadlineFault, lostFault } from "./faults.ts";
import { FrameCutter } from "./frame-cutter.ts";
import { type CallOptions, OutgoingCall } from "./outgoing-call.ts";

export interface ClientLimits {
  /** Of a call without an own one. */
  readonly timeoutMs: number;
  /** A longer answer ends the connection. */
  readonly maxFrameBytes: number;
  /** Calls without answer; one more is refused. */
  readonly callsMax: number;
}

export class ClientConnection {
  /** As errors name it: `Nimbus at host:port`. */
  readonly #where: string;
  readonly #runtime: Runtime;
  readonly #socket: Socket;
  readonly #limits: ClientLimits;
  readonly #frames: FrameCutter;
  readonly #reader = new ThriftReader();
  readonly #writer = new ThriftWriter();
  readonly #calls = new Map<number, OutgoingCall>();
  /** Ids of calls that were given up: their answers may still come. */
  readonly #abandoned = new Set<number>();
  #sequenceId = 0;
  #isFlushPending = false;
  #timer: Timer | null = null;
  /** When the timer fires. */
  #timerMs = 0;
  /** Why it is over, or null. */
  #end: string | null = null;
  readonly #closed = Promise.withResolvers<void>();

  constructor(where: string, runtime: Runtime, socket: Socket, limits: ClientLimits) {
    this.#where = where;
    this.#runtime = runtime;
    this.#socket = socket;
    this.#limits = limits;
    this.#frames = new FrameCutter(limits.maxFrameBytes);
    socket.handle({
      data: (bytes) => this.#received(bytes),
      end: () => this.#over("the daemon ended it"),
      close: (error) => {
        this.#over(error === undefined ? "the daemon ended it" : messageOf(error));
        this.#closed.resolve();
      },
    });
  }

  get isOpen(): boolean {
    return this.#end === null;
  }

  get waitingCount(): number {
    return this.#calls.size;
  }

  /** Resolves when the socket is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  call(method: Method<unknown, unknown>, args: unknown, options: CallOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { signal, timeoutMs = this.#limits.timeoutMs } = options;
      const refusal = this.#refusal(method.name, signal);
      if (refusal !== null) {
        reject(refusal);
        return;
      }
      const id = this.#nextId();
      this.#write(method, id, args);
      const dueMs = this.#runtime.clock.monotonicMs() + timeoutMs;
      const onAbort = signal === undefined ? undefined : () => this.#abort(id, signal);
      this.#calls.set(id, new OutgoingCall({ method, timeoutMs, dueMs, resolve, reject, signal, onAbort }));
      if (this.#timer === null || dueMs < this.#timerMs) this.#arm(dueMs);
    });
  }

  /** Calls that wait reject with `SL-RPC-LOST`. */
  close(reason: string): void {
    this.#over(reason);
  }

  #refusal(method: string, signal: AbortSignal | undefined): Error | null {
    if (this.#end !== null) return lostFault(this.#where, null, this.#end);
    if (signal?.aborted === true) return abortedFault(this.#where, method, signal.reason);
    const waiting = this.#calls.size + this.#abandoned.size;
    if (waiting >= this.#limits.callsMax) return busyFault(this.#where, method, `${waiting} calls wait for answers`);
    const unsent = this.#socket.bufferedBytes;
    return unsent > unsentBytesMax ? busyFault(this.#where, method, `${unsent} bytes wait to be sent`) : null;
  }

  /** Throws `SL-THRIFT-VALUE`, with nothing sent of the call. */
  #write(method: Method<unknown, unknown>, id: number, args: unknown): void {
    const writer = this.#writer;
    const start = writer.length;
    try {
      writer.i32(0);
      method.writeCall(writer, id, args);
    } catch (error) {
      writer.truncate(start);
      throw error;
    }
    writer.patchI32(start, writer.length - start - frameHeadBytes);
    if (this.#isFlushPending) return;
    this.#isFlushPending = true;
    queueMicrotask(() => {
      this.#isFlushPending = false;
      if (this.#end === null && writer.length > 0) this.#socket.write(writer.flush(keptWriterBytes));
    });
  }

  #nextId(): number {
    do this.#sequenceId = this.#sequenceId === sequenceIdMax ? 1 : this.#sequenceId + 1;
    while (this.#calls.has(this.#sequenceId) || this.#abandoned.has(this.#sequenceId));
    return this.#sequenceId;
  }

  #received(bytes: Uint8Array): void {
    if (this.#end !== null) return;
    const frames = this.#frames;
    frames.push(bytes);
    try {
      while (this.#end === null && frames.find()) {
        this.#reader.reset(frames.bytes, frames.start, frames.end);
        frames.take();
        this.#answer();
      }
    } catch (error) {
      this.#over(messageOf(error));
    }
    this.#reader.reset();
    frames.release();
    if (frames.fault !== null) this.#over(`the daemon ${frames.fault}`);
  }

  /** Throws what makes the connection unusable. */
  #answer(): void {
    const reader = this.#reader;
    const { type, name, sequenceId } = readMessageHead(reader);
    if (this.#abandoned.delete(sequenceId)) return;
    const call = this.#calls.get(sequenceId);
    if (call === undefined || call.method.name !== name) throw reader.fault(`an answer to a call that nobody made`);
    if (type !== messageType.reply && type !== messageType.exception) throw reader.fault(`no answer but type ${type}`);
    let result: unknown;
    try {
      if (type === messageType.exception) throw readApplicationException(reader);
      result = call.method.readReply(reader);
    } catch (error) {
      this.#calls.delete(sequenceId);
      call.reject(error);
      return;
    }
    this.#calls.delete(sequenceId);
    call.resolve(result);
  }

  #abort(id: number, signal: AbortSignal): void {
    const call = this.#giveUp(id);
    call?.reject(abortedFault(this.#where, call.method.name, signal.reason));
  }

  #giveUp(id: number): OutgoingCall | undefined {
    const call = this.#calls.get(id);
    if (call === undefined) return undefined;
    this.#calls.delete(id);
    this.#abandoned.add(id);
    return call;
  }

  /** One timer for all calls, at the earliest of their ends; it may find nothing to do, and then looks for the next. */
  #arm(dueMs: number): void {
    this.#timer?.cancel();
    this.#timerMs = dueMs;
    const delayMs = Math.max(0, dueMs - this.#runtime.clock.monotonicMs());
    this.#timer = this.#runtime.timers.after(delayMs, () => this.#expire());
  }

  #expire(): void {
    this.#timer = null;
    const nowMs = this.#runtime.clock.monotonicMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [id, call] of this.#calls) {
      if (call.dueMs > nowMs) nextMs = Math.min(nextMs, call.dueMs);
      else this.#giveUp(id)?.reject(deadlineFault(this.#where, call.method.name, call.timeoutMs));
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#arm(nextMs);
  }

  #over(reason: string): void {
    if (this.#end !== null) return;
    this.#end = reason;
    this.#timer?.cancel();
    this.#socket.destroy();
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    this.#abandoned.clear();
    for (const call of calls) call.reject(lostFault(this.#where, call.method.name, reason));
  }
}

const frameHeadBytes = 4;
/** Of calls that the daemon does not read. */
const unsentBytesMax = 64 * 1024 * 1024;
const sequenceIdMax = 0x7fff_ffff;
/** A write buffer that grew beyond this is let go after use. */
const keptWriterBytes = 256 * 1024;

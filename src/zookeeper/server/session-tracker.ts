/**
 * Sessions of a standalone server or a leader: who owns each, and when it expires. Expiry times are rounded up to whole
 * ticks, so that one bucket of sessions expires at once and a touch costs two map operations at most. Pure: time comes in.
 * Source: SessionTrackerImpl, ExpiryQueue of ZooKeeper 3.8.
 */
import { errorCode, type SessionId } from "../../wire/zookeeper/index.ts";

interface TrackedSession {
  readonly id: SessionId;
  timeoutMs: number;
  /** End of its bucket, in monotonic milliseconds; a multiple of the tick. */
  expiresMs: number;
  closing: boolean;
  /** The server its client is on; null until the first request names one. */
  owner: object | null;
}

export class SessionTracker {
  readonly #tickMs: number;
  readonly #sessions = new Map<SessionId, TrackedSession>();
  readonly #buckets = new Map<number, Set<TrackedSession>>();
  /** The next bucket to expire. */
  #nextMs: number;

  constructor(tickMs: number, nowMs: number) {
    this.#tickMs = tickMs;
    this.#nextMs = this.#roundUp(nowMs);
  }

  /** ExpiryQueue.roundToNextInterval: always later than `atMs`. */
  #roundUp(atMs: number): number {
    return (Math.floor(atMs / this.#tickMs) + 1) * this.#tickMs;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** A session begins, or is known from the database; an existing one is only touched. True: it is new. */
  track(id: SessionId, timeoutMs: number, nowMs: number): boolean {
    const known = this.#sessions.get(id);
    if (known === undefined) {
      const session: TrackedSession = { id, timeoutMs, expiresMs: 0, closing: false, owner: null };
      this.#sessions.set(id, session);
      this.#move(session, this.#roundUp(nowMs + timeoutMs));
      return true;
    }
    this.touch(id, timeoutMs, nowMs);
    return false;
  }

  /** False: unknown or closing. */
  touch(id: SessionId, timeoutMs: number, nowMs: number): boolean {
    const session = this.#sessions.get(id);
    if (session === undefined || session.closing) return false;
    session.timeoutMs = timeoutMs;
    const expiresMs = this.#roundUp(nowMs + timeoutMs);
    // A sign of life never shortens what an earlier one gave.
    if (expiresMs > session.expiresMs) this.#move(session, expiresMs);
    return true;
  }

  #move(session: TrackedSession, expiresMs: number): void {
    this.#buckets.get(session.expiresMs)?.delete(session);
    session.expiresMs = expiresMs;
    const bucket = this.#buckets.get(expiresMs);
    if (bucket === undefined) this.#buckets.set(expiresMs, new Set([session]));
    else bucket.add(session);
  }

  /** Milliseconds until the next bucket is due. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#nextMs - nowMs);
  }

  /** Sessions whose time is over, marked closing; each is handed out once. */
  expired(nowMs: number): SessionId[] {
    const ids: SessionId[] = [];
    while (this.#nextMs <= nowMs) {
      const bucket = this.#buckets.get(this.#nextMs);
      this.#buckets.delete(this.#nextMs);
      for (const session of bucket ?? []) {
        session.closing = true;
        ids.push(session.id);
      }
      this.#nextMs += this.#tickMs;
    }
    return ids;
  }

  /** `ok`, or why a request of this session through this owner is refused. Null as owner is not compared. */
  check(id: SessionId, owner: object | null): number {
    const session = this.#sessions.get(id);
    if (session === undefined || session.closing) return errorCode.sessionExpired;
    if (owner === null) return errorCode.ok;
    if (session.owner === null) session.owner = owner;
    return session.owner === owner ? errorCode.ok : errorCode.sessionMoved;
  }

  /** The client has moved to another server. */
  setOwner(id: SessionId, owner: object): boolean {
    const session = this.#sessions.get(id);
    if (session === undefined || session.closing) return false;
    session.owner = owner;
    return true;
  }

  setClosing(id: SessionId): void {
    const session = this.#sessions.get(id);
    if (session !== undefined) session.closing = true;
  }

  /** The closeSession transaction is applied. */
  remove(id: SessionId): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    this.#sessions.delete(id);
    const bucket = this.#buckets.get(session.expiresMs);
    bucket?.delete(session);
    if (bucket?.size === 0) this.#buckets.delete(session.expiresMs);
  }

  /** 0 of an unknown one. */
  timeoutMsOf(id: SessionId): number {
    return this.#sessions.get(id)?.timeoutMs ?? 0;
  }

  *deadlines(nowMs: number): Generator<{ readonly sessionId: SessionId; readonly inMs: number }> {
    for (const session of this.#sessions.values()) yield { sessionId: session.id, inMs: session.expiresMs - nowMs };
  }
}

/** As ZooKeeper writes ids in logs and words: hexadecimal digits without a sign; `0x` goes before. */
export function sessionHex(id: SessionId): string {
  return BigInt.asUintN(64, id).toString(16);
}

const lowest56Bits = 0x00ff_ffff_ffff_ffffn;

/** The first id a server gives out: its own id in the top byte, then 40 bits of the time, then zeros to count in. */
export function firstSessionId(serverId: number, nowMs: number): SessionId {
  const time = BigInt.asUintN(64, BigInt(Math.floor(nowMs)) << 24n) >> 8n;
  const id = (time & lowest56Bits) | (BigInt(serverId & 0xff) << 56n);
  return BigInt.asIntN(64, id);
}

const passwordSalt = 0xb341_5c00n;
const multiplier = 0x5_deec_e66dn;
const mask48 = (1n << 48n) - 1n;

/** The 16 bytes that only the client and the servers know; any server computes them from the id alone. */
export function sessionPassword(id: SessionId): Buffer {
  let state = (BigInt.asUintN(64, id ^ passwordSalt) ^ multiplier) & mask48;
  const password = Buffer.alloc(16);
  for (let word = 0; word < 4; word++) {
    state = (state * multiplier + 0xbn) & mask48;
    password.writeUInt32LE(Number(BigInt.asUintN(32, state >> 16n)), word * 4);
  }
  return password;
}

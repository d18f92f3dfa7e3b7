/** What the data field of quorum packets holds, one pair of functions a packet type. */
import { JuteReader, JuteWriter } from "../jute.ts";

/** FOLLOWERINFO and OBSERVERINFO: who joins. */
export interface LearnerInfo {
  readonly sid: bigint;
  readonly protocolVersion: number;
  readonly configVersion: bigint;
}

/** The Zab of ZooKeeper 3.4 and later; older learners are not served. */
export const zabProtocolVersion = 0x10000;

export function encodeLearnerInfo(info: LearnerInfo): Buffer {
  return new JuteWriter(20).long(info.sid).int(info.protocolVersion).long(info.configVersion).take();
}

/** Forms before 3.5 end early: what is missing reads as 0. */
export function decodeLearnerInfo(data: Buffer): LearnerInfo {
  const reader = new JuteReader(data);
  const sid = reader.long();
  const protocolVersion = reader.remaining >= 4 ? reader.int() : 0;
  const configVersion = reader.remaining >= 8 ? reader.long() : 0n;
  return { sid, protocolVersion, configVersion };
}

/** LEADERINFO (the protocol version) and ACKEPOCH (the learner's current epoch, −1: nothing new). */
export function encodeInt(value: number): Buffer {
  return new JuteWriter(4).int(value).take();
}

export function decodeInt(data: Buffer): number {
  return new JuteReader(data).int();
}

/** A session and the time that it may stay silent, as PING replies and REVALIDATE questions carry it. */
export interface TouchedSession {
  readonly sessionId: bigint;
  readonly timeoutMs: number;
}

const touchedBytes = 12;

export function encodeTouchedSessions(sessions: Iterable<TouchedSession>): Buffer {
  const writer = new JuteWriter();
  for (const session of sessions) writer.long(session.sessionId).int(session.timeoutMs);
  return writer.take();
}

export function decodeTouchedSessions(data: Buffer): TouchedSession[] {
  const reader = new JuteReader(data);
  const sessions: TouchedSession[] = [];
  while (reader.remaining >= touchedBytes) sessions.push({ sessionId: reader.long(), timeoutMs: reader.int() });
  return sessions;
}

export function encodeRevalidateAnswer(sessionId: bigint, valid: boolean): Buffer {
  return new JuteWriter(9).long(sessionId).boolean(valid).take();
}

export function decodeRevalidateAnswer(data: Buffer): { readonly sessionId: bigint; readonly valid: boolean } {
  const reader = new JuteReader(data);
  return { sessionId: reader.long(), valid: reader.boolean() };
}

/** REQUEST: a client's write on its way to the leader. */
export interface ForwardedRequest {
  readonly sessionId: bigint;
  readonly cxid: number;
  readonly type: number;
  /** The body as the client sent it, without its header. */
  readonly body: Buffer;
}

export function encodeForwardedRequest(request: ForwardedRequest): Buffer {
  const writer = new JuteWriter(16 + request.body.length);
  return writer.long(request.sessionId).int(request.cxid).int(request.type).raw(request.body).take();
}

export function decodeForwardedRequest(data: Buffer): ForwardedRequest {
  const reader = new JuteReader(data);
  return { sessionId: reader.long(), cxid: reader.int(), type: reader.int(), body: reader.rest() };
}

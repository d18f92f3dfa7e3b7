/** Quorum port: the one record that leader and learners exchange. `quorum-stream.ts` cuts it out of what a socket brings. */
import { type JuteReader, JuteWriter } from "../jute.ts";
import { type Id, readIds, writeIds } from "../records.ts";

export const packetType = {
  request: 1,
  proposal: 2,
  ack: 3,
  commit: 4,
  ping: 5,
  revalidate: 6,
  sync: 7,
  inform: 8,
  commitAndActivate: 9,
  newLeader: 10,
  followerInfo: 11,
  upToDate: 12,
  diff: 13,
  trunc: 14,
  snap: 15,
  observerInfo: 16,
  leaderInfo: 17,
  ackEpoch: 18,
  informAndActivate: 19,
} as const;

export interface QuorumPacket {
  readonly type: number;
  /** −1 where the type carries none. */
  readonly zxid: number;
  readonly data: Buffer | null;
  /** Identities of the client whose request this is; only REQUEST has them. */
  readonly authInfo: readonly Id[] | null;
}

export function encodeQuorumPacket(packet: QuorumPacket): Buffer {
  const writer = new JuteWriter(20 + (packet.data?.length ?? 0));
  writer.int(packet.type).number(packet.zxid).buffer(packet.data);
  writeIds(writer, packet.authInfo);
  return writer.take();
}

/** Throws `JuteUnderflow` when the record is not complete yet. */
export function readQuorumPacket(reader: JuteReader): QuorumPacket {
  const type = reader.int();
  const zxid = reader.number();
  const data = reader.buffer();
  const anonymous = reader.remaining >= 4 && reader.rest().readInt32BE(0) === -1;
  const authInfo = readIds(reader);
  return { type, zxid, data, authInfo: anonymous ? null : authInfo };
}

/** `packetType`'s name in ZooKeeper's spelling, for logs. */
export function packetName(type: number): string {
  const entry = Object.entries(packetType).find(([, value]) => value === type);
  return entry === undefined ? `UNKNOWN(${type})` : entry[0].toUpperCase();
}

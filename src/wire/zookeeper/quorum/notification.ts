/**
 * Election port: the vote of one server as another hears it. Layout: ZooKeeper's FastLeaderElection, format version 2
 * (48 bytes and the configuration's text); the shorter forms of older servers are read as well.
 */

export interface NotificationMessage {
  /** 0 LOOKING, 1 FOLLOWING, 2 LEADING, 3 OBSERVING. */
  readonly state: number;
  readonly leader: bigint;
  readonly zxid: bigint;
  readonly electionEpoch: bigint;
  readonly peerEpoch: bigint;
  /** 2 as written here; 1 knows no configuration; 0 stands for the forms without this field. */
  readonly version: number;
  /** `server.N=…` lines and `version=<hex>`; empty when the sender's form has none. */
  readonly config: string;
}

/** What one frame on the election port may hold; a longer one ends the connection. */
export const maxNotificationBytes = 524_288;

const formatVersion = 2;
const fixedBytes = 44;

/** With its length in front, ready for the socket. */
export function encodeNotification(message: Omit<NotificationMessage, "version">): Uint8Array {
  const config = new TextEncoder().encode(message.config);
  const bytes = new Uint8Array(4 + fixedBytes + config.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, fixedBytes + config.length);
  view.setInt32(4, message.state);
  view.setBigInt64(8, message.leader);
  view.setBigInt64(16, message.zxid);
  view.setBigInt64(24, message.electionEpoch);
  view.setBigInt64(32, message.peerEpoch);
  view.setInt32(40, formatVersion);
  view.setInt32(44, config.length);
  bytes.set(config, 48);
  return bytes;
}

/** `payload` without its length. Null: too short, or lengths that do not fit (to be ignored, as ZooKeeper does). */
export function decodeNotification(payload: Uint8Array): NotificationMessage | null {
  if (payload.length < 28) return null;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const zxid = view.getBigInt64(12);
  const common = {
    state: view.getInt32(0),
    leader: view.getBigInt64(4),
    zxid,
    electionEpoch: view.getBigInt64(20),
  };
  if (payload.length < 40) return { ...common, peerEpoch: BigInt.asUintN(32, zxid >> 32n), version: 0, config: "" };
  const peerEpoch = view.getBigInt64(28);
  if (payload.length < 44) return { ...common, peerEpoch, version: 0, config: "" };
  const version = view.getInt32(36);
  if (version < 2) return { ...common, peerEpoch, version, config: "" };
  const length = view.getInt32(40);
  if (length < 0 || length > payload.length - fixedBytes) return null;
  const config = new TextDecoder().decode(payload.subarray(fixedBytes, fixedBytes + length));
  return { ...common, peerEpoch, version, config };
}

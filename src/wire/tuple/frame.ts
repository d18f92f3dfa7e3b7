/**
 * The fixed header of every frame between workers. Little-endian, 28 bytes:
 *
 *     0 u16 magic   2 u8 version   3 u8 kind   4 u32 topology   8 u32 session
 *     12 u32 sender   16 u32 connection   20 u32 sequence   24 u32 count
 *
 * `topology` keeps a worker that still talks to a reused port from delivering another topology's tuples;
 * `session` and `connection` tell a restarted or reconnected sender from the one before; `sequence` shows what was lost.
 */
import { tupleFrameFault } from "./faults.ts";

/** What a frame carries. */
export type FrameKind = "tuples" | "pressure" | "hello";

/** Who sends: constant for one open endpoint. */
export interface FrameIdentity {
  /** A hash of the topology id, 32 bits, unsigned. */
  readonly topology: number;
  /** Random for each life of an endpoint, 32 bits, unsigned. */
  readonly session: number;
  /** The sending worker's number, agreed by all workers of the topology; 0 … 2³²−1. */
  readonly sender: number;
}

export interface FrameHeader extends FrameIdentity {
  readonly kind: FrameKind;
  /** How often the sender had connected to this receiver before, 32 bits. */
  readonly connection: number;
  /** Frames of tuples on this connection before this one, modulo 2³². */
  readonly sequence: number;
  /** Tuples, or tasks, in the frame. */
  readonly count: number;
}

/** One tuple's values may take this many bytes: the codec refuses more, so no length field can overflow. */
export const maxTupleBytes = 256 * 1024 * 1024;

export const headerBytes = 28;

/** "SL", then the layout's version. */
const magic = 0x4c53;
const version = 2;
/** Numbered from 1. */
const kinds: readonly FrameKind[] = ["tuples", "pressure", "hello"];

const at = {
  magic: 0,
  version: 2,
  kind: 3,
  topology: 4,
  session: 8,
  sender: 12,
  connection: 16,
  sequence: 20,
  count: 24,
};

/** Writes all of the header but what `stampFrame` knows. */
export function writeHeader(view: DataView, kind: FrameKind, identity: FrameIdentity, count: number): void {
  view.setUint16(at.magic, magic, true);
  view.setUint8(at.version, version);
  view.setUint8(at.kind, kinds.indexOf(kind) + 1);
  view.setUint32(at.topology, identity.topology, true);
  view.setUint32(at.session, identity.session, true);
  view.setUint32(at.sender, identity.sender, true);
  view.setUint32(at.connection, 0, true);
  view.setUint32(at.sequence, 0, true);
  view.setUint32(at.count, count, true);
}

/** Numbers a finished frame at the moment it is sent, so that a frame which waited through a reconnect is numbered anew. */
export function stampFrame(frame: Uint8Array, connection: number, sequence: number): void {
  const view = new DataView(frame.buffer, frame.byteOffset, headerBytes);
  view.setUint32(at.connection, connection, true);
  view.setUint32(at.sequence, sequence, true);
}

/** Throws `SL-TUPLE-FRAME` when the bytes are no frame of this version. */
export function readHeader(frame: Uint8Array): FrameHeader {
  if (frame.length < headerBytes) throw tupleFrameFault(`it has ${frame.length} bytes, fewer than a header`);
  const view = new DataView(frame.buffer, frame.byteOffset, headerBytes);
  if (view.getUint16(at.magic, true) !== magic) throw tupleFrameFault("it does not begin as a frame does");
  const seen = view.getUint8(at.version);
  if (seen !== version) throw tupleFrameFault(`its layout is version ${seen}, ours is ${version}`);
  const kind = kinds[view.getUint8(at.kind) - 1];
  if (kind === undefined) throw tupleFrameFault(`its kind ${view.getUint8(at.kind)} is not known`);
  return {
    kind,
    topology: view.getUint32(at.topology, true),
    session: view.getUint32(at.session, true),
    sender: view.getUint32(at.sender, true),
    connection: view.getUint32(at.connection, true),
    sequence: view.getUint32(at.sequence, true),
    count: view.getUint32(at.count, true),
  };
}

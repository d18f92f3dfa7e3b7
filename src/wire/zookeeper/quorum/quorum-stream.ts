/**
 * Cuts records out of a quorum connection. The connection has no lengths, so a record is complete when it parses. After a
 * SNAP packet a whole snapshot stands between two records: its own decoder reads that.
 */
import { defaultMaxBufferBytes, JuteError, JuteReader, JuteUnderflow } from "../jute.ts";
import { type QuorumPacket, readQuorumPacket } from "./quorum-packet.ts";

const maxStringBytes = 1024;
const initialBytes = 4096;
/** type, zxid and the length of data stand in front. */
const headBytes = 16;
/** A buffer that once grew this large is given back when it has been emptied. */
const keptBytes = 0x4_0000;

export class QuorumStream {
  #bytes = Buffer.allocUnsafeSlow(initialBytes);
  #start = 0;
  #end = 0;
  readonly #maxFieldBytes: number;
  /** No packet is longer: its data is one field, its identities have the rest. */
  readonly #maxPacketBytes: number;

  /** `maxFieldBytes`: the longest data of a packet; ZooKeeper grants jute.maxbuffer and as much again. */
  constructor(maxFieldBytes = 2 * defaultMaxBufferBytes) {
    this.#maxFieldBytes = maxFieldBytes;
    this.#maxPacketBytes = 2 * maxFieldBytes;
  }

  push(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** The next packet, null until it is complete. Throws `JuteError` when it never can be. */
  next(): QuorumPacket | null {
    if (!this.#mayBeComplete()) return null;
    const reader = new JuteReader(this.#bytes.subarray(0, this.#end), this.#start, this.#maxFieldBytes);
    try {
      const packet = readQuorumPacket(reader);
      this.#consume(reader.offset);
      return packet;
    } catch (error) {
      if (!(error instanceof JuteUnderflow)) throw error;
      if (this.#end - this.#start > this.#maxPacketBytes) throw new JuteError("a quorum packet without an end");
      return null;
    }
  }

  /** A string that stands between two packets (the signature after a snapshot), null until it is complete. */
  nextString(): string | null {
    const reader = new JuteReader(this.#bytes.subarray(0, this.#end), this.#start, maxStringBytes);
    try {
      const text = reader.string("signature");
      this.#consume(reader.offset);
      return text;
    } catch (error) {
      if (error instanceof JuteUnderflow) return null;
      throw error;
    }
  }

  /** Everything that has arrived and is in no packet yet, for a reader of another format. What it leaves is pushed again. */
  takeRest(): Buffer {
    const rest = Buffer.from(this.#bytes.subarray(this.#start, this.#end));
    this.#consume(this.#end);
    return rest;
  }

  #mayBeComplete(): boolean {
    const available = this.#end - this.#start;
    if (available < headBytes) return false;
    const dataBytes = this.#bytes.readInt32BE(this.#start + headBytes - 4);
    return available >= headBytes + Math.min(Math.max(dataBytes, 0), this.#maxPacketBytes);
  }

  #consume(offset: number): void {
    this.#start = offset;
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
    if (this.#bytes.length > keptBytes) this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
  }

  #reserve(count: number): void {
    if (this.#end + count <= this.#bytes.length) return;
    const used = this.#end - this.#start;
    const target =
      used + count <= this.#bytes.length / 2
        ? this.#bytes
        : Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, used + count));
    this.#bytes.copy(target, 0, this.#start, this.#end);
    this.#bytes = target;
    this.#start = 0;
    this.#end = used;
  }
}

/** Cuts a byte stream into ZooKeeper's length-prefixed packets; keeps at most one incomplete packet. */
import { JuteError } from "../../wire/zookeeper/index.ts";

const lengthBytes = 4;

export class FrameReader {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = lengthBytes;

  /** `maxBytes`: the longest packet accepted. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Calls `packet` for every packet that is complete now. Throws `JuteError` for an impossible length. */
  push(bytes: Uint8Array, packet: (body: Buffer) => void): void {
    this.#chunks.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.#held += bytes.byteLength;
    if (this.#held < this.#wanted) return;
    let whole = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#held);
    this.#wanted = lengthBytes;
    while (whole.length >= lengthBytes) {
      const length = whole.readInt32BE(0);
      if (length < 0 || length > this.#maxBytes) throw new JuteError(`Packet len ${length} is out of range!`);
      this.#wanted = lengthBytes + length;
      if (whole.length < this.#wanted) break;
      const body = whole.subarray(lengthBytes, this.#wanted);
      whole = whole.subarray(this.#wanted);
      this.#wanted = lengthBytes;
      packet(body);
    }
    this.#chunks = whole.length === 0 ? [] : [whole];
    this.#held = whole.length;
  }
}

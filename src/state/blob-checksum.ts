/**
 * The version of a blob in Storm's local blob store: the CRC-32C of its bytes. Who downloads a blob can so tell that it is whole.
 * Source: LocalFsBlobStoreFile of Storm 2.8.
 */
export class BlobChecksum {
  #crc = 0xffff_ffff;

  update(bytes: Uint8Array): this {
    let crc = this.#crc;
    for (let at = 0; at < bytes.length; at++)
      crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] as number)) & 0xff] as number);
    this.#crc = crc >>> 0;
    return this;
  }

  /** Of all bytes so far; 0 … 2³²−1. */
  get value(): number {
    return (this.#crc ^ 0xffff_ffff) >>> 0;
  }
}

/** Castagnoli's polynomial, reflected. */
const polynomial = 0x82f6_3b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  return crc >>> 0;
});

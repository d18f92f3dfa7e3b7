/** Adler-32 (RFC 1950), the checksum of ZooKeeper's log entries and snapshots; it can be continued over pieces. */

const modulus = 65521;
/** Largest count of bytes whose sums stay below 2³² without a reduction. */
const stride = 5552;

export const adlerStart = 1;

export function adler32(bytes: Uint8Array, before = adlerStart): number {
  let a = before & 0xffff;
  let b = before >>> 16;
  const length = bytes.length;
  let index = 0;
  while (index < length) {
    const end = Math.min(index + stride, length);
    for (; index < end; index++) {
      a += bytes[index]!;
      b += a;
    }
    a %= modulus;
    b %= modulus;
  }
  return ((b << 16) | a) >>> 0;
}

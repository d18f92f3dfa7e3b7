/** What blobs are called. A key becomes a file's name and a znode's, so not everything goes. */
import { AuthorizationException } from "../../wire/thrift/index.ts";

export interface TopologyBlobKeys {
  readonly jar: string;
  readonly code: string;
  readonly conf: string;
}

/** The three of a topology, by Storm's names. */
export function topologyBlobKeys(id: string): TopologyBlobKeys {
  return { jar: `${id}-stormjar.jar`, code: `${id}-stormcode.ser`, conf: `${id}-stormconf.ser` };
}

/** Null: it is no topology's. */
export function topologyOfBlob(key: string): string | null {
  return /^(.+)-storm(?:jar\.jar|code\.ser|conf\.ser)$/.exec(key)?.[1] ?? null;
}

/** Storm takes letters, digits, blanks, `.`, `_` and `-`; here letters of every language are letters. */
export function isBlobKey(key: string): boolean {
  const legal = /^[\p{L}\p{M}\p{N}_ \t.-]+$/u.test(key) && key !== "." && key !== "..";
  return legal && Buffer.byteLength(key) <= keyBytesMax;
}

/** A name of a file holds 255 bytes, and `data_` stands before it. */
const keyBytesMax = 240;

/** Throws AuthorizationException, the one that every call of the blob store declares. */
export function checkBlobKey(key: string): void {
  if (isBlobKey(key)) return;
  throw AuthorizationException.error({
    msg:
      `"${key.slice(0, keyBytesMax)}" does not appear to be a valid blob key: ` +
      `letters, digits, blanks, . _ and -, at most ${keyBytesMax} bytes`,
  });
}

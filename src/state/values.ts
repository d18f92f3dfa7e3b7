/** What lies in Storm's znodes: gzipped Thrift structs, and for the versions of blobs bare numbers. */
import { messageOf } from "../base/index.ts";
import { gzipThrift, type StructType } from "../wire/thrift/index.ts";
import { stateError } from "./state-errors.ts";

export function encodeValue<T>(type: StructType<T>, value: T): Uint8Array {
  return gzipThrift(type).encode(value);
}

/** Throws SL-STATE-VALUE. */
export function decodeValue<T>(type: StructType<T>, bytes: Uint8Array | null, path: string): T {
  try {
    return gzipThrift(type).decode(bytes ?? new Uint8Array());
  } catch (error) {
    throw stateError("SL-STATE-VALUE", `${path} holds no ${type.name}: ${messageOf(error)}`, error);
  }
}

/** `blobstoremaxkeysequencenumber/<key>`: four bytes, big-endian. */
export function encodeVersion(version: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(version);
  return bytes;
}

export function decodeVersion(bytes: Buffer | null, path: string): number {
  if (bytes?.length !== 4)
    throw stateError("SL-STATE-VALUE", `${path} holds ${bytes?.length ?? 0} bytes, not a number`);
  return bytes.readInt32BE();
}

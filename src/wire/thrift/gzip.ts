/**
 * Values of znodes: gzip of a struct's bytes, as Storm 2.8's GzipThriftSerializationDelegate writes and reads them. What
 * they may grow to is bounded: some bytes of gzip can mean gigabytes.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import { messageOf } from "../../base/index.ts";
import { thriftBytesFault } from "./faults.ts";
import type { StructType } from "./struct.ts";

export interface Packed<V> {
  /** Throws `SL-THRIFT-VALUE`. */
  encode(value: V): Uint8Array<ArrayBuffer>;
  /** Throws `SL-THRIFT-BYTES`. */
  decode(bytes: Uint8Array): V;
}

/** `gzipThrift(StormBase).encode(base)`. */
export function gzipThrift<V>(struct: StructType<V>, inflatedBytesMax = defaultInflatedBytesMax): Packed<V> {
  return {
    encode: (value) => gzipSync(struct.encode(value)),
    decode: (bytes) => struct.decode(gunzip(struct.name, bytes, inflatedBytesMax)),
  };
}

/** Sixteen times what ZooKeeper takes for one znode; an assignment of 100,000 executors fits. */
const defaultInflatedBytesMax = 16 * 1024 * 1024;

function gunzip(name: string, bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength });
  } catch (error) {
    throw thriftBytesFault(name, `no gzip of at most ${maxOutputLength} bytes (${messageOf(error)})`);
  }
}

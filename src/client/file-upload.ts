/** A file to nimbus' inbox, in Storm's pieces. Source: StormSubmitter.submitJarAs, 2.8. */
import { isStormLabError } from "../base/index.ts";
import type { NimbusCalls, NimbusClient } from "./nimbus-client.ts";

/** Bytes sent so far, and in all; the first call is before the first piece. */
export type UploadProgress = (sentBytes: number, totalBytes: number, location: string) => void;

/** Storm's own (THRIFT_CHUNK_SIZE_BYTES). */
const chunkBytes = 307_200;

/** The location, for `submitTopology`. Begins once more when the nimbus that had a part of it is gone. */
export async function uploadFile(
  client: NimbusClient,
  bytes: Uint8Array,
  progress: UploadProgress = () => {},
): Promise<string> {
  try {
    return await upload(await client.pinned(), bytes, progress);
  } catch (error) {
    if (!isStormLabError(error, "SL-RPC-LOST")) throw error;
    return await upload(await client.pinned(), bytes, progress);
  }
}

async function upload(calls: NimbusCalls, bytes: Uint8Array, progress: UploadProgress): Promise<string> {
  const location = await calls.beginFileUpload();
  progress(0, bytes.length, location);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    await calls.uploadChunk({ location, chunk });
    progress(at + chunk.length, bytes.length, location);
  }
  await calls.finishFileUpload({ location });
  return location;
}

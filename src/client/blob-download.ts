/** A blob from nimbus' store, piece by piece, so that a large one never is in memory as a whole. */
import { exitCodes, StormLabError } from "../base/index.ts";
import type { NimbusCalls, NimbusClient } from "./nimbus-client.ts";

export interface BlobDownload {
  readonly version: number;
  /** Null: nimbus did not say. */
  readonly size: number | null;
  /** Once; ends with SL-BLOB-CUT when the length is not what was said. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Rejects with KeyNotFoundException, and as any call. Needs not be read to its end: nimbus forgets sessions. */
export async function downloadBlob(client: NimbusClient, key: string): Promise<BlobDownload> {
  const calls = await client.pinned();
  const { version, session, data_size } = await calls.beginBlobDownload({ key });
  const size = data_size ?? null;
  return { version, size, chunks: chunksOf(calls, session, key, size) };
}

async function* chunksOf(
  calls: NimbusCalls,
  session: string,
  key: string,
  size: number | null,
): AsyncGenerator<Uint8Array, void> {
  let received = 0;
  for (;;) {
    const chunk = await calls.downloadBlobChunk({ session });
    if (chunk.length === 0) break;
    received += chunk.length;
    if (size !== null && received > size) throw cut(key, size, received);
    yield chunk;
  }
  if (size !== null && received !== size) throw cut(key, size, received);
}

function cut(key: string, size: number, received: number): StormLabError {
  return new StormLabError({
    code: "SL-BLOB-CUT",
    what: `the blob ${key} came with ${received} bytes instead of ${size}`,
    why: "it changed while it was read, or nimbus' disk lost a part of it",
    hint: "fetch it again",
    exitCode: exitCodes.refused,
    retriable: true,
  });
}

/** Copies blobs from another nimbus, in the calls that every client makes. */
import { exitCodes, type Runtime, StormLabError } from "../../base/index.ts";
import { connectThrift } from "../../rpc/index.ts";
import { BlobChecksum, parseNimbusInfo } from "../../state/index.ts";
import { Nimbus, type SettableBlobMeta } from "../../wire/thrift/index.ts";

export interface PeerBlob {
  readonly meta: SettableBlobMeta;
  /** What the peer says its checksum is. */
  readonly checksum: number;
  /** To be read to the end once; throws SL-NIMBUS-BLOB-DAMAGED when the bytes are not those of the checksum. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A peer on the same network answers within this, or is as good as dead. */
const callTimeoutMs = 10_000;

/** `use` gets the blob while the connection stands. Throws what the call throws: KeyNotFoundException, SL-RPC-… */
export async function withPeerBlob<T>(
  runtime: Runtime,
  nimbusId: string,
  key: string,
  use: (blob: PeerBlob) => Promise<T>,
): Promise<T> {
  const peer = parseNimbusInfo(nimbusId);
  if (peer === null) throw damaged(`"${nimbusId}" is no nimbus`);
  const { host, port } = peer;
  await using client = await connectThrift({
    runtime,
    host,
    port,
    service: Nimbus,
    connectTimeoutMs: callTimeoutMs,
    timeoutMs: callTimeoutMs,
  });
  const { settable } = await client.calls.getBlobMeta({ key });
  const { session, version } = await client.calls.beginBlobDownload({ key });
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const checksum = new BlobChecksum();
    for (;;) {
      const chunk = await client.calls.downloadBlobChunk({ session });
      if (chunk.length === 0) break;
      checksum.update(chunk);
      yield chunk;
    }
    if (checksum.value !== version)
      throw damaged(`${key} from ${nimbusId} came with checksum ${checksum.value}, not ${version}`);
  }
  // Awaited here: the connection is closed when this function returns.
  return await use({ meta: settable, checksum: version, chunks: chunks() });
}

function damaged(what: string): StormLabError {
  return new StormLabError({
    code: "SL-NIMBUS-BLOB-DAMAGED",
    what,
    why: "The bytes changed on the way, or the blob was replaced while it was copied.",
    hint: "Nothing needs to be done: it is copied again.",
    exitCode: exitCodes.refused,
    retriable: true,
  });
}

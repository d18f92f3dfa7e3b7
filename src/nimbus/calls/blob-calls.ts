/** Calls about blobs and uploads. Reading is any nimbus' work, changing the leader's. */
import type { Handlers } from "../../rpc/index.ts";
import { applicationError, IllegalStateException, KeyNotFoundException, type Nimbus } from "../../wire/thrift/index.ts";
import type { BlobDraft, BlobReader } from "../blobs/blob-files.ts";
import type { NimbusParts } from "../nimbus-parts.ts";
import { Sessions } from "../sessions.ts";

type BlobCalls = Pick<
  Required<Handlers<typeof Nimbus.methods>>,
  | "beginCreateBlob"
  | "beginUpdateBlob"
  | "uploadBlobChunk"
  | "finishBlobUpload"
  | "cancelBlobUpload"
  | "getBlobMeta"
  | "setBlobMeta"
  | "beginBlobDownload"
  | "downloadBlobChunk"
  | "deleteBlob"
  | "listBlobs"
  | "getBlobReplication"
  | "updateBlobReplication"
  | "createStateInZookeeper"
  | "isRemoteBlobExists"
  | "beginFileUpload"
  | "uploadChunk"
  | "finishFileUpload"
  | "downloadChunk"
>;

interface Upload {
  readonly key: string;
  readonly draft: BlobDraft;
}

const sessionsMax = 1000;
const blobBytesMax = 512 * 1024 * 1024;
/** Of one answer; stock clients read frames of up to 1 MiB. */
const chunkBytes = 256 * 1024;
/** Of one answer, by Storm. */
const listedMax = 100;

export class BlobService {
  readonly #parts: NimbusParts;
  readonly #uploads: Sessions<Upload>;
  readonly #downloads: Sessions<BlobReader>;
  readonly #lists: Sessions<string[]>;

  constructor(parts: NimbusParts) {
    const { runtime, settings } = parts;
    this.#parts = parts;
    const shared = { expiryMs: settings.fileExpiryMs, max: sessionsMax };
    this.#uploads = new Sessions(runtime, { ...shared, name: "blob upload", giveUp: ({ draft }) => draft.cancel() });
    this.#downloads = new Sessions(runtime, { ...shared, name: "blob download", giveUp: (reader) => reader.close() });
    this.#lists = new Sessions(runtime, { ...shared, name: "list of blobs", giveUp: async () => {} });
  }

  async stop(): Promise<void> {
    await this.#uploads.stop();
    await this.#downloads.stop();
    await this.#lists.stop();
  }

  get calls(): BlobCalls {
    return { ...this.#changing(), ...this.#reading(), ...this.#files() };
  }

  #changing(): Pick<
    BlobCalls,
    | "beginCreateBlob"
    | "beginUpdateBlob"
    | "uploadBlobChunk"
    | "finishBlobUpload"
    | "cancelBlobUpload"
    | "setBlobMeta"
    | "deleteBlob"
    | "updateBlobReplication"
    | "createStateInZookeeper"
  > {
    const { leader, blobs } = this.#parts;
    return {
      beginCreateBlob: async ({ key, meta }) => {
        await leader.require();
        return this.#begin(key, await blobs.create(key, meta));
      },
      beginUpdateBlob: async ({ key }) => {
        await leader.require();
        return this.#begin(key, await blobs.update(key));
      },
      uploadBlobChunk: async ({ session, chunk }) => {
        await found(session, this.#uploads, async ({ key, draft }) => {
          if (draft.bytes + chunk.length > blobBytesMax) {
            throw applicationError("INTERNAL_ERROR", `blob ${key} is larger than ${blobBytesMax / 1024 / 1024} MB`);
          }
          await draft.write(chunk);
          return true;
        });
      },
      finishBlobUpload: async ({ session }) => {
        const term = await leader.require();
        await found(session, this.#uploads, async ({ key, draft }) => {
          this.#uploads.end(session);
          await blobs.publish(key, draft, term.writes);
          return true;
        });
      },
      cancelBlobUpload: async ({ session }) => {
        await found(session, this.#uploads, async ({ draft }) => {
          this.#uploads.end(session);
          await draft.cancel();
          return true;
        });
      },
      setBlobMeta: async ({ key, meta }) => {
        await leader.require();
        await blobs.setMeta(key, meta);
      },
      deleteBlob: ({ key }) => this.#delete(key),
      updateBlobReplication: () => {
        throw applicationError(
          "INTERNAL_ERROR",
          "For local file system blob store the update blobs function does not work. " +
            "Please use HDFS blob store to make this feature available.",
        );
      },
      createStateInZookeeper: async ({ key }) => {
        if (blobs.has(key)) await blobs.holdAsNewest(key);
      },
    };
  }

  #reading(): Pick<
    BlobCalls,
    | "getBlobMeta"
    | "beginBlobDownload"
    | "downloadBlobChunk"
    | "listBlobs"
    | "getBlobReplication"
    | "isRemoteBlobExists"
  > {
    const { blobs } = this.#parts;
    return {
      getBlobMeta: ({ key }) => blobs.meta(key),
      beginBlobDownload: async ({ key }) => {
        const { reader, version } = await blobs.open(key);
        const session = await opened(reader, () => this.#downloads.begin(reader));
        return { version, session, data_size: reader.size };
      },
      downloadBlobChunk: ({ session }) =>
        found(session, this.#downloads, async (reader) => {
          const chunk = await reader.read(chunkBytes);
          if (chunk.length > 0) return chunk;
          this.#downloads.end(session);
          await reader.close();
          return chunk;
        }),
      listBlobs: async ({ session }) => {
        const id = session === "" ? this.#lists.begin(blobs.keys) : session;
        const keys = await this.#lists.use(id, async (left) => {
          const next = left.splice(0, listedMax);
          if (next.length === 0) this.#lists.end(id);
          return next;
        });
        if (keys === null)
          throw applicationError("INTERNAL_ERROR", `Blob list for session ${id} does not exist (or timed out)`);
        return { keys, session: id };
      },
      getBlobReplication: ({ key }) => blobs.replication(key),
      isRemoteBlobExists: ({ blobKey }) => blobs.has(blobKey),
    };
  }

  #files(): Pick<BlobCalls, "beginFileUpload" | "uploadChunk" | "finishFileUpload" | "downloadChunk"> {
    const { leader, inbox } = this.#parts;
    return {
      beginFileUpload: async () => {
        await leader.require();
        return inbox.begin();
      },
      uploadChunk: ({ location, chunk }) => inbox.chunk(location, chunk),
      finishFileUpload: ({ location }) => inbox.finish(location),
      downloadChunk: ({ id }) => {
        throw applicationError("INTERNAL_ERROR", `Could not find input stream for id ${id}`);
      },
    };
  }

  async #begin(key: string, draft: BlobDraft): Promise<string> {
    try {
      return this.#uploads.begin({ key, draft });
    } catch (error) {
      await draft.cancel();
      throw error;
    }
  }

  async #delete(key: string): Promise<void> {
    const { leader, blobs, state } = this.#parts;
    const term = await leader.require();
    if (!blobs.has(key)) throw KeyNotFoundException.error({ msg: key });
    const id = /^(.+)-storm(?:jar\.jar|code\.ser|conf\.ser)$/.exec(key)?.[1];
    if (id !== undefined && (await state.storm(id)) !== null) {
      throw IllegalStateException.error({ msg: `Attempting to delete blob ${key} from under active topology ${id}` });
    }
    await blobs.delete(key, term.writes);
  }
}

async function found<T, R>(session: string, sessions: Sessions<T>, work: (value: T) => Promise<R>): Promise<R> {
  const result = await sessions.use(session, work);
  if (result === null)
    throw applicationError("INTERNAL_ERROR", `Blob for session ${session} does not exist (or timed out)`);
  return result;
}

async function opened<R>(reader: BlobReader, use: () => R): Promise<R> {
  try {
    return use();
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/**
 * Snapshot files `snapshot.<zxid, hex>`: header, body, a seal of checksum and "/". Written beside their final name, synced,
 * then renamed, so that a crash never leaves a half one under a name that is believed. Digests are left out, which
 * readers of every version accept. Source: FileSnap, SnapStream of ZooKeeper 3.8.
 */
import { type FileHandle, type FileSystem, FsError, messageOf } from "../../base/index.ts";
import type { SessionId } from "../../wire/zookeeper/index.ts";
import { adler32, adlerStart } from "./adler32.ts";
import type { DataTree } from "./data-tree.ts";
import type { SnapshotImage } from "./database.ts";
import { SnapshotDecoder, serializeImage } from "./snapshot-codec.ts";

/** "ZKSN", version 2, database id −1. */
const header = Buffer.from("5a4b534e00000002ffffffffffffffff", "hex");
/** Checksum (8), length of "/" (4), "/". */
const sealBytes = 13;
const readBytes = 256 * 1024;
/** Snapshots that a start tries, newest first. */
export const snapshotTriesMax = 100;

function snapshotName(zxid: number): string {
  return `snapshot.${zxid.toString(16)}`;
}

/** Left by a snapshot that was not finished; removed at the next start. */
export function isUnfinishedSnapshot(name: string): boolean {
  return name.startsWith("unfinished-snapshot.");
}

/**
 * Bytes written. `cancelled` is asked between pieces: true leaves no file behind and gives null. `sessions` and `tree` are
 * read over several turns (fuzzy).
 */
export async function writeSnapshot(
  fs: FileSystem,
  directory: string,
  zxid: number,
  source: { readonly tree: DataTree; readonly sessions: ReadonlyMap<SessionId, number> },
  cancelled: () => boolean,
): Promise<number | null> {
  const unfinished = `${directory}/unfinished-${snapshotName(zxid)}`;
  const handle = await fs.open(unfinished, "create");
  let position = 0;
  try {
    let checksum = adlerStart;
    const put = async (bytes: Buffer): Promise<void> => {
      await handle.write(bytes, position);
      position += bytes.length;
      checksum = adler32(bytes, checksum);
    };
    await put(header);
    for (const piece of serializeImage(source, zxid)) {
      await put(piece);
      if (cancelled()) break;
    }
    await put(seal(checksum));
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (cancelled()) {
    await fs.remove(unfinished);
    return null;
  }
  await fs.rename(unfinished, `${directory}/${snapshotName(zxid)}`);
  await fs.syncDirectory(directory);
  return position;
}

function seal(checksum: number): Buffer {
  const bytes = Buffer.alloc(sealBytes);
  bytes.writeUInt32BE(checksum, 4);
  bytes.writeInt32BE(1, 8);
  bytes[12] = 0x2f;
  return bytes;
}

/** SnapStream's quick test: the file ends in a seal. Says nothing of what lies before. */
export async function isSealed(fs: FileSystem, path: string): Promise<boolean> {
  const handle = await fs.open(path, "read");
  try {
    const size = await handle.size();
    const last = Buffer.alloc(5);
    return (
      size > sealBytes &&
      (await handle.read(last, size - last.length)) === last.length &&
      last.toString("latin1") === "\0\0\0\x01/"
    );
  } finally {
    await handle.close();
  }
}

/** The image, or why the file holds none. Digest and further seals behind the first one are not needed. */
export async function readSnapshot(fs: FileSystem, path: string): Promise<SnapshotImage | string> {
  const handle = await fs.open(path, "read");
  try {
    return await decodeFile(handle);
  } catch (error) {
    if (error instanceof FsError) throw error;
    return messageOf(error);
  } finally {
    await handle.close();
  }
}

async function decodeFile(handle: FileHandle): Promise<SnapshotImage | string> {
  const first = Buffer.alloc(header.length);
  if ((await handle.read(first, 0)) < first.length || !first.equals(header)) return "no snapshot header";
  const decoder = new SnapshotDecoder();
  let checksum = adler32(first);
  let position = first.length;
  let rest: Buffer | null = null;
  while (rest === null) {
    const piece = Buffer.allocUnsafeSlow(readBytes);
    const count = await handle.read(piece, position);
    if (count === 0) return "it ends early";
    position += count;
    const bytes = piece.subarray(0, count);
    rest = decoder.push(bytes);
    checksum = adler32(rest === null ? bytes : bytes.subarray(0, count - Math.min(rest.length, count)), checksum);
  }
  const sealAt = position - rest.length;
  const sealed = Buffer.alloc(sealBytes);
  if ((await handle.read(sealed, sealAt)) < sealBytes) return "it has no seal";
  return sealed.equals(seal(checksum)) ? decoder.image : "CRC corruption";
}

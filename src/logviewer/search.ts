/**
 * Looks for bytes in a file from a place on, a piece at a time, whatever its size. Offsets are bytes of the file; of what stands before and
 * after a match so much is told as Storm tells. Source: LogviewerLogSearchHandler of Storm 2.8.
 */
import type { FileHandle } from "../base/index.ts";

export interface Match {
  readonly byteOffset: number;
  readonly beforeString: string;
  readonly matchString: string;
  readonly afterString: string;
}

export interface Found {
  readonly matches: readonly Match[];
  /** Where to go on; null: all was read. */
  readonly nextByteOffset: number | null;
}

/** Bytes of a text that is searched for. */
export const searchBytesMax = 1024;
const contextBytes = 128;
const pieceBytes = 256 * 1024;

/** At most `count` matches that begin at `from` or later. `wanted` is not empty. */
export async function searchFile(
  file: FileHandle,
  wanted: string,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<Found> {
  const needle = Buffer.from(wanted);
  const size = await file.size();
  const matches: Match[] = [];
  let position = from;
  while (position < size && matches.length < count) {
    // A match may begin in this piece and end in the next one.
    const piece = await readAt(file, position, pieceBytes + needle.length - 1);
    let at = piece.indexOf(needle);
    while (at >= 0 && at < pieceBytes && matches.length < count) {
      matches.push(await matchAt(file, position + at, needle, wanted));
      at = piece.indexOf(needle, at + needle.length);
    }
    const last = matches.at(-1)?.byteOffset ?? -1;
    // What belongs to a match is not searched again.
    position = Math.max(position + pieceBytes, last < position ? 0 : last + needle.length);
    if (piece.length < needle.length) break;
  }
  const last = matches.at(-1);
  const next = last === undefined ? size : last.byteOffset + needle.length;
  return { matches, nextByteOffset: matches.length >= count && next < size ? next : null };
}

async function matchAt(file: FileHandle, byteOffset: number, needle: Buffer, matchString: string): Promise<Match> {
  const start = Math.max(0, byteOffset - contextBytes);
  const around = await readAt(file, start, byteOffset - start + needle.length + contextBytes);
  return {
    byteOffset,
    beforeString: around.toString("utf8", 0, byteOffset - start),
    matchString,
    afterString: around.toString("utf8", byteOffset - start + needle.length),
  };
}

/** Fewer at the end of the file. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, await file.read(bytes, position));
}

/**
 * Looks for bytes in a log from a place on, a piece at a time, whatever its size. Offsets are bytes of its text; of what stands before and
 * after a match so much is told as Storm tells. Source: LogviewerLogSearchHandler of Storm 2.8.
 */
import type { LogBytes } from "./log-bytes.ts";

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
export async function searchLog(
  log: LogBytes,
  wanted: string,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<Found> {
  const needle = Buffer.from(wanted);
  const matches: Match[] = [];
  let position = from;
  for (let isMore = true; isMore && matches.length < count; ) {
    // A match may begin in this piece and end in the next one.
    const piece = await log.read(position, pieceBytes + needle.length - 1);
    isMore = piece.length >= pieceBytes;
    let at = piece.indexOf(needle);
    while (at >= 0 && at < pieceBytes && matches.length < count) {
      matches.push(await matchAt(log, position + at, needle, wanted));
      at = piece.indexOf(needle, at + needle.length);
    }
    const last = matches.at(-1)?.byteOffset ?? -1;
    // What belongs to a match is not searched again.
    position = Math.max(position + pieceBytes, last < position ? 0 : last + needle.length);
  }
  const last = matches.at(-1);
  if (last === undefined || matches.length < count) return { matches, nextByteOffset: null };
  const next = last.byteOffset + needle.length;
  return { matches, nextByteOffset: (await log.read(next, 1)).length > 0 ? next : null };
}

async function matchAt(log: LogBytes, byteOffset: number, needle: Buffer, matchString: string): Promise<Match> {
  const start = Math.max(0, byteOffset - contextBytes);
  const around = await log.read(start, byteOffset - start + needle.length + contextBytes);
  return {
    byteOffset,
    beforeString: around.toString("utf8", 0, byteOffset - start),
    matchString,
    afterString: around.toString("utf8", byteOffset - start + needle.length),
  };
}

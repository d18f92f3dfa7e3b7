/**
 * The layout of one tuple in a frame, which the writer and the reader share. The codec knows nothing of what tuples mean: acks, whose
 * values are four integers, are sent without values and with those integers as ids (src/worker/peers.ts).
 */

/** Further anchors of a tuple that belongs to several trees, as root high, root low, edge high, edge low, and again. */
export type MoreAnchors = readonly number[];

export const rowFlags = {
  /** Root and edge follow: 4 × i32. */
  tracked: 1,
  /** u16 number of further anchors, then 4 × i32 each. */
  more: 2,
  /** i32 source task, u16 stream, u16 number of values; without it they are those of the row before. */
  route: 4,
} as const;

/** Flags, target, route and ids: the fixed part, at most. */
export const maxRowBytes = 1 + 4 + 8 + 16;

/** Flags and target: the fixed part, at least. */
export const minRowBytes = 1 + 4;

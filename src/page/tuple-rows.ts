/** The tree of a followed tuple as rows, each child below what it is anchored to. Pure. */
import type { TreeTuple, TupleTree } from "./api-types.ts";

export interface TupleRow {
  readonly tuple: TreeTuple;
  /** 0: the spout has emitted it. */
  readonly depth: number;
  /** It hangs from several; it is shown below the first. */
  readonly isJoined: boolean;
}

/** A tuple whose anchor is not there, since a file was rotated meanwhile, stands at the top. */
export function rowsOf({ tuples }: TupleTree): TupleRow[] {
  const known = new Set(tuples.map(({ id }) => id));
  const below = new Map<string, TreeTuple[]>();
  for (const tuple of tuples) {
    const anchor = tuple.anchors.find((each) => known.has(each)) ?? "";
    below.set(anchor, [...(below.get(anchor) ?? []), tuple]);
  }
  const rows: TupleRow[] = [];
  const shown = new Set<string>();
  const add = (anchor: string, depth: number): void => {
    for (const tuple of below.get(anchor) ?? []) {
      if (shown.has(tuple.id)) continue;
      shown.add(tuple.id);
      rows.push({ tuple, depth, isJoined: tuple.anchors.length > 1 });
      add(tuple.id, depth + 1);
    }
  };
  add("", 0);
  return rows;
}

/** Since the spout emitted, such as `+0.42 ms`; null is a dash. */
export function sinceStart({ startMs }: TupleTree, timeMs: number | null): string {
  return timeMs === null ? "–" : `+${Math.max(0, timeMs - startMs).toFixed(2)} ms`;
}

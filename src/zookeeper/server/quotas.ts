/**
 * Quota nodes: `/zookeeper/quota<path>/zookeeper_limits` is written by clients, `…/zookeeper_stats` beside it by the tree.
 * Source: Quotas and StatsTrack of ZooKeeper 3.8.
 */

export const quotaRoot = "/zookeeper/quota";
export const limitsName = "zookeeper_limits";
export const statsName = "zookeeper_stats";

export interface QuotaTrack {
  count: number;
  bytes: number;
  /** −1: none. */
  countHardLimit: number;
  byteHardLimit: number;
}

/** The longest path above or at `path` that has limits, or null. */
export function quotaPathOver(limited: ReadonlySet<string>, path: string): string | null {
  if (limited.size === 0) return null;
  let candidate = path;
  while (candidate.length > 1) {
    if (limited.has(candidate)) return candidate;
    candidate = candidate.slice(0, candidate.lastIndexOf("/"));
  }
  return null;
}

/** `/zookeeper/quota/a/b` → `/a/b`; null outside the quota tree. */
export function limitedPathOf(quotaNodePath: string): string | null {
  return quotaNodePath.startsWith(`${quotaRoot}/`) ? quotaNodePath.slice(quotaRoot.length) : null;
}

export function statsPath(limitedPath: string): string {
  return `${quotaRoot}${limitedPath}/${statsName}`;
}

export function limitsPath(limitedPath: string): string {
  return `${quotaRoot}${limitedPath}/${limitsName}`;
}

/** `count=1,bytes=2`, with `;countHardLimit=`, `;byteHardLimit=` or their `=`-separated neighbours; unknown parts are skipped. */
export function parseQuota(text: string): QuotaTrack {
  const track: QuotaTrack = { count: -1, bytes: -1, countHardLimit: -1, byteHardLimit: -1 };
  for (const part of text.split(/[,;]/)) {
    const [name, value] = part.split("=");
    const number = Number(value);
    if (!Number.isFinite(number)) continue;
    if (name === "count" || name === "bytes" || name === "countHardLimit" || name === "byteHardLimit")
      track[name] = number;
  }
  return track;
}

export function formatQuota(track: QuotaTrack): string {
  let text = `count=${track.count},bytes=${track.bytes}`;
  if (track.byteHardLimit !== -1 || track.countHardLimit !== -1) {
    text += `;byteHardLimit=${track.byteHardLimit};countHardLimit=${track.countHardLimit}`;
  }
  return text;
}

/**
 * How a leader brings a learner to its own state (LearnerHandler.syncFollower): by the transactions it lacks (DIFF), by
 * cutting what nobody else has (TRUNC), or by the whole image (SNAP). Pure: looks at zxids only.
 */
import type { Proposal, Zxid } from "../../../wire/zookeeper/index.ts";
import type { CommittedWindow } from "../database.ts";
import { counterOf, epochOf } from "./zxid.ts";

export type SyncChoice =
  | { readonly kind: "diff"; readonly zxid: Zxid; readonly missing: readonly Proposal[] }
  | { readonly kind: "trunc"; readonly zxid: Zxid; readonly missing: readonly Proposal[] }
  /** Older than the window in memory: the log files may reach back far enough. */
  | { readonly kind: "log" }
  | { readonly kind: "snap" };

export interface LeaderHistory {
  readonly lastProcessedZxid: Zxid;
  readonly committed: CommittedWindow;
  readonly historyFromZxid: Zxid;
}

export function chooseSync(learnerZxid: Zxid, leader: LeaderHistory): SyncChoice {
  const { committed, lastProcessedZxid } = leader;
  if (learnerZxid === lastProcessedZxid) return { kind: "diff", zxid: learnerZxid, missing: [] };
  if (learnerZxid > committed.maxZxid) {
    // Counter 0 is the start of an epoch, no transaction: there is nothing to cut.
    return counterOf(learnerZxid) === 0 ? { kind: "snap" } : { kind: "trunc", zxid: committed.maxZxid, missing: [] };
  }
  if (learnerZxid < committed.minZxid) return { kind: "log" };
  return walkWindow(learnerZxid, committed);
}

/**
 * The choice for a learner that `chooseSync` sent to the log. `fromLog` are the leader's transactions from the last one at
 * or before the learner's own; they must reach the window. What is older than `historyFromZxid` proves nothing: there
 * an image may have come in the place of transactions.
 */
export function chooseSyncFromLog(learnerZxid: Zxid, fromLog: readonly Proposal[], leader: LeaderHistory): SyncChoice {
  const { committed, historyFromZxid } = leader;
  const last = fromLog.at(-1)?.header.zxid;
  if (learnerZxid < historyFromZxid || last === undefined || last < committed.minZxid) return { kind: "snap" };
  let shared = historyFromZxid;
  const missing: Proposal[] = [];
  for (const proposal of fromLog) {
    const { zxid } = proposal.header;
    if (zxid > learnerZxid) missing.push(proposal);
    else shared = Math.max(shared, zxid);
  }
  for (let index = 0; index < committed.length; index++) {
    const proposal = committed.at(index);
    if (proposal.header.zxid > last) missing.push(proposal);
  }
  if (shared === learnerZxid) return { kind: "diff", zxid: committed.maxZxid, missing };
  const following = missing[0]?.header.zxid;
  if (following === undefined || epochOf(following) !== epochOf(learnerZxid)) return { kind: "snap" };
  return { kind: "trunc", zxid: shared, missing };
}

function walkWindow(learnerZxid: Zxid, committed: CommittedWindow): SyncChoice {
  let next = 0;
  while (next < committed.length && committed.at(next).header.zxid < learnerZxid) next++;
  const found = next < committed.length && committed.at(next).header.zxid === learnerZxid;
  const missing: Proposal[] = [];
  for (let index = found ? next + 1 : next; index < committed.length; index++) missing.push(committed.at(index));
  if (found || counterOf(learnerZxid) === 0) return { kind: "diff", zxid: committed.maxZxid, missing };
  const following = missing[0]?.header.zxid;
  if (next === 0 || following === undefined || epochOf(following) !== epochOf(learnerZxid)) return { kind: "snap" };
  return { kind: "trunc", zxid: committed.at(next - 1).header.zxid, missing };
}

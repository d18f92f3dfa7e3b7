/** What an election is about: which server has the newest history. */

export type ServerState = "LOOKING" | "FOLLOWING" | "LEADING" | "OBSERVING";

export interface Vote {
  /** The server that is proposed. */
  readonly leader: number;
  /** The last transaction in that server's log. */
  readonly zxid: number;
  /** The round in which the vote was given. */
  readonly electionEpoch: number;
  /** The epoch of the server that is proposed. */
  readonly peerEpoch: number;
}

export interface StatedVote extends Vote {
  readonly state: ServerState;
  /** The format version of the notification that brought it. */
  readonly version: number;
}

/** Higher epoch, then longer history, then higher id. */
export function isBetter(
  challenger: Pick<Vote, "leader" | "zxid" | "peerEpoch">,
  current: Pick<Vote, "leader" | "zxid" | "peerEpoch">,
): boolean {
  if (challenger.peerEpoch !== current.peerEpoch) return challenger.peerEpoch > current.peerEpoch;
  if (challenger.zxid !== current.zxid) return challenger.zxid > current.zxid;
  return challenger.leader > current.leader;
}

/**
 * Two votes of settled servers agree when they follow the same leader in the same epoch: rounds and zxids may differ
 * between members that joined at different times. As long as one side is looking, everything must agree.
 */
export function sameVote(a: StatedVote, b: StatedVote): boolean {
  if (a.state === "LOOKING" || b.state === "LOOKING") {
    return (
      a.leader === b.leader && a.zxid === b.zxid && a.electionEpoch === b.electionEpoch && a.peerEpoch === b.peerEpoch
    );
  }
  if ((a.version === 0) !== (b.version === 0)) return a.leader === b.leader;
  return a.leader === b.leader && a.peerEpoch === b.peerEpoch;
}

/**
 * Who votes, and which sets of voters decide: more than half of them, or with `group.x`/`weight.x` lines more than
 * half of the weight in more than half of the groups that have any.
 */

export interface QuorumVerifier {
  /** Server ids that vote, ascending. */
  readonly voters: readonly number[];
  isVoter(sid: number): boolean;
  /** A server of weight 0 votes along but is never elected. */
  weightOf(sid: number): number;
  containsQuorum(supporters: ReadonlySet<number>): boolean;
}

export interface QuorumGroup {
  readonly members: readonly number[];
}

export function majorityVerifier(voters: readonly number[]): QuorumVerifier {
  const members = new Set(voters);
  return {
    voters: [...members].sort((a, b) => a - b),
    isVoter: (sid) => members.has(sid),
    weightOf: () => 1,
    containsQuorum: (supporters) => countOf(members, supporters) * 2 > members.size,
  };
}

/** `weights` without an entry count 1. A voter in no group weighs nothing. */
export function hierarchicalVerifier(
  voters: readonly number[],
  groups: readonly QuorumGroup[],
  weights: ReadonlyMap<number, number>,
): QuorumVerifier {
  const members = new Set(voters);
  const grouped = new Set(groups.flatMap((group) => group.members));
  const weightOf = (sid: number): number => (grouped.has(sid) ? (weights.get(sid) ?? 1) : 0);
  const sum = (sids: readonly number[]): number => sids.reduce((total, sid) => total + weightOf(sid), 0);
  const weighty = groups
    .map((group) => group.members.filter((sid) => members.has(sid)))
    .filter((sids) => sum(sids) > 0);
  return {
    voters: [...members].sort((a, b) => a - b),
    isVoter: (sid) => members.has(sid),
    weightOf,
    containsQuorum: (supporters) => {
      const won = weighty.filter((sids) => sum(sids.filter((sid) => supporters.has(sid))) * 2 > sum(sids));
      return won.length * 2 > weighty.length;
    },
  };
}

function countOf(members: ReadonlySet<number>, supporters: ReadonlySet<number>): number {
  let count = 0;
  for (const sid of supporters) if (members.has(sid)) count++;
  return count;
}

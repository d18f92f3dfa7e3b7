/** Who votes, and which sets of voters decide: more than half of them. */

export interface QuorumVerifier {
  /** Server ids that vote, ascending. */
  readonly voters: readonly number[];
  isVoter(sid: number): boolean;
  containsQuorum(supporters: ReadonlySet<number>): boolean;
}

export function majorityVerifier(voters: readonly number[]): QuorumVerifier {
  const members = new Set(voters);
  return {
    voters: [...members].sort((a, b) => a - b),
    isVoter: (sid) => members.has(sid),
    containsQuorum: (supporters) => countOf(members, supporters) * 2 > members.size,
  };
}

function countOf(members: ReadonlySet<number>, supporters: ReadonlySet<number>): number {
  let count = 0;
  for (const sid of supporters) if (members.has(sid)) count++;
  return count;
}

/** Why no leader was found, in the words of somebody who has to repair it. */
import { exitCodes, isStormLabError, messageOf, StormLabError } from "../base/index.ts";

export interface SeedFailure {
  /** `host:port`. */
  readonly seed: string;
  /** What the seed told to go to, if it got so far. */
  readonly leader: string | null;
  readonly error: unknown;
}

/** Storm's words for it are NimbusLeaderNotFoundException's. */
export function leaderNotFound(hosts: readonly string[], failures: readonly SeedFailure[]): StormLabError {
  const strange = failures.find(({ leader }) => leader !== null);
  return new StormLabError({
    code: "SL-NIMBUS-LEADER-NOT-FOUND",
    what: `Could not find leader nimbus from seed hosts [${hosts.join(", ")}]`,
    why: failures.map(reasonOf).join("; "),
    hint:
      strange === undefined
        ? "start the cluster, or name its nimbus: -c nimbus.seeds='[\"HOST\"]' -c nimbus.thrift.port=PORT, or --config FILE"
        : "on that nimbus set storm.local.hostname to a name that leads to it from here",
    exitCode: exitCodes.noCluster,
    retriable: true,
    cause: failures[0]?.error,
  });
}

function reasonOf({ seed, leader, error }: SeedFailure): string {
  if (leader !== null)
    return `${seed} says that ${leader} leads, which cannot be reached from here (${detailOf(error)})`;
  if (isStormLabError(error, "SL-RPC-UNREACHABLE")) return `nothing answers at ${seed} (${detailOf(error)})`;
  return `${seed} does not know who leads (${detailOf(error)})`;
}

/** The system's own word where there is one. */
function detailOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : messageOf(error);
}

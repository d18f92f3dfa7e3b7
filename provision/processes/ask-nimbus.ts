/** What nimbus says of the cluster: who leads, which supervisors are there, what runs. */
import type { Runtime } from "../../src/base/index.ts";
import { type Calls, connectThrift } from "../../src/rpc/index.ts";
import { type ClusterSummary, type ErrorInfo, Nimbus } from "../../src/wire/thrift/index.ts";
import type { ClusterLayout } from "../cluster/layout.ts";
import type { AskNimbus } from "./verify.ts";

/** A nimbus that is coming up is asked again soon: no answer may hold that up. */
const answerMs = 2000;

/** The first nimbus that answers is asked who leads, and the leader for the rest; null: none leads. */
export function askNimbusOf(runtime: Runtime, layout: ClusterLayout): AskNimbus {
  return async () => {
    const summary = await clusterSummary(runtime, layout);
    const leader = summary?.nimbuses.find(({ isLeader }) => isLeader);
    if (summary === null || leader === undefined) return null;
    return { leader: `${leader.host}:${leader.port}`, supervisors: summary.supervisors.map(({ host }) => host) };
  };
}

/** Null: no nimbus can be reached, or none leads. */
export function clusterSummary(runtime: Runtime, layout: ClusterLayout): Promise<ClusterSummary | null> {
  return askAnyNimbus(runtime, layout, (calls) => calls.getClusterInfo());
}

/** The newest error of each component that has had one; null as above, or when there is no such topology. */
export async function newestErrors(
  runtime: Runtime,
  layout: ClusterLayout,
  topologyId: string,
): Promise<ReadonlyMap<string, ErrorInfo> | null> {
  const options = { num_err_choice: "ONE" as const };
  const info = await askAnyNimbus(runtime, layout, (calls) =>
    calls.getTopologyInfoWithOpts({ id: topologyId, options }),
  );
  if (info === null) return null;
  return new Map([...info.errors].flatMap(([id, [newest]]) => (newest === undefined ? [] : [[id, newest] as const])));
}

/** The first nimbus that answers; null: none does. */
export async function askAnyNimbus<T>(
  runtime: Runtime,
  layout: ClusterLayout,
  ask: (calls: Calls<typeof Nimbus.methods>) => Promise<T>,
): Promise<T | null> {
  for (const { address, nimbusPort } of layout.nodes.slice(0, layout.spec.nimbus.count)) {
    try {
      await using nimbus = await connectThrift({
        runtime,
        host: address,
        port: nimbusPort,
        service: Nimbus,
        connectTimeoutMs: answerMs,
        timeoutMs: answerMs,
      });
      return await ask(nimbus.calls);
    } catch {
      // Not there yet, or not leading: the next one may be.
    }
  }
  return null;
}

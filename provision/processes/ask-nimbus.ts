/** What nimbus says of the cluster: who leads, which supervisors are there, what runs. */
import type { Runtime } from "../../src/base/index.ts";
import { connectThrift } from "../../src/rpc/index.ts";
import { type ClusterSummary, Nimbus } from "../../src/wire/thrift/index.ts";
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
export async function clusterSummary(runtime: Runtime, layout: ClusterLayout): Promise<ClusterSummary | null> {
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
      return await nimbus.calls.getClusterInfo();
    } catch {
      // Not there yet, or not leading: the next one may be.
    }
  }
  return null;
}

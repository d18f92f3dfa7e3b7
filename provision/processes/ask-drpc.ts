/** Whether the DRPC servers of a cluster take calls. */
import type { Runtime } from "../../src/base/index.ts";
import type { ClusterLayout } from "../cluster/layout.ts";

/** One that is coming up is asked again soon. */
const answerMs = 2000;

/** `host:port` of those that do not. */
export async function deafDRPCServers(runtime: Runtime, { spec, nodes, ports }: ClusterLayout): Promise<string[]> {
  const servers = nodes.slice(0, spec.drpc.count).map(({ address }) => ({ host: address, port: ports.drpc }));
  const answers = await Promise.all(
    servers.map((server) => runtime.net.connect({ ...server, timeoutMs: answerMs }).catch(() => null)),
  );
  for (const socket of answers) socket?.destroy();
  return servers.flatMap(({ host, port }, index) => (answers[index] === null ? [`${host}:${port}`] : []));
}

/** Whether the daemons of a role answer at their first port. */
import type { Runtime } from "../../src/base/index.ts";
import type { ClusterLayout, Role } from "../cluster/layout.ts";

/** One that is coming up is asked again soon. */
const answerMs = 2000;

/** `host:port` of those that do not. */
export async function deafDaemons(runtime: Runtime, { daemons }: ClusterLayout, wanted: Role): Promise<string[]> {
  const places = daemons.flatMap(({ role, ports: [first] }) => (role === wanted && first !== undefined ? [first] : []));
  const answers = await Promise.all(
    places.map(({ host, port }) => runtime.net.connect({ host, port, timeoutMs: answerMs }).catch(() => null)),
  );
  for (const socket of answers) socket?.destroy();
  return places.flatMap(({ host, port }, index) => (answers[index] === null ? [`${host}:${port}`] : []));
}

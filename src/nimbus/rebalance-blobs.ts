/** New confs and resources of a rebalance, into the blobs of the topology. The same options twice change nothing the second time. */
import type { RebalanceOptions } from "../wire/thrift/index.ts";
import { jsonObject } from "./conf-values.ts";
import type { Term } from "./leader-role.ts";
import { overrideResources } from "./normalize.ts";
import type { TopologyStore } from "./topology-store.ts";

export async function updateTopology(
  store: TopologyStore,
  id: string,
  options: RebalanceOptions,
  term: Term,
): Promise<void> {
  const { topology_conf_overrides: confText, topology_resources_overrides: resources } = options;
  const overrides = confText === undefined ? {} : jsonObject(confText);
  if (Object.keys(overrides).length === 0 && (resources?.size ?? 0) === 0) return;
  const before = await store.read(id);
  if (before === null) return;
  const topology = resources === undefined ? before.topology : overrideResources(before.topology, resources);
  await store.write(id, { conf: { ...before.conf, ...overrides }, topology }, term.writes);
}

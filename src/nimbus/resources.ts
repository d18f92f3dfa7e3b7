/** Memory and cpu that topologies ask for and have. Memory in MB, cpu in percent of a core. Source: TopologyResources of Storm 2.8. */
import { type Request, requestOf } from "../schedule/index.ts";
import type { Assignment, StormBase, StormTopology } from "../wire/thrift/index.ts";
import type { ConfObject } from "./conf-values.ts";
import { allComponents, componentConf, systemTopology } from "./system-topology.ts";

export interface TopologyResources {
  readonly requested_memonheap: number;
  readonly requested_memoffheap: number;
  readonly requested_cpu: number;
  readonly assigned_memonheap: number;
  readonly assigned_memoffheap: number;
  readonly assigned_cpu: number;
}

/** `conf`: the cluster's with the topology's on top. */
export function topologyResources(
  conf: ConfObject,
  topology: StormTopology,
  base: StormBase,
  assignment: Assignment | null,
): TopologyResources {
  const requested = { onHeap: 0, offHeap: 0, cpu: 0 };
  const requests = componentRequests(conf, topology);
  for (const [id, count] of base.component_executors ?? []) {
    const each = requests.get(id);
    requested.onHeap += (each?.onHeap ?? 0) * count;
    requested.offHeap += (each?.offHeap ?? 0) * count;
    requested.cpu += (each?.cpu ?? 0) * count;
  }
  const workers = (assignment?.worker_resources ?? []).map(([, resources]) => resources);
  const sum = (of: (resources: (typeof workers)[number]) => number | undefined) =>
    workers.reduce((total, resources) => total + (of(resources) ?? 0), 0);
  return {
    requested_memonheap: requested.onHeap,
    requested_memoffheap: requested.offHeap,
    requested_cpu: requested.cpu,
    assigned_memonheap: sum(({ mem_on_heap }) => mem_on_heap),
    assigned_memoffheap: sum(({ mem_off_heap }) => mem_off_heap),
    assigned_cpu: sum(({ cpu }) => cpu),
  };
}

/** What one executor of each component asks for. */
export function componentRequests(conf: ConfObject, topology: StormTopology): Map<string, Request> {
  const components = allComponents(systemTopology(conf, topology));
  return new Map([...components].map(([id, each]) => [id, requestOf({ id, conf: componentConf(each) }, conf)]));
}

/** By Storm's names. */
export function resourcesMap({ onHeap, offHeap, cpu, generic }: Request): Map<string, number> {
  const own = { "onheap.memory.mb": onHeap, "offheap.memory.mb": offHeap, "cpu.pcore.percent": cpu };
  return new Map([...Object.entries(own), ...generic]);
}

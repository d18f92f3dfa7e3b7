/** One topology with all that answers about it need. Source: Nimbus.getCommonTopoInfo of Storm 2.8. */
import type { Assignment, StormBase, StormTopology } from "../../wire/thrift/index.ts";
import type { ConfObject } from "../conf-values.ts";
import { type NimbusParts, nowSecs } from "../nimbus-parts.ts";
import { type TopologyResources, topologyResources } from "../resources.ts";
import { type ExecutorBeat, type ExecutorPlace, placesOf, readBeats } from "../stats/executor-beats.ts";
import { systemTopology, taskComponents } from "../system-topology.ts";
import { notAlive } from "../topology-names.ts";
import { stored } from "./topology-calls.ts";

export interface TopologyView {
  readonly id: string;
  readonly name: string;
  readonly base: StormBase;
  /** The cluster's conf with the topology's on top. */
  readonly conf: ConfObject;
  /** With the system's components. */
  readonly topology: StormTopology;
  /** Component by task. */
  readonly components: ReadonlyMap<number, string>;
  readonly assignment: Assignment | null;
  readonly places: readonly ExecutorPlace[];
  readonly beats: readonly ExecutorBeat[];
  readonly uptimeSecs: number;
  readonly schedStatus: string | undefined;
  readonly replication: number;
  readonly resources: TopologyResources;
}

/** Throws NotAliveException. */
export async function viewTopology(parts: NimbusParts, id: string): Promise<TopologyView> {
  const { state, conf: cluster } = parts;
  const [{ conf: own, topology }, base, assignment] = await Promise.all([
    stored(parts, id),
    state.storm(id),
    state.assignment(id),
  ]);
  if (base === null) throw notAlive(id);
  const conf: ConfObject = { ...cluster.values, ...own };
  const components = taskComponents(conf, topology);
  const places = placesOf(assignment, components);
  return {
    id,
    name: base.name,
    base,
    conf,
    topology: systemTopology(conf, topology),
    components,
    assignment,
    places,
    beats: await readBeats(state, id, places),
    uptimeSecs: nowSecs(parts) - (base.launch_time_secs ?? nowSecs(parts)),
    schedStatus: parts.scheduling.statusOf(id),
    replication: await replicationOf(parts, id),
    resources: topologyResources(conf, topology, base, assignment),
  };
}

/** How many nimbuses have its code. */
export async function replicationOf({ state }: Pick<NimbusParts, "state">, id: string): Promise<number> {
  return (await state.blobHolders(`${id}-stormcode.ser`)).length;
}

/** Optional fields are left out where there is nothing to say. */
export function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

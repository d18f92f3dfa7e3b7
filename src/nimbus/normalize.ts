/**
 * What a submission becomes before it is stored, so that every worker sees the same whatever its own defaults are. Source:
 * Nimbus.normalizeConf and normalizeTopology, ServerUtils.getComponentParallelism of Storm 2.8.
 */
import type { StormConf } from "../conf/index.ts";
import { taskCount } from "../topology/index.ts";
import type { ComponentCommon, StormTopology } from "../wire/thrift/index.ts";
import { type ConfObject, numberOf } from "./conf-values.ts";
import { componentConf, parallelismHint } from "./system-topology.ts";

export interface Submission {
  readonly id: string;
  readonly name: string;
  /** Who it belongs to. */
  readonly owner: string;
  readonly conf: ConfObject;
}

/** Keys of the machine on which something was submitted or of which only nimbus decides. */
const notTheTopologys = ["storm.local.hostname", "storm.workers.artifacts.dir", "topology.classpath.beginning"];

/**
 * The conf that is stored: the topology's own, and what the cluster says of every topology beneath it. Storm's client sends all of that
 * along; whoever reads the conf, Apache's nimbus among them, takes it to be there.
 */
export function normalizeConf(cluster: StormConf, { id, name, owner, conf }: Submission): ConfObject {
  const merged: ConfObject = { ...cluster.values, ...conf };
  const workers = numberOf(merged, "topology.workers", 1);
  const users = Array.isArray(conf["topology.users"]) ? conf["topology.users"] : [];
  const ofEveryTopology = Object.entries(cluster.values).filter(([key]) => key.startsWith("topology."));
  const normalized: Record<string, unknown> = {
    ...Object.fromEntries(ofEveryTopology),
    ...conf,
    "storm.id": id,
    "topology.name": name,
    "topology.workers": workers,
    "topology.acker.executors": numberOf(merged, "topology.acker.executors", workers),
    "topology.eventlogger.executors": numberOf(merged, "topology.eventlogger.executors", workers),
    "topology.max.task.parallelism": merged["topology.max.task.parallelism"] ?? null,
    "topology.kryo.register": {},
    "topology.kryo.decorators": [],
    "topology.submitter.principal": "",
    "topology.submitter.user": owner,
    "topology.users": [...new Set([...users, owner])],
  };
  const timeoutSecs = numberOf(merged, "topology.worker.timeout.secs", 0);
  const timeoutMaxSecs = numberOf(merged, "worker.max.timeout.secs", timeoutSecs);
  if (timeoutSecs > timeoutMaxSecs) normalized["topology.worker.timeout.secs"] = timeoutMaxSecs;
  for (const key of notTheTopologys) delete normalized[key];
  return normalized;
}

/** Each component gets the number of its tasks into its conf. `conf`: the cluster's with the topology's on top. */
export function normalizeTopology(conf: ConfObject, topology: StormTopology, version: string): StormTopology {
  const common = (component: { readonly common: ComponentCommon }): ComponentCommon => {
    const own = componentConf(component);
    const tasks = taskCount(parallelismHint(component), { ...conf, ...own });
    const json_conf = JSON.stringify({ ...own, "topology.tasks": tasks });
    return { ...component.common, json_conf };
  };
  return {
    ...topology,
    spouts: new Map([...topology.spouts].map(([id, spout]) => [id, { ...spout, common: common(spout) }])),
    bolts: new Map([...topology.bolts].map(([id, bolt]) => [id, { ...bolt, common: common(bolt) }])),
    storm_version: topology.storm_version ?? version,
  };
}

/** Resources of components as a rebalance sets them. Source: ResourceUtils.updateStormTopologyResources. */
export function overrideResources(
  topology: StormTopology,
  overrides: ReadonlyMap<string, ReadonlyMap<string, number>>,
): StormTopology {
  const common = (id: string, component: { readonly common: ComponentCommon }): ComponentCommon => {
    const updates = overrides.get(id);
    if (updates === undefined) return component.common;
    const conf: Record<string, unknown> = { ...componentConf(component) };
    const before = conf[resourcesMap];
    const resources: Record<string, unknown> = typeof before === "object" ? { ...before } : {};
    for (const [name, amount] of updates) {
      const normal = normalNames[name] ?? name;
      for (const [legacy, each] of Object.entries(normalNames)) {
        if (each !== normal) continue;
        delete conf[legacy];
        delete resources[legacy];
      }
      resources[normal] = amount;
    }
    return { ...component.common, json_conf: JSON.stringify({ ...conf, [resourcesMap]: resources }) };
  };
  return {
    ...topology,
    spouts: new Map([...topology.spouts].map(([id, spout]) => [id, { ...spout, common: common(id, spout) }])),
    bolts: new Map([...topology.bolts].map(([id, bolt]) => [id, { ...bolt, common: common(id, bolt) }])),
  };
}

const resourcesMap = "topology.component.resources.map";
const normalNames: Readonly<Record<string, string>> = {
  "topology.component.resources.onheap.memory.mb": "onheap.memory.mb",
  "topology.component.resources.offheap.memory.mb": "offheap.memory.mb",
  "topology.component.cpu.pcore.percent": "cpu.pcore.percent",
};

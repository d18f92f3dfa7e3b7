/** Which scheduler `storm.scheduler` names. */
import { exitCodes, StormLabError } from "../base/index.ts";
import type { Conf } from "../topology/index.ts";
import { type Cluster, clusterOf } from "./cluster.ts";
import { scheduleByDefault, scheduleEvenly } from "./even-scheduler.ts";
import { type Machines, scheduleIsolated } from "./isolation-scheduler.ts";
import { outcome } from "./outcome.ts";
import { resourceRules, scheduleByResources } from "./resource-aware/resource-aware-scheduler.ts";
import type { Scheduler } from "./snapshot.ts";

const defaultName = "org.apache.storm.scheduler.DefaultScheduler";

/** `conf`: nimbus's. Throws SL-SCHEDULER for a name that is none of Storm's. */
export function schedulerOf(conf: Conf): Scheduler {
  const name = String(conf["storm.scheduler"] ?? defaultName);
  const place = placements(conf)[name];
  if (place === undefined) throw unknownScheduler(name);
  const minWorkerCpu = numberOf(conf, "storm.worker.min.cpu.pcore.percent", 0);
  return {
    name,
    schedule(snapshot) {
      const { cluster, messages } = place(clusterOf(snapshot, minWorkerCpu));
      return outcome(cluster, messages);
    },
  };
}

/** Assigns, in place or on a copy; `messages`: words of its own, by topology id. */
type Place = (cluster: Cluster) => { readonly cluster: Cluster; readonly messages: ReadonlyMap<string, string> };

function placements(conf: Conf): Readonly<Record<string, Place>> {
  return {
    [defaultName]: wordless(scheduleByDefault),
    "org.apache.storm.scheduler.EvenScheduler": wordless(scheduleEvenly),
    "org.apache.storm.scheduler.IsolationScheduler": (cluster) => {
      return { cluster, messages: scheduleIsolated(cluster, machinesOf(conf)) };
    },
    "org.apache.storm.scheduler.resource.ResourceAwareScheduler": (cluster) =>
      scheduleByResources(cluster, resourceRules(conf)),
  };
}

function wordless(place: typeof scheduleByDefault): Place {
  return (cluster) => {
    place(cluster, cluster.topologies);
    return { cluster, messages: new Map() };
  };
}

function machinesOf(conf: Conf): Machines {
  return new Map(Object.entries((conf["isolation.scheduler.machines"] ?? {}) as Record<string, number>));
}

function numberOf(conf: Conf, key: string, missing: number): number {
  const value = conf[key];
  return typeof value === "number" ? value : missing;
}

function unknownScheduler(name: string): StormLabError {
  return new StormLabError({
    code: "SL-SCHEDULER",
    what: `storm.scheduler is ${JSON.stringify(name)}`,
    why: "there is no scheduler of this name here",
    hint: `leave storm.scheduler out, or name one of docs/storm-yaml.md, such as ${defaultName}`,
    exitCode: exitCodes.usage,
  });
}

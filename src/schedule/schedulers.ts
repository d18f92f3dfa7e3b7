/** Which scheduler `storm.scheduler` names. */
import { exitCodes, StormLabError } from "../base/index.ts";
import type { Conf } from "../topology/index.ts";
import { type Cluster, clusterOf } from "./cluster.ts";
import { scheduleByDefault, scheduleEvenly } from "./even-scheduler.ts";
import { outcome } from "./outcome.ts";
import type { PlannedTopology } from "./planned-topology.ts";
import type { Scheduler } from "./snapshot.ts";

const defaultName = "org.apache.storm.scheduler.DefaultScheduler";

/** `conf`: nimbus's. Throws SL-SCHEDULER for a name that is none of Storm's. */
export function schedulerOf(conf: Conf): Scheduler {
  const name = conf["storm.scheduler"] ?? defaultName;
  const place = placements[String(name)];
  if (place === undefined) throw unknownScheduler(name);
  return bySlots(String(name), conf, place);
}

type Place = (cluster: Cluster, topologies: readonly PlannedTopology[]) => void;

const placements: Readonly<Record<string, Place>> = {
  [defaultName]: scheduleByDefault,
  "org.apache.storm.scheduler.EvenScheduler": scheduleEvenly,
};

function bySlots(name: string, conf: Conf, place: Place): Scheduler {
  const minWorkerCpu = numberOf(conf, "storm.worker.min.cpu.pcore.percent", 0);
  return {
    name,
    schedule(snapshot) {
      const cluster = clusterOf(snapshot, minWorkerCpu);
      place(cluster, cluster.topologies);
      return outcome(cluster);
    },
  };
}

function numberOf(conf: Conf, key: string, missing: number): number {
  const value = conf[key];
  return typeof value === "number" ? value : missing;
}

function unknownScheduler(name: unknown): StormLabError {
  return new StormLabError({
    code: "SL-SCHEDULER",
    what: `storm.scheduler is ${JSON.stringify(name)}`,
    why: "there is no scheduler of this name here",
    hint: `leave storm.scheduler out, or name one of docs/storm-yaml.md, such as ${defaultName}`,
    exitCode: exitCodes.usage,
  });
}

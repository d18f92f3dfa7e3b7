/** `cluster/summary`, `nimbus/summary`. Source of every field: UIHelpers of Storm 2.8. */
import { stormVersion } from "../../../state/index.ts";
import type { ClusterSummary } from "../../../wire/thrift/index.ts";
import type { ApiWorld } from "../api-world.ts";
import { decimals, uptimeText } from "../pretty.ts";
import { either, flag, list, nullable, number, object, oneOf, type ShapeType, text, whole } from "../shape.ts";
import { capacityOf } from "./supervisors.ts";

export const clusterSummaryShape = object({
  user: nullable(text),
  stormVersion: text,
  stormVersionInfo: object({ version: text }),
  supervisors: whole,
  topologies: whole,
  slotsTotal: whole,
  slotsUsed: whole,
  slotsFree: whole,
  executorsTotal: whole,
  tasksTotal: whole,
  schedulerDisplayResource: flag,
  totalMem: number,
  totalCpu: number,
  availMem: number,
  availCpu: number,
  fragmentedMem: number,
  fragmentedCpu: number,
  memAssignedPercentUtil: text,
  cpuAssignedPercentUtil: text,
  "bugtracker-url": nullable(text),
  "central-log-url": nullable(text),
});

export function clusterSummary(
  { supervisors, topologies }: ClusterSummary,
  { displaysResources }: ApiWorld,
): ShapeType<typeof clusterSummaryShape> {
  const slotsTotal = sum(supervisors, ({ num_workers }) => num_workers);
  const slotsUsed = sum(supervisors, ({ num_used_workers }) => num_used_workers);
  const totalMem = sum(supervisors, (each) => capacityOf(each).mem);
  const totalCpu = sum(supervisors, (each) => capacityOf(each).cpu);
  const usedMem = sum(supervisors, ({ used_mem = 0 }) => used_mem);
  const usedCpu = sum(supervisors, ({ used_cpu = 0 }) => used_cpu);
  return {
    user: null,
    stormVersion,
    stormVersionInfo: { version: stormVersion },
    supervisors: supervisors.length,
    topologies: topologies.length,
    slotsTotal,
    slotsUsed,
    slotsFree: slotsTotal - slotsUsed,
    executorsTotal: sum(topologies, ({ num_executors }) => num_executors),
    tasksTotal: sum(topologies, ({ num_tasks }) => num_tasks),
    schedulerDisplayResource: displaysResources,
    totalMem,
    totalCpu,
    availMem: totalMem - usedMem,
    availCpu: totalCpu - usedCpu,
    fragmentedMem: sum(supervisors, ({ fragmented_mem = 0 }) => fragmented_mem),
    fragmentedCpu: sum(supervisors, ({ fragmented_cpu = 0 }) => fragmented_cpu),
    memAssignedPercentUtil: percent(usedMem, totalMem),
    cpuAssignedPercentUtil: percent(usedCpu, totalCpu),
    "bugtracker-url": null,
    "central-log-url": null,
  };
}

const nimbusShape = object({
  host: text,
  port: either(whole, text),
  status: oneOf("Leader", "Not a Leader", "Offline"),
  nimbusUpTime: text,
  nimbusUpTimeSeconds: either(whole, text),
  nimbusLogLink: text,
  version: text,
});

export const nimbusSummaryShape = object({ nimbuses: list(nimbusShape) });

/** Also of seeds that are not there; a seed on this machine's own address is never missed, as in Storm. */
export function nimbusSummary(
  { nimbuses }: ClusterSummary,
  { conf, links }: ApiWorld,
): ShapeType<typeof nimbusSummaryShape> {
  const there = new Set(nimbuses.map(({ host, port }) => `${host}:${port}`));
  const port = conf.number("nimbus.thrift.port");
  const offline = conf
    .texts("nimbus.seeds")
    .filter((host) => !/^localhost$|^127\.0\.0\.1$|^::1$/.test(host) && !there.has(`${host}:${port}`));
  return {
    nimbuses: [
      ...nimbuses.map((each) => ({
        host: each.host,
        port: each.port,
        status: each.isLeader ? ("Leader" as const) : ("Not a Leader" as const),
        version: each.version,
        nimbusUpTimeSeconds: each.uptime_secs,
        nimbusUpTime: uptimeText(each.uptime_secs),
        nimbusLogLink: links.nimbus(each.host),
      })),
      ...offline.map((host) => ({
        host,
        port: `${port}`,
        status: "Offline" as const,
        version: notApplicable,
        nimbusUpTimeSeconds: notApplicable,
        nimbusUpTime: notApplicable,
        nimbusLogLink: links.nimbus(host),
      })),
    ],
  };
}

const notApplicable = "Not applicable";

function percent(used: number, total: number): string {
  return total > 0 ? decimals((used * 100) / total) : "0.0";
}

function sum<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}

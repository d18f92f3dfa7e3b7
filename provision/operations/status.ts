/** How a cluster is: each part in one sentence, and what runs on it. Asks the cluster itself. */
import type { ClusterSummary } from "../../src/wire/thrift/index.ts";
import { type ClusterLayout, uiUrls } from "../cluster/layout.ts";
import { clusterSummary, newestErrors } from "../processes/ask-nimbus.ts";
import { deafDaemons } from "../processes/deaf-daemons.ts";
import { roleOf } from "../zookeeper-ensemble/servers.ts";
import type { Place } from "./place.ts";
import { listProcesses, type ProcessRow } from "./processes.ts";

export interface ClusterStatus {
  readonly name: string;
  /** All parts are well. */
  readonly well: boolean;
  readonly parts: readonly { readonly well: boolean; readonly text: string }[];
  readonly topologies: readonly TopologyStatus[];
}

export interface TopologyStatus {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  readonly workers: number;
  readonly executors: number;
  readonly uptimeSecs: number;
  /** Of the scheduler, in its words. */
  readonly scheduling: string;
  /** Of the last ten minutes, the newest of each component. */
  readonly errors: readonly ComponentError[];
}

export interface ComponentError {
  readonly component: string;
  readonly secondsAgo: number;
  /** Its first line. */
  readonly text: string;
}

/** As long as Storm's UI shows an error as new. */
const freshSecs = 600;

export async function clusterStatus(place: Place, layout: ClusterLayout): Promise<ClusterStatus> {
  const [rows, summary, zookeeper, drpc, ui] = await Promise.all([
    listProcesses(place, layout),
    clusterSummary(place.runtime, layout),
    zooKeeperPart(place, layout),
    drpcParts(place, layout),
    uiParts(place, layout),
  ]);
  const parts = [zookeeper, nimbusPart(summary), supervisorsPart(layout, summary), ...drpc, ...ui, processesPart(rows)];
  const errors = await Promise.all((summary?.topologies ?? []).map(({ id }) => freshErrors(place, layout, id)));
  const topologies = (summary?.topologies ?? []).map((topology, index) => ({
    name: topology.name,
    id: topology.id,
    status: topology.status,
    workers: topology.num_workers,
    executors: topology.num_executors,
    uptimeSecs: topology.uptime_secs,
    scheduling: topology.sched_status ?? "",
    errors: errors[index] ?? [],
  }));
  return { name: layout.spec.name, well: parts.every(({ well }) => well), parts, topologies };
}

async function freshErrors({ runtime }: Place, layout: ClusterLayout, id: string): Promise<ComponentError[]> {
  const newest = (await newestErrors(runtime, layout, id)) ?? new Map<string, never>();
  const nowSecs = runtime.clock.nowMs() / 1000;
  return [...newest]
    .map(([component, { error, error_time_secs }]) => ({
      component,
      secondsAgo: Math.max(0, Math.round(nowSecs - error_time_secs)),
      text: error.split("\n")[0] ?? "",
    }))
    .filter(({ secondsAgo }) => secondsAgo <= freshSecs);
}

async function zooKeeperPart({ runtime }: Place, { ensemble }: ClusterLayout) {
  const roles = await Promise.all(
    ensemble.seats.map(async (seat) => ({ id: seat.id, role: await roleOf(runtime, seat) })),
  );
  const leader = roles.find(({ role }) => role === "leader" || role === "standalone");
  const serving = roles.filter(({ role }) => role !== "looking").length;
  const text =
    leader === undefined
      ? `ZooKeeper: no majority serves (${serving} of ${roles.length} answer)`
      : `ZooKeeper: ${serving} of ${roles.length} serve, server ${leader.id} leads`;
  return { well: leader !== undefined && serving === roles.length, text };
}

function nimbusPart(summary: ClusterSummary | null) {
  const leader = summary?.nimbuses.find(({ isLeader }) => isLeader);
  if (summary === null || leader === undefined) return { well: false, text: "nimbus: none leads" };
  const others = summary.nimbuses.length - 1;
  const waiting = others === 0 ? "" : `, ${others} more ready to take over`;
  return { well: true, text: `nimbus: ${leader.host}:${leader.port} leads${waiting}` };
}

function supervisorsPart({ spec }: ClusterLayout, summary: ClusterSummary | null) {
  const supervisors = summary?.supervisors ?? [];
  const slots = supervisors.reduce((sum, { num_workers }) => sum + num_workers, 0);
  const used = supervisors.reduce((sum, { num_used_workers }) => sum + num_used_workers, 0);
  const text = `supervisors: ${supervisors.length} of ${spec.supervisors.count}, ${used} of ${slots} slots used`;
  return { well: supervisors.length === spec.supervisors.count, text };
}

async function drpcParts({ runtime }: Place, layout: ClusterLayout) {
  const { count } = layout.spec.drpc;
  if (count === 0) return [];
  const deaf = await deafDaemons(runtime, layout, "drpc");
  return [{ well: deaf.length === 0, text: `DRPC: ${count - deaf.length} of ${count} take calls` }];
}

async function uiParts({ runtime }: Place, layout: ClusterLayout) {
  const urls = uiUrls(layout);
  if (urls.length === 0) return [];
  const deaf = await deafDaemons(runtime, layout, "ui");
  const shown = urls.filter((url) => !deaf.some((place) => url.includes(place)));
  return [{ well: deaf.length === 0, text: `UI: ${shown.length === 0 ? "it does not answer" : shown.join("  ")}` }];
}

function processesPart(rows: readonly ProcessRow[]) {
  const bad = rows.filter(({ state }) => state !== "running");
  if (bad.length === 0) return { well: true, text: `processes: ${rows.length} run` };
  return { well: false, text: `processes: ${bad.map(({ id, state }) => `${id} is ${state}`).join(", ")}` };
}

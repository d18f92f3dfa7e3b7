/** Asks a cluster of this machine for the facts that the checks are about: its files, its servers, its nimbus, its logs. */
import {
  askAnyNimbus,
  type ClusterLayout,
  listProcesses,
  networkFaults,
  type Place,
  serverRole,
} from "../../provision/index.ts";
import { messageOf, type Runtime } from "../base/index.ts";
import { readStormConf } from "../conf/index.ts";
import type { ClusterSummary, TopologyInfo, TopologySummary } from "../wire/thrift/index.ts";
import type { ClusterFacts, NodeFacts, ServerFacts, TopologyFacts, WorkerExits } from "./cluster-checks.ts";

/** Older errors and exits are history. */
const freshMs = 10 * 60_000;
/** A log is read from its end. */
const tailBytesMax = 256 * 1024;
/** As Storm's UI calls ten minutes. */
const window = "600";
const sharedKeys = ["storm.zookeeper.servers", "storm.zookeeper.port", "storm.zookeeper.root"];

export async function gatherClusterFacts(place: Place, layout: ClusterLayout): Promise<ClusterFacts> {
  const { runtime } = place;
  const [processes, faults, servers, nodes, summary] = await Promise.all([
    listProcesses(place, layout),
    networkFaults(place, layout),
    Promise.all(layout.ensemble.seats.map((seat) => serverFacts(runtime, seat))),
    Promise.all(layout.nodes.map((node) => nodeFacts(runtime, node))),
    askAnyNimbus(runtime, layout, (calls) => calls.getClusterInfo()),
  ]);
  const exits = await Promise.all(layout.nodes.map((node) => workerExits(runtime, node)));
  const running = (summary?.topologies ?? []).map(({ id }) => id);
  return {
    name: layout.spec.name,
    processes,
    faults: faults.length,
    servers,
    nodes: nodes.filter((node) => node !== null),
    nimbusLeads: summary?.nimbuses.some(({ isLeader }) => isLeader) === true,
    supervisors: supervisorsOf(summary),
    topologies: await Promise.all(
      (summary?.topologies ?? []).map((topology) => topologyFacts(runtime, layout, topology)),
    ),
    exits: exits.flat().filter(({ logFile }) => running.some((id) => logFile.includes(`/${id}/`))),
  };
}

function supervisorsOf(summary: ClusterSummary | null): ClusterFacts["supervisors"] {
  return (summary?.supervisors ?? []).map(({ host, num_workers: slots, num_used_workers: usedSlots }) => ({
    host,
    slots,
    usedSlots,
  }));
}

async function serverFacts(runtime: Runtime, seat: ClusterLayout["ensemble"]["seats"][number]): Promise<ServerFacts> {
  const { id, configFile, dataDir } = seat;
  const myidFile = `${dataDir}/myid`;
  const config = (await tailOf(runtime, configFile)) ?? "";
  const myid = (await tailOf(runtime, myidFile))?.trim() ?? null;
  const serverLines = (config.match(/^server\.\d+\s*=.*$/gm) ?? []).map((line) => line.replaceAll(/\s/g, "")).sort();
  return { id, role: await serverRole(runtime, seat), myid, myidFile, configFile, serverLines };
}

/** Null: no daemon that reads one is on it. */
async function nodeFacts(
  runtime: Runtime,
  { name, address, stormYaml }: ClusterLayout["nodes"][number],
): Promise<NodeFacts | null> {
  if ((await runtime.fs.stat(stormYaml)) === null) return null;
  try {
    const { conf } = await readStormConf(runtime, { file: stormYaml, candidates: [], overrides: [] });
    const shared = Object.fromEntries(sharedKeys.map((key) => [key, JSON.stringify(conf.get(key))]));
    return { name, address, stormYaml, problem: null, shared };
  } catch (error) {
    return { name, address, stormYaml, problem: messageOf(error), shared: {} };
  }
}

async function topologyFacts(
  runtime: Runtime,
  layout: ClusterLayout,
  summary: TopologySummary,
): Promise<TopologyFacts> {
  const { id, name, status } = summary;
  const found = await askAnyNimbus(runtime, layout, async (calls) => ({
    conf: JSON.parse(await calls.getTopologyConf({ id })) as Readonly<Record<string, unknown>>,
    info: await calls.getTopologyInfoWithOpts({ id, options: { num_err_choice: "ONE" } }),
  }));
  const wantedWorkers = Number(found?.conf["topology.workers"] ?? 1);
  const nowMs = runtime.clock.nowMs();
  const errors = found === null ? [] : freshErrors(found.info, nowMs);
  return { name, status, wantedWorkers, workers: summary.num_workers, errors, failed: failures(found?.info ?? null) };
}

function freshErrors({ errors }: TopologyInfo, nowMs: number): TopologyFacts["errors"] {
  return [...errors]
    .flatMap(([component, [newest]]) => (newest === undefined ? [] : [{ component, ...newest }]))
    .map(({ component, error, error_time_secs, host, port }) => ({
      component,
      host: host ?? "?",
      port: port ?? 0,
      secondsAgo: Math.max(0, Math.round(nowMs / 1000 - error_time_secs)),
      text: firstLine(error),
    }))
    .filter(({ secondsAgo }) => secondsAgo * 1000 <= freshMs);
}

function failures(info: TopologyInfo | null): ReadonlyMap<string, number> {
  const failed = new Map<string, number>();
  for (const { component_id: id, stats } of info?.executors ?? []) {
    const streams = stats?.specific.spout?.failed.get(window);
    const count = [...(streams?.values() ?? [])].reduce((sum, more) => sum + more, 0);
    if (count > 0) failed.set(id, (failed.get(id) ?? 0) + count);
  }
  return failed;
}

const exit =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.\d+ .*Worker process \S+ on port (\d+) exited with (?!code: (?:0|143)\b)/gm;

/** From the supervisor's own log. Ends that it wished for are none of it. */
async function workerExits(runtime: Runtime, { name, folder }: ClusterLayout["nodes"][number]): Promise<WorkerExits[]> {
  const log = (await tailOf(runtime, `${folder}/logs/supervisor.log`)) ?? "";
  const nowMs = runtime.clock.nowMs();
  const counts = new Map<string, number>();
  for (const [, time = "", port = ""] of log.matchAll(exit)) {
    // Daemons write the time of the machine's own zone.
    if (nowMs - new Date(time.replace(" ", "T")).getTime() <= freshMs) counts.set(port, (counts.get(port) ?? 0) + 1);
  }
  return Promise.all([...counts].map(([port, count]) => exitsOf(runtime, { name, folder }, port, count)));
}

async function exitsOf(
  runtime: Runtime,
  { name, folder }: Pick<ClusterLayout["nodes"][number], "name" | "folder">,
  port: string,
  count: number,
): Promise<WorkerExits> {
  const artifacts = `${folder}/logs/workers-artifacts`;
  let newest = { logFile: `${folder}/logs/supervisor.log`, modifiedMs: 0 };
  for (const topologyId of await runtime.fs.list(artifacts).catch(() => [])) {
    const logFile = `${artifacts}/${topologyId}/${port}/worker.log`;
    const { modifiedMs } = (await runtime.fs.stat(logFile)) ?? { modifiedMs: -1 };
    if (modifiedMs > newest.modifiedMs) newest = { logFile, modifiedMs };
  }
  const lines = ((await tailOf(runtime, newest.logFile)) ?? "").split("\n");
  const lastError = lines.findLast((line) => line.includes("[ERROR]")) ?? "";
  return { slot: `${name}:${port}`, count, lastError: lastError.replace(/^.*\[ERROR\] /, ""), logFile: newest.logFile };
}

/** Null: there is no such file, or it cannot be read. */
export async function tailOf({ fs }: Runtime, path: string, bytesMax = tailBytesMax): Promise<string | null> {
  const size = (await fs.stat(path))?.size ?? null;
  if (size === null) return null;
  try {
    const file = await fs.open(path, "read");
    try {
      const bytes = Buffer.alloc(Math.min(size, bytesMax));
      const count = await file.read(bytes, Math.max(0, size - bytesMax));
      return bytes.subarray(0, count).toString("utf8");
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

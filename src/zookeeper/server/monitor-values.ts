/** What `mntr` and the admin command `monitor` tell, by ZooKeeper's names for it. Source: ServerMetrics, QuorumPeer of ZooKeeper 3.8. */
import type { FileSystem } from "../../base/index.ts";
import type { ZooKeeperServer } from "./server.ts";
import { javaDouble, nodeCount } from "./server-report.ts";
import type { Summary } from "./summary.ts";
import { versionText } from "./version.ts";

type Value = readonly [key: string, value: string | number];
/** Times stand for several values. */
export type Measured = readonly [key: string, value: string | number | Summary];

/** Without the prefix `zk_`. */
export async function monitorValues(server: ZooKeeperServer): Promise<Value[]> {
  const measured = await measuredValues(server);
  return measured.flatMap(([key, value]) => (typeof value === "object" ? summary(key, value) : [[key, value]]));
}

/** The same, with times that are not summed up yet. */
export async function measuredValues(server: ZooKeeperServer): Promise<Measured[]> {
  const { stats, role, database } = server;
  const files = await fileDescriptors(server.runtime.fs);
  return [
    ["version", versionText],
    ["server_state", role?.mode ?? "none"],
    ["ephemerals_count", server.tree.ephemeralCount],
    ["num_alive_connections", server.connections.size],
    ["avg_latency", javaDouble(stats.latency.average)],
    ["outstanding_requests", role?.outstandingCount ?? 0],
    ["znode_count", nodeCount(server)],
    ["global_sessions", database.sessions.size],
    ["local_sessions", 0],
    ["packets_sent", stats.packetsSent],
    ["packets_received", stats.packetsReceived],
    ["watch_count", server.watches.summary().watches],
    ["min_latency", stats.latency.min],
    ["max_latency", stats.latency.max],
    ["max_file_descriptor_count", files.max],
    ["open_file_descriptor_count", files.open],
    ["approximate_data_size", server.tree.approximateDataBytes],
    ["last_client_response_size", stats.responses.last],
    ["max_client_response_size", stats.responses.max],
    ["min_client_response_size", stats.responses.min],
    ["uptime", Math.round(server.runtime.clock.nowMs() - server.startedMs)],
    ["bytes_received_count", stats.bytesReceived],
    ["response_bytes", stats.responseBytes],
    ["connection_request_count", stats.connectionRequests],
    ["connection_revalidate_count", stats.connectionRevalidations],
    ["connection_rejected", stats.connectionsRejected],
    ["sessionless_connections_expired", stats.sessionlessExpired],
    ["stale_sessions_expired", stats.sessionsExpired],
    ["readlatency", stats.readLatency],
    ["updatelatency", stats.updateLatency],
    ["fsynctime", database.fsyncTimes],
    ["snapshottime", database.snapshotTimes],
    ...(role?.mode === "leader" ? proposalSizes(server) : []),
    ...(role?.monitor() ?? []),
  ];
}

function proposalSizes({ stats }: ZooKeeperServer): Value[] {
  const { last, min, max } = stats.proposals;
  return [
    ["last_proposal_size", last],
    ["min_proposal_size", min],
    ["max_proposal_size", max],
  ];
}

function summary(name: string, times: Summary): Value[] {
  return [
    [`avg_${name}`, javaDouble(times.average)],
    [`min_${name}`, Math.round(times.min)],
    [`max_${name}`, Math.round(times.max)],
    [`cnt_${name}`, times.count],
    [`sum_${name}`, Math.round(times.sum)],
  ];
}

/** Of this process, where the system tells; −1 elsewhere. */
async function fileDescriptors(fs: FileSystem): Promise<{ readonly open: number; readonly max: number }> {
  try {
    const open = (await fs.list("/proc/self/fd")).length;
    const limits = Buffer.from(await fs.readFile("/proc/self/limits")).toString("utf8");
    return { open, max: Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? -1) };
  } catch {
    return { open: -1, max: -1 };
  }
}

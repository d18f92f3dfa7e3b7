/** What a server knows of itself, as data: the four-letter words and the admin commands are two ways to write it down. */
import type { FileSystem } from "../../base/index.ts";
import type { SessionId } from "../../wire/zookeeper/index.ts";
import type { Connection } from "./connection.ts";
import { versionFolder } from "./file-database.ts";
import type { ZooKeeperServer } from "./server.ts";
import { versionText } from "./version.ts";

/** Nodes as ZooKeeper counts them: its map holds the root under two names. */
export function nodeCount(server: ZooKeeperServer): number {
  return server.tree.nodes.size + 1;
}

export function isServing(server: ZooKeeperServer): boolean {
  return server.role !== null;
}

/** Java prints a whole double with one decimal; averages are rounded to four. */
export function javaDouble(value: number): string {
  const rounded = Math.round(value * 10_000) / 10_000;
  return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded);
}

/** `Mon Nov 23 19:01:38 UTC 2026` */
export function javaDate(timeMs: number): string {
  const [weekday, day, month, year, time] = new Date(timeMs).toUTCString().replace(",", "").split(" ");
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}

/** `mntr` in its order, without the prefix `zk_`. */
export async function monitorValues(
  server: ZooKeeperServer,
): Promise<(readonly [key: string, value: string | number])[]> {
  const { stats, role } = server;
  const files = await fileDescriptors(server.runtime.fs);
  const watches = server.watches.summary();
  const { fsyncCount, fsyncMsTotal } = server.database;
  const values: (readonly [string, string | number])[] = [
    ["version", versionText],
    ["server_state", role?.mode ?? "none"],
    ["ephemerals_count", server.tree.ephemeralCount],
    ["num_alive_connections", server.connections.size],
    ["avg_latency", javaDouble(stats.latencyMsAverage)],
    ["outstanding_requests", role?.outstandingCount ?? 0],
    ["znode_count", nodeCount(server)],
    ["packets_sent", stats.packetsSent],
    ["packets_received", stats.packetsReceived],
    ["watch_count", watches.watches],
    ["min_latency", stats.latencyMsMin],
    ["max_latency", stats.latencyMsMax],
    ["max_file_descriptor_count", files.max],
    ["open_file_descriptor_count", files.open],
    ["approximate_data_size", server.tree.approximateDataBytes],
    ["local_sessions", 0],
    ["uptime", Math.round(server.runtime.clock.nowMs() - server.startedMs)],
    ["avg_fsynctime", javaDouble(fsyncCount === 0 ? 0 : fsyncMsTotal / fsyncCount)],
    ["cnt_fsynctime", fsyncCount],
    ["sum_fsynctime", Math.round(fsyncMsTotal)],
    ["connection_rejected", stats.connectionsRejected],
    ["stale_sessions_expired", stats.sessionsExpired],
  ];
  return [...values, ...(role?.monitor() ?? [])];
}

export interface ConnectionReport {
  readonly remote: string;
  readonly interestOps: number;
  readonly queued: number;
  readonly received: number;
  readonly sent: number;
  /** Null before the session is established. */
  readonly session: {
    readonly id: SessionId;
    readonly lastOp: string;
    readonly establishedMs: number;
    readonly timeoutMs: number;
    readonly lastCxid: number;
    readonly lastZxid: number;
    readonly lastLatencyMs: number;
    readonly minLatencyMs: number;
    readonly averageLatencyMs: number;
    readonly maxLatencyMs: number;
  } | null;
}

export function connectionReport(connection: Connection): ConnectionReport {
  const { socket, counters } = connection;
  return {
    remote: `/${connection.address}:${socket.remotePort}`,
    interestOps: connection.state === "open" ? 1 : 0,
    queued: connection.queuedCount,
    received: counters.packetsReceived,
    sent: counters.packetsSent,
    session:
      connection.state !== "open"
        ? null
        : {
            id: connection.sessionId,
            lastOp: counters.lastOp,
            establishedMs: connection.establishedMs,
            timeoutMs: connection.timeoutMs,
            lastCxid: counters.lastCxid,
            lastZxid: counters.lastZxid,
            lastLatencyMs: counters.lastLatencyMs,
            minLatencyMs: counters.minLatencyMs,
            averageLatencyMs: counters.averageLatencyMs,
            maxLatencyMs: counters.maxLatencyMs,
          },
  };
}

/** `conf` without sizes: name and value in ZooKeeper's order. Ensemble keys only where there is one. */
export function configurationValues(server: ZooKeeperServer, serverId: number): (readonly [string, string | number])[] {
  const { config } = server;
  return [
    ["clientPort", server.clientPort ?? -1],
    ["secureClientPort", -1],
    ["dataDir", `${config.dataDir}/${versionFolder}`],
    ["dataLogDir", `${config.dataLogDir}/${versionFolder}`],
    ["tickTime", config.tickTimeMs],
    ["maxClientCnxns", config.maxClientCnxns],
    ["minSessionTimeout", config.minSessionTimeoutMs],
    ["maxSessionTimeout", config.maxSessionTimeoutMs],
    ["clientPortListenBacklog", -1],
    ["serverId", serverId],
  ];
}

export async function folderBytes(fs: FileSystem, directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await fs.list(directory)) bytes += (await fs.stat(`${directory}/${name}`))?.size ?? 0;
  return bytes;
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

/** `envi`: there is no JVM; its keys say what stands in its place. */
export function environmentValues(): (readonly [string, string])[] {
  return [
    ["zookeeper.version", versionText],
    ["host.name", "localhost"],
    ["node.version", process.version],
    ["os.name", process.platform],
    ["os.arch", process.arch],
    ["user.dir", process.cwd()],
  ];
}

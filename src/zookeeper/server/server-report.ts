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

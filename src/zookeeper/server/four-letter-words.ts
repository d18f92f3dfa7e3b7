/** The four-letter words: four bytes on the client port instead of a packet, text back, then the end. Source: 3.8's server/command. */
import type { Connection } from "./connection.ts";
import { versionFolder } from "./file-database.ts";
import { monitorValues } from "./monitor-values.ts";
import type { ZooKeeperServer } from "./server.ts";
import {
  configurationValues,
  connectionReport,
  environmentValues,
  folderBytes,
  isServing,
  javaDate,
  javaDouble,
  nodeCount,
} from "./server-report.ts";
import { sessionHex } from "./session-tracker.ts";
import { versionText } from "./version.ts";

const notServing = "This ZooKeeper instance is not currently serving requests\n";
type Answer = string | Promise<string>;

const words: ReadonlyMap<string, (server: ZooKeeperServer) => Answer> = new Map<
  string,
  (server: ZooKeeperServer) => Answer
>([
  ["conf", (server) => whenServing(server, () => configuration(server))],
  ["cons", (server) => whenServing(server, () => `${connectionLines(server)}\n`)],
  ["crst", (server) => whenServing(server, () => resetConnections(server))],
  ["dirs", (server) => whenServing(server, () => directories(server))],
  ["dump", (server) => whenServing(server, () => dump(server))],
  [
    "envi",
    () =>
      `Environment:\n${environmentValues()
        .map(([key, value]) => `${key}=${value}\n`)
        .join("")}`,
  ],
  ["gtmk", (server) => String(server.traceMask)],
  ["hash", (server) => whenServing(server, () => "\n")],
  ["isro", (server) => (isServing(server) ? (server.role?.mode === "read-only" ? "ro" : "rw") : "null")],
  ["mntr", (server) => whenServing(server, () => monitor(server))],
  ["ruok", () => "imok"],
  ["srst", (server) => whenServing(server, () => resetStats(server))],
  ["srvr", (server) => whenServing(server, () => `Zookeeper version: ${versionText}\n${serverLines(server)}`)],
  ["stat", (server) => whenServing(server, () => statistics(server))],
  ["stmk", (server) => String(server.traceMask)],
  ["wchc", (server) => whenServing(server, () => watchesBySession(server))],
  ["wchp", (server) => whenServing(server, () => watchesByPath(server))],
  ["wchs", (server) => whenServing(server, () => watchSummary(server))],
]);

const wordsByNumber = new Map([...words.keys()].map((word) => [Buffer.from(word, "latin1").readInt32BE(0), word]));

/** The word that these four bytes spell, or null. */
export function wordOf(number: number): string | null {
  return wordsByNumber.get(number) ?? null;
}

export function answerWord(server: ZooKeeperServer, word: string): Answer {
  const allowed = server.config.fourLetterWords;
  if (!allowed.has("*") && !allowed.has(word)) return `${word} is not executed because it is not in the whitelist.\n`;
  return words.get(word)?.(server) ?? "";
}

function whenServing(server: ZooKeeperServer, answer: () => Answer): Answer {
  return isServing(server) ? answer() : notServing;
}

function serverLines(server: ZooKeeperServer): string {
  const { stats, role } = server;
  const { latency, proposals } = stats;
  const lines = [
    `Latency min/avg/max: ${latency.min}/${javaDouble(latency.average)}/${latency.max}`,
    `Received: ${stats.packetsReceived}`,
    `Sent: ${stats.packetsSent}`,
    `Connections: ${server.connections.size}`,
    `Outstanding: ${role?.outstandingCount ?? 0}`,
    `Zxid: 0x${server.lastZxid.toString(16)}`,
    `Mode: ${role?.mode ?? "none"}`,
    `Node count: ${nodeCount(server)}`,
  ];
  if (role?.mode === "leader") {
    lines.push(`Proposal sizes last/min/max: ${proposals.last}/${proposals.min}/${proposals.max}`);
  }
  return `${lines.join("\n")}\n`;
}

function statistics(server: ZooKeeperServer): string {
  const clients = [...server.connections].map((connection) => ` ${briefLine(connection)}\n`).join("");
  return `Zookeeper version: ${versionText}\nClients:\n${clients}\n${serverLines(server)}`;
}

function briefLine(connection: Connection): string {
  const report = connectionReport(connection);
  return `${report.remote}[${report.interestOps}](queued=${report.queued},recved=${report.received},sent=${report.sent})`;
}

function connectionLines(server: ZooKeeperServer): string {
  return [...server.connections].map((connection) => ` ${fullLine(connection)}\n`).join("");
}

function fullLine(connection: Connection): string {
  const { session } = connectionReport(connection);
  const brief = briefLine(connection);
  if (session === null) return brief;
  return (
    `${brief.slice(0, -1)},sid=0x${sessionHex(session.id)},lop=${session.lastOp},est=${Math.round(session.establishedMs)},` +
    `to=${session.timeoutMs},lcxid=0x${(session.lastCxid >>> 0).toString(16)},lzxid=0x${session.lastZxid.toString(16)},` +
    `lresp=${Math.round(connection.lastHeardMs)},llat=${session.lastLatencyMs},minlat=${session.minLatencyMs},` +
    `avglat=${session.averageLatencyMs},maxlat=${session.maxLatencyMs})`
  );
}

function resetConnections(server: ZooKeeperServer): string {
  for (const connection of server.connections) connection.counters.reset();
  return "Connection stats reset.\n";
}

function resetStats(server: ZooKeeperServer): string {
  server.stats.reset();
  return "Server stats reset.\n";
}

async function configuration(server: ZooKeeperServer): Promise<string> {
  const { dataDir, dataLogDir } = server.config;
  const dataBytes = await folderBytes(server.runtime.fs, `${dataDir}/${versionFolder}`);
  const logBytes = await folderBytes(server.runtime.fs, `${dataLogDir}/${versionFolder}`);
  const lines = configurationValues(server, server.serverId).flatMap(([key, value]) => {
    const line = `${key}=${value}`;
    if (key === "dataDir") return [line, `dataDirSize=${dataBytes}`];
    return key === "dataLogDir" ? [line, `dataLogSize=${logBytes}`] : [line];
  });
  return `${[...lines, ...server.ensembleLines].join("\n")}\n`;
}

async function directories(server: ZooKeeperServer): Promise<string> {
  const { dataDir, dataLogDir } = server.config;
  const dataBytes = await folderBytes(server.runtime.fs, `${dataDir}/${versionFolder}`);
  const logBytes = await folderBytes(server.runtime.fs, `${dataLogDir}/${versionFolder}`);
  return `datadir_size: ${dataBytes}\nlogdir_size: ${logBytes}\n`;
}

function dump(server: ZooKeeperServer): string {
  const nowMs = server.runtime.clock.nowMs();
  const buckets = new Map<number, string[]>();
  let count = 0;
  for (const { sessionId, inMs } of server.role?.sessionDeadlines() ?? []) {
    const at = Math.round(nowMs + inMs);
    buckets.set(at, [...(buckets.get(at) ?? []), `\t0x${sessionHex(sessionId)}\n`]);
    count++;
  }
  let text = `SessionTracker dump:\nSession Sets (${buckets.size})/(${count}):\n`;
  for (const [at, lines] of [...buckets].sort(([a], [b]) => a - b)) {
    text += `${lines.length} expire at ${javaDate(at)}:\n${lines.join("")}`;
  }
  text += `ephemeral nodes dump:\nSessions with Ephemerals (${server.tree.ephemerals.size}):\n`;
  for (const [sessionId, paths] of server.tree.ephemerals) {
    text += `0x${sessionHex(sessionId)}:\n${[...paths].map((path) => `\t${path}\n`).join("")}`;
  }
  text += `Connections dump:\nConnections Sets (1)/(${server.connections.size}):\n`;
  for (const connection of server.connections) {
    text += `\tip: /${connection.address}:${connection.socket.remotePort} sessionId: 0x${sessionHex(connection.sessionId)}\n`;
  }
  return text;
}

async function monitor(server: ZooKeeperServer): Promise<string> {
  return (await monitorValues(server)).map(([key, value]) => `zk_${key}\t${value}\n`).join("");
}

function watchSummary(server: ZooKeeperServer): string {
  const { watchers, paths, watches } = server.watches.summary();
  return `${watchers} connections watching ${paths} paths\nTotal watches:${watches}\n`;
}

function watchesByPath(server: ZooKeeperServer): string {
  let text = "";
  for (const [path, watchers] of server.watches.byPath()) {
    text += `${path}\n`;
    for (const connection of server.connections)
      if (watchers.has(connection)) text += `\t0x${sessionHex(connection.sessionId)}\n`;
  }
  return `${text}\n`;
}

function watchesBySession(server: ZooKeeperServer): string {
  const byPath = [...server.watches.byPath()];
  let text = "";
  for (const connection of server.connections) {
    const paths = byPath.filter(([, watchers]) => watchers.has(connection)).map(([path]) => `\t${path}\n`);
    if (paths.length > 0) text += `0x${sessionHex(connection.sessionId)}\n${paths.join("")}`;
  }
  return `${text}\n`;
}

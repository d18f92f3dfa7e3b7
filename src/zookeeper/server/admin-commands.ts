/** The admin commands by name, each a JSON object. Source: server/admin/Commands of ZooKeeper 3.8. */

import { isEnsemble } from "./config.ts";
import { epochOf } from "./epoch-files.ts";
import { versionFolder } from "./file-database.ts";
import { monitorValues } from "./monitor-values.ts";
import { numberedFiles } from "./recovery.ts";
import type { ZooKeeperServer } from "./server.ts";
import {
  type ConnectionReport,
  configurationValues,
  connectionReport,
  environmentValues,
  folderBytes,
  isServing,
  nodeCount,
} from "./server-report.ts";
import type { ServerSpec } from "./server-spec.ts";
import { sessionHex } from "./session-tracker.ts";
import type { Sizes } from "./summary.ts";
import { versionText } from "./version.ts";

type Json = Record<string, unknown>;
type Command = (server: ZooKeeperServer, query: URLSearchParams) => Json | Promise<Json>;

const notServing = "This ZooKeeper instance is not currently serving requests";

/** Those that answer without a quorum as well. */
const always: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["environment", () => Object.fromEntries(environmentValues())],
  ["get_trace_mask", (server) => ({ tracemask: server.traceMask })],
  ["initial_configuration", initialConfiguration],
  ["ruok", () => ({})],
  ["set_trace_mask", setTraceMask],
  ["system_properties", systemProperties],
  ["zabstate", zabState],
]);

const whenServing: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["configuration", configuration],
  ["connection_stat_reset", resetConnections],
  ["connections", (server) => ({ connections: connections(server), secure_connections: [] })],
  ["dirs", directories],
  ["dump", dump],
  ["hash", () => ({ digests: [] })],
  ["is_read_only", (server) => ({ read_only: server.role?.mode === "read-only" })],
  ["last_snapshot", lastSnapshot],
  ["leader", leader],
  ["monitor", monitor],
  ["observer_connection_stat_reset", resetObservers],
  ["observers", observers],
  ["server_stats", statistics],
  ["stat_reset", resetStats],
  ["stats", (server) => ({ ...statistics(server), connections: connections(server) })],
  ["voting_view", votingView],
  ["watch_summary", watchSummary],
  ["watches", watches],
  ["watches_by_path", watchesByPath],
]);

/** Each command's other names. */
const otherNames: Readonly<Record<string, string>> = {
  conf: "configuration",
  config: "configuration",
  cons: "connections",
  crst: "connection_stat_reset",
  env: "environment",
  envi: "environment",
  gtmk: "get_trace_mask",
  icfg: "initial_configuration",
  isro: "is_read_only",
  lead: "leader",
  lsnp: "last_snapshot",
  mntr: "monitor",
  obsr: "observers",
  orst: "observer_connection_stat_reset",
  srst: "stat_reset",
  srvr: "server_stats",
  stat: "stats",
  stmk: "set_trace_mask",
  sysp: "system_properties",
  wchc: "watches",
  wchp: "watches_by_path",
  wchs: "watch_summary",
};

export function adminCommandNames(): string[] {
  return [...always.keys(), ...whenServing.keys()].sort();
}

/** `query`: the request's, after the question mark. */
export async function runAdminCommand(server: ZooKeeperServer, asked: string, query: string): Promise<Json> {
  const name = Object.hasOwn(otherNames, asked) ? (otherNames[asked] ?? asked) : asked;
  const parameters = new URLSearchParams(query);
  const free = always.get(name);
  if (free !== undefined) return named(await free(server, parameters), name);
  const command = whenServing.get(name);
  if (command === undefined) return { command: name, error: `Unknown command: ${name}` };
  if (!isServing(server)) return { command: name, error: notServing };
  return named(await command(server, parameters), name);
}

function named(answer: Json, command: string): Json {
  return { ...answer, command, error: answer.error ?? null };
}

async function monitor(server: ZooKeeperServer): Promise<Json> {
  return Object.fromEntries((await monitorValues(server)).map(([key, value]) => [key, numeric(value)]));
}

function numeric(value: string | number): string | number {
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

function configuration(server: ZooKeeperServer): Json {
  const values = configurationValues(server, server.serverId).filter(([key]) => key !== "secureClientPort");
  return Object.fromEntries(values.map(([key, value]) => [snakeCase(key), value]));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

async function initialConfiguration(server: ZooKeeperServer): Promise<Json> {
  const { source } = server.config;
  const text = Buffer.from(await server.runtime.fs.readFile(source)).toString("utf8");
  // The hash of the super user's password is nobody's business here.
  return { initial_configuration: text.replace(/^(.*superDigest\s*[=:\s]).*$/gm, "$1***") };
}

function resetConnections(server: ZooKeeperServer): Json {
  for (const connection of server.connections) connection.counters.reset();
  return {};
}

function resetStats(server: ZooKeeperServer): Json {
  server.stats.reset();
  return {};
}

function setTraceMask(server: ZooKeeperServer, query: URLSearchParams): Json {
  const given = query.get("traceMask");
  if (given === null) return { error: "setTraceMask requires long traceMask argument" };
  if (!/^[+-]?\d{1,15}$/.test(given)) return { error: `setTraceMask requires long traceMask argument, got ${given}` };
  server.traceMask = Number(given);
  return { tracemask: server.traceMask };
}

/** Those that a JVM and this process both have; the rest of a JVM's stands for nothing here. */
function systemProperties(): Json {
  return Object.fromEntries(environmentValues().filter(([key]) => /^(os|user)\./.test(key)));
}

/** Only a leader has observers; the others answer nothing. */
function observers({ role }: ZooKeeperServer): Json {
  if (role?.observers === undefined) return {};
  return {
    synced_observers: role.observers.filter(({ synced }) => synced).length,
    observers: role.observers.map(({ remote, sid, establishedMs, counters }) => ({
      remote_socket_address: remote.slice(1),
      sid,
      established: new Date(establishedMs).toISOString(),
      packets_received: counters.packetsReceived,
      packets_sent: counters.packetsSent,
      requests: counters.requests,
      last_zxid: counters.lastZxid,
    })),
  };
}

function resetObservers({ role }: ZooKeeperServer): Json {
  for (const { counters } of role?.observers ?? []) counters.reset();
  return {};
}

function connections(server: ZooKeeperServer): Json[] {
  return [...server.connections].map((connection) => connectionJson(connectionReport(connection)));
}

function connectionJson(report: ConnectionReport): Json {
  const base = {
    remote_socket_address: report.remote.slice(1),
    interest_ops: report.interestOps,
    outstanding_requests: report.queued,
    packets_received: report.received,
    packets_sent: report.sent,
  };
  const { session } = report;
  if (session === null) return base;
  return {
    ...base,
    session_id: sessionText(session.id),
    last_operation: session.lastOp,
    established: new Date(session.establishedMs).toISOString(),
    session_timeout: session.timeoutMs,
    last_cxid: `0x${(session.lastCxid >>> 0).toString(16)}`,
    last_zxid: `0x${session.lastZxid.toString(16)}`,
    last_latency: session.lastLatencyMs,
    min_latency: session.minLatencyMs,
    avg_latency: session.averageLatencyMs,
    max_latency: session.maxLatencyMs,
  };
}

async function directories(server: ZooKeeperServer): Promise<Json> {
  const { dataDir, dataLogDir } = server.config;
  return {
    datadir_size: await folderBytes(server.runtime.fs, `${dataDir}/${versionFolder}`),
    logdir_size: await folderBytes(server.runtime.fs, `${dataLogDir}/${versionFolder}`),
  };
}

function dump(server: ZooKeeperServer): Json {
  const expiry: Record<string, string[]> = {};
  const nowMs = server.runtime.clock.nowMs();
  for (const { sessionId, inMs } of server.role?.sessionDeadlines() ?? []) {
    const at = String(Math.round(nowMs + inMs));
    expiry[at] = [...(expiry[at] ?? []), sessionText(sessionId)];
  }
  const ephemerals = [...server.tree.ephemerals].map(([id, paths]) => [sessionText(id), [...paths]]);
  return { expiry_time_to_session_ids: expiry, session_id_to_ephemeral_paths: Object.fromEntries(ephemerals) };
}

async function lastSnapshot(server: ZooKeeperServer): Promise<Json> {
  const { fs } = server.runtime;
  const newest = (await numberedFiles(fs, `${server.config.dataDir}/${versionFolder}`, "snapshot")).at(-1);
  if (newest === undefined) return { zxid: "-1", timestamp: -1 };
  const modifiedMs = (await fs.stat(newest.path))?.modifiedMs ?? 0;
  return { zxid: newest.zxid.toString(16), timestamp: Math.floor(modifiedMs / 1000) };
}

function leader(server: ZooKeeperServer): Json {
  const id = server.leaderId();
  if (id === null) return { error: "server is not initialized" };
  return {
    is_leader: server.role?.mode === "leader",
    leader_id: id,
    leader_ip: server.config.servers.get(id)?.host ?? "",
  };
}

/** Of a server alone there is none. */
function zabState(server: ZooKeeperServer): Json {
  const own = isEnsemble(server.config) ? server.config.servers.get(server.serverId) : undefined;
  if (own === undefined) return { voting: false, zabstate: "" };
  return {
    myid: server.serverId,
    is_leader: server.role?.mode === "leader",
    quorum_address: `${own.host}:${own.quorumPort}`,
    election_address: `${own.host}:${own.electionPort}`,
    client_address: `${server.config.clientAddress ?? own.client?.host ?? "0.0.0.0"}:${server.clientPort ?? -1}`,
    voting: own.type === "participant",
    last_zxid: `0x${server.lastZxid.toString(16)}`,
    zab_epoch: epochOf(server.lastZxid),
    zab_counter: server.lastZxid % 2 ** 32,
    zabstate: isServing(server) ? "broadcast" : "election",
  };
}

function statistics(server: ZooKeeperServer): Json {
  const { stats, role } = server;
  return {
    version: versionText,
    read_only: role?.mode === "read-only",
    server_stats: {
      packets_sent: stats.packetsSent,
      packets_received: stats.packetsReceived,
      last_processed_zxid: server.lastZxid,
      outstanding_requests: role?.outstandingCount ?? 0,
      server_state: role?.mode ?? "none",
      avg_latency: stats.latency.average,
      max_latency: stats.latency.max,
      min_latency: stats.latency.min,
      num_alive_client_connections: server.connections.size,
      uptime: Math.round(server.runtime.clock.nowMs() - server.startedMs),
    },
    client_response: sizes(stats.responses),
    ...(role?.mode === "leader" ? { proposal_stats: sizes(stats.proposals) } : {}),
    node_count: nodeCount(server),
  };
}

function sizes({ last, min, max }: Sizes): Json {
  return { last_buffer_size: last, min_buffer_size: min, max_buffer_size: max };
}

function votingView(server: ZooKeeperServer): Json {
  const voters = [...server.config.servers.values()].filter((spec) => spec.type === "participant");
  return { current_config: Object.fromEntries(voters.map((spec) => [spec.id, voterJson(spec)])) };
}

function voterJson(spec: ServerSpec): Json {
  return {
    server_addresses: [`${spec.host}:${spec.quorumPort}`],
    election_addresses: [`${spec.host}:${spec.electionPort}`],
    client_address: spec.client === null ? "" : `${spec.client.host ?? "0.0.0.0"}:${spec.client.port}`,
    learner_type: spec.type,
  };
}

function watchSummary(server: ZooKeeperServer): Json {
  const { watchers, paths, watches: total } = server.watches.summary();
  return { num_connections: watchers, num_paths: paths, num_total_watches: total };
}

function watches(server: ZooKeeperServer): Json {
  const bySession: Record<string, string[]> = {};
  for (const [path, watchers] of server.watches.byPath()) {
    for (const connection of server.connections) {
      if (!watchers.has(connection)) continue;
      const id = sessionText(connection.sessionId);
      bySession[id] = [...(bySession[id] ?? []), path];
    }
  }
  return { session_id_to_watched_paths: bySession };
}

function watchesByPath(server: ZooKeeperServer): Json {
  const byPath: Record<string, string[]> = {};
  for (const [path, watchers] of server.watches.byPath()) {
    byPath[path] = [...server.connections]
      .filter((each) => watchers.has(each))
      .map((each) => sessionText(each.sessionId));
  }
  return { path_to_session_ids: byPath };
}

/** Ids are text: JSON readers would round them. */
function sessionText(id: bigint): string {
  return `0x${sessionHex(id)}`;
}

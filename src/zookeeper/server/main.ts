/**
 * One server from its configuration to its end: database, client port, role, purge, admin port. The quorum part is loaded
 * only where zoo.cfg describes an ensemble.
 */
import { isStormLabError, messageOf, type Runtime } from "../../base/index.ts";
import { servePages } from "../../http/index.ts";
import { metricsPage } from "../../metrics/index.ts";
import { AdminServer } from "./admin-server.ts";
import { isEnsemble, parseZooConfig, type ZooConfig } from "./config.ts";
import { configError, electionPortError } from "./errors.ts";
import { FileDatabase, versionFolder } from "./file-database.ts";
import { readMyId } from "./my-id.ts";
import { Preparer } from "./preparer.ts";
import { prometheusFamilies } from "./prometheus-families.ts";
import { Purge } from "./purge.ts";
import { ZooKeeperServer } from "./server.ts";
import type { ServerSpec } from "./server-spec.ts";
import { SessionTracker } from "./session-tracker.ts";
import { StandaloneRole } from "./standalone.ts";
import { versionText } from "./version.ts";

export interface RunningServer {
  readonly server: ZooKeeperServer;
  readonly config: ZooConfig;
  /** The port clients reach; null when the configuration opens none. */
  readonly clientPort: number | null;
  /** Null without admin.enableServer. */
  readonly adminPort: number | null;
  /** Rejects when the server cannot go on; never resolves. */
  readonly failed: Promise<never>;
  /** Orderly: no client is answered any more, what was acknowledged is on disk. */
  stop(): Promise<void>;
}

/** Reads zoo.cfg at `path`. Throws SL-ZK-CONFIG-… errors. */
export async function readZooConfig(runtime: Runtime, path: string): Promise<ZooConfig> {
  runtime.log.info(`Reading configuration from: ${path}`);
  try {
    const text = Buffer.from(await runtime.fs.readFile(path)).toString("utf8");
    return parseZooConfig(text, path, process.platform === "win32");
  } catch (error) {
    throw isStormLabError(error) ? error : await unreadable(runtime, path, error);
  }
}

/** The first trouble of every tutorial: the sample was never renamed. */
async function unreadable(runtime: Runtime, path: string, error: unknown): Promise<unknown> {
  const slash = path.lastIndexOf("/");
  const sample = `${slash < 0 ? "" : path.slice(0, slash + 1)}zoo_sample.cfg`;
  if ((await runtime.fs.stat(path)) !== null) {
    return configError(
      "SL-ZK-CONFIG-READ",
      `${path} cannot be read: ${messageOf(error)}`,
      "it is no readable file",
      "check what it is and who may read it",
    );
  }
  const hasSample = (await runtime.fs.stat(sample)) !== null;
  return configError(
    "SL-ZK-CONFIG-READ",
    `${path} does not exist`,
    hasSample
      ? "only zoo_sample.cfg lies beside it: ZooKeeper reads zoo.cfg alone, so no server starts and clients are refused"
      : "the server has no configuration to read",
    hasSample
      ? `cp ${sample} ${path}`
      : "write a zoo.cfg with tickTime, dataDir and clientPort, or name another with --config",
  );
}

/**
 * Resolves when a standalone server serves, or a member of an ensemble looks for its leader. Ports come before folders: a
 * second server that was started by mistake must find out before it touches the files of the first.
 */
export async function startServer(runtime: Runtime, config: ZooConfig): Promise<RunningServer> {
  for (const warning of config.warnings) runtime.log.warn(warning);
  const ensemble = isEnsemble(config);
  const serverId = ensemble ? await readMyId(runtime, config) : 0;
  sayLimits(runtime, config);
  const listed = config.servers.get(serverId)?.type;
  if (ensemble && listed !== config.peerType) {
    runtime.log.warn(
      `Peer type from servers list (${listed}) doesn't match peerType (${config.peerType}). Defaulting to servers list.`,
    );
  }
  runtime.log.info(ensemble ? "Starting quorum peer" : "Starting server");
  const quorum = ensemble ? await import("./quorum/index.ts") : null;
  const configText = quorum?.configTextOf(config) ?? null;
  const database = new FileDatabase(runtime, { ...config, configText });
  const server = new ZooKeeperServer(runtime, config, database);
  server.serverId = serverId;
  server.ensembleLines = ensembleLines(config, serverId, configText);
  database.onFailure((error) => server.fail(error));
  const stops: (() => Promise<void> | void)[] = [() => server.close(), () => database.close()];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0)) await each();
  };
  try {
    const adminPort = await openPorts(runtime, config, server, stops);
    await database.load();
    const purge = new Purge(runtime, database, config.purge);
    stops.unshift(() => purge.close());
    if (quorum === null) serveStandalone(runtime, config, server, database);
    else {
      const peer = new quorum.QuorumPeer({ runtime, config, myId: serverId, database, host: server });
      server.leaderId = () => peer.leaderSid;
      const ended = peer.run().catch((error: unknown) => server.fail(error));
      stops.unshift(() => {
        peer.close();
        return ended;
      });
    }
    return { server, config, clientPort: server.clientPort, adminPort, failed: server.failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function sayLimits({ log }: Runtime, config: ZooConfig): void {
  log.info(`Server environment:zookeeper.version=${versionText}`);
  log.info(`tickTime set to ${config.tickTimeMs} ms`);
  log.info(`minSessionTimeout set to ${config.minSessionTimeoutMs} ms`);
  log.info(`maxSessionTimeout set to ${config.maxSessionTimeoutMs} ms`);
  log.info(`datadir ${config.dataLogDir}/${versionFolder} snapdir ${config.dataDir}/${versionFolder}`);
}

/** What `conf` says besides in an ensemble. Source: QuorumPeer's part of ZooKeeperServerConf in 3.8. */
function ensembleLines(config: ZooConfig, serverId: number, membership: string | null): string[] {
  const own = config.servers.get(serverId);
  if (membership === null || own === undefined) return [];
  return [
    `initLimit=${config.initLimit}`,
    `syncLimit=${config.syncLimit}`,
    "electionAlg=3",
    `electionPort=${own.electionPort}`,
    `quorumPort=${own.quorumPort}`,
    `peerType=${own.type === "observer" ? 1 : 0}`,
    "membership: ",
    ...membership.split("\n"),
  ];
}

/** The client port, that of metrics and that of administration; gives the last one. The election port is only tried: the peer opens it. */
async function openPorts(
  runtime: Runtime,
  config: ZooConfig,
  server: ZooKeeperServer,
  stops: (() => Promise<void> | void)[],
): Promise<number | null> {
  const own = config.servers.get(server.serverId) ?? [...config.servers.values()][0];
  const port = config.clientPort ?? own?.client?.port ?? null;
  if (port !== null) await server.listen(port, config.clientAddress ?? own?.client?.host ?? null);
  if (isEnsemble(config) && own !== undefined) await tryElectionPort(runtime, config, own);
  if (config.metrics !== null) {
    const metrics = await openMetrics(runtime, config.metrics, server);
    stops.unshift(async () => void (await metrics[Symbol.asyncDispose]()));
  }
  if (!config.admin.enabled) return null;
  const admin = await AdminServer.open(runtime, server, config.admin);
  stops.unshift(() => admin.close());
  return admin.port;
}

/** Source: PrometheusMetricsProvider of 3.8. */
async function openMetrics(
  runtime: Runtime,
  place: NonNullable<ZooConfig["metrics"]>,
  server: ZooKeeperServer,
): Promise<AsyncDisposable> {
  const { log } = runtime;
  log.info(`Starting /metrics HTTP endpoint at host: ${place.host ?? "0.0.0.0"}, port: ${place.port}`);
  const page = metricsPage(runtime, () => prometheusFamilies(server));
  const options = { name: "ZooKeeper's metrics", portKey: "metricsProvider.httpPort", ...place };
  return servePages(runtime, options, { "/metrics": page });
}

async function tryElectionPort(runtime: Runtime, config: ZooConfig, own: ServerSpec): Promise<void> {
  const host = config.quorumListenOnAllIps ? {} : { host: own.host };
  try {
    await (await runtime.net.listen({ port: own.electionPort, ...host }, (socket) => socket.destroy())).close();
  } catch (error) {
    throw electionPortError(error, own.host, own.electionPort, own.id);
  }
}

function serveStandalone(runtime: Runtime, config: ZooConfig, server: ZooKeeperServer, database: FileDatabase): void {
  const sessions = new SessionTracker(config.tickTimeMs, runtime.clock.monotonicMs());
  const { extendedTypesEnabled, enforceQuota, skipAcl } = config;
  const preparer = new Preparer(database.tree, sessions, { extendedTypesEnabled, enforceQuota, skipAcl });
  server.serve(
    new StandaloneRole(runtime, {
      host: server,
      database,
      sessions,
      preparer,
      reaper: { checkMs: config.containerCheckMs, perMinute: config.containersPerMinute },
    }),
  );
}

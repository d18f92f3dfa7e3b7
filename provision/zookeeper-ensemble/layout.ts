/**
 * The tutorial's pseudo-distributed ensemble as data and text: folders, ports, each server's zoo.cfg. Pure.
 *
 *   zk-cluster/8001/{conf/zoo.cfg, bin/zkServer.sh, logs/}   zk-data/8001/{data/myid, log/}   and so for 8002, 8003 …
 */
import { exitCodes, StormLabError } from "../../src/base/index.ts";

export interface EnsembleLayout {
  readonly dir: string;
  readonly tickTimeMs: number;
  /** Server N serves metrics on this port and N; null: no server does. */
  readonly metricsBase: number | null;
  readonly seats: readonly Seat[];
}

/** The place of one server. */
export interface Seat {
  /** 1, 2, 3 …, as in its myid. */
  readonly id: number;
  readonly clientPort: number;
  readonly quorumPort: number;
  readonly electionPort: number;
  /** `zk-cluster/800N`, absolute like all paths here. */
  readonly home: string;
  readonly configFile: string;
  readonly scriptFile: string;
  readonly outputFile: string;
  readonly dataDir: string;
  readonly dataLogDir: string;
  /** Where ZooKeeper's own zkServer.sh keeps it. */
  readonly pidFile: string;
}

/** Their number is one digit of the folder names and the ports. */
export const serversMax = 9;
export const clusterFolder = "zk-cluster";

const tutorialPorts = { client: 2180, quorum: 8000, election: 9000 } as const;
const portsPerBlock = 10;

/** With `portBase` P the ports are P+1… for clients, P+11… for the quorum, P+21… for the election. */
export function layoutEnsemble(
  dir: string,
  servers: number,
  portBase: number | null,
  tickTimeMs: number,
  metricsBase: number | null = null,
): EnsembleLayout {
  const base =
    portBase === null
      ? tutorialPorts
      : { client: portBase, quorum: portBase + portsPerBlock, election: portBase + 2 * portsPerBlock };
  const seats = Array.from({ length: servers }, (_, index) => {
    const id = index + 1;
    const ports = { clientPort: base.client + id, quorumPort: base.quorum + id, electionPort: base.election + id };
    return { ...seatFiles(dir, id), ...ports };
  });
  return { dir, tickTimeMs, metricsBase, seats };
}

/** Null: it serves none. */
export function metricsPortOf({ metricsBase }: EnsembleLayout, { id }: Seat): number | null {
  return metricsBase === null ? null : metricsBase + id;
}

export function seatFiles(dir: string, id: number): Omit<Seat, "clientPort" | "quorumPort" | "electionPort"> {
  const name = folderName(id);
  const home = `${dir}/${clusterFolder}/${name}`;
  const data = `${dir}/zk-data/${name}`;
  return {
    id,
    home,
    configFile: `${home}/conf/zoo.cfg`,
    scriptFile: `${home}/bin/zkServer.sh`,
    outputFile: `${home}/logs/zookeeper.out`,
    dataDir: `${data}/data`,
    dataLogDir: `${data}/log`,
    pidFile: `${data}/data/zookeeper_server.pid`,
  };
}

/** The id of the server whose folder is called so; null for any other folder. */
export function idOfFolder(name: string): number | null {
  return /^800[1-9]$/.test(name) ? Number(name.slice(-1)) : null;
}

export function connectString(seats: readonly Seat[]): string {
  return seats.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(",");
}

/** As the tutorial writes it; below it, with reasons, what ZooKeeper's defaults lack in a class room. */
export function zooConfigText(layout: EnsembleLayout, seat: Seat): string {
  const servers = layout.seats.map(
    ({ id, quorumPort, electionPort }) => `server.${id}=127.0.0.1:${quorumPort}:${electionPort}`,
  );
  const metricsPort = metricsPortOf(layout, seat);
  return `# Server ${seat.id} of ${layout.seats.length}.
# The length of one tick in milliseconds.
tickTime=${layout.tickTimeMs}
# Ticks that a follower may take to connect to the leader and catch up with it.
initLimit=10
# Ticks between a request and its acknowledgement.
syncLimit=5
# Snapshots and myid.
dataDir=${seat.dataDir}
# The transaction log.
dataLogDir=${seat.dataLogDir}
# Where clients connect.
clientPort=${seat.clientPort}
# Every server: its number, its address, the port for followers, the port for electing a leader.
${servers.join("\n")}

# All four-letter words: tools ask srvr, mntr, cons and others; only srvr is allowed otherwise.
4lw.commands.whitelist=*
# TTL nodes, which are refused otherwise.
extendedTypesEnabled=true
# No limit on connections of one address: all clients are on this machine, and 60 are too few for them.
maxClientCnxns=0
# No HTTP port for administration: by default it would be 8080, which is that of Storm's UI.
admin.enableServer=false
${metricsPort === null ? "" : metricsText(metricsPort)}`;
}

function metricsText(port: number): string {
  return `# Where Prometheus finds /metrics.
metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider
metricsProvider.httpHost=127.0.0.1
metricsProvider.httpPort=${port}
`;
}

/** Throws SL-USAGE. */
export function wholeNumber(value: unknown, flag: string, min: number, max: number): number {
  const text = String(value);
  if (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
  throw new StormLabError({
    code: "SL-USAGE",
    what: `${flag} ${text} is not a whole number from ${min} to ${max}`,
    why: "storm-lab zookeeper ensemble does not take it",
    hint: "storm-lab zookeeper ensemble --help",
    exitCode: exitCodes.usage,
  });
}

function folderName(id: number): string {
  return String(8000 + id);
}

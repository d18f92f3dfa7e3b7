/** Where a daemon listens, and where ZooKeeper is. */
import type { StormConf } from "./storm-conf.ts";

/**
 * A daemon whose name is a loopback address listens there and nowhere else: a cluster on one machine is nobody else's business. Null: on
 * every address.
 */
export function listenHost(localHostname: string): string | null {
  if (localHostname === "localhost") return "127.0.0.1";
  return /^127\.\d+\.\d+\.\d+$/.test(localHostname) || localHostname === "::1" ? localHostname : null;
}

export interface MetricsPlace {
  readonly portKey: string;
  /** Null: every address of the machine. */
  readonly host: string | null;
  readonly port: number;
}

/** Where a daemon serves its metrics: on this machine alone, unless the daemon's own name is known to others. Null: nowhere. */
export function metricsPlace(conf: StormConf, portKey: string): MetricsPlace | null {
  const own = conf.get("storm.local.hostname");
  const port = conf.number(portKey);
  return port === -1 ? null : { portKey, host: listenHost(typeof own === "string" ? own : "localhost"), port };
}

/** ZooKeeper's connect string. A server may name its own port: several of them can be on one machine. */
export function zooKeeperServers(conf: StormConf): string {
  const port = conf.number("storm.zookeeper.port");
  return conf
    .texts("storm.zookeeper.servers")
    .map((server) => (/:\d+$/.test(server) ? server : `${server}:${port}`))
    .join(",");
}

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

/** ZooKeeper's connect string. A server may name its own port: several of them can be on one machine. */
export function zooKeeperServers(conf: StormConf): string {
  const port = conf.number("storm.zookeeper.port");
  return conf
    .texts("storm.zookeeper.servers")
    .map((server) => (/:\d+$/.test(server) ? server : `${server}:${port}`))
    .join(",");
}

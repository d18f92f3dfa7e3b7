/** Where a log is to be read: on the log viewer of its machine. Source: UIHelpers of Storm 2.8. */
import { urlEncoded } from "./pretty.ts";

export interface LogLinkOptions {
  readonly port: number;
  readonly ownHost: string;
}

export interface LogLinks {
  readonly port: number;
  nimbus(host: string): string;
  supervisor(host: string): string;
  worker(host: string, port: number, topologyId: string): string;
  events(host: string, port: number, topologyId: string): string;
  /** Any other log. */
  file(host: string, name: string, isDaemon: boolean): string;
  dumps(host: string, port: number, topologyId: string): string;
}

/**
 * `ownHost`: where this daemon listens; it serves the logs of every loopback address, for that is this
 * machine. `port`: of its log paths.
 */
export function logLinks({ port, ownHost }: LogLinkOptions): LogLinks {
  const isHere = (host: string) => /^127\.|^localhost$|^::1$/.test(host);
  const root = (host: string) => {
    const name = isHere(host) ? ownHost : host;
    return `http://${name.includes(":") ? `[${name}]` : urlEncoded(name)}:${port}/api/v1`;
  };
  // Nodes of one machine have the same ports: which of them is meant is said.
  const whose = (host: string) => (isHere(host) ? `&host=${urlEncoded(host)}` : "");
  const log = (path: string, host: string, file: string) =>
    `${root(host)}/${path}?file=${urlEncoded(file)}${whose(host)}`;
  return {
    port,
    nimbus: (host) => log("daemonlog", host, "nimbus.log"),
    supervisor: (host) => log("daemonlog", host, "supervisor.log"),
    worker: (host, slot, id) => log("log", host, `${id}/${slot}/worker.log`),
    events: (host, slot, id) => log("log", host, `${id}/${slot}/events.log`),
    file: (host, name, isDaemon) => log(isDaemon ? "daemonlog" : "log", host, name),
    dumps: (host, slot, id) => `${root(host)}/dumps/${urlEncoded(id)}/${urlEncoded(`${host}:${slot}`)}`,
  };
}

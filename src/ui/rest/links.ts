/** Where a log is to be read: on the log viewer of its machine. Source: UIHelpers of Storm 2.8. */
import type { StormConf } from "../../conf/index.ts";
import { urlEncoded } from "./pretty.ts";

export interface LogLinks {
  readonly port: number;
  nimbus(host: string): string;
  supervisor(host: string): string;
  worker(host: string, port: number, topologyId: string): string;
  events(host: string, port: number, topologyId: string): string;
  dumps(host: string, port: number, topologyId: string): string;
}

/** `ownHost`: where this daemon listens. All loopback addresses are this machine, whose logs this daemon serves. */
export function logLinks(conf: StormConf, ownHost: string): LogLinks {
  const port = conf.number("logviewer.port");
  const root = (host: string) => {
    const name = /^127\.|^localhost$|^::1$/.test(host) ? ownHost : host;
    return `http://${name.includes(":") ? `[${name}]` : urlEncoded(name)}:${port}/api/v1`;
  };
  const log = (host: string, file: string) => `${root(host)}/log?file=${urlEncoded(file)}`;
  return {
    port,
    nimbus: (host) => `${root(host)}/daemonlog?file=nimbus.log`,
    supervisor: (host) => `${root(host)}/daemonlog?file=supervisor.log`,
    worker: (host, slot, id) => log(host, `${id}/${slot}/worker.log`),
    events: (host, slot, id) => log(host, `${id}/${slot}/events.log`),
    dumps: (host, slot, id) => `${root(host)}/dumps/${urlEncoded(id)}/${urlEncoded(`${host}:${slot}`)}`,
  };
}

/** What a DRPC server reads of storm.yaml, once, at its start. */
import { listenHost, type StormConf } from "../conf/index.ts";

export interface DRPCSettings {
  /** Null: every address of the machine. */
  readonly host: string | null;
  readonly port: number;
  readonly invocationsPort: number;
  /** Null: none. */
  readonly httpPort: number | null;
  readonly maxFrameBytes: number;
  readonly requestTimeoutMs: number;
  readonly functionWaitingMax: number;
}

export function readSettings(conf: StormConf): DRPCSettings {
  const own = conf.get("storm.local.hostname");
  const httpPort = conf.number("drpc.http.port");
  return {
    host: typeof own === "string" ? listenHost(own) : null,
    port: conf.number("drpc.port"),
    invocationsPort: conf.number("drpc.invocations.port"),
    httpPort: httpPort === -1 ? null : httpPort,
    maxFrameBytes: conf.number("drpc.max_buffer_size"),
    requestTimeoutMs: conf.number("drpc.request.timeout.secs") * 1000,
    functionWaitingMax: conf.number("storm-lab.drpc.function.waiting.max"),
  };
}

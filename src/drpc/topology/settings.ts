/** What the components of a DRPC topology read of their conf. */
import { exitCodes, StormLabError } from "../../base/index.ts";
import type { Conf } from "../../topology/index.ts";

export interface TopologyDRPCSettings {
  readonly servers: readonly string[];
  readonly invocationsPort: number;
  readonly maxFrameBytes: number;
}

export function readSettings(conf: Conf): TopologyDRPCSettings {
  const servers = conf["drpc.servers"];
  return {
    servers: Array.isArray(servers) ? servers.map(String) : [],
    invocationsPort: numberOr(conf["drpc.invocations.port"], 3773),
    maxFrameBytes: numberOr(conf["drpc.max_buffer_size"], 1_048_576),
  };
}

export function noServers(functionName: string): StormLabError {
  return new StormLabError({
    code: "SL-DRPC-TOPOLOGY-SERVERS",
    what: `the spout of the DRPC function ${functionName} has no server to fetch calls from`,
    why: "No DRPC servers configured for topology: drpc.servers is set neither in its conf nor in storm.yaml",
    hint: 'list them in storm.yaml, or in the conf: conf.put("drpc.servers", ["127.0.0.1"]); here alone: new LocalDRPC()',
    exitCode: exitCodes.usage,
  });
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

/** Why no DRPC server answered, server by server. */
import { exitCodes, messageOf, StormLabError } from "../base/index.ts";

export interface ServerFailure {
  readonly server: { readonly host: string; readonly port: number };
  readonly error: unknown;
}

export function noDRPCServer(functionName: string, failures: readonly ServerFailure[]): StormLabError {
  const reasons = new Map(failures.map(({ server, error }) => [`${server.host}:${server.port}`, messageOf(error)]));
  return new StormLabError({
    code: "SL-DRPC-NO-SERVER",
    what: `the call of ${functionName} found no DRPC server that answers (${[...reasons.keys()].join(", ")})`,
    why: [...reasons.values()].join("; "),
    hint: "start one (storm-lab drpc), or name another: --server HOST:3772, or drpc.servers in storm.yaml",
    exitCode: exitCodes.noCluster,
    retriable: true,
    cause: failures.at(-1)?.error,
  });
}

export function noDRPCServersNamed(): StormLabError {
  return new StormLabError({
    code: "SL-DRPC-NO-SERVER",
    what: "no DRPC server is named",
    why: "the configuration has no drpc.servers",
    hint: "name one: --server HOST:3772, or drpc.servers in storm.yaml",
    exitCode: exitCodes.usage,
  });
}

export function noDRPCAnswer(functionName: string, timeoutMs: number, cause: unknown): StormLabError {
  return new StormLabError({
    code: "SL-DRPC-DEADLINE",
    what: `the call of ${functionName} was not answered within ${timeoutMs} ms`,
    why: "no topology serves this function, or the one that does is slower than that",
    hint: "see that the topology runs (storm-lab list) and that the function has this name, or allow more time",
    exitCode: exitCodes.deadline,
    cause,
  });
}

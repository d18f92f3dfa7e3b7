/**
 * The DRPC daemon: one set of calls behind three ports. Nothing of it is kept: a client whose server ends calls another one, and topologies
 * find it again when it is back.
 */
import type { Runtime } from "../base/index.ts";
import type { StormConf } from "../conf/index.ts";
import { httpPages, serveHttp } from "../http/index.ts";
import { metricsPage } from "../metrics/index.ts";
import { type ServerLimits, serveThrift } from "../rpc/index.ts";
import { DistributedRPC, DistributedRPCInvocations } from "../wire/thrift/index.ts";
import { DRPC } from "./drpc.ts";
import { httpCalls } from "./http-calls.ts";
import { type DRPCSettings, readSettings } from "./settings.ts";
import { clientCalls, topologyCalls } from "./thrift-calls.ts";

export type DRPCPorts = Readonly<Record<"port" | "invocationsPort" | "httpPort", number>>;

export interface RunningDRPC {
  /** What it listens on. */
  readonly ports: DRPCPorts;
  /** Rejects when it cannot go on; resolves after `stop`. */
  readonly ended: Promise<void>;
  /** Calls that wait are answered SERVER_SHUTDOWN. */
  stop(): Promise<void>;
}

/** Resolves when all its ports are listened on. Throws SL-RPC-LISTEN, SL-HTTP-LISTEN. */
export async function startDRPC(options: {
  readonly runtime: Runtime;
  readonly conf: StormConf;
}): Promise<RunningDRPC> {
  const { runtime } = options;
  const settings = readSettings(options.conf);
  const { requestTimeoutMs, functionWaitingMax } = settings;
  const drpc = new DRPC(runtime, { requestTimeoutMs, functionWaitingMax, heldCharactersMax });
  const place = settings.host === null ? {} : { host: settings.host };
  const limits: Partial<ServerLimits> = { maxFrameBytes: settings.maxFrameBytes, connectionsMax, heldBytesMax };
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    drpc.close();
    // What the waiting are told is written before the connections end.
    await new Promise<void>((resolve) => runtime.timers.soon(resolve));
    await Promise.all(opened.map((door) => door[Symbol.asyncDispose]()));
  };
  try {
    const clients = await serveThrift({
      runtime,
      ...place,
      port: settings.port,
      service: DistributedRPC,
      handlers: clientCalls(drpc),
      limits,
    });
    opened.push(clients);
    const topologies = await serveThrift({
      runtime,
      ...place,
      port: settings.invocationsPort,
      service: DistributedRPCInvocations,
      handlers: topologyCalls(drpc),
      limits,
    });
    opened.push(topologies);
    const httpPort = await openHttp(runtime, settings, drpc, opened);
    const { port } = clients;
    const { port: invocationsPort } = topologies;
    runtime.log.info(
      `Starting Distributed RPC server: calls on ${port}, topologies on ${invocationsPort}, HTTP on ${httpPort}`,
    );
    return running(runtime, { port, invocationsPort, httpPort }, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Its port; -1: there is none. */
async function openHttp(
  runtime: Runtime,
  { host, httpPort: port, maxFrameBytes: bodyBytesMax }: DRPCSettings,
  drpc: DRPC,
  opened: AsyncDisposable[],
): Promise<number> {
  if (port === null) return -1;
  const server = await serveHttp(runtime, {
    name: "DRPC over HTTP",
    portKey: "drpc.http.port",
    host,
    port,
    bodyBytesMax,
    connectionsMax,
    handler: httpCalls(drpc, httpPages(runtime, { "/metrics": metricsPage(runtime, () => drpc.counts.families()) })),
  });
  opened.push(server);
  return server.port;
}

/** A call of a stock client has a connection of its own. */
const connectionsMax = 20_000;
/** What calls and their arguments may hold; above it calls are refused, and above the second, nothing more is read. */
const heldCharactersMax = 128 * 1024 * 1024;
const heldBytesMax = 256 * 1024 * 1024;

function running(runtime: Runtime, ports: DRPCPorts, close: () => Promise<void>): RunningDRPC {
  const ended = Promise.withResolvers<void>();
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    runtime.log.info("Shutting down Distributed RPC server");
    await close();
    ended.resolve();
  };
  return {
    ports,
    ended: ended.promise,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

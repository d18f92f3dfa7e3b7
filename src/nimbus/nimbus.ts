/**
 * The nimbus daemon. Killed at any instant and started again, it goes on. The port comes first, so that two of one machine find each
 * other out; then ZooKeeper; then its blobs; then the line of those who want to lead.
 */
import { listenHost } from "../conf/index.ts";
import { servePages } from "../http/index.ts";
import { metricsPage } from "../metrics/index.ts";
import { serveThrift } from "../rpc/index.ts";
import { stormVersion } from "../state/index.ts";
import { Nimbus } from "../wire/thrift/index.ts";
import { countCalls } from "./metrics/call-counts.ts";
import { NimbusDaemon } from "./nimbus-daemon.ts";
import type { NimbusOptions } from "./nimbus-parts.ts";
import { Readiness } from "./readiness.ts";
import { readSettings } from "./settings.ts";

export interface RunningNimbus {
  /** What it listens on. */
  readonly port: number;
  /** Whether it leads at this moment, as far as ZooKeeper has confirmed. */
  readonly leads: boolean;
  /** Rejects when it cannot go on; resolves after `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Resolves when it listens; it serves and queues for the lead as soon as ZooKeeper is there, however long that takes. Throws
 * SL-RPC-LISTEN, SL-HTTP-LISTEN.
 */
export async function startNimbus(options: NimbusOptions): Promise<RunningNimbus> {
  const { runtime, conf } = options;
  const settings = readSettings(conf);
  const readiness = new Readiness(runtime, settings.patienceMs);
  const own = conf.get("storm.local.hostname");
  const host = typeof own === "string" ? own : options.hostName;
  const listened = typeof own === "string" ? listenHost(own) : null;
  const calls = countCalls(readiness.handlers());
  const server = await serveThrift({
    runtime,
    ...(listened === null ? {} : { host: listened }),
    port: settings.port,
    service: Nimbus,
    handlers: calls.handlers,
    limits: { maxFrameBytes: settings.maxFrameBytes },
  });
  const info = { host, port: server.port, tlsPort: 0 };
  runtime.log.info(`Starting nimbus server for storm version '${stormVersion}' at ${info.host}:${info.port}`);
  const opened: AsyncDisposable[] = [server];
  const close = async () => void (await Promise.all(opened.map((door) => door[Symbol.asyncDispose]())));
  let daemon: NimbusDaemon | null = null;
  try {
    if (settings.metrics !== null) {
      const page = metricsPage(runtime, async () => [calls.family(), ...((await daemon?.families()) ?? [])]);
      opened.push(await servePages(runtime, { name: "Nimbus' metrics", ...settings.metrics }, { "/metrics": page }));
    }
    daemon = new NimbusDaemon(options, settings, info);
  } catch (error) {
    await close();
    throw error;
  }
  return running(daemon, server.port, daemon.run(readiness).finally(close));
}

function running(daemon: NimbusDaemon, port: number, ended: Promise<void>): RunningNimbus {
  ended.catch(() => undefined);
  return {
    port,
    get leads() {
      return daemon.leads;
    },
    ended,
    async stop() {
      await daemon.stop();
      await ended;
    },
  };
}

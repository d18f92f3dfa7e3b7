/**
 * The nimbus daemon. Killed at any instant and started again, it goes on. The port comes first, so that two of one machine find each
 * other out; then ZooKeeper; then its blobs; then the line of those who want to lead.
 */
import { listenHost } from "../conf/index.ts";
import { serveThrift } from "../rpc/index.ts";
import { stormVersion } from "../state/index.ts";
import { Nimbus } from "../wire/thrift/index.ts";
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
 * SL-RPC-LISTEN.
 */
export async function startNimbus(options: NimbusOptions): Promise<RunningNimbus> {
  const { runtime, conf } = options;
  const settings = readSettings(conf);
  const readiness = new Readiness(runtime, settings.patienceMs);
  const own = conf.get("storm.local.hostname");
  const host = typeof own === "string" ? own : options.hostName;
  const listened = typeof own === "string" ? listenHost(own) : null;
  const server = await serveThrift({
    runtime,
    ...(listened === null ? {} : { host: listened }),
    port: settings.port,
    service: Nimbus,
    handlers: readiness.handlers(),
    limits: { maxFrameBytes: settings.maxFrameBytes },
  });
  const info = { host, port: server.port, tlsPort: 0 };
  runtime.log.info(`Starting nimbus server for storm version '${stormVersion}' at ${info.host}:${info.port}`);
  const daemon = new NimbusDaemon(options, settings, info);
  const ended = daemon.run(readiness).finally(() => server.close());
  ended.catch(() => undefined);
  return {
    port: server.port,
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

/**
 * The ui daemon: the page, Storm's REST API out of nimbus' answers, the event stream out of the cluster's memory, logs out of folders. It
 * keeps nothing; any number of them may run.
 */
import type { Runtime } from "../base/index.ts";
import { NimbusClient } from "../client/index.ts";
import { type StormConf, zooKeeperServers } from "../conf/index.ts";
import { type HttpHandler, serveHttp } from "../http/index.ts";
import { LogCleaner, LogViewer } from "../logviewer/index.ts";
import { metricsPage } from "../metrics/index.ts";
import { newUuid, openClusterState } from "../state/index.ts";
import { askEnsemble } from "./ensemble.ts";
import { ClusterWatch } from "./events/cluster-watch.ts";
import { eventStream } from "./events/event-stream.ts";
import { FunctionCalls } from "./function-calls.ts";
import { logFolders, nodesToClean } from "./log-folders.ts";
import { handlerOf, logHandlerOf, type Served } from "./request-handlers.ts";
import { Api } from "./rest/api.ts";
import { logLinks } from "./rest/links.ts";
import { readSettings, type UiSettings } from "./settings.ts";
import { readStaticFiles, type StaticFiles } from "./static-files.ts";
import { readTrees } from "./tuple-trees.ts";
import { TupleWatch } from "./tuple-watch.ts";
import { Znodes } from "./znodes.ts";

export interface RunningUi {
  readonly ports: Readonly<Record<"port" | "logviewerPort", number>>;
  /** Rejects when it cannot go on; resolves after `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** What a browser is told of every answer. */
const headers = {
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-cache, no-store",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

export interface UiOptions {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  /** Where the page's files are; null: there is no page, only the API. */
  readonly pageFolder: string | null;
}

const bodyBytesMax = 1024 * 1024;
const connectionsMax = 1000;
/** Of what has happened, to a page that is opened. */
const toldMax = 500;

/** Resolves when it listens. Throws SL-HTTP-LISTEN. */
export async function startUi({ runtime, conf, pageFolder }: UiOptions): Promise<RunningUi> {
  const settings = readSettings(conf);
  const page: StaticFiles = pageFolder === null ? new Map() : await readStaticFiles(runtime, pageFolder);
  const { served, close: closeParts } = openParts(runtime, conf, settings, page);
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((door) => door[Symbol.asyncDispose]()));
    await closeParts();
  };
  const { host, port, logviewerPort } = settings;
  const listen = async (name: string, portKey: string, wanted: number, handler: HttpHandler): Promise<number> => {
    const options = { name, portKey, host, port: wanted, bodyBytesMax, connectionsMax, headers, handler };
    const server = await serveHttp(runtime, options);
    opened.push(server);
    return server.port;
  };
  try {
    const ports = {
      port: await listen("The UI", "ui.port", port, handlerOf(runtime, served)),
      logviewerPort:
        logviewerPort === null
          ? -1
          : await listen("The log viewer", "logviewer.port", logviewerPort, logHandlerOf(served)),
    };
    const cleaner = new LogCleaner(runtime, settings.cleaner, () => nodesToClean(runtime, settings));
    opened.push(cleaner);
    cleaner.start();
    runtime.log.info(`Starting ui server on ${host ?? "*"}:${ports.port}, logs on ${ports.logviewerPort}`);
    return running(runtime, ports, close);
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly served: Served;
  close(): Promise<void>;
}

function openParts(runtime: Runtime, conf: StormConf, settings: UiSettings, page: StaticFiles): Parts {
  const { sessionTimeoutMs, patienceMs } = settings;
  const servers = zooKeeperServers(conf);
  const root = conf.text("storm.zookeeper.root");
  const state = openClusterState(runtime, { servers, root, sessionTimeoutMs, patienceMs });
  const nimbus = new NimbusClient({ runtime, conf, retryTimes: 0 });
  const watch = new ClusterWatch(runtime, state);
  const links = logLinks({ port: settings.logviewerPort ?? settings.port, ownHost: settings.host ?? "127.0.0.1" });
  const logs = new LogViewer(runtime, {
    folders: logFolders(runtime, settings),
    urlOf: ({ host, name, isDaemon }) => links.file(host, name, isDaemon),
  });
  const tuples = new TupleWatch(runtime, { watch, trees: (topologyId) => readTrees(logs, topologyId) });
  const znodes = new Znodes(runtime, { servers, sessionTimeoutMs, patienceMs });
  const drpc = new FunctionCalls(runtime, conf);
  const api = new Api({
    znode: (path) => znodes.read(path),
    callFunction: (name, args) => drpc.call(name, args),
    nimbus: nimbus.calls,
    conf,
    links,
    logs: () => logs.all(),
    tupleTrees: (topologyId) => readTrees(logs, topologyId),
    displaysResources: conf.flag("scheduler.display.resource"),
    askEnsemble: () => askEnsemble(runtime, servers),
    happenings: () => watch.log.newest(toldMax),
    nowMs: () => runtime.clock.nowMs(),
  });
  const events = eventStream(runtime, watch, newUuid(runtime.random));
  const metrics = metricsPage(runtime, () => []);
  return {
    served: { api, events, metrics, page, guard: settings.guard, logs, znodes },
    close: async () => {
      tuples.stop();
      watch.stop();
      await Promise.all([nimbus.close(), state.close(), znodes[Symbol.asyncDispose](), drpc[Symbol.asyncDispose]()]);
    },
  };
}

function running(runtime: Runtime, ports: RunningUi["ports"], close: () => Promise<void>): RunningUi {
  const ended = Promise.withResolvers<void>();
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    runtime.log.info("Shutting down ui server");
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

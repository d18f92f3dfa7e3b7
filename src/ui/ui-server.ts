/**
 * The ui daemon: the page, Storm's REST API out of nimbus' answers, the event stream out of the cluster's memory, logs out of folders. It
 * keeps nothing; any number of them may run.
 */
import { messageOf, type Runtime } from "../base/index.ts";
import { NimbusClient } from "../client/index.ts";
import { type StormConf, zooKeeperServers } from "../conf/index.ts";
import { faultAnswer, type HttpAnswer, type HttpHandler, type HttpStream, serveHttp } from "../http/index.ts";
import { LogViewer } from "../logviewer/index.ts";
import { newUuid, openClusterState } from "../state/index.ts";
import type { HttpRequest } from "../wire/http/index.ts";
import { askEnsemble } from "./ensemble.ts";
import { ClusterWatch } from "./events/cluster-watch.ts";
import { eventStream } from "./events/event-stream.ts";
import { type GuardSettings, refusal } from "./guard.ts";
import { logFolders } from "./log-folders.ts";
import { Api, apiRoot } from "./rest/api.ts";
import { logLinks } from "./rest/links.ts";
import { readSettings } from "./settings.ts";
import { readStaticFiles, type StaticFiles } from "./static-files.ts";

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

/** Resolves when it listens. Throws SL-HTTP-LISTEN. */
export async function startUi({
  runtime,
  conf,
  pageFolder,
}: {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  /** Where the page's files are; null: there is no page, only the API. */
  readonly pageFolder: string | null;
}): Promise<RunningUi> {
  const settings = readSettings(conf);
  const { sessionTimeoutMs, patienceMs } = settings;
  const page: StaticFiles = pageFolder === null ? new Map() : await readStaticFiles(runtime, pageFolder);
  const servers = zooKeeperServers(conf);
  const state = openClusterState(runtime, {
    servers,
    root: conf.text("storm.zookeeper.root"),
    sessionTimeoutMs,
    patienceMs,
  });
  const nimbus = new NimbusClient({ runtime, conf, retryTimes: 0 });
  const watch = new ClusterWatch(runtime, state);
  const links = logLinks({
    port: settings.logviewerPort ?? settings.port,
    ownHost: settings.host ?? "127.0.0.1",
  });
  const logs = new LogViewer(runtime, {
    folders: logFolders(runtime, settings),
    urlOf: ({ host, name, isDaemon }) => links.file(host, name, isDaemon),
  });
  const api = new Api({
    nimbus: nimbus.calls,
    conf,
    links,
    logs: () => logs.all(),
    displaysResources: conf.flag("scheduler.display.resource"),
    askEnsemble: () => askEnsemble(runtime, servers),
    happenings: () => watch.log.newest(toldMax),
    nowMs: () => runtime.clock.nowMs(),
  });
  const events = eventStream(runtime, watch, newUuid(runtime.random));
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((door) => door[Symbol.asyncDispose]()));
    watch.stop();
    await Promise.all([nimbus.close(), state.close()]);
  };
  try {
    const { guard, host, port, logviewerPort } = settings;
    const served = { api, events, page, guard, logs };
    const listen = async (name: string, portKey: string, wanted: number, handler: HttpHandler): Promise<number> => {
      const options = { name, portKey, host, port: wanted, bodyBytesMax, connectionsMax, headers, handler };
      const server = await serveHttp(runtime, options);
      opened.push(server);
      return server.port;
    };
    const ports = {
      port: await listen("The UI", "ui.port", port, handlerOf(runtime, served)),
      logviewerPort:
        logviewerPort === null
          ? -1
          : await listen("The log viewer", "logviewer.port", logviewerPort, logHandlerOf(served)),
    };
    runtime.log.info(`Starting ui server on ${host ?? "*"}:${ports.port}, logs on ${ports.logviewerPort}`);
    return running(runtime, ports, close);
  } catch (error) {
    await close();
    throw error;
  }
}

const bodyBytesMax = 1024 * 1024;
const connectionsMax = 1000;
/** Of what has happened, to a page that is opened. */
const toldMax = 500;

interface Served {
  readonly api: Api;
  readonly events: (request: HttpRequest) => HttpStream;
  readonly page: StaticFiles;
  readonly guard: GuardSettings;
  readonly logs: LogViewer;
}

function handlerOf(runtime: Runtime, { api, events, page, guard, logs }: Served): HttpHandler {
  return (request, answer) => {
    const asked = refusal(request, guard) ?? targetOf(request);
    if ("status" in asked) answer(asked);
    else if (request.method === "GET" && asked.path === `${apiRoot}events`) answer(events(request));
    else if (!asked.path.startsWith(apiRoot)) answer(page.get(asked.path) ?? nothingHere);
    else {
      const respond = async () => (await logAnswer(request, asked, logs)) ?? api.answer({ request, ...asked });
      respond().then(answer, (error: unknown) => {
        runtime.log.error(`${request.method} ${request.target} failed: ${messageOf(error)}`);
        answer(faultAnswer(500, messageOf(error), "500 Server Error"));
      });
    }
    return () => {};
  };
}

/** As Storm's logviewer daemon: the paths of logs and no other. */
function logHandlerOf({ guard, logs }: Served): HttpHandler {
  return (request, answer) => {
    const asked = refusal(request, guard) ?? targetOf(request);
    if ("status" in asked) answer(asked);
    else void logAnswer(request, asked, logs).then((found) => answer(found ?? nothingHere));
    return () => {};
  };
}

async function logAnswer({ method }: HttpRequest, { path, parts, query }: Target, logs: LogViewer) {
  return method === "GET" && path.startsWith(apiRoot) ? logs.answer(parts, query) : null;
}

const nothingHere = faultAnswer(404, "there is nothing here", "Not found");

interface Target {
  /** As it came, without the query. */
  readonly path: string;
  /** After `/api/v1/`, decoded. */
  readonly parts: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

function targetOf({ target }: HttpRequest): Target | HttpAnswer {
  const [path = "", ...rest] = target.split("?");
  try {
    return {
      path,
      parts: path
        .split("/")
        .map(decodeURIComponent)
        .slice(apiRoot.split("/").length - 1),
      query: new Map(new URLSearchParams(rest.join("?"))),
    };
  } catch {
    return faultAnswer(400, "the path is not percent-encoded UTF-8");
  }
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

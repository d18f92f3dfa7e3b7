/**
 * The ui daemon: Storm's REST API out of nimbus' answers, and the event stream out of the cluster's memory. It keeps nothing; any number
 * of them may run.
 */
import { messageOf, type Runtime } from "../base/index.ts";
import { NimbusClient } from "../client/index.ts";
import { type StormConf, zooKeeperServers } from "../conf/index.ts";
import { faultAnswer, type HttpAnswer, type HttpHandler, type HttpStream, serveHttp } from "../http/index.ts";
import { newUuid, openClusterState } from "../state/index.ts";
import type { HttpRequest } from "../wire/http/index.ts";
import { askEnsemble } from "./ensemble.ts";
import { ClusterWatch } from "./events/cluster-watch.ts";
import { eventStream } from "./events/event-stream.ts";
import { type GuardSettings, refusal } from "./guard.ts";
import { Api, apiRoot } from "./rest/api.ts";
import { logLinks } from "./rest/links.ts";
import { readSettings } from "./settings.ts";
import { readStaticFiles, type StaticFiles } from "./static-files.ts";

export interface RunningUi {
  readonly ports: Readonly<Record<"port", number>>;
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
  const api = new Api({
    nimbus: nimbus.calls,
    conf,
    links: logLinks(conf, settings.host ?? "127.0.0.1"),
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
    const server = await serveHttp(runtime, {
      name: "The UI",
      portKey: "ui.port",
      host: settings.host,
      port: settings.port,
      bodyBytesMax,
      connectionsMax,
      headers,
      handler: handlerOf(runtime, { api, events, page, guard: settings.guard }),
    });
    opened.push(server);
    runtime.log.info(`Starting ui server on ${settings.host ?? "*"}:${server.port}`);
    return running(runtime, server.port, close);
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
}

function handlerOf(runtime: Runtime, { api, events, page, guard }: Served): HttpHandler {
  return (request, answer) => {
    const refused = refusal(request, guard);
    const asked = refused ?? targetOf(request);
    if ("status" in asked) answer(asked);
    else if (request.method === "GET" && asked.path === `${apiRoot}events`) answer(events(request));
    else if (!asked.path.startsWith(apiRoot))
      answer(page.get(asked.path) ?? faultAnswer(404, "there is nothing here", "Not found"));
    else {
      const parts = asked.parts.slice(apiRoot.split("/").length - 1);
      api.answer({ request, parts, query: asked.query }).then(answer, (error: unknown) => {
        runtime.log.error(`${request.method} ${request.target} failed: ${messageOf(error)}`);
        answer(faultAnswer(500, messageOf(error), "500 Server Error"));
      });
    }
    return () => {};
  };
}

interface Target {
  /** As it came, without the query. */
  readonly path: string;
  readonly parts: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

function targetOf({ target }: HttpRequest): Target | HttpAnswer {
  const [path = "", ...rest] = target.split("?");
  try {
    return {
      path,
      parts: path.split("/").map(decodeURIComponent),
      query: new Map(new URLSearchParams(rest.join("?"))),
    };
  } catch {
    return faultAnswer(400, "the path is not percent-encoded UTF-8");
  }
}

function running(runtime: Runtime, port: number, close: () => Promise<void>): RunningUi {
  const ended = Promise.withResolvers<void>();
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    runtime.log.info("Shutting down ui server");
    await close();
    ended.resolve();
  };
  return {
    ports: { port },
    ended: ended.promise,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Which part of the daemon answers which request. */
import { messageOf, type Runtime } from "../base/index.ts";
import { faultAnswer, type HttpAnswer, type HttpHandler, type HttpStream } from "../http/index.ts";
import type { LogViewer } from "../logviewer/index.ts";
import type { HttpRequest } from "../wire/http/index.ts";
import { type GuardSettings, refusal } from "./guard.ts";
import { type Api, apiRoot } from "./rest/api.ts";
import type { StaticFiles } from "./static-files.ts";
import type { Znodes } from "./znodes.ts";

/** The parts of the daemon that requests are for. */
export interface Served {
  readonly api: Api;
  readonly events: (request: HttpRequest) => HttpStream;
  readonly metrics: () => Promise<HttpAnswer>;
  readonly page: StaticFiles;
  readonly guard: GuardSettings;
  readonly logs: LogViewer;
  readonly znodes: Znodes;
}

/** Answers all there is. */
export function handlerOf(runtime: Runtime, { api, events, metrics, page, guard, logs, znodes }: Served): HttpHandler {
  return (request, answer) => {
    const later = (respond: () => Promise<Parameters<typeof answer>[0]>): void => {
      respond().then(answer, (error: unknown) => {
        runtime.log.error(`${request.method} ${request.target} failed: ${messageOf(error)}`);
        answer(faultAnswer(500, messageOf(error), "500 Server Error"));
      });
    };
    const asked = refusal(request, guard) ?? targetOf(request);
    const gets = (path: string): boolean => request.method === "GET" && "path" in asked && asked.path === path;
    if ("status" in asked) answer(asked);
    else if (gets(`${apiRoot}events`)) answer(events(request));
    else if (gets(`${apiRoot}storm-lab/znode-changes`)) answer(changesOf(znodes, asked));
    else if (gets("/metrics")) later(metrics);
    else if (!asked.path.startsWith(apiRoot)) answer(page.get(asked.path) ?? nothingHere);
    else later(async () => (await logAnswer(request, asked, logs)) ?? api.answer({ request, ...asked }));
    return () => {};
  };
}

function changesOf(znodes: Znodes, { query }: Target): HttpStream | HttpAnswer {
  try {
    return znodes.changes(query.get("path") ?? "/");
  } catch (error) {
    return faultAnswer(400, messageOf(error));
  }
}

/** As Storm's logviewer daemon: the paths of logs and no other. */
export function logHandlerOf({ guard, logs }: Served): HttpHandler {
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

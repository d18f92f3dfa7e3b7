/** Answers GET for a few paths, as a server of its own or beside what else is on a port. */
import { messageOf, type Runtime } from "../base/index.ts";
import { faultAnswer, type HttpAnswer, type HttpHandler } from "./connection.ts";
import { type HttpServerOptions, serveHttp } from "./server.ts";

/** By path, without a query. */
export type HttpPages = Readonly<Record<string, () => Promise<HttpAnswer>>>;

const connectionsMax = 100;

/** Throws SL-HTTP-LISTEN. */
export function servePages(
  runtime: Runtime,
  place: Pick<HttpServerOptions, "name" | "portKey" | "host" | "port">,
  pages: HttpPages,
): Promise<AsyncDisposable> {
  return serveHttp(runtime, { ...place, bodyBytesMax: 0, connectionsMax, handler: httpPages(runtime, pages) });
}

export function httpPages({ log }: Pick<Runtime, "log">, answers: HttpPages): HttpHandler {
  const paths = new Map(Object.entries(answers));
  return ({ method, target }, answer) => {
    const page = paths.get(target.split("?")[0] ?? "");
    if (page === undefined) answer(faultAnswer(404, `there is ${[...paths.keys()].join(", ")}`, "Not found"));
    else if (method !== "GET")
      answer({ ...faultAnswer(405, `${method} is none of GET`, "Method not allowed"), headers: { Allow: "GET" } });
    else
      page().then(answer, (error: unknown) => {
        log.error(`GET ${target} failed: ${messageOf(error)}`);
        answer(faultAnswer(500, messageOf(error), "Internal Error"));
      });
    return () => {};
  };
}

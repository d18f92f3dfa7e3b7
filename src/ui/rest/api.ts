/** The REST API: from a request to its answer. */
import { isStormLabError, messageOf, type StormLabError } from "../../base/index.ts";
import { faultAnswer, type HttpAnswer } from "../../http/index.ts";
import type { HttpRequest } from "../../wire/http/index.ts";
import { actionRoutes, BadPath } from "./action-routes.ts";
import type { ApiWorld } from "./api-world.ts";
import { openApiDocument } from "./openapi.ts";
import { ownRoutes } from "./own-routes.ts";
import { readRoutes } from "./read-routes.ts";
import { pathParams, queryShapes, type Route, windowOf } from "./route.ts";

export const routes: readonly Route[] = [...readRoutes, ...actionRoutes, ...ownRoutes];

export const apiRoot = "/api/v1/";

export interface Asked {
  readonly request: HttpRequest;
  /** After `/api/v1/`, decoded. */
  readonly parts: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

export class Api {
  readonly #world: ApiWorld;
  /** Questions that are being answered, by what they ask: whoever asks the same meanwhile gets the same answer. */
  readonly #asking = new Map<string, Promise<HttpAnswer>>();
  readonly #openApi = JSON.stringify(openApiDocument(routes));

  constructor(world: ApiWorld) {
    this.#world = world;
  }

  /** Never rejects. */
  answer(asked: Asked): Promise<HttpAnswer> {
    const { request, parts } = asked;
    if (request.method !== "GET") return this.#found(asked);
    if (parts.join("/") === "openapi.json") return Promise.resolve(jsonAnswer(this.#openApi));
    const before = this.#asking.get(request.target);
    if (before !== undefined) return before;
    const answer = this.#found(asked).finally(() => this.#asking.delete(request.target));
    this.#asking.set(request.target, answer);
    return answer;
  }

  async #found({ request: { method, body }, parts, query }: Asked): Promise<HttpAnswer> {
    const found = routeFor(method, parts);
    if (Array.isArray(found)) return found.length > 0 ? notAllowed(found) : notFound(parts);
    const { route, params } = found;
    const fault = queryFault(route, query);
    if (fault !== null) return faultAnswer(400, fault);
    try {
      const read = bodyOf(route, body);
      const sys = ["1", "true"].includes(query.get("sys") ?? "");
      const answer = await route.run(this.#world, { params, window: windowOf(query), sys, query, body: read });
      return jsonAnswer(JSON.stringify(answer));
    } catch (error) {
      if (error instanceof BadPath) return faultAnswer(400, error.message);
      return failureAnswer(error);
    }
  }
}

interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Or the methods by which the path is asked; none: there is no such path. A fixed word goes before a name: topology/summary is no
 * topology.
 */
export function routeFor(method: string, parts: readonly string[]): FoundRoute | string[] {
  const known = routes.flatMap((route) => {
    const params = pathParams(route.path, parts);
    return params === null ? [] : [{ route, params }];
  });
  const [found] = known
    .filter(({ route }) => route.method === method)
    .sort((a, b) => braces(a.route) - braces(b.route));
  return found ?? known.map(({ route }) => route.method);
}

function jsonAnswer(body: string): HttpAnswer {
  return { status: 200, contentType: "application/json;charset=utf-8", body };
}

function braces({ path }: Route): number {
  return path.split("{").length;
}

function queryFault({ asks }: Route, query: ReadonlyMap<string, string>): string | null {
  if (query.has("callback")) return "JSONP is not answered: it gives what is asked to any page";
  for (const name of asks) {
    const fault = query.has(name) ? queryShapes[name].fault(query.get(name), name) : null;
    if (fault !== null && query.get(name) !== "") return fault;
  }
  return null;
}

/** Throws BadPath. */
function bodyOf({ body: shape }: Route, bytes: Uint8Array): unknown {
  if (shape === null) return undefined;
  let value: unknown;
  try {
    value = bytes.length === 0 ? undefined : JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (error) {
    throw new BadPath(`the body is no JSON: ${messageOf(error)}`);
  }
  const fault = shape.fault(value, "the body");
  if (fault !== null) throw new BadPath(fault);
  return value;
}

/** As Storm's: 500 for whatever nimbus refuses. */
function failureAnswer(error: unknown): HttpAnswer {
  const message = isStormLabError(error) ? inWords(error) : messageOf(error);
  return faultAnswer(500, message, "500 Server Error");
}

function inWords({ code, message, why, hint }: StormLabError): string {
  return `${message}\n${why}\n${hint} (${code})`;
}

function notFound(parts: readonly string[]): HttpAnswer {
  return faultAnswer(404, `there is no ${apiRoot}${parts.join("/")}`, "Not found");
}

function notAllowed(methods: readonly string[]): HttpAnswer {
  const allowed = [...new Set(methods)].join(", ");
  return { ...faultAnswer(405, `it is asked by ${allowed}`, "Method not allowed"), headers: { Allow: allowed } };
}

/** One path of the REST API: how it is asked, what it answers, how it is found. */
import type { ApiWorld } from "./api-world.ts";
import { allTime } from "./pretty.ts";
import { matching, type Shape } from "./shape.ts";

export interface ApiCall<B> {
  /** Of the path, by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Seconds, or `:all-time`. */
  readonly window: string;
  /** Components and streams of the system are wanted too. */
  readonly sys: boolean;
  readonly query: ReadonlyMap<string, string>;
  readonly body: B;
}

export interface Route<B = unknown> {
  readonly method: "GET" | "POST";
  /** Under `/api/v1/`; `{name}` is a part of its own. */
  readonly path: string;
  readonly summary: string;
  /** Names of the query. */
  readonly asks: readonly QueryName[];
  readonly body: Shape<B> | null;
  readonly answer: Shape<unknown>;
  readonly run: (world: ApiWorld, call: ApiCall<B>) => Promise<unknown>;
}

/** Said once for the check and for the OpenAPI document. */
export const queryShapes = {
  window: matching(/^(?::all-time|\d{1,9})$/, "seconds, such as 600, 10800 and 86400, or :all-time"),
  sys: matching(/^(?:1|0|true|false|)$/, "1 or true for components and streams of the system, too"),
  id: matching(/^.{1,256}$/, "the id of a supervisor"),
  host: matching(/^.{1,256}$/, "the host of supervisors"),
  path: matching(/^\/.{0,4096}$/, "the path of a node, from /"),
} as const;

export type QueryName = keyof typeof queryShapes;

export function get<A>(
  path: string,
  summary: string,
  answer: Shape<A>,
  run: (world: ApiWorld, call: ApiCall<null>) => Promise<A>,
  asks: readonly QueryName[] = [],
): Route {
  return { method: "GET", path, summary, asks, body: null, answer, run: run as Route["run"] };
}

export function post<A, B>(
  path: string,
  summary: string,
  { body, answer }: { readonly body?: Shape<B>; readonly answer: Shape<A> },
  run: (world: ApiWorld, call: ApiCall<B>) => Promise<A>,
): Route {
  return { method: "POST", path, summary, asks: [], body: body ?? null, answer, run: run as Route["run"] };
}

/** The parts in braces, decoded; null: the path is another one. */
export function pathParams(path: string, asked: readonly string[]): Record<string, string> | null {
  const parts = path.split("/");
  if (parts.length !== asked.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const there = asked[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== there) return null;
    } else if (there === "") return null;
    else params[part.slice(1, -1)] = there;
  }
  return params;
}

export function windowOf(query: ReadonlyMap<string, string>): string {
  const asked = query.get("window") ?? "";
  return asked === "" ? allTime : asked;
}

/**
 * Typed caller of the ui daemon: Storm's REST API, actions, logs, and streams of events that go on by themselves after the daemon was
 * away. `await ui.get("cluster/summary")`.
 */
import { exitCodes, messageOf, type Runtime, StormLabError } from "../base/index.ts";
import type { HttpResponseHead } from "../wire/http/index.ts";
import { exchangeHttp, type HttpExchange } from "./http-exchange.ts";
import type { UiAnswers, UiComponent, UiGraph, UiTopology, UiTopologyMetrics } from "./ui-answers.ts";
import { followUiEvents, type UiEventStream, type UiStreamListener } from "./ui-event-stream.ts";

export interface UiClientOptions {
  readonly runtime: Runtime;
  /** Where the daemon is, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** `storm-lab.ui.token`, which a daemon on more than this machine wants before it changes anything. */
  readonly token?: string | null;
  /** For an answer to come. Default 10 s: calls of nimbus stand behind it. */
  readonly timeoutMs?: number;
}

export interface AskOptions {
  readonly query?: Readonly<Record<string, string>>;
  /** Gives the question up: it rejects with SL-UI-ABORTED. */
  readonly signal?: AbortSignal;
}

/** Part of a log. `start`, `size`: in bytes. */
export interface UiLogText {
  readonly text: string;
  readonly start: number;
  readonly size: number;
}

/** Answers are read into memory: this is more than any of ours. */
const answerBytesMax = 32 * 1024 * 1024;
const usualTimeoutMs = 10_000;
const connectTimeoutMs = 3000;
/** The daemon sends something every 15 s. */
const streamSilenceMs = 40_000;
const apiRoot = "/api/v1/";

export class UiClient {
  readonly url: string;
  readonly #runtime: Runtime;
  readonly #host: string;
  readonly #port: number;
  readonly #token: string | null;
  readonly #timeoutMs: number;

  constructor({ runtime, url, token = null, timeoutMs = usualTimeoutMs }: UiClientOptions) {
    const { protocol, hostname, port, origin } = new URL(url);
    if (protocol !== "http:") throw notHttp(url);
    this.url = origin;
    this.#runtime = runtime;
    this.#host = hostname.replace(/^\[(.*)\]$/, "$1");
    this.#port = port === "" ? 80 : Number(port);
    this.#token = token;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * What the daemon answers to a path under `/api/v1/`. Rejects with SL-UI-AWAY when no answer
   * comes, with SL-UI-REFUSED when it is none that was wanted, such as that nimbus does not lead.
   */
  async get<P extends keyof UiAnswers>(path: P, options?: AskOptions): Promise<UiAnswers[P]> {
    return (await this.ask(path, options)) as UiAnswers[P];
  }

  topology(id: string, options?: AskOptions): Promise<UiTopology> {
    return this.ask(uiPath("topology", id), options) as Promise<UiTopology>;
  }

  topologyMetrics(id: string, options?: AskOptions): Promise<UiTopologyMetrics> {
    return this.ask(uiPath("topology", id, "metrics"), options) as Promise<UiTopologyMetrics>;
  }

  graph(id: string, options?: AskOptions): Promise<UiGraph> {
    return this.ask(uiPath("topology", id, "visualization"), options) as Promise<UiGraph>;
  }

  component(id: string, component: string, options?: AskOptions): Promise<UiComponent> {
    return this.ask(uiPath("topology", id, "component", component), options) as Promise<UiComponent>;
  }

  /** As `get`, of any path, each part of it percent-encoded (`uiPath`). */
  async ask(path: string, { query = {}, signal }: AskOptions = {}): Promise<unknown> {
    return JSON.parse((await this.#exchange("GET", targetOf(path, query), { signal })).text);
  }

  /** Changes something: `ui.act("topology/ID/kill/0")`. Rejects as `get`. */
  async act(path: string, body?: unknown, { signal }: AskOptions = {}): Promise<unknown> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return JSON.parse((await this.#exchange("POST", targetOf(path, {}), { ...sent, signal })).text);
  }

  /** A part of a log: `log` and `daemonlog` with their `file`, `host`, `start`, `length`, `grep`. Rejects as `get`. */
  async log(path: "log" | "daemonlog", { query = {}, signal }: AskOptions): Promise<UiLogText> {
    const { text, head } = await this.#exchange("GET", targetOf(path, query), { signal });
    const number = (name: string) => Number(head.headers.get(name) ?? 0);
    return { text, start: number("x-log-start"), size: number("x-log-size") };
  }

  /**
   * Server-sent events of a path: `events`, or `storm-lab/znode-changes`. Connects, and connects again from the last id on, until it is
   * stopped.
   */
  follow(path: string, listener: UiStreamListener, query: Readonly<Record<string, string>> = {}): UiEventStream {
    const { signal, ...exchange } = this.#request("GET", targetOf(path, query), {});
    return followUiEvents(this.#runtime, { ...exchange, silenceMs: streamSilenceMs }, listener);
  }

  async #exchange(
    method: "GET" | "POST",
    target: string,
    given: { readonly body?: string; readonly signal: AbortSignal | undefined },
  ): Promise<{ readonly head: HttpResponseHead; readonly text: string }> {
    const { timers } = this.#runtime;
    const ended = new AbortController();
    const timer = timers.after(this.#timeoutMs, () => ended.abort());
    const abort = (): void => ended.abort();
    given.signal?.addEventListener("abort", abort, { once: true });
    if (given.signal?.aborted === true) abort();
    let answered: HttpResponseHead | null = null;
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    try {
      await exchangeHttp(this.#runtime, {
        ...this.#request(method, target, { ...given, signal: ended.signal }),
        onHead: (head) => {
          answered = head;
        },
        onBody: (piece) => {
          bytes += piece.length;
          if (bytes > answerBytesMax) throw new Error(`the answer has more than ${answerBytesMax} bytes`);
          pieces.push(piece);
        },
      });
    } catch (error) {
      throw uiAway(this.url, messageOf(error), error);
    } finally {
      timer.cancel();
      given.signal?.removeEventListener("abort", abort);
    }
    if (given.signal?.aborted === true) throw aborted(target);
    const head = answered as HttpResponseHead | null;
    if (ended.signal.aborted || head === null) throw uiAway(this.url, `no answer within ${this.#timeoutMs} ms`);
    const text = Buffer.concat(pieces).toString("utf8");
    if (head.status !== 200) throw refused(target, head.status, text);
    return { head, text };
  }

  #request(
    method: "GET" | "POST",
    target: string,
    { body, signal }: { readonly body?: string; readonly signal?: AbortSignal | undefined },
  ): Omit<HttpExchange, "onHead" | "onBody"> {
    const needsToken = method === "POST" && this.#token !== null;
    return {
      host: this.#host,
      port: this.#port,
      method,
      target,
      headers: {
        ...(needsToken ? { Authorization: `Bearer ${this.#token}` } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      connectTimeoutMs: Math.min(connectTimeoutMs, this.#timeoutMs),
      silenceMs: this.#timeoutMs,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    };
  }
}

/** `uiPath("topology", id)`: a path whose parts are percent-encoded. */
export function uiPath(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join("/");
}

function targetOf(path: string, query: Readonly<Record<string, string>>): string {
  const asked = new URLSearchParams(query).toString();
  return `${apiRoot}${path}${asked === "" ? "" : `?${asked}`}`;
}

function uiAway(url: string, reason: string, cause?: unknown): StormLabError {
  return new StormLabError({
    code: "SL-UI-AWAY",
    what: `the ui daemon at ${url} does not answer: ${reason}`,
    why: "it does not run, or is busy, or something else has its port",
    hint: "storm-lab status   or   storm-lab start ui1",
    exitCode: exitCodes.noCluster,
    retriable: true,
    cause,
  });
}

/** What the daemon says in its own words is the reason. */
function refused(target: string, status: number, text: string): StormLabError {
  return new StormLabError({
    code: "SL-UI-REFUSED",
    what: `the ui daemon answers ${status} to ${target}`,
    why: messageIn(text) ?? "it gives no reason",
    hint: status === 401 || status === 403 ? "see docs/ui.md, Who may ask" : "storm-lab status",
    exitCode: exitCodes.refused,
    retriable: status >= 500,
  });
}

function messageIn(text: string): string | null {
  try {
    const said: unknown = JSON.parse(text);
    const message = typeof said === "object" && said !== null && "errorMessage" in said ? said.errorMessage : null;
    return typeof message === "string" ? message : null;
  } catch {
    return null;
  }
}

function aborted(target: string): StormLabError {
  return new StormLabError({
    code: "SL-UI-ABORTED",
    what: `the question ${target} was given up`,
    why: "whoever asked does not want the answer any more",
    hint: "ask again",
    exitCode: exitCodes.interrupted,
  });
}

function notHttp(url: string): StormLabError {
  return new StormLabError({
    code: "SL-UI-AWAY",
    what: `${url} is no address of a ui daemon`,
    why: "it serves http and nothing else",
    hint: "storm-lab open --print",
    exitCode: exitCodes.usage,
  });
}

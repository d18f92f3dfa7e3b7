/**
 * A stream of server-sent events that goes on by itself: after the daemon was away it connects again and asks for what came after the last
 * event it has. Source: HTML standard, "Server-sent events".
 */
import { messageOf, NetError, pause, type Runtime } from "../base/index.ts";
import { EventParser, type ServerSentEvent } from "../wire/http/index.ts";
import { exchangeHttp, type HttpExchange } from "./http-exchange.ts";

export interface UiStreamListener {
  /** `data`: parsed JSON. */
  event(name: string, data: unknown): void;
  /** The daemon answers; at the beginning and after each absence. */
  connected?(): void;
  /** It does not, and is tried again after `retryMs`. */
  away?(reason: string, retryMs: number): void;
}

export interface UiEventStream extends AsyncDisposable {
  /** Idempotent; nothing is told after it resolves. */
  stop(): Promise<void>;
}

/** Until the daemon says how long. */
const firstRetryMs = 1000;
/** A daemon that stays away is asked more and more seldom, up to this. */
const retryMsMax = 5000;
/** Larger than the picture of any cluster that fits a classroom. */
const eventLengthMax = 32 * 1024 * 1024;

export function followUiEvents(
  runtime: Runtime,
  exchange: Omit<HttpExchange, "onHead" | "onBody" | "signal">,
  listener: UiStreamListener,
): UiEventStream {
  const stopped = new AbortController();
  const following = follow(runtime, exchange, listener, stopped.signal);
  const stop = (): Promise<void> => {
    stopped.abort();
    return following;
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

async function follow(
  runtime: Runtime,
  exchange: Omit<HttpExchange, "onHead" | "onBody" | "signal">,
  listener: UiStreamListener,
  signal: AbortSignal,
): Promise<void> {
  let lastId = "";
  let toldMs = firstRetryMs;
  let retryMs = toldMs;
  while (!signal.aborted) {
    const parser = new EventParser({
      event: (event) => {
        lastId = event.id;
        if (!signal.aborted) tell(listener, event);
      },
      retry: (delayMs) => {
        toldMs = Math.min(delayMs, retryMsMax);
        retryMs = toldMs;
      },
    });
    const headers = { ...exchange.headers, Accept: "text/event-stream" };
    const reason = await exchangeHttp(runtime, {
      ...exchange,
      headers: lastId === "" ? headers : { ...headers, "Last-Event-ID": lastId },
      signal,
      onHead: ({ status }) => {
        if (status !== 200) throw new NetError("EPROTO", `the ui daemon answers ${status}`);
        if (!signal.aborted) listener.connected?.();
      },
      onBody: (piece) => {
        parser.push(piece);
        if (parser.heldLength > eventLengthMax) throw new NetError("EPROTO", "an event is too long");
      },
    }).then(
      () => "the ui daemon ended the stream",
      (error: unknown) => messageOf(error),
    );
    if (signal.aborted) return;
    listener.away?.(reason, retryMs);
    await pause(runtime.timers, retryMs, signal);
    retryMs = Math.min(retryMs * 2, retryMsMax);
  }
}

function tell(listener: UiStreamListener, { event, data }: ServerSentEvent): void {
  listener.event(event, JSON.parse(data));
}

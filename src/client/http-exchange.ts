/** One request over HTTP on a connection of its own, over the Runtime's sockets; its answer piece by piece. */
import { messageOf, NetError, type Runtime } from "../base/index.ts";
import { type HttpResponseHead, HttpResponseReader } from "../wire/http/index.ts";

export interface HttpExchange {
  readonly host: string;
  readonly port: number;
  readonly method: "GET" | "POST";
  /** Path and query, percent-encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connectTimeoutMs: number;
  /** Without a byte for so long it is given up. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal;
  readonly onHead: (head: HttpResponseHead) => void;
  readonly onBody: (piece: Uint8Array) => void;
}

/**
 * Resolves at the end of the answer, or when `signal` is aborted: who cares looks at it. Rejects with NetError when there is no connection,
 * when it ends too early, when it is silent, and with what the callbacks throw.
 */
export async function exchangeHttp(runtime: Runtime, exchange: HttpExchange): Promise<void> {
  const { host, port, connectTimeoutMs, signal } = exchange;
  if (hasEnded(signal)) return;
  const socket = await runtime.net.connect({ host, port, timeoutMs: connectTimeoutMs });
  const over = Promise.withResolvers<void>();
  const giveUp = (error: unknown): void => {
    over.reject(error);
    socket.destroy();
  };
  const reader = new HttpResponseReader({
    head: exchange.onHead,
    body: exchange.onBody,
    end: () => over.resolve(),
    fault: (message) => giveUp(new NetError("EPROTO", message)),
  });
  const silence = silenceWatch(runtime, exchange.silenceMs, () =>
    giveUp(new NetError("ETIMEDOUT", `nothing came for ${exchange.silenceMs} ms`)),
  );
  const aborted = (): void => over.resolve();
  signal?.addEventListener("abort", aborted, { once: true });
  socket.handle({
    data: (bytes) => {
      silence.heard();
      try {
        reader.push(bytes);
      } catch (error) {
        giveUp(error);
      }
    },
    end: () => reader.closed(),
    close: (error) => {
      if (error === undefined) reader.closed();
      else over.reject(new NetError(error.code, messageOf(error)));
    },
  });
  socket.write(requestBytes(exchange));
  if (hasEnded(signal)) aborted();
  try {
    await over.promise;
  } finally {
    silence.stop();
    signal?.removeEventListener("abort", aborted);
    socket.destroy();
  }
}

/** Asked anew after an await. */
function hasEnded(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function requestBytes({ host, port, method, target, headers, body }: HttpExchange): Buffer {
  const length = method === "POST" ? [`Content-Length: ${Buffer.byteLength(body ?? "")}`] : [];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${host.includes(":") ? `[${host}]` : host}:${port}`,
    "Connection: close",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...length,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`);
}

/** One timer for many pieces: it looks when it fires whether something came meanwhile. */
function silenceWatch(
  { timers, clock }: Runtime,
  silenceMs: number,
  onSilence: () => void,
): { heard(): void; stop(): void } {
  let lastMs = clock.monotonicMs();
  const wait = (delayMs: number) =>
    timers.after(delayMs, () => {
      const leftMs = lastMs + silenceMs - clock.monotonicMs();
      if (leftMs <= 0) onSilence();
      else timer = wait(leftMs);
    });
  let timer = wait(silenceMs);
  return {
    heard: () => {
      lastMs = clock.monotonicMs();
    },
    stop: () => timer.cancel(),
  };
}

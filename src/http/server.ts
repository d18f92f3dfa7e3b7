/** Serves HTTP, and ends connections whose clients do nothing. */
import {
  exitCodes,
  type Listener,
  messageOf,
  type Runtime,
  type Socket,
  StormLabError,
  type Timer,
} from "../base/index.ts";
import { HttpConnection, type HttpHandler, type HttpHost, patienceTicks } from "./connection.ts";

export interface HttpServerOptions {
  /** What is served, in words: for the error of a port that cannot be had. */
  readonly name: string;
  /** The key of storm.yaml that gives the port. */
  readonly portKey: string;
  readonly host: string | null;
  readonly port: number;
  readonly bodyBytesMax: number;
  readonly connectionsMax: number;
  readonly handler: HttpHandler;
  /** Of every answer, also of those to requests that cannot be read. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** For a request to be complete, an answer to be read, a further request to begin. */
const patienceMs = 60_000;
/** After the listener is closed, for answers that are on their way. */
const lingerMs = 1000;

/** Rejects with SL-HTTP-LISTEN. */
export async function serveHttp(runtime: Runtime, options: HttpServerOptions): Promise<HttpServer> {
  const server = new HttpServer(runtime, options);
  const { host, port } = options;
  const place = host === null ? { port } : { host, port };
  try {
    server.open(await runtime.net.listen(place, (socket) => server.connected(socket)));
  } catch (error) {
    throw listenFault(options, `${host ?? "*"}:${port}`, error);
  }
  return server;
}

class HttpServer implements HttpHost, AsyncDisposable {
  readonly bodyBytesMax: number;
  readonly handler: HttpHandler;
  readonly headers: Readonly<Record<string, string>>;
  tick = 0;
  readonly #runtime: Runtime;
  readonly #connectionsMax: number;
  readonly #connections = new Set<HttpConnection>();
  #listener: Listener | null = null;
  #looking: Timer | null = null;
  #lastGone: (() => void) | null = null;

  constructor(runtime: Runtime, { bodyBytesMax, connectionsMax, handler, headers = {} }: HttpServerOptions) {
    this.#runtime = runtime;
    this.#connectionsMax = connectionsMax;
    this.bodyBytesMax = bodyBytesMax;
    this.handler = handler;
    this.headers = headers;
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  open(listener: Listener): void {
    this.#listener = listener;
    this.#looking = this.#runtime.timers.every(patienceMs / patienceTicks, () => {
      this.tick++;
      for (const connection of this.#connections) connection.look();
    });
  }

  connected(socket: Socket): void {
    const isFull = this.#connections.size >= this.#connectionsMax;
    const connection = new HttpConnection(this, socket);
    this.#connections.add(connection);
    if (isFull) connection.refuse({ status: 503, message: `${this.#connectionsMax} connections are open already` });
  }

  forget(connection: HttpConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#lastGone?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#looking?.cancel();
    const closing = this.#listener?.close();
    for (const connection of this.#connections) connection.end();
    if (this.#connections.size > 0) {
      const gone = new Promise<void>((resolve) => {
        this.#lastGone = resolve;
      });
      const timer = this.#runtime.timers.after(lingerMs, () => {
        for (const connection of this.#connections) connection.destroy();
      });
      await gone;
      timer.cancel();
    }
    await closing;
  }
}

function listenFault({ name, portKey }: HttpServerOptions, where: string, cause: unknown): StormLabError {
  return new StormLabError({
    code: "SL-HTTP-LISTEN",
    what: `${name} cannot listen on ${where}: ${messageOf(cause)}`,
    why: "another process has the port, or this user may not take it",
    hint: `see which process has it, or set another ${portKey}`,
    exitCode: exitCodes.preflight,
    cause,
  });
}

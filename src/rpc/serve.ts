/** A Thrift server: one service of Storm on one port, framed, in the binary protocol, as SimpleTransportPlugin serves it. */
import type { Listener, Runtime, Socket, Timer } from "../base/index.ts";
import {
  type ArgumentsOf,
  isApplicationError,
  type Methods,
  type ResultOf,
  type Service,
  ThriftReader,
  ThriftWriter,
} from "../wire/thrift/index.ts";
import { listenFault } from "./faults.ts";
import type { IncomingCall } from "./incoming-call.ts";
import { type ConnectionHost, type MethodEntry, ServerConnection, stallTicks } from "./server-connection.ts";
import { defaultServerLimits, type ServerLimits } from "./server-limits.ts";

export interface ServeOptions<M extends Methods> {
  readonly runtime: Runtime;
  /** Without it every address of the machine is listened on. */
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly service: Service<M>;
  /** A method without handler is answered UNKNOWN_METHOD. */
  readonly handlers: Handlers<M>;
  readonly limits?: Partial<ServerLimits>;
}

export type Handlers<M extends Methods> = {
  readonly [N in keyof M]?: Handler<ArgumentsOf<M[N]>, ResultOf<M[N]>>;
};

/**
 * Answers a call. What it throws of the exceptions that the method declares goes to the caller as such, by its code;
 * anything else is INTERNAL_ERROR. Null where something is due is MISSING_RESULT at the caller, as from Storm.
 */
export type Handler<A, R> = (args: A, call: IncomingCall) => R | null | Promise<R | null>;

export interface ThriftServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly connectionCount: number;
  /** Takes no more calls; answers that are made are sent, within a second. Idempotent. */
  close(): Promise<void>;
}

/** Rejects with `SL-RPC-LISTEN`. */
export async function serveThrift<const M extends Methods>(options: ServeOptions<M>): Promise<ThriftServer> {
  const { runtime, service, port, host } = options;
  const server = new Server(runtime, service, entriesOf(options), options.limits ?? {});
  const place = host === undefined ? { port } : { host, port };
  try {
    const listener = await runtime.net.listen(place, (socket) => server.connected(socket));
    server.open(listener);
  } catch (error) {
    throw listenFault(service.name, `${host ?? "*"}:${port}`, error);
  }
  return server;
}

/** After the listener is closed, for answers that are on their way. */
const lingerMs = 1000;
/** Closed connections between two looks that are told one by one. */
const toldMax = 10;

class Server implements ConnectionHost, ThriftServer {
  readonly limits: ServerLimits;
  readonly reader = new ThriftReader();
  readonly writer = new ThriftWriter();
  readonly #runtime: Runtime;
  readonly #service: string;
  readonly entries: ReadonlyMap<string, MethodEntry>;
  readonly #connections = new Set<ServerConnection>();
  readonly #starved = new Set<ServerConnection>();
  #listener: Listener | null = null;
  #looking: Timer | null = null;
  #dirty: ServerConnection[] = [];
  #heldBytes = 0;
  #unfinishedBytes = 0;
  /** Finishes its frame while the others wait. */
  #favoured: ServerConnection | null = null;
  #told = 0;
  #closed: Promise<void> | null = null;
  #lastGone: (() => void) | null = null;
  tick = 0;

  constructor(runtime: Runtime, service: Service, entries: Server["entries"], limits: Partial<ServerLimits>) {
    this.#runtime = runtime;
    this.#service = service.name;
    this.entries = entries;
    this.limits = { ...defaultServerLimits, ...limits };
  }

  open(listener: Listener): void {
    this.#listener = listener;
    this.#looking = this.#runtime.timers.every(this.limits.stallMs / stallTicks, () => this.#look());
  }

  get host(): string {
    return this.#listener?.host ?? "";
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  get isOverloaded(): boolean {
    return this.#heldBytes > this.limits.heldBytesMax;
  }

  connected(socket: Socket): void {
    if (this.#closed !== null || !this.#makeRoom()) {
      if (this.#closed === null) this.#tell(socket, "all connections wait for answers");
      socket.handle({ data: () => {}, close: () => {} });
      socket.destroy();
      return;
    }
    this.#connections.add(new ServerConnection(this, socket));
  }

  entry(name: string): MethodEntry | undefined {
    return this.entries.get(name);
  }

  flushSoon(connection: ServerConnection): void {
    if (this.#dirty.push(connection) === 1) queueMicrotask(() => this.#flush());
  }

  held(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes < 0) this.#feedSoon();
  }

  unfinished(connection: ServerConnection, more: number, now: number): void {
    this.#unfinishedBytes += more;
    if (now === 0 && this.#favoured === connection) this.#favoured = null;
    if (more < 0) this.#feedSoon();
  }

  mayFinish(connection: ServerConnection): boolean {
    if (this.#unfinishedBytes <= this.limits.heldBytesMax) return true;
    this.#favoured ??= connection;
    return this.#favoured === connection;
  }

  resumeLater(connection: ServerConnection): void {
    this.#starved.add(connection);
  }

  closing(connection: ServerConnection, reason: string): void {
    this.#tell(connection, `it ${reason}`);
  }

  failed(method: string, error: unknown): void {
    // What a handler refuses in words, such as a nimbus that does not lead, is no fault of this server.
    if (isApplicationError(error)) this.#runtime.log.info(`${this.#service}: refused ${method}: ${error.message}`);
    else this.#runtime.log.error(`${this.#service}: internal error processing ${method}`, { error });
  }

  forget(connection: ServerConnection): void {
    this.#connections.delete(connection);
    this.#starved.delete(connection);
    if (this.#connections.size === 0) this.#lastGone?.();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#looking?.cancel();
    const closing = this.#listener?.close();
    this.#flush();
    for (const connection of this.#connections) connection.end();
    await this.#allGone();
    await closing;
  }

  async #allGone(): Promise<void> {
    if (this.#connections.size === 0) return;
    const gone = new Promise<void>((resolve) => {
      this.#lastGone = resolve;
    });
    const timer = this.#runtime.timers.after(lingerMs, () => {
      for (const connection of this.#connections) connection.destroy();
    });
    await gone;
    timer.cancel();
  }

  #flush(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const connection of dirty) connection.flush();
  }

  #feedSoon(): void {
    if (this.#starved.size === 0) return;
    const starved = [...this.#starved];
    this.#starved.clear();
    queueMicrotask(() => {
      for (const connection of starved) connection.resume();
    });
  }

  #look(): void {
    this.tick++;
    if (this.#told > toldMax)
      this.#runtime.log.warn(`${this.#service}: closed ${this.#told - toldMax} more connections for such reasons`);
    this.#told = 0;
    for (const connection of this.#connections) connection.look();
  }

  #tell({ remoteAddress, remotePort }: Pick<Socket, "remoteAddress" | "remotePort">, reason: string): void {
    if (++this.#told > toldMax) return;
    this.#runtime.log.warn(`${this.#service}: closing the connection of ${remoteAddress}:${remotePort}: ${reason}`);
  }

  /** False: all connections wait for answers. */
  #makeRoom(): boolean {
    if (this.#connections.size < this.limits.connectionsMax) return true;
    let oldest: ServerConnection | undefined;
    for (const connection of this.#connections) {
      if (connection.isIdle && (oldest === undefined || connection.heardTick < oldest.heardTick)) oldest = connection;
    }
    oldest?.close(`is the most idle of ${this.limits.connectionsMax}, and another one wants to connect`);
    return oldest !== undefined;
  }
}

function entriesOf<M extends Methods>({ service, handlers }: ServeOptions<M>): Map<string, MethodEntry> {
  const entries = new Map<string, MethodEntry>();
  for (const [name, method] of Object.entries(service.methods)) {
    const handler = handlers[name] as MethodEntry["handler"] | undefined;
    if (handler !== undefined) entries.set(name, { method, handler: handler.bind(handlers) });
  }
  return entries;
}

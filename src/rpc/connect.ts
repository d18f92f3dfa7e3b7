/** A Thrift client: one connection to one of Storm's services, its methods as promises. */
import type { Runtime, Socket } from "../base/index.ts";
import type { ArgumentsOf, Methods, ResultOf, Service } from "../wire/thrift/index.ts";
import { ClientConnection, type ClientLimits } from "./client-connection.ts";
import { abortedFault, unreachableFault } from "./faults.ts";
import type { CallOptions } from "./outgoing-call.ts";

export interface ConnectOptions<M extends Methods> extends Partial<ClientLimits> {
  readonly runtime: Runtime;
  readonly host: string;
  readonly port: number;
  readonly service: Service<M>;
  /** For the connection to come about. Default: 10 seconds. */
  readonly connectTimeoutMs?: number;
  /** Ends the attempt, and later the connection. */
  readonly signal?: AbortSignal;
}

export interface ThriftClient<M extends Methods> extends AsyncDisposable {
  /** `client.calls.killTopologyWithOpts({ name: "wc", options: { wait_secs: 30 } })`. */
  readonly calls: Calls<M>;
  /** False: every further call rejects with `SL-RPC-LOST`. */
  readonly isOpen: boolean;
  /** Calls without answer. */
  readonly waitingCount: number;
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>;
  /** Calls that wait reject with `SL-RPC-LOST`. Idempotent. */
  close(): Promise<void>;
}

/**
 * Rejects with a declared exception of the method (`NotAliveException.is(error)`), with what the server could not do
 * (`isApplicationError(error)`), or with `SL-RPC-…` when there was no answer.
 */
export type Calls<M extends Methods> = {
  readonly [N in keyof M]: Caller<ArgumentsOf<M[N]>, ResultOf<M[N]>>;
};

type Caller<A, R> =
  Record<never, never> extends A
    ? (args?: A, options?: CallOptions) => Promise<R>
    : (args: A, options?: CallOptions) => Promise<R>;

/** Rejects with `SL-RPC-UNREACHABLE` or `SL-RPC-ABORTED`. */
export async function connectThrift<const M extends Methods>(options: ConnectOptions<M>): Promise<ThriftClient<M>> {
  const { runtime, service, host, port, signal } = options;
  const where = `${service.name} at ${host}:${port}`;
  const connecting = runtime.net.connect({ host, port, timeoutMs: options.connectTimeoutMs ?? connectTimeoutMs });
  const reached = connecting.catch((error: unknown) => {
    throw unreachableFault(service.name, `${host}:${port}`, error);
  });
  const socket = await unlessAborted(reached, signal, where);
  const connection = new ClientConnection(where, runtime, socket, {
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
    maxFrameBytes: options.maxFrameBytes ?? defaults.maxFrameBytes,
    callsMax: options.callsMax ?? defaults.callsMax,
  });
  if (signal !== undefined) closeOnAbort(connection, signal);
  const close = (): Promise<void> => {
    connection.close("it was closed here");
    return connection.closed;
  };
  return {
    calls: callsOf(service, connection),
    get isOpen() {
      return connection.isOpen;
    },
    get waitingCount() {
      return connection.waitingCount;
    },
    closed: connection.closed,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const connectTimeoutMs = 10_000;
/** Time-out: Storm's for nimbus (storm.thrift.socket.timeout.ms). Frame: Thrift's own bound (TConfiguration). */
const defaults: ClientLimits = { timeoutMs: 600_000, maxFrameBytes: 16_384_000, callsMax: 16_384 };

function callsOf<M extends Methods>(service: Service<M>, connection: ClientConnection): Calls<M> {
  const calls = Object.entries(service.methods).map(([name, method]) => [
    name,
    (args: unknown = {}, options?: CallOptions) => connection.call(method, args, options),
  ]);
  return Object.fromEntries(calls) as Calls<M>;
}

/** The socket that comes too late is closed. */
async function unlessAborted(
  connecting: Promise<Socket>,
  signal: AbortSignal | undefined,
  where: string,
): Promise<Socket> {
  if (signal === undefined) return connecting;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(abortedFault(where, "The connection", signal.reason));
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([connecting, aborted]);
  } catch (error) {
    connecting.then(discard, () => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function discard(socket: Socket): void {
  socket.handle({ data: () => {}, close: () => {} });
  socket.destroy();
}

function closeOnAbort(connection: ClientConnection, signal: AbortSignal): void {
  const onAbort = (): void => connection.close("its user gave it up");
  signal.addEventListener("abort", onAbort, { once: true });
  void connection.closed.then(() => signal.removeEventListener("abort", onAbort));
}

/**
 * Calls functions that topologies answer, as Storm's DRPCClient: `new DRPCClient("drpc-host", 3772).execute("reach", "http://baidu.com")`.
 * Any number of calls at once on one connection. Of several servers one is chosen at random; when it cannot be reached, ends, or shuts
 * down, the call is made at the next: a function may then be computed twice, and one result is told.
 */
import { isStormLabError, type Runtime, realRuntime } from "../base/index.ts";
import type { StormConf } from "../conf/index.ts";
import { connectThrift, type ThriftClient } from "../rpc/index.ts";
import { DistributedRPC, DRPCExecutionException } from "../wire/thrift/index.ts";
import { noDRPCAnswer, noDRPCServer, noDRPCServersNamed, type ServerFailure } from "./drpc-errors.ts";

export interface DRPCClientOptions {
  /** For the answer of a call, all attempts together; default 610 s: the server's own end, after 600 s, comes first. */
  readonly timeoutMs?: number;
  /** For a connection to come about. Default 5 s. */
  readonly connectTimeoutMs?: number;
  /** Default: the real world. */
  readonly runtime?: Runtime;
}

export interface ExecuteOptions {
  readonly timeoutMs?: number;
  /** Gives the call up: it rejects with SL-RPC-ABORTED. */
  readonly signal?: AbortSignal;
}

export interface DRPCServerAddress {
  readonly host: string;
  readonly port: number;
}

type Connection = ThriftClient<typeof DistributedRPC.methods>;

const defaultTimeoutMs = 610_000;
const defaultConnectTimeoutMs = 5000;
export const drpcPort = 3772;

export class DRPCClient implements AsyncDisposable {
  readonly #servers: readonly DRPCServerAddress[];
  readonly #runtime: Runtime;
  readonly #timeoutMs: number;
  readonly #connectTimeoutMs: number;
  /** By the place of the server in the list. */
  readonly #connections = new Map<number, Promise<Connection>>();
  #current: number;
  #isClosed = false;

  /** `host`: of one server, or of several. */
  constructor(
    host: string | readonly (string | DRPCServerAddress)[],
    port = drpcPort,
    options: DRPCClientOptions = {},
  ) {
    const hosts = typeof host === "string" ? [host] : host;
    if (hosts.length === 0) throw noDRPCServersNamed();
    this.#servers = hosts.map((each) => (typeof each === "string" ? { host: each, port } : each));
    this.#runtime = options.runtime ?? realRuntime({ name: "drpc-client", self: { command: [] } });
    this.#timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    this.#connectTimeoutMs = options.connectTimeoutMs ?? defaultConnectTimeoutMs;
    this.#current = this.#runtime.random.below(this.#servers.length);
  }

  /**
   * The function's result. Rejects with a DRPCExecutionException (SL-STORM-DRPC-EXECUTION), with SL-DRPC-NO-SERVER when no server answers,
   * with SL-DRPC-DEADLINE or SL-RPC-ABORTED.
   */
  async execute(functionName: string, args = "", options: ExecuteOptions = {}): Promise<string> {
    const { clock } = this.#runtime;
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const endMs = clock.monotonicMs() + timeoutMs;
    const failures: ServerFailure[] = [];
    // Each once, and the first twice: its connection may have been an old one.
    for (let attempt = 0; attempt <= this.#servers.length; attempt++) {
      const index = this.#current;
      const leftMs = Math.max(1, endMs - clock.monotonicMs());
      const { signal } = options;
      try {
        const { calls } = await this.#connection(index, leftMs);
        const nowLeftMs = Math.max(1, Math.ceil(endMs - clock.monotonicMs()));
        return await calls.execute(
          { functionName, funcArgs: args },
          { timeoutMs: nowLeftMs, ...(signal && { signal }) },
        );
      } catch (error) {
        if (isStormLabError(error, "SL-RPC-DEADLINE")) throw noDRPCAnswer(functionName, timeoutMs, error);
        if (this.#isClosed || !isTheServers(error)) throw error;
        failures.push({ server: this.#servers[index]!, error });
        // Another call may have moved on already.
        if (this.#current === index) this.#current = (index + 1) % this.#servers.length;
        if (clock.monotonicMs() >= endMs) break;
      }
    }
    throw noDRPCServer(functionName, failures);
  }

  /** Calls that wait reject with SL-RPC-LOST. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const connections = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.all(connections.map((each) => each.then((connection) => connection.close()).catch(() => {})));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** One that is open; made when there is none. */
  async #connection(index: number, leftMs: number): Promise<Connection> {
    const there = await this.#connections.get(index)?.catch(() => null);
    if (there?.isOpen === true) return there;
    const now = this.#connections.get(index);
    if (now !== undefined && (await now.catch(() => null)) !== there) return now;
    const connecting = this.#connect(this.#servers[index]!, leftMs);
    this.#connections.set(index, connecting);
    connecting.catch(() => {
      if (this.#connections.get(index) === connecting) this.#connections.delete(index);
    });
    return connecting;
  }

  async #connect({ host, port }: DRPCServerAddress, leftMs: number): Promise<Connection> {
    const connectTimeoutMs = Math.min(this.#connectTimeoutMs, leftMs);
    const connection = await connectThrift({
      runtime: this.#runtime,
      host,
      port,
      service: DistributedRPC,
      connectTimeoutMs,
    });
    if (this.#isClosed) await connection.close();
    return connection;
  }
}

/** `drpc.servers` and `drpc.port` of a configuration; none: nothing is named. */
export function drpcServersOf(conf: StormConf): readonly DRPCServerAddress[] {
  const port = conf.number("drpc.port");
  return conf.get("drpc.servers") === null ? [] : conf.texts("drpc.servers").map((host) => ({ host, port }));
}

/** Another server may answer. */
function isTheServers(error: unknown): boolean {
  if (isStormLabError(error, "SL-RPC-UNREACHABLE") || isStormLabError(error, "SL-RPC-LOST")) return true;
  return DRPCExecutionException.is(error) && error.value.type === "SERVER_SHUTDOWN";
}

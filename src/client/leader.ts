/**
 * Who leads: any seed tells, and the call goes to the host and port under which the leader registered. Source: Storm's
 * NimbusClient.Builder, 2.8.
 */
import { pause, type Runtime } from "../base/index.ts";
import { connectThrift, type ThriftClient } from "../rpc/index.ts";
import { Nimbus } from "../wire/thrift/index.ts";
import { leaderNotFound, type SeedFailure } from "./leader-errors.ts";
import { type RetryRule, retryDelayMs } from "./retry-delays.ts";

export type NimbusConnection = ThriftClient<typeof Nimbus.methods>;

export interface Leader {
  readonly host: string;
  readonly port: number;
  readonly connection: NimbusConnection;
}

export interface LeaderSearch {
  readonly runtime: Runtime;
  readonly seeds: readonly string[];
  readonly port: number;
  readonly retry: RetryRule;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Before each wait, with what was found so far. */
  readonly onRetry: (error: Error, delayMs: number) => void;
}

const connectTimeoutMs = 5_000;

/** Rejects with SL-NIMBUS-LEADER-NOT-FOUND, or with SL-RPC-ABORTED. */
export async function findLeader(search: LeaderSearch): Promise<Leader> {
  for (let retry = 0; ; retry++) {
    const failures: SeedFailure[] = [];
    for (const seed of search.seeds) {
      const found = await askSeed(search, seed);
      if ("connection" in found) return found;
      failures.push(found);
    }
    const error = leaderNotFound(search.seeds, failures);
    if (retry >= search.retry.times) throw error;
    const delayMs = retryDelayMs(search.retry, retry, search.runtime.random);
    search.onRetry(error, delayMs);
    await pause(search.runtime.timers, delayMs, search.signal);
    search.signal.throwIfAborted();
  }
}

async function askSeed(search: LeaderSearch, host: string): Promise<Leader | SeedFailure> {
  const { port } = search;
  const seed = `${host}:${port}`;
  let leader: string | null = null;
  let connection: NimbusConnection | null = null;
  try {
    connection = await connect(search, host, port);
    const answer = await connection.calls.getLeader({}, { timeoutMs: connectTimeoutMs });
    if (answer.host === host && answer.port === port) return { host, port, connection };
    await connection.close();
    leader = `${answer.host}:${answer.port}`;
    return { host: answer.host, port: answer.port, connection: await connect(search, answer.host, answer.port) };
  } catch (error) {
    await connection?.close();
    search.signal.throwIfAborted();
    return { seed, leader, error };
  }
}

function connect({ runtime, signal, timeoutMs }: LeaderSearch, host: string, port: number): Promise<NimbusConnection> {
  return connectThrift({ runtime, host, port, service: Nimbus, connectTimeoutMs, timeoutMs, signal });
}

/** One connection to the nimbus that leads, made anew when it breaks or leads no more. */
import { exitCodes, messageOf, type Runtime, StormLabError } from "../base/index.ts";
import { type Calls, connectThrift, type ThriftClient } from "../rpc/index.ts";
import { Nimbus } from "../wire/thrift/index.ts";

type NimbusMethods = typeof Nimbus.methods;

export interface LeaderLinkOptions {
  readonly seeds: readonly string[];
  readonly port: number;
}

const connectMs = 3000;
const callMs = 10_000;

export class LeaderLink {
  readonly #runtime: Runtime;
  readonly #options: LeaderLinkOptions;
  #client: Promise<ThriftClient<NimbusMethods>> | null = null;
  #closed = false;

  constructor(runtime: Runtime, options: LeaderLinkOptions) {
    this.#runtime = runtime;
    this.#options = options;
  }

  /** Once: the caller tries again at its next turn. Rejects with SL-NIMBUS-LEADER, SL-RPC-…, or what the call declares. */
  async call<T>(work: (calls: Calls<NimbusMethods>) => Promise<T>): Promise<T> {
    this.#client ??= this.#find();
    const finding = this.#client;
    try {
      return await work((await finding).calls);
    } catch (error) {
      // Whatever it was, another leader may be the answer to it.
      if (this.#client === finding) this.#client = null;
      finding.then((client) => client.close()).catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = await this.#client?.catch(() => null);
    await client?.close();
  }

  async #find(): Promise<ThriftClient<NimbusMethods>> {
    let last: unknown = null;
    for (const seed of this.#options.seeds) {
      try {
        return await this.#leaderOf(seed);
      } catch (error) {
        last = error;
      }
    }
    throw noLeader(this.#options.seeds, last);
  }

  async #leaderOf(seed: string): Promise<ThriftClient<NimbusMethods>> {
    const client = await this.#connect(seed, this.#options.port);
    const leader = await client.calls.getLeader().catch(async (error: unknown) => {
      await client.close();
      throw error;
    });
    if (leader.host === seed && leader.port === this.#options.port) return client;
    await client.close();
    return this.#connect(leader.host, leader.port);
  }

  #connect(host: string, port: number): Promise<ThriftClient<NimbusMethods>> {
    if (this.#closed) return Promise.reject(new Error("closed"));
    const limits = { connectTimeoutMs: connectMs, timeoutMs: callMs };
    return connectThrift({ runtime: this.#runtime, host, port, service: Nimbus, ...limits });
  }
}

function noLeader(seeds: readonly string[], cause: unknown): StormLabError {
  return new StormLabError({
    code: "SL-NIMBUS-LEADER",
    what: `Could not find leader nimbus from seed hosts ${JSON.stringify(seeds)}: ${messageOf(cause)}`,
    why: "no nimbus runs there, or none leads yet, or the leader's own name cannot be reached from here",
    hint: "start a nimbus; or correct nimbus.seeds",
    exitCode: exitCodes.refused,
    retriable: true,
    cause,
  });
}

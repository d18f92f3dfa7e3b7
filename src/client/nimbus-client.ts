/**
 * The leading nimbus as one object: it is looked for when it is first called, and again when it no longer leads or answers. A call is
 * only repeated where that cannot do anything twice.
 */
import { isStormLabError, type Runtime } from "../base/index.ts";
import type { StormConf } from "../conf/index.ts";
import type { CallOptions, Calls } from "../rpc/index.ts";
import { isApplicationError, Nimbus } from "../wire/thrift/index.ts";
import { findLeader, type Leader, type NimbusConnection } from "./leader.ts";

export type NimbusCalls = Calls<typeof Nimbus.methods>;

export interface NimbusClientOptions {
  readonly runtime: Runtime;
  /** `nimbus.seeds`, `nimbus.thrift.port`, `storm.nimbus.retry.*`, `storm.thrift.socket.timeout.ms`. */
  readonly conf: StormConf;
  /** Ends the client. */
  readonly signal?: AbortSignal;
  /** Attempts to find a leader after the first. Default: `storm.nimbus.retry.times`. */
  readonly retryTimes?: number;
  /** Before each of them, with what was found so far. Default: nobody is told. */
  readonly onRetry?: (error: Error, delayMs: number) => void;
}

export interface LeaderAddress {
  readonly host: string;
  readonly port: number;
}

/** How often one call goes after a leader that has changed. */
const followsMax = 3;

export class NimbusClient implements AsyncDisposable {
  /** `client.calls.killTopologyWithOpts({ name, options })`, to whoever leads. May also reject with SL-NIMBUS-LEADER-NOT-FOUND. */
  readonly calls: NimbusCalls;
  readonly #options: NimbusClientOptions;
  readonly #ended = new AbortController();
  #leader: Promise<Leader> | null = null;

  constructor(options: NimbusClientOptions) {
    this.#options = options;
    const { signal } = options;
    if (signal?.aborted === true) this.#ended.abort(signal.reason);
    signal?.addEventListener("abort", this.#abort, { once: true });
    const names = Object.keys(Nimbus.methods) as (keyof NimbusCalls)[];
    const calls = names.map((name) => [name, (args: never, how?: CallOptions) => this.#call(name, args, how)] as const);
    this.calls = Object.fromEntries(calls) as unknown as NimbusCalls;
  }

  /** Where calls go. Rejects with SL-NIMBUS-LEADER-NOT-FOUND. */
  async leader(): Promise<LeaderAddress> {
    const { host, port } = await this.#found();
    return { host, port };
  }

  /** The calls of one connection: what was begun with them is known to that nimbus alone, as uploads are. */
  async pinned(): Promise<NimbusCalls> {
    return (await this.#found()).connection.calls;
  }

  /** The next call looks for the leader anew: this one may be cut off from those who know that it leads no more. Calls that wait reject. */
  async lookAgain(): Promise<void> {
    await this.#drop();
  }

  /** Calls that wait reject. Idempotent. */
  async close(): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#abort);
    this.#ended.abort(new Error("the client was closed"));
    await this.#drop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #abort = (): void => this.#ended.abort(this.#options.signal?.reason);

  async #call(name: keyof NimbusCalls, args: never, how: CallOptions | undefined): Promise<unknown> {
    for (let follows = 0; ; follows++) {
      const { connection, host, port } = await this.#found();
      try {
        return await connection.calls[name](args, how as never);
      } catch (error) {
        if (follows === followsMax || !(await mayRepeat(name, error, connection, { host, port }))) throw error;
        await this.#drop();
      }
    }
  }

  async #found(): Promise<Leader> {
    for (;;) {
      const looking = this.#leader ?? this.#look();
      const leader = await looking;
      if (leader.connection.isOpen) return leader;
      if (this.#leader === looking) this.#leader = null;
    }
  }

  #look(): Promise<Leader> {
    const { runtime, conf, retryTimes, onRetry } = this.#options;
    const looking = findLeader({
      runtime,
      seeds: conf.texts("nimbus.seeds"),
      port: conf.number("nimbus.thrift.port"),
      retry: {
        times: retryTimes ?? conf.number("storm.nimbus.retry.times"),
        intervalMs: conf.number("storm.nimbus.retry.interval.millis"),
        ceilingMs: conf.number("storm.nimbus.retry.intervalceiling.millis"),
      },
      timeoutMs: conf.number("storm.thrift.socket.timeout.ms"),
      signal: this.#ended.signal,
      onRetry: onRetry ?? (() => {}),
    });
    this.#leader = looking;
    looking.catch(() => {
      if (this.#leader === looking) this.#leader = null;
    });
    return looking;
  }

  async #drop(): Promise<void> {
    const leader = await this.#leader?.catch(() => null);
    this.#leader = null;
    await leader?.connection.close();
  }
}

/** A question may be asked again; what changes something only when the nimbus that was asked does not lead, and so did nothing. */
async function mayRepeat(
  name: keyof NimbusCalls,
  error: unknown,
  connection: NimbusConnection,
  asked: LeaderAddress,
): Promise<boolean> {
  if (isStormLabError(error, "SL-RPC-LOST")) return /^(get|is)/.test(name);
  if (!isApplicationError(error, "INTERNAL_ERROR")) return false;
  const leader = await connection.calls.getLeader({}, { timeoutMs: leaderAnswerMs }).catch(() => null);
  return leader !== null && (leader.host !== asked.host || leader.port !== asked.port);
}

const leaderAnswerMs = 5_000;

/** Calls that come while nimbus is still starting wait for it: an answer from what it has not read yet would be wrong. */
import { exitCodes, type Runtime, StormLabError } from "../base/index.ts";
import type { Handlers } from "../rpc/index.ts";
import { Nimbus } from "../wire/thrift/index.ts";

/** Every method is there. */
export type NimbusCalls = Required<Handlers<typeof Nimbus.methods>>;
type AnyHandler = (args: never, call: never) => unknown;

export class Readiness {
  readonly #runtime: Runtime;
  readonly #patienceMs: number;
  readonly #ready = Promise.withResolvers<void>();
  #calls: Readonly<Record<string, AnyHandler>> | null = null;

  /** `patienceMs`: how long a call waits. */
  constructor(runtime: Runtime, patienceMs: number) {
    this.#runtime = runtime;
    this.#patienceMs = patienceMs;
  }

  set(calls: NimbusCalls): void {
    this.#calls = calls as Readonly<Record<string, AnyHandler>>;
    this.#ready.resolve();
  }

  /** For the server, before there is anything behind them. */
  handlers(): Handlers<typeof Nimbus.methods> {
    const handler = (name: string) => (args: never, call: never) =>
      this.#calls === null
        ? this.#wait().then(() => this.#calls?.[name]?.(args, call))
        : this.#calls[name]?.(args, call);
    return Object.fromEntries(Object.keys(Nimbus.methods).map((name) => [name, handler(name)])) as Handlers<
      typeof Nimbus.methods
    >;
  }

  async #wait(): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = this.#runtime.timers.after(this.#patienceMs, () => late.reject(notReady(this.#patienceMs)));
    try {
      await Promise.race([this.#ready.promise, late.promise]);
    } finally {
      timer.cancel();
    }
  }
}

function notReady(patienceMs: number): StormLabError {
  return new StormLabError({
    code: "SL-NIMBUS-NOT-READY",
    what: `nimbus has been starting for more than ${patienceMs} ms and cannot answer yet`,
    why: "it waits for ZooKeeper, where all it knows is kept",
    hint: "see that a majority of the ZooKeeper servers run, and what nimbus' log says",
    exitCode: exitCodes.noCluster,
    retriable: true,
  });
}

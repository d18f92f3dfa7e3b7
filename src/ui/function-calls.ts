/** Calls of functions for who tries them out, on connections that the first call opens. */
import { exitCodes, type Runtime, StormLabError } from "../base/index.ts";
import { DRPCClient, drpcServersOf } from "../client/index.ts";
import type { StormConf } from "../conf/index.ts";

/** Longer than a person looks at a page that does nothing. */
const timeoutMs = 60_000;
const waitingMax = 100;

export class FunctionCalls implements AsyncDisposable {
  readonly #runtime: Runtime;
  readonly #conf: StormConf;
  #client: DRPCClient | null = null;
  #waiting = 0;

  constructor(runtime: Runtime, conf: StormConf) {
    this.#runtime = runtime;
    this.#conf = conf;
  }

  /** Rejects with what a DRPCClient rejects with, and with SL-UI-BUSY. */
  async call(functionName: string, args: string): Promise<string> {
    if (this.#waiting >= waitingMax) throw busy();
    const servers = drpcServersOf(this.#conf);
    this.#client ??= new DRPCClient(servers, undefined, { runtime: this.#runtime, timeoutMs });
    this.#waiting++;
    try {
      return await this.#client.execute(functionName, args);
    } finally {
      this.#waiting--;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.[Symbol.asyncDispose]();
  }
}

function busy(): StormLabError {
  return new StormLabError({
    code: "SL-UI-BUSY",
    what: `${waitingMax} calls of functions wait already`,
    why: "the UI is there to try functions out, not to call them by the thousand",
    hint: "call the DRPC server itself: storm-lab drpc call, or port 3772",
    exitCode: exitCodes.conflict,
  });
}

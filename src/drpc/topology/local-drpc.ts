/**
 * DRPC without a server and without a port: calls of this process, answered by a topology of a LocalCluster in it.
 * Source: LocalDRPC of Storm 2.8.
 */
import { type Runtime, realRuntime } from "../../base/index.ts";
import { DRPC } from "../drpc.ts";
import { shuttingDown } from "../failures.ts";
import { registerService, unregisterService } from "./local-services.ts";

export interface LocalDRPCOptions {
  /** For the answer of a call. Default 600 s, as `drpc.request.timeout.secs`. */
  readonly requestTimeoutMs?: number;
  /** Default: the real world. That of the LocalCluster. */
  readonly runtime?: Runtime;
}

const defaultTimeoutMs = 600_000;
/** As storm-lab.drpc.function.waiting.max. */
const functionWaitingMax = 20_000;
const heldCharactersMax = 128 * 1024 * 1024;

export class LocalDRPC implements Disposable {
  /** How topologies name it. */
  readonly serviceId: string;
  readonly #calls: DRPC;
  #isShutDown = false;

  constructor(options: LocalDRPCOptions = {}) {
    const requestTimeoutMs = options.requestTimeoutMs ?? defaultTimeoutMs;
    const runtime = options.runtime ?? realRuntime({ name: "local-drpc", self: { command: [] } });
    this.#calls = new DRPC(runtime, { requestTimeoutMs, functionWaitingMax, heldCharactersMax });
    this.serviceId = registerService(this.#calls);
  }

  /** The function's result. Rejects with a DRPCExecutionException (SL-STORM-DRPC-EXECUTION). */
  async execute(functionName: string, args = ""): Promise<string> {
    if (this.#isShutDown) throw shuttingDown();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#calls.execute(functionName, args, { answered: resolve, failed: reject });
    return promise;
  }

  /** Calls that wait reject with SERVER_SHUTDOWN. Idempotent. */
  shutdown(): void {
    if (this.#isShutDown) return;
    this.#isShutDown = true;
    unregisterService(this.serviceId);
    this.#calls.close();
  }

  [Symbol.dispose](): void {
    this.shutdown();
  }
}

/**
 * The contract between logical workers of one process (LocalCluster): tuples pass by reference, in a later turn of the event
 * loop, under the same marks. Nothing is encoded: a value that another process would refuse passes, as in Storm's local mode.
 */
import { NetError, type Runtime } from "../../base/index.ts";
import { defaultMarks, type Endpoint, type Marks, type Transport, type TransportHandlers } from "../transport.ts";
import { InprocessEndpoint } from "./endpoint.ts";

export interface InprocessTransportOptions {
  /** This worker's number. */
  readonly worker: number;
  /** Default: `inprocess://` and the worker's number. */
  readonly listen?: string;
  /** A tuple counts as 64 bytes. */
  readonly marks?: Marks;
}

export type InprocessRuntime = Pick<Runtime, "clock" | "timers">;

/** One network of endpoints; two hubs know nothing of each other. */
export class InprocessHub {
  readonly #runtime: InprocessRuntime;
  readonly #endpoints = new Map<string, InprocessEndpoint>();

  constructor(runtime: InprocessRuntime) {
    this.#runtime = runtime;
  }

  transport(options: InprocessTransportOptions): Transport {
    const address = options.listen ?? `inprocess://${options.worker}`;
    return { open: (handlers) => this.#open(address, options, handlers) };
  }

  async #open(address: string, options: InprocessTransportOptions, handlers: TransportHandlers): Promise<Endpoint> {
    if (this.#endpoints.has(address)) throw new NetError("EADDRINUSE", `address already in use: ${address}`);
    const endpoint = new InprocessEndpoint({
      world: this.#runtime,
      address,
      worker: options.worker,
      marks: options.marks ?? defaultMarks,
      handlers,
      find: (wanted) => this.#endpoints.get(wanted),
      closed: () => this.#endpoints.delete(address),
    });
    this.#endpoints.set(address, endpoint);
    for (const other of this.#endpoints.values()) other.appeared(endpoint);
    return endpoint;
  }
}

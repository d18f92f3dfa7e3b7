/** Requests of one function from a LocalDRPC of this process. */
import type { DRPCRequest } from "../../wire/thrift/index.ts";
import { Fetcher, type Request } from "../request.ts";
import { serviceOf } from "./local-services.ts";

export interface LocalFeedOptions {
  readonly serviceId: string;
  readonly functionName: string;
  readonly room: () => number;
  readonly take: (requests: readonly DRPCRequest[]) => void;
}

const waitMs = 60_000;

export class LocalFeed {
  readonly #options: LocalFeedOptions;
  #fetcher: Fetcher | null = null;
  #isFull = false;

  constructor(options: LocalFeedOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#fetcher !== null) return;
    this.#fetcher = new Fetcher();
    this.#poll(this.#fetcher);
  }

  /** Requests that are not answered go to other spouts. */
  stop(): void {
    const fetcher = this.#fetcher;
    this.#fetcher = null;
    if (fetcher !== null) serviceOf(this.#options.serviceId)?.fetcherGone(fetcher);
  }

  /** There is room again. */
  resume(): void {
    if (!this.#isFull || this.#fetcher === null) return;
    this.#isFull = false;
    this.#poll(this.#fetcher);
  }

  #poll(fetcher: Fetcher): void {
    const { serviceId, functionName, room } = this.#options;
    const max = room();
    this.#isFull = max <= 0;
    if (this.#isFull) return;
    // Shut down: nothing comes any more.
    serviceOf(serviceId)?.poll(functionName, max, waitMs, fetcher, (requests) => this.#polled(fetcher, requests));
  }

  #polled(fetcher: Fetcher, requests: readonly Request[]): void {
    if (this.#fetcher !== fetcher) return;
    if (requests.length > 0) this.#options.take(requests.map(({ id, args }) => ({ request_id: id, func_args: args })));
    this.#poll(fetcher);
  }
}

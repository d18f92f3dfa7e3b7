/**
 * Requests of one function from one DRPC server, as they come: it waits for them in a call of its own (`fetchRequests`); a server of
 * Storm's, which does not know that call, is asked again and again (`fetchRequest`). When the server is away it is looked for again.
 */
import { messageOf, pause, type Runtime } from "../../base/index.ts";
import { connectThrift, type ThriftClient } from "../../rpc/index.ts";
import { DistributedRPCInvocations, type DRPCRequest, isApplicationError } from "../../wire/thrift/index.ts";

export interface FeedOptions {
  readonly runtime: Runtime;
  readonly host: string;
  readonly port: number;
  readonly functionName: string;
  /** How many more may come. */
  readonly room: () => number;
  readonly take: (requests: readonly DRPCRequest[]) => void;
}

type Connection = ThriftClient<typeof DistributedRPCInvocations.methods>;

const waitMs = 30_000;
/** Beyond `waitMs`. */
const patienceMs = 10_000;
const connectTimeoutMs = 5000;
/** Between two attempts to reach a server. Storm tries again after 120 s. */
const firstRetryMs = 100;
const retryMsMax = 2000;
/** Between two questions to a server of Storm's that had nothing: as long as Storm's spout waits, and longer when nothing comes. */
const firstAskMs = 1;
const askMsMax = 10;

export class RequestFeed {
  readonly #options: FeedOptions;
  #running: AbortController | null = null;
  #roomMade: () => void = () => {};

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running !== null) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  /** Its connection ends: requests that came over it and are not answered go to other spouts. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
    this.#roomMade();
  }

  /** There is room again. */
  resume(): void {
    this.#roomMade();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { runtime, host, port } = this.#options;
    const where = `${host}:${port}`;
    let retryMs = firstRetryMs;
    let told = "";
    while (!signal.aborted) {
      try {
        await using connection = await connectThrift({
          runtime,
          host,
          port,
          service: DistributedRPCInvocations,
          connectTimeoutMs,
          timeoutMs: waitMs + patienceMs,
          signal,
        });
        if (told !== "") runtime.log.info(`The DRPC server at ${where} is there again`);
        [retryMs, told] = [firstRetryMs, ""];
        await this.#serve(connection, signal);
      } catch (error) {
        if (signal.aborted) return;
        const text = messageOf(error);
        if (text !== told) runtime.log.warn(`No calls from the DRPC server at ${where}: ${text}`);
        told = text;
      }
      await pause(runtime.timers, retryMs, signal);
      retryMs = Math.min(retryMs * 2, retryMsMax);
    }
  }

  async #serve({ calls }: Connection, signal: AbortSignal): Promise<void> {
    const { functionName, room, take } = this.#options;
    while (!signal.aborted) {
      await this.#untilRoom(signal);
      if (signal.aborted) return;
      try {
        const requests = await calls.fetchRequests({ functionName, max: room(), waitMs });
        if (!signal.aborted && requests.length > 0) take(requests);
      } catch (error) {
        if (!isApplicationError(error, "UNKNOWN_METHOD")) throw error;
        return this.#ask(calls, signal);
      }
    }
  }

  /** In Storm's way. */
  async #ask(calls: Connection["calls"], signal: AbortSignal): Promise<void> {
    const { runtime, functionName, take } = this.#options;
    let askMs = firstAskMs;
    while (!signal.aborted) {
      await this.#untilRoom(signal);
      if (signal.aborted) return;
      const request = await calls.fetchRequest({ functionName });
      if (request.request_id === "") {
        await pause(runtime.timers, askMs, signal);
        askMs = Math.min(askMs * 1.2, askMsMax);
        continue;
      }
      askMs = firstAskMs;
      // Storm's server keeps no record of who has it: even one that stops takes it.
      take([request]);
    }
  }

  async #untilRoom(signal: AbortSignal): Promise<void> {
    while (this.#options.room() <= 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#roomMade = resolve;
      await promise;
    }
  }
}

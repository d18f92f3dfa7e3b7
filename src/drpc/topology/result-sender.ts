/** Brings results to whoever holds the calls: a DRPC server, or a LocalDRPC of this process. */
import { pause, type Runtime } from "../../base/index.ts";
import { connectThrift, type ThriftClient } from "../../rpc/index.ts";
import { DistributedRPCInvocations, type DRPCResult, isApplicationError } from "../../wire/thrift/index.ts";
import { serviceOf } from "./local-services.ts";

export interface ResultSender {
  /** Rejects when it could not be brought. A request that is over is none of its business. */
  send(result: DRPCResult): Promise<void>;
}

/** Rejects when the LocalDRPC has been shut down: nobody waits any more. */
export function localSender(serviceId: string): ResultSender {
  return {
    send: async ({ request_id, result = "", failure }) => {
      const drpc = serviceOf(serviceId);
      if (drpc === undefined) throw new Error(`${serviceId} was shut down`);
      if (failure === undefined) drpc.result(request_id, result);
      else drpc.fail(request_id, failure);
    },
  };
}

type Connection = ThriftClient<typeof DistributedRPCInvocations.methods>;

interface Waiting {
  readonly result: DRPCResult;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** As Storm's ReturnResults. */
const attemptsMax = 3;
const retryMs = 100;
const connectTimeoutMs = 5000;
const answerTimeoutMs = 10_000;
/** Of one message; the rest of the frame is for ids and lengths. */
const batchMax = 1024;
const batchShare = 0.85;

/**
 * One connection to one server for all that send to it in this process. While a message is under way the next one gathers. A server of
 * Storm's own, which does not know `results`, gets them one by one.
 */
export class RemoteSender implements ResultSender {
  readonly #runtime: Runtime;
  readonly #host: string;
  readonly #port: number;
  readonly #maxFrameBytes: number;
  #connection: Connection | null = null;
  #isStock = false;
  #waiting: Waiting[] = [];
  #isSending = false;
  #isClosed = false;

  constructor(runtime: Runtime, host: string, port: number, maxFrameBytes: number) {
    this.#runtime = runtime;
    this.#host = host;
    this.#port = port;
    this.#maxFrameBytes = maxFrameBytes;
  }

  send(result: DRPCResult): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ result: this.#fitting(result), resolve, reject });
    if (!this.#isSending) {
      this.#isSending = true;
      // What comes in this turn goes together.
      this.#runtime.timers.soon(() => void this.#sendAll());
    }
    return promise;
  }

  /** What has not been brought is not brought any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#connection?.close();
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        await this.#bring(batch.map(({ result }) => result));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isSending = false;
  }

  async #bring(results: readonly DRPCResult[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const connection = await this.#connect();
        return await this.#call(connection, results);
      } catch (error) {
        if (attempt === attemptsMax || this.#isClosed) throw error;
        await this.#connection?.close();
        await pause(this.#runtime.timers, retryMs * attempt);
      }
    }
  }

  async #connect(): Promise<Connection> {
    if (this.#connection?.isOpen === true) return this.#connection;
    this.#isStock = false;
    const connection = await connectThrift({
      runtime: this.#runtime,
      host: this.#host,
      port: this.#port,
      service: DistributedRPCInvocations,
      connectTimeoutMs,
      timeoutMs: answerTimeoutMs,
    });
    this.#connection = connection;
    if (this.#isClosed) await connection.close();
    return connection;
  }

  async #call({ calls }: Connection, results: readonly DRPCResult[]): Promise<void> {
    if (!this.#isStock) {
      try {
        return await calls.results({ results });
      } catch (error) {
        if (!isApplicationError(error, "UNKNOWN_METHOD")) throw error;
        this.#isStock = true;
      }
    }
    await Promise.all(
      results.map(({ request_id: id, result = "", failure: e }) =>
        e === undefined ? calls.result({ id, result }) : calls.failRequestV2({ id, e }),
      ),
    );
  }

  #nextBatch(): Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { result } of this.#waiting) {
      bytes += bytesOf(result);
      if (count > 0 && (count === batchMax || bytes > this.#maxFrameBytes * batchShare)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  /** A result that no message can hold would never arrive: the caller is told why. */
  #fitting(result: DRPCResult): DRPCResult {
    const bytes = bytesOf(result);
    if (bytes < this.#maxFrameBytes - frameRest) return result;
    const msg = `The result has ${bytes} bytes; drpc.max_buffer_size is ${this.#maxFrameBytes}`;
    return { request_id: result.request_id, failure: { msg, type: "INTERNAL_ERROR" } };
  }
}

/** Of a message with one result: what is not the result. */
const frameRest = 256;

function bytesOf({ request_id, result = "", failure }: DRPCResult): number {
  return Buffer.byteLength(request_id) + Buffer.byteLength(result) + Buffer.byteLength(failure?.msg ?? "") + 32;
}

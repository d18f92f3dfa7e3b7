/** Somebody who answers calls at a DRPC server as a topology of ours does, and finds it again when it has gone. */
import { connectThrift } from "../../src/rpc/index.ts";
import { DistributedRPCInvocations } from "../../src/wire/thrift/index.ts";
import { runtime } from "./zookeeper-process.ts";

export interface Answering extends AsyncDisposable {
  /** Breaks the connection, with the calls that it has; the next one is made at once. */
  breakOff(): Promise<void>;
}

const retryMs = 20;

export function answerCalls(
  invocationsPort: number,
  functionName: string,
  resultOf: (args: string) => string,
): Answering {
  const over = new AbortController();
  let current: { close(): Promise<void> } | null = null;
  const serve = async (): Promise<void> => {
    const options = { runtime, host: "127.0.0.1", port: invocationsPort, service: DistributedRPCInvocations };
    await using connection = await connectThrift(options);
    current = connection;
    const { calls } = connection;
    for (;;) {
      const requests = await calls.fetchRequests({ functionName, max: 1024, waitMs: 30_000 });
      for (const results of batches(
        requests.map(({ request_id, func_args }) => ({ request_id, result: resultOf(func_args) })),
      ))
        calls.results({ results }).catch(() => {});
    }
  };
  const loop = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await serve().catch(() => {});
      if (!over.signal.aborted) await new Promise<void>((resolve) => runtime.timers.after(retryMs, resolve));
    }
  };
  const ended = loop();
  return {
    breakOff: async () => current?.close(),
    async [Symbol.asyncDispose]() {
      over.abort();
      await current?.close();
      await ended;
    },
  };
}

/** A long result goes alone: a message has a bound. */
function batches<T extends { readonly result: string }>(results: readonly T[]): T[][] {
  const long = results.filter(({ result }) => result.length > longResult);
  const short = results.filter(({ result }) => result.length <= longResult);
  return [...(short.length === 0 ? [] : [short]), ...long.map((result) => [result])];
}

const longResult = 500;

/** The two Thrift services of a DRPC server: clients' `execute`, and what topologies fetch and answer. */
import type { CallerConnection, Handlers } from "../rpc/index.ts";
import type { DistributedRPC, DistributedRPCInvocations, DRPCRequest, DRPCResult } from "../wire/thrift/index.ts";
import type { DRPC } from "./drpc.ts";
import { Fetcher, type Request } from "./request.ts";

export function clientCalls(drpc: DRPC): Handlers<typeof DistributedRPC.methods> {
  return {
    execute: ({ functionName, funcArgs = "" }, call) =>
      new Promise((answered, failed) => {
        const request = drpc.execute(functionName, funcArgs, { answered, failed });
        if (request !== null) call.onClientGone(() => drpc.withdraw(request));
      }),
  };
}

export function topologyCalls(drpc: DRPC): Handlers<typeof DistributedRPCInvocations.methods> {
  const fetchers = new WeakMap<CallerConnection, Fetcher>();
  const fetcherOf = (connection: CallerConnection): Fetcher => {
    let fetcher = fetchers.get(connection);
    if (fetcher === undefined) {
      const created = new Fetcher();
      fetcher = created;
      fetchers.set(connection, created);
      connection.onGone(() => drpc.fetcherGone(created));
    }
    return fetcher;
  };
  return {
    fetchRequest: ({ functionName }) => {
      const request = drpc.fetch(functionName);
      return request === null ? nothingQueued : wireRequest(request);
    },
    fetchRequests: ({ functionName, max, waitMs }, { connection }) =>
      new Promise((resolve) => {
        const patienceMs = clamp(waitMs, 1, waitMaxMs);
        drpc.poll(functionName, clamp(max, 1, fetchMax), patienceMs, fetcherOf(connection), (requests) =>
          resolve(requests.map(wireRequest)),
        );
      }),
    result: ({ id, result = "" }) => drpc.result(id, result),
    results: ({ results }) => {
      for (const each of results) settle(drpc, each);
    },
    failRequest: ({ id }) => drpc.fail(id, null),
    failRequestV2: ({ id, e }) => drpc.fail(id, e),
  };
}

const nothingQueued: DRPCRequest = { func_args: "", request_id: "" };
const waitMaxMs = 60_000;
const fetchMax = 1024;

function wireRequest({ id, args }: Request): DRPCRequest {
  return { func_args: args, request_id: id };
}

function settle(drpc: DRPC, { request_id, result = "", failure }: DRPCResult): void {
  if (failure === undefined) drpc.result(request_id, result);
  else drpc.fail(request_id, failure);
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}

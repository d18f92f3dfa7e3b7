/** Why a call has no result, in the words of Storm's DRPC server where it has them. */
import { DRPCExecutionException, type ThriftException } from "../wire/thrift/index.ts";

export type Failure = ThriftException<DRPCExecutionException>;
export type FailureType = NonNullable<DRPCExecutionException["type"]>;

export function typeOf({ value: { type } }: Failure): FailureType {
  return type ?? "INTERNAL_ERROR";
}

export function timedOut(functionName: string, wasFetched: boolean): Failure {
  return DRPCExecutionException.error(
    { msg: "Timed Out", type: "SERVER_TIMEOUT" },
    wasFetched
      ? {
          why: `A topology took the call of ${functionName} and gave no result in the time of drpc.request.timeout.secs.`,
        }
      : {
          why: `No topology asked for calls of ${functionName}.`,
          hint: "See that the topology runs, and that the function has this name.",
        },
  );
}

export function shuttingDown(): Failure {
  return DRPCExecutionException.error(
    { msg: "Server Shutting Down", type: "SERVER_SHUTDOWN" },
    { why: "The DRPC server was stopped while the call waited.", hint: "Call another of drpc.servers." },
  );
}

export function requestFailed(): Failure {
  return DRPCExecutionException.error({ msg: "Request failed", type: "FAILED_REQUEST" });
}

/** What a topology says of its failure, as it says it; without a kind it is that of a failed request. */
export function failedAs({ msg, type = "FAILED_REQUEST" }: DRPCExecutionException): Failure {
  return DRPCExecutionException.error({ msg, type });
}

export function lostTooOften(deliveries: number): Failure {
  return DRPCExecutionException.error(
    { msg: `Request failed: ${deliveries} spouts that had it were lost one after the other`, type: "FAILED_REQUEST" },
    { why: "The workers of the topology end while they work on this call.", hint: "Look into their logs." },
  );
}

export function tooManyWait(functionName: string, what: string): Failure {
  return DRPCExecutionException.error(
    { msg: `Too many calls wait: ${what}; the call of ${functionName} is refused`, type: "INTERNAL_ERROR" },
    {
      why: "Calls come faster than topologies answer them.",
      hint: "Call less at once, or give the topology more executors.",
    },
  );
}

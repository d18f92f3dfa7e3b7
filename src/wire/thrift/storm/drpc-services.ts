/** The calls of a DRPC server: clients' on port 3772, topologies' on port 3773. */
import { list } from "../containers.ts";
import { method, nothing, service } from "../service.ts";
import { optional, required, struct } from "../struct.ts";
import { i32, string, type TypeOf } from "../types.ts";
import { AuthorizationException, DRPCExecutionException } from "./exceptions.ts";

/** Both empty: nothing is queued. */
export const DRPCRequest = struct("DRPCRequest", {
  func_args: required(1, string),
  request_id: required(2, string),
});
export type DRPCRequest = TypeOf<typeof DRPCRequest>;

/** What came of a request: its result, or why there is none. */
export const DRPCResult = struct("DRPCResult", {
  request_id: required(1, string),
  result: optional(2, string),
  failure: optional(3, DRPCExecutionException),
});
export type DRPCResult = TypeOf<typeof DRPCResult>;

const id = required(1, string);
const functionName = required(1, string);
const guarded = [AuthorizationException];

/** A stock client may call with null for the arguments. */
export const DistributedRPC = service("DistributedRPC", {
  execute: method({ functionName, funcArgs: optional(2, string) }, string, [
    DRPCExecutionException,
    AuthorizationException,
  ]),
});

/**
 * The last two are storm-lab's own; a server of Storm's answers them UNKNOWN_METHOD, and goes on. `fetchRequests` is answered as soon as
 * there is a request, with up to `max` of them, and with none after `waitMs`. `results` answers many requests at once.
 */
export const DistributedRPCInvocations = service("DistributedRPCInvocations", {
  result: method({ id, result: optional(2, string) }, nothing, guarded),
  fetchRequest: method({ functionName }, DRPCRequest, guarded),
  failRequest: method({ id }, nothing, guarded),
  failRequestV2: method({ id, e: required(2, DRPCExecutionException) }, nothing, guarded),
  fetchRequests: method({ functionName, max: required(2, i32), waitMs: required(3, i32) }, list(DRPCRequest), guarded),
  results: method({ results: required(1, list(DRPCResult)) }, nothing, guarded),
});

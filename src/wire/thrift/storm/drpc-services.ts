/** The calls of a DRPC server: clients' on port 3772, topologies' on port 3773. */
import { method, nothing, service } from "../service.ts";
import { optional, required, struct } from "../struct.ts";
import { string, type TypeOf } from "../types.ts";
import { AuthorizationException, DRPCExecutionException } from "./exceptions.ts";

/** Both empty: nothing is queued. */
export const DRPCRequest = struct("DRPCRequest", {
  func_args: required(1, string),
  request_id: required(2, string),
});
export type DRPCRequest = TypeOf<typeof DRPCRequest>;

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

export const DistributedRPCInvocations = service("DistributedRPCInvocations", {
  result: method({ id, result: optional(2, string) }, nothing, guarded),
  fetchRequest: method({ functionName }, DRPCRequest, guarded),
  failRequest: method({ id }, nothing, guarded),
  failRequestV2: method({ id, e: required(2, DRPCExecutionException) }, nothing, guarded),
});

/** The exceptions that Storm's services declare; each is a message, and DRPC's says also what kind of failure it was. */
import { exitCodes } from "../../../base/index.ts";
import { exception } from "../exception.ts";
import { optional, required } from "../struct.ts";
import { enumeration, string, type TypeOf } from "../types.ts";

const message = { msg: required(1, string) };

export const AlreadyAliveException = exception("AlreadyAliveException", message, {
  code: "SL-STORM-ALREADY-ALIVE",
  why: "Two topologies of one cluster cannot have the same name.",
  hint: "Kill the running topology first, or submit under another name.",
  exitCode: exitCodes.conflict,
});

export const NotAliveException = exception("NotAliveException", message, {
  code: "SL-STORM-NOT-ALIVE",
  why: "It was killed, or never submitted to this cluster.",
  hint: "Look at the names that `storm-lab list` shows.",
  exitCode: exitCodes.refused,
});

export const AuthorizationException = exception("AuthorizationException", message, {
  code: "SL-STORM-AUTHORIZATION",
  why: "The cluster's rules do not let this user do it.",
  hint: "Ask as the owner of the topology, or as an administrator of the cluster.",
  exitCode: exitCodes.access,
});

export const InvalidTopologyException = exception("InvalidTopologyException", message, {
  code: "SL-STORM-INVALID-TOPOLOGY",
  why: "Nimbus checks a topology and its configuration before it takes them.",
  hint: "Repair what the message names, and submit again.",
  exitCode: exitCodes.refused,
});

export const KeyNotFoundException = exception("KeyNotFoundException", message, {
  code: "SL-STORM-KEY-NOT-FOUND",
  why: "The blob store has no such key.",
  hint: "Look at the keys that the cluster has.",
  exitCode: exitCodes.refused,
});

export const IllegalStateException = exception("IllegalStateException", message, {
  code: "SL-STORM-ILLEGAL-STATE",
  why: "The cluster is not in a state in which this can be done.",
  hint: "Do first what the message asks for.",
  exitCode: exitCodes.conflict,
});

export const KeyAlreadyExistsException = exception("KeyAlreadyExistsException", message, {
  code: "SL-STORM-KEY-ALREADY-EXISTS",
  why: "The blob store has this key already.",
  hint: "Update the blob, delete it first, or take another key.",
  exitCode: exitCodes.conflict,
});

export const DRPCExceptionType = enumeration({
  INTERNAL_ERROR: 0,
  SERVER_SHUTDOWN: 1,
  SERVER_TIMEOUT: 2,
  FAILED_REQUEST: 3,
});
export type DRPCExceptionType = TypeOf<typeof DRPCExceptionType>;

export const DRPCExecutionException = exception(
  "DRPCExecutionException",
  { ...message, type: optional(2, DRPCExceptionType) },
  {
    code: "SL-STORM-DRPC-EXECUTION",
    why: "The topology failed the request, or nothing answered it in time.",
    hint: "See that a topology serves the function, and what its workers' logs say.",
    exitCode: exitCodes.refused,
  },
);
export type DRPCExecutionException = TypeOf<typeof DRPCExecutionException>;

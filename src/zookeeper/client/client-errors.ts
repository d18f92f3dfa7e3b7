/** Every error a ZooKeeper client hands out: the protocol's error numbers and its own, as StormLabError. */
import { StormLabError } from "../../base/index.ts";
import { errorCode } from "../../wire/zookeeper/index.ts";
import { zooKeeperClientErrorCodes } from "./error-codes.ts";

export type ClientErrorCode = keyof typeof zooKeeperClientErrorCodes;

export function clientError(code: ClientErrorCode, what: string, cause?: unknown): StormLabError {
  const { meaning, ...rest } = zooKeeperClientErrorCodes[code];
  return new StormLabError({ code, what, why: meaning, ...rest, cause });
}

/** The error for an `errorCode` of the server. `what` says what was tried: `create /a`. */
export function serverError(error: number, what: string): StormLabError {
  const code = byNumber.get(error) ?? "SL-ZK-REFUSED";
  return clientError(code, `ZooKeeper refused ${what}: ${nameOf(error)} (${error})`);
}

/** Our code for an `errorCode`, for results that carry errors as values. */
export function codeOfServerError(error: number): ClientErrorCode {
  return byNumber.get(error) ?? "SL-ZK-REFUSED";
}

const byNumber: ReadonlyMap<number, ClientErrorCode> = new Map<number, ClientErrorCode>([
  [errorCode.noNode, "SL-ZK-NO-NODE"],
  [errorCode.nodeExists, "SL-ZK-NODE-EXISTS"],
  [errorCode.notEmpty, "SL-ZK-NOT-EMPTY"],
  [errorCode.badVersion, "SL-ZK-BAD-VERSION"],
  [errorCode.noChildrenForEphemerals, "SL-ZK-EPHEMERAL-CHILDREN"],
  [errorCode.noAuth, "SL-ZK-NO-AUTH"],
  [errorCode.authFailed, "SL-ZK-AUTH-FAILED"],
  [errorCode.invalidAcl, "SL-ZK-INVALID-ACL"],
  [errorCode.badArguments, "SL-ZK-BAD-ARGUMENTS"],
  [errorCode.unimplemented, "SL-ZK-UNIMPLEMENTED"],
  [errorCode.noWatcher, "SL-ZK-NO-WATCHER"],
  [errorCode.quotaExceeded, "SL-ZK-QUOTA"],
  [errorCode.notReadOnly, "SL-ZK-READ-ONLY"],
  [errorCode.throttledOp, "SL-ZK-THROTTLED"],
  [errorCode.sessionMoved, "SL-ZK-SESSION-MOVED"],
  [errorCode.sessionExpired, "SL-ZK-SESSION-EXPIRED"],
  [errorCode.connectionLoss, "SL-ZK-CONNECTION-LOSS"],
]);

function nameOf(error: number): string {
  return Object.entries(errorCode).find(([, number]) => number === error)?.[0] ?? "an error";
}

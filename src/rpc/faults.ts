/** How a call can fail without any answer. Where it is known, the sentence says whether the call can have been done. */
import { type ErrorParts, exitCodes, messageOf, StormLabError } from "../base/index.ts";
import { rpcErrorCodes } from "./error-codes.ts";

export function listenFault(service: string, where: string, cause: unknown): StormLabError {
  return fault("SL-RPC-LISTEN", `${service} cannot listen on ${where}: ${messageOf(cause)}.`, {
    why: "Another process has the port, or this user may not take it.",
    exitCode: exitCodes.preflight,
    cause,
  });
}

export function unreachableFault(service: string, where: string, cause: unknown): StormLabError {
  return fault("SL-RPC-UNREACHABLE", `${service} at ${where} cannot be reached: ${messageOf(cause)}.`, {
    why: "Nothing listens there, or the network does not lead there.",
    exitCode: exitCodes.noCluster,
    retriable: true,
    cause,
  });
}

/** `method` null: the connection had ended before the call was made. */
export function lostFault(where: string, method: string | null, detail: string): StormLabError {
  const what =
    method === null
      ? `The connection to ${where} is closed: ${detail}.`
      : `The connection to ${where} ended before ${method} was answered: ${detail}.`;
  return fault("SL-RPC-LOST", what, {
    why: method === null ? "The daemon ended, or the network broke." : "The call may have been done, or not.",
    exitCode: exitCodes.noCluster,
    retriable: true,
  });
}

export function deadlineFault(where: string, method: string, timeoutMs: number): StormLabError {
  return fault("SL-RPC-DEADLINE", `${method} at ${where} was not answered within ${timeoutMs} ms.`, {
    why: "The daemon is overloaded, stuck or cut off; the call may still be done.",
    exitCode: exitCodes.deadline,
    retriable: true,
  });
}

export function abortedFault(where: string, what: string, reason: unknown): StormLabError {
  return fault("SL-RPC-ABORTED", `${what} at ${where} was given up.`, {
    why: `Its caller did not want the answer any longer (${messageOf(reason)}).`,
    exitCode: exitCodes.interrupted,
    cause: reason,
  });
}

export function busyFault(where: string, method: string, detail: string): StormLabError {
  return fault("SL-RPC-BUSY", `${method} at ${where} was not sent: ${detail} already.`, {
    why: "One connection carries no more at once.",
    retriable: true,
  });
}

function fault(
  code: keyof typeof rpcErrorCodes,
  what: string,
  parts: Omit<ErrorParts, "code" | "what" | "hint">,
): StormLabError {
  return new StormLabError({ code, what, hint: rpcErrorCodes[code].hint, ...parts });
}

/** What an endpoint reports as a problem. */
import { exitCodes, messageOf, StormLabError } from "../base/index.ts";

export function foreignFrame(sender: number): StormLabError {
  return new StormLabError({
    code: "SL-TRANSPORT-FOREIGN",
    what: `Worker ${sender} of another topology sends tuples to this worker; they are refused.`,
    why: "This worker's port belonged to that topology before, and its workers have not yet heard of the new assignment.",
    hint: "It ends by itself when they read the assignment; if it goes on, look whether two clusters share a port.",
  });
}

export function brokenLink(peer: number, address: string, cause: unknown): StormLabError {
  return new StormLabError({
    code: "SL-TRANSPORT-LINK",
    what: `The link to worker ${peer} at ${address} cannot send: ${messageOf(cause)}.`,
    why: "The address is malformed, or the messaging library has failed; an absent peer alone is no failure.",
    hint: "The worker should stop: its supervisor starts it again with fresh links.",
    cause,
  });
}

export function zeromqUnavailable(cause: unknown): StormLabError {
  return new StormLabError({
    code: "SL-ZEROMQ-LOAD",
    what: `ZeroMQ's native part cannot be loaded: ${messageOf(cause)}.`,
    why: "There is no build of it for this platform, or the file is missing or was made for a newer C library.",
    hint: "Run on Linux with glibc 2.25 or newer (or macOS), or keep the topology in one worker, which needs no ZeroMQ.",
    exitCode: exitCodes.unsupported,
    cause,
  });
}

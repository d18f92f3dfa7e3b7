/** The codes of this room's errors. What a server's own answer was has a code of wire/thrift. */
import type { ErrorCodes } from "../base/index.ts";

export const rpcErrorCodes = {
  "SL-RPC-LISTEN": {
    meaning: "A daemon could not listen on the port of its Thrift service.",
    hint: "See which process has the port, or configure another one.",
  },
  "SL-RPC-UNREACHABLE": {
    meaning: "No connection to a daemon's Thrift port came about: nothing listens there, or nothing answers.",
    hint: "See whether the daemon runs, and whether host and port are the ones that it was configured with.",
  },
  "SL-RPC-LOST": {
    meaning: "A connection ended before a call on it was answered; the call may have been done or not.",
    hint: "Look at the result before you repeat what must not be done twice; the daemon's log says why it ended.",
  },
  "SL-RPC-DEADLINE": {
    meaning: "A call was not answered in time; it may still be done.",
    hint: "See whether the daemon is overloaded or cut off, or allow more time.",
  },
  "SL-RPC-ABORTED": {
    meaning: "A call was given up by its caller before it was answered.",
    hint: "Nothing is wrong; make the call again if it is wanted after all.",
  },
  "SL-RPC-BUSY": {
    meaning: "More calls than one connection carries were made without waiting for answers.",
    hint: "Wait for some answers first, or spread the calls over several connections.",
  },
} as const satisfies ErrorCodes;

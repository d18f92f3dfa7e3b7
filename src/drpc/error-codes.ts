/** The codes of this room's errors. How a call fails is a DRPCExecutionException, which has a code of wire/thrift. */
import type { ErrorCodes } from "../base/index.ts";

export const drpcErrorCodes: ErrorCodes = {
  "SL-DRPC-HTTP-LISTEN": {
    meaning: "A DRPC server could not listen on its port for calls over HTTP.",
    hint: "See which process has the port, or set another drpc.http.port; -1 goes without.",
  },
};

/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const httpErrorCodes: ErrorCodes = {
  "SL-HTTP-LISTEN": {
    meaning: "A daemon could not listen on its port for HTTP.",
    hint: "See which process has the port, or set another one: `drpc.http.port` (-1 goes without), `ui.port`.",
  },
};

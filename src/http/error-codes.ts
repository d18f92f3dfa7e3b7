/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const httpErrorCodes: ErrorCodes = {
  "SL-HTTP-LISTEN": {
    meaning: "A daemon could not listen on its port for HTTP.",
    hint:
      "See which process has the port, or set another one, with `-1` for none: `drpc.http.port`, `storm-lab.nimbus.metrics.port`, " +
      "`storm-lab.supervisor.metrics.port`; or `ui.port`, and `metricsProvider.httpPort` of zoo.cfg.",
  },
};

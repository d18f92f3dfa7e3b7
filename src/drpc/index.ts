/** The DRPC server: takes calls, hands them to topologies, brings their results back. */
export { type RunningDRPC, startDRPC } from "./drpc-server.ts";
export { drpcErrorCodes } from "./error-codes.ts";

/** Tuples between workers: the contract, in one process and over message links. */
export { transportErrorCodes } from "./error-codes.ts";
export { type FrameRuntime, type FrameTransportOptions, frameTransport } from "./frames/endpoint.ts";
export { InprocessHub, type InprocessRuntime, type InprocessTransportOptions } from "./inprocess/hub.ts";
export {
  defaultMarks,
  type Endpoint,
  type Marks,
  type Transport,
  type TransportHandlers,
  type TransportStats,
} from "./transport.ts";
export { zeromqLinks } from "./zeromq/socket.ts";

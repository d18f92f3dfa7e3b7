/** Calls between daemons: Storm's services over framed Thrift, served and called. */
export { type Calls, type ConnectOptions, connectThrift, type ThriftClient } from "./connect.ts";
export { rpcErrorCodes } from "./error-codes.ts";
export type { CallerConnection, IncomingCall } from "./incoming-call.ts";
export type { CallOptions } from "./outgoing-call.ts";
export { type Handler, type Handlers, type ServeOptions, serveThrift, type ThriftServer } from "./serve.ts";
export type { ServerLimits } from "./server-limits.ts";

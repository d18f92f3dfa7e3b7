/** HTTP served over the Runtime's sockets. */
export { faultAnswer, type HttpAnswer, type HttpBytes, type HttpHandler, type HttpStream } from "./connection.ts";
export { httpErrorCodes } from "./error-codes.ts";
export { httpPages, servePages } from "./pages.ts";
export { type HttpServerOptions, serveHttp } from "./server.ts";

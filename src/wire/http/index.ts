/** HTTP/1.1 as bytes: requests read, answers written; and the client's side of it. */
export { EventParser, type ServerSentEvent } from "./event-parser.ts";
export { type HttpFault, type HttpRequest, HttpRequestReader } from "./request-reader.ts";
export { type HttpResponse, httpContinue, httpHead, httpResponse } from "./response.ts";
export { type HttpResponseHead, HttpResponseReader } from "./response-reader.ts";

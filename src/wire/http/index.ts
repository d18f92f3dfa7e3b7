/** HTTP/1.1 as bytes: requests read, answers written. */
export { type HttpFault, type HttpRequest, HttpRequestReader } from "./request-reader.ts";
export { type HttpResponse, httpContinue, httpHead, httpResponse } from "./response.ts";

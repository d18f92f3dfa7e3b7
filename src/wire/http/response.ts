/** Answers of HTTP/1.1, written whole. */

export interface HttpResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly keepsAlive: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** For a client that waits for a word before it sends a long body. */
export const httpContinue: Uint8Array = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");

export function httpResponse({ status, contentType, body, keepsAlive, headers = {} }: HttpResponse): Buffer {
  const bytes = Buffer.byteLength(body);
  const lines = [
    `HTTP/1.1 ${status} ${reasons[status] ?? "Unknown"}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${bytes}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(keepsAlive ? [] : ["Connection: close"]),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** Of an answer whose body follows. Default: its end is that of the connection. */
export function httpHead({
  status,
  contentType,
  headers = {},
  keepsAlive = false,
}: Omit<HttpResponse, "body" | "keepsAlive"> & Partial<Pick<HttpResponse, "keepsAlive">>): Buffer {
  const lines = [
    `HTTP/1.1 ${status} ${reasons[status] ?? "Unknown"}`,
    `Content-Type: ${contentType}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(keepsAlive ? [] : ["Connection: close"]),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
}

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
};

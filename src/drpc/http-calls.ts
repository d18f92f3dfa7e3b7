/**
 * Calls over HTTP as Storm's: `GET /drpc/FUNCTION/ARGUMENTS`, `GET /drpc/FUNCTION`, `POST /drpc/FUNCTION` with the arguments as body.
 * Source: Storm 2.8, DRPCResource and DRPCExceptionMapper.
 */
import { faultAnswer, type HttpAnswer, type HttpHandler } from "../http/index.ts";
import type { HttpRequest } from "../wire/http/index.ts";
import type { DRPC } from "./drpc.ts";
import type { Failure } from "./failures.ts";

/** `metrics`: answers `/metrics`, which is beside them. */
export function httpCalls(drpc: DRPC, metrics: HttpHandler): HttpHandler {
  return (request, answer) => {
    if (request.target.split("?")[0] === "/metrics") return metrics(request, answer);
    const call = callOf(request);
    if ("status" in call) {
      answer(call);
      return nothing;
    }
    const waiting = drpc.execute(call.functionName, call.args, {
      answered: (body) => answer({ status: 200, contentType: "text/plain;charset=utf-8", body }),
      failed: (failure) => answer(failureAnswer(failure)),
    });
    return () => {
      if (waiting !== null) drpc.withdraw(waiting);
    };
  };
}

interface Call {
  readonly functionName: string;
  readonly args: string;
}

function callOf({ method, target, body }: HttpRequest): Call | HttpAnswer {
  const [path = ""] = target.split("?");
  const parts = path.replace(/\/$/, "").split("/").map(decoded);
  const [root, drpc, functionName, args] = parts;
  if (parts.includes(null)) return faultAnswer(400, "the path is not percent-encoded UTF-8");
  if (root !== "" || drpc !== "drpc" || !functionName || parts.length > 4)
    return faultAnswer(
      404,
      "a call is GET /drpc/FUNCTION/ARGUMENTS or POST /drpc/FUNCTION; a / in arguments is %2F",
      "Not found",
    );
  if (method === "GET") return { functionName, args: args ?? "" };
  if (method === "POST" && args === undefined) return { functionName, args: Buffer.from(body).toString("utf8") };
  const allowed = args === undefined ? "GET, POST" : "GET";
  return { ...faultAnswer(405, `${method} is none of ${allowed}`, "Method not allowed"), headers: { Allow: allowed } };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function failureAnswer({ value: { msg, type } }: Failure): HttpAnswer {
  return faultAnswer(statuses[type ?? "INTERNAL_ERROR"], msg, type ?? "Internal Error");
}

const statuses = { INTERNAL_ERROR: 500, SERVER_SHUTDOWN: 503, SERVER_TIMEOUT: 504, FAILED_REQUEST: 400 } as const;
const nothing = (): void => {};

/** Answers GET for a few paths. */
import { messageOf, type Runtime } from "../base/index.ts";
import { faultAnswer, type HttpAnswer, type HttpHandler } from "./connection.ts";

/** `answers`: by path, without a query. */
export function httpPages(
  { log }: Pick<Runtime, "log">,
  answers: Readonly<Record<string, () => Promise<HttpAnswer>>>,
): HttpHandler {
  const paths = new Map(Object.entries(answers));
  return ({ method, target }, answer) => {
    const page = paths.get(target.split("?")[0] ?? "");
    if (page === undefined) answer(faultAnswer(404, `there is ${[...paths.keys()].join(", ")}`, "Not found"));
    else if (method !== "GET")
      answer({ ...faultAnswer(405, `${method} is none of GET`, "Method not allowed"), headers: { Allow: "GET" } });
    else
      page().then(answer, (error: unknown) => {
        log.error(`GET ${target} failed: ${messageOf(error)}`);
        answer(faultAnswer(500, messageOf(error), "Internal Error"));
      });
    return () => {};
  };
}

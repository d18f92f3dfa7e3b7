/** The REST API as an OpenAPI document, from the same table and shapes that it is served by. Source: OpenAPI 3.1. */
import { stormVersion } from "../../state/index.ts";
import { queryShapes, type Route } from "./route.ts";
import { type JsonSchema, object, text } from "./shape.ts";

const failureShape = object({ error: text, errorMessage: text });

export function openApiDocument(routes: readonly Route[]): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = `/api/v1/${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Storm UI REST API",
      description: "The paths of Storm's UI daemon, as storm-lab answers them.",
      version: stormVersion,
    },
    paths,
  };
}

function operation({ method, path, summary, asks, body, answer }: Route): unknown {
  const params = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const query = asks.map((name) => ({ name, in: "query", required: false, schema: queryShapes[name].schema }));
  return {
    operationId: `${method.toLowerCase()} ${path}`.replace(/[^A-Za-z]+/g, "-").replace(/-$/, ""),
    summary,
    parameters: [...params, ...query],
    ...(body === null
      ? {}
      : { requestBody: { required: body.fault(undefined, "") !== null, content: json(body.schema) } }),
    responses: {
      200: { description: "as asked", content: json(answer.schema) },
      default: { description: "why not", content: json(failureShape.schema) },
    },
  };
}

function json(schema: JsonSchema): unknown {
  return { "application/json": { schema } };
}

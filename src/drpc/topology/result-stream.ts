/** What the last bolt of a DRPC function must declare: one stream of two fields, the request id and the result. */
import { exitCodes, StormLabError } from "../../base/index.ts";
import {
  type DeclaredStream,
  type IRichBolt,
  type OutputFieldsDeclarer,
  StreamCollector,
} from "../../topology/index.ts";

export interface ResultStream {
  readonly streamId: string;
  readonly requestField: string;
}

/** Throws SL-DRPC-TOPOLOGY-EMPTY, SL-DRPC-TOPOLOGY-RESULT. */
export function resultStreamOf(functionName: string, lastBolt: IRichBolt | undefined): ResultStream {
  if (lastBolt === undefined) throw noBolt(functionName);
  const collector = new StreamCollector();
  lastBolt.declareOutputFields(collector as OutputFieldsDeclarer);
  const [stream, ...others] = collector.declared;
  const [requestField, resultField, ...rest] = stream?.fields ?? [];
  if (
    stream === undefined ||
    requestField === undefined ||
    resultField === undefined ||
    others.length + rest.length > 0
  )
    throw noResult(functionName, collector.declared);
  return { streamId: stream.id, requestField };
}

function noBolt(functionName: string): StormLabError {
  return new StormLabError({
    code: "SL-DRPC-TOPOLOGY-EMPTY",
    what: `the DRPC function ${functionName} has no bolt`,
    why: "its calls would be answered by nobody",
    hint: "addBolt(new ExclaimBolt(), 3)",
    exitCode: exitCodes.usage,
  });
}

function noResult(functionName: string, declared: readonly DeclaredStream[]): StormLabError {
  const found = declared.map(({ id, fields }) => `${id} (${fields.join(", ")})`).join(", ");
  return new StormLabError({
    code: "SL-DRPC-TOPOLOGY-RESULT",
    what: `the last bolt of the DRPC function ${functionName} declares ${found === "" ? "no stream" : found}`,
    why: "it must declare exactly one stream with two fields: the request id, then the result",
    hint: 'declarer.declare(["id", "result"])',
    exitCode: exitCodes.usage,
  });
}

export function noBoltGiven(functionName: string, given: string): StormLabError {
  return new StormLabError({
    code: "SL-DRPC-TOPOLOGY-BOLT",
    what: `addBolt of the DRPC function ${functionName} got ${given}`,
    why: "a bolt extends BaseBasicBolt, BaseRichBolt or BaseBatchBolt",
    hint: "pass an object, new MyBolt(), or a function that makes one",
    exitCode: exitCodes.usage,
  });
}

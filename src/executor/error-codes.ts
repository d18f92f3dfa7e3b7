/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const executorErrorCodes: ErrorCodes = {
  "SL-EMIT-VALUES": {
    meaning:
      "A component emitted something that is not one value for each declared field: no list, too few, too many, or undefined.",
    hint: "Emit one value for each field; null is a value, undefined is not.",
  },
  "SL-EMIT-STREAM": {
    meaning: "A component emitted on a stream that it does not declare.",
    hint: "Declare it in declareOutputFields.",
  },
  "SL-EMIT-DIRECT": {
    meaning:
      "emitDirect named a task that does not subscribe to the stream by direct grouping, or the stream is not direct.",
    hint: "Declare the stream direct, subscribe with directGrouping, take task ids from context.getComponentTasks.",
  },
  "SL-EMIT-CLOSED": {
    meaning: "A component emitted after its cleanup or close: something it started outlived it.",
    hint: "Stop timers, streams and promises in cleanup (bolt) or close (spout).",
  },
  "SL-TUPLE-FIELD": {
    meaning: "A component read a field or index that the tuple's stream does not declare.",
    hint: "Correct the name.",
  },
  "SL-TUPLE-TYPE": {
    meaning: "A typed getter, such as getString, met a value of another type.",
    hint: "Use getValue, or emit the value in the type that is read.",
  },
};

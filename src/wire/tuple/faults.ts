/** The two errors of the tuple codec: a value that cannot travel, and bytes that are no frame. */
import { StormLabError } from "../../base/index.ts";

/** Bytes that this codec did not write, or that were cut. Nothing of the frame after the fault is delivered. */
export function tupleFrameFault(detail: string): StormLabError {
  return new StormLabError({
    code: "SL-TUPLE-FRAME",
    what: `A frame from another worker cannot be read: ${detail}.`,
    why: "Something that is not a worker of this version sends to this worker's port, or the sender has a bug.",
    hint: "Run the same version of storm-lab on every node, and keep worker ports closed to anything else.",
  });
}

/** `where` is the path from the tuple's values to the one that is refused, such as `value 1 at .items[3]`. */
export function tupleValueFault(where: string, kind: string): StormLabError {
  return new StormLabError({
    code: "SL-TUPLE-VALUE",
    what: `A tuple cannot be sent to another worker: ${where} is ${kind}.`,
    why: "Tuples carry strings, numbers, bigints, booleans, null, undefined, Uint8Array, Date, Map, Set, arrays and plain objects.",
    hint: "Emit plain data: copy the fields that the next bolt needs into an object or into separate values.",
  });
}

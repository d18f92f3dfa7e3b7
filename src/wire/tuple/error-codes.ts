/** The codes of this language's errors. */
import type { ErrorCodes } from "../../base/index.ts";

export const tupleErrorCodes: ErrorCodes = {
  "SL-TUPLE-VALUE": {
    meaning: "A tuple for another worker has a value that cannot travel: a function, a symbol, an instance of a class.",
    hint: "Emit plain data: copy the fields that the next bolt needs into an object or into separate values.",
  },
  "SL-TUPLE-FRAME": {
    meaning: "Bytes came to a worker's port that are no frame of tuples of this version.",
    hint: "Run the same version on every node, and keep worker ports closed to anything else.",
  },
};

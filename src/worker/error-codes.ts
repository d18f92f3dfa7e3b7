/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const workerErrorCodes: ErrorCodes = {
  "SL-FRAMES-LOST": {
    meaning:
      "Frames of tuples that another worker sent did not arrive: it died, or the network between the workers failed.",
    hint: "Nothing to do: tracked tuples among them time out and are replayed by their spout.",
  },
};

/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const scheduleErrorCodes: ErrorCodes = {
  "SL-SCHEDULER": {
    meaning: "The key storm.scheduler names a scheduler that storm-lab does not have.",
    hint: "Leave the key out, or take one of the names in docs/storm-yaml.md.",
  },
};

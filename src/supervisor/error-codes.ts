/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const supervisorErrorCodes: ErrorCodes = {
  "SL-BLOB-DAMAGED": {
    meaning: "A file of a topology did not arrive as nimbus has it.",
    hint: "It is downloaded again by itself.",
  },
  "SL-SUPERVISOR-ID": {
    meaning: "Two supervisors have one id: a local folder was copied, or is shared.",
    hint: "Remove supervisor/localstate below storm.local.dir on one of them, and give each a folder of its own.",
  },
};

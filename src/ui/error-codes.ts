/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const uiErrorCodes: ErrorCodes = {
  "SL-UI-BUSY": {
    meaning: "The UI makes so many calls of functions already that it refuses another.",
    hint: "Call the DRPC server itself: `storm-lab drpc call`, or port 3772.",
  },
};

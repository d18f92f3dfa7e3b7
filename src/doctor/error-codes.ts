/** The codes of findings, so that `explain` tells of them: from the texts of the doctor itself. */
import type { ErrorCodes } from "../base/index.ts";
import { doctorTexts } from "./texts.ts";

export const doctorErrorCodes: ErrorCodes = Object.fromEntries(
  Object.entries(doctorTexts).map(([code, { why, hint }]) => [
    code,
    { meaning: `The doctor's: ${why.en}.`, hint: `${hint.en}.` },
  ]),
);

/** Makes this room's errors from their codes. */
import { StormLabError } from "../base/index.ts";
import { stateErrorCodes } from "./error-codes.ts";

export function stateError(code: keyof typeof stateErrorCodes, what: string, cause?: unknown): StormLabError {
  const { meaning, ...rest } = stateErrorCodes[code];
  return new StormLabError({ code, what, why: meaning, ...rest, cause });
}

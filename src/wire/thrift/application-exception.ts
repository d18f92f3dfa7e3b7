/** TApplicationException: the answer of a server that could not, or would not, run a call. */
import { exitCodes, isStormLabError, StormLabError } from "../../base/index.ts";
import type { ThriftReader } from "./reader.ts";
import { optional, struct } from "./struct.ts";
import { i32, string } from "./types.ts";
import type { ThriftWriter } from "./writer.ts";

const numbers = {
  UNKNOWN: 0,
  UNKNOWN_METHOD: 1,
  INVALID_MESSAGE_TYPE: 2,
  WRONG_METHOD_NAME: 3,
  BAD_SEQUENCE_ID: 4,
  MISSING_RESULT: 5,
  INTERNAL_ERROR: 6,
  PROTOCOL_ERROR: 7,
  INVALID_TRANSFORM: 8,
  INVALID_PROTOCOL: 9,
  UNSUPPORTED_CLIENT_TYPE: 10,
} as const;

export type ApplicationExceptionKind = keyof typeof numbers;

export interface ApplicationError extends StormLabError {
  readonly kind: ApplicationExceptionKind;
}

export function applicationError(kind: ApplicationExceptionKind, message: string): ApplicationError {
  return new ServerRefusal(kind, message);
}

export function isApplicationError(error: unknown, kind?: ApplicationExceptionKind): error is ApplicationError {
  return isStormLabError(error, code) && "kind" in error && (kind === undefined || error.kind === kind);
}

export function writeApplicationException(writer: ThriftWriter, kind: ApplicationExceptionKind, message: string): void {
  body.write(writer, { message, type: numbers[kind] });
}

export function readApplicationException(reader: ThriftReader): ApplicationError {
  const { message = "", type } = body.read(reader);
  return applicationError(kinds.find((kind) => numbers[kind] === type) ?? "UNKNOWN", message);
}

const code = "SL-THRIFT-APPLICATION";
const kinds = Object.keys(numbers) as ApplicationExceptionKind[];
const body = struct("TApplicationException", { message: optional(1, string), type: optional(2, i32) });

/** What each kind usually comes from, where more can be said than that the server has failed. */
const causes: Partial<Record<ApplicationExceptionKind, string>> = {
  UNKNOWN_METHOD: "The server is of a version, or of a kind, that does not have this call.",
  MISSING_RESULT: "The server had nothing to give for what was asked.",
  PROTOCOL_ERROR: "The server could not read the arguments.",
};

class ServerRefusal extends StormLabError implements ApplicationError {
  readonly kind: ApplicationExceptionKind;

  constructor(kind: ApplicationExceptionKind, message: string) {
    super({
      code,
      what: `The server answers ${kind}: ${message === "" ? "without a message" : message}.`,
      why: causes[kind] ?? "The call failed on the server in a way that its interface does not foresee.",
      hint: "Look into the server's log at this time.",
      exitCode: exitCodes.refused,
    });
    this.kind = kind;
  }
}

/**
 * The one error type that reaches a person: what happened, why, what to try, and a stable code.
 * Errors cross processes as JSON, so they are told apart by `code`, never by `instanceof`.
 */
import { inspect } from "node:util";

/** Exit codes of the command line; the meaning of each is documented in docs/errors.md. */
export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  preflight: 3,
  noCluster: 4,
  conflict: 5,
  deadline: 6,
  partlyDone: 7,
  labNotMet: 8,
  access: 9,
  unsupported: 10,
  refused: 11,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface ErrorParts {
  /** Stable, `SL-` followed by capitals and dashes; registered in `error-codes.ts` of the room that throws it. */
  readonly code: string;
  /** One sentence: what went wrong, with the offending value in it. */
  readonly what: string;
  /** One sentence: the usual cause. */
  readonly why: string;
  /** One sentence or command: the way out. */
  readonly hint: string;
  /** Default: `exitCodes.bug`. */
  readonly exitCode?: ExitCode;
  /** Whether the same call may succeed later without a change by the caller. Default: false. */
  readonly retriable?: boolean;
  /** Stack frames of the author's own code, shown under the three lines. Default: none. */
  readonly trace?: readonly string[];
  readonly cause?: unknown;
}

export class StormLabError extends Error {
  override readonly name = "StormLabError";
  readonly code: string;
  readonly why: string;
  readonly hint: string;
  readonly exitCode: ExitCode;
  readonly retriable: boolean;
  readonly trace: readonly string[];

  constructor(parts: ErrorParts) {
    super(parts.what, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = parts.code;
    this.why = parts.why;
    this.hint = parts.hint;
    this.exitCode = parts.exitCode ?? exitCodes.bug;
    this.retriable = parts.retriable ?? false;
    this.trace = parts.trace ?? [];
  }
}

/** An error as plain data, for another process. `cause` keeps its message and stack only. */
export interface ErrorData extends Omit<ErrorParts, "cause"> {
  readonly cause?: { readonly message: string; readonly stack: string };
}

export function isStormLabError(error: unknown, code?: string): error is StormLabError {
  return error instanceof Error && error.name === "StormLabError" && (code === undefined || codeOf(error) === code);
}

export function errorToData(error: StormLabError): ErrorData {
  const cause = error.cause instanceof Error ? error.cause : undefined;
  return {
    code: error.code,
    what: error.message,
    why: error.why,
    hint: error.hint,
    exitCode: error.exitCode,
    retriable: error.retriable,
    trace: error.trace,
    ...(cause === undefined ? {} : { cause: { message: cause.message, stack: cause.stack ?? cause.message } }),
  };
}

export function errorFromData(data: ErrorData): StormLabError {
  const { cause, ...parts } = data;
  if (cause === undefined) return new StormLabError(parts);
  const original = new Error(cause.message);
  original.stack = cause.stack;
  return new StormLabError({ ...parts, cause: original });
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return String(thrown.message);
  return typeof thrown === "object" && thrown !== null ? inspect(thrown, { breakLength: Infinity }) : String(thrown);
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}

/** A room's register of its codes, in `error-codes.ts`: `explain CODE` and docs/errors.md are made from it. */
export type ErrorCodes = Readonly<Record<string, { readonly meaning: string; readonly hint: string }>>;

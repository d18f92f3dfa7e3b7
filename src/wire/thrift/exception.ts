/**
 * The exceptions that Storm's services declare. On the wire one is a struct; in the program it is an error of ours with a
 * code of its own, so that a call that was refused is never taken for a connection that broke:
 *
 *   throw NotAliveException.error({ msg: "wc is not alive" });
 *   if (NotAliveException.is(error)) …error.value.msg
 */
import { type ErrorParts, isStormLabError, StormLabError } from "../../base/index.ts";
import { type Fields, StructType, type StructValue } from "./struct.ts";

/** What the error says beside the exception's own message. */
export type ExceptionWords = Pick<ErrorParts, "code" | "why" | "hint" | "exitCode">;

export interface ThriftException<V> extends StormLabError {
  readonly value: V;
}

interface Message {
  readonly msg: string;
}

export function exception<const F extends Fields>(
  name: string,
  fields: F,
  words: ExceptionWords,
): ExceptionType<StructValue<F> & Message> {
  return new ExceptionType(name, fields, words);
}

export class ExceptionType<V extends Message> extends StructType<V> {
  readonly code: string;
  readonly #words: ExceptionWords;

  constructor(name: string, fields: Fields, words: ExceptionWords) {
    super(name, fields);
    this.code = words.code;
    this.#words = words;
  }

  /** To throw. `words` say why and what to try better than the usual ones, to those in this process: only the value travels. */
  error(value: V, words: Partial<Pick<ErrorParts, "why" | "hint" | "cause">> = {}): ThriftException<V> {
    return new ExceptionError({ ...this.#words, what: value.msg, ...words }, value);
  }

  is(error: unknown): error is ThriftException<V> {
    return isStormLabError(error, this.code) && "value" in error;
  }

  /** What travels for an error with this exception's code, also for one that came from another process as data. */
  valueFrom(error: StormLabError): V {
    return this.is(error) ? error.value : ({ msg: error.message } as V);
  }
}

class ExceptionError<V> extends StormLabError implements ThriftException<V> {
  readonly value: V;

  constructor(parts: ErrorParts, value: V) {
    super(parts);
    this.value = value;
  }
}

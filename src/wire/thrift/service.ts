/**
 * Services as tables: a method's arguments, result and declared exceptions, from which both the bytes of its messages and
 * the types of its callers and handlers come.
 */
import { isStormLabError } from "../../base/index.ts";
import { applicationError } from "./application-exception.ts";
import type { ExceptionType } from "./exception.ts";
import { messageType, writeMessageHead } from "./messages.ts";
import type { ThriftReader } from "./reader.ts";
import { type Fields, StructType, type StructValue } from "./struct.ts";
import type { Type } from "./types.ts";
import { wireType } from "./wire-types.ts";
import type { ThriftWriter } from "./writer.ts";

export interface Service<M extends Methods = Methods> {
  readonly name: string;
  readonly methods: M;
}

export type Methods = Readonly<Record<string, Method<unknown, unknown>>>;

export type ArgumentsOf<M> = M extends { readonly args: Type<infer A> } ? A : never;
export type ResultOf<M> = M extends { readonly result: Type<infer R> } ? R : never;

/** In the order of their field ids, from 1. */
type Exceptions = readonly ExceptionType<{ readonly msg: string }>[];

/** The result of a method that gives nothing back. */
export const nothing: Type<void> = {
  wireType: wireType.stop,
  read: () => undefined,
  write: () => {},
};

/** Arguments are required unless a stock client may leave them out: then they are optional. */
export function method<const F extends Fields, R>(
  args: F,
  result: Type<R>,
  exceptions: Exceptions = [],
): Method<StructValue<F>, R> {
  return new Method(args, result, exceptions);
}

export function service<const M extends Methods>(name: string, methods: M): Service<M> {
  for (const [methodName, each] of Object.entries(methods)) each.named(methodName);
  return { name, methods };
}

export class Method<A, R> {
  readonly args: StructType<A>;
  readonly result: Type<R>;
  readonly exceptions: Exceptions;
  #name = "";

  constructor(args: Fields, result: Type<R>, exceptions: Exceptions) {
    this.args = new StructType("arguments", args);
    this.result = result;
    this.exceptions = exceptions;
  }

  get name(): string {
    return this.#name;
  }

  /** Once, by its service. */
  named(name: string): void {
    this.#name = name;
  }

  writeCall(writer: ThriftWriter, sequenceId: number, args: A): void {
    writeMessageHead(writer, messageType.call, this.#name, sequenceId);
    this.args.write(writer, args);
  }

  /** Null or undefined where something is due: the caller gets MISSING_RESULT, as from Storm. */
  writeReply(writer: ThriftWriter, sequenceId: number, result: R | null | undefined): void {
    writeMessageHead(writer, messageType.reply, this.#name, sequenceId);
    if (result !== undefined && result !== null && this.result.wireType !== wireType.stop) {
      writer.structName = this.#name;
      writer.fieldName = "result";
      writer.field(this.result.wireType, 0);
      this.result.write(writer, result);
    }
    writer.stop();
  }

  /** False, with nothing written: the method does not declare this error. */
  writeException(writer: ThriftWriter, sequenceId: number, error: unknown): boolean {
    const index = this.exceptions.findIndex(({ code }) => isStormLabError(error, code));
    const exception = this.exceptions[index];
    if (exception === undefined || !isStormLabError(error)) return false;
    writeMessageHead(writer, messageType.reply, this.#name, sequenceId);
    writer.field(wireType.struct, index + 1);
    exception.write(writer, exception.valueFrom(error));
    writer.stop();
    return true;
  }

  /** What follows the head of a reply. Throws the declared exception that it brings, or MISSING_RESULT. */
  readReply(reader: ThriftReader): R {
    let result: R | undefined;
    let thrown: Error | undefined;
    for (let type = reader.byte(); type !== wireType.stop; type = reader.byte()) {
      const id = reader.i16();
      reader.structName = this.#name;
      reader.fieldName = id === 0 ? "result" : `exception ${id}`;
      const exception = this.exceptions[id - 1];
      if (id === 0 && type === this.result.wireType) result = this.result.read(reader);
      else if (exception !== undefined && type === wireType.struct) thrown = exception.error(exception.read(reader));
      else reader.skip(type);
    }
    if (thrown !== undefined) throw thrown;
    if (result === undefined && this.result.wireType !== wireType.stop)
      throw applicationError("MISSING_RESULT", `${this.#name} failed: unknown result`);
    return result as R;
  }
}

/** The frames that a server answers with, each made in one writer that serves all connections. */
import {
  type ApplicationExceptionKind,
  type MessageHead,
  type Method,
  messageType,
  type ThriftWriter,
  writeApplicationException,
  writeMessageHead,
} from "../wire/thrift/index.ts";

/** Throws `SL-THRIFT-VALUE` for a result that its method does not promise. */
export function resultFrame(
  writer: ThriftWriter,
  method: Method<unknown, unknown>,
  head: MessageHead,
  result: unknown,
): Buffer {
  begin(writer);
  method.writeReply(writer, head.sequenceId, result);
  return end(writer);
}

/** Null: the method does not declare this error. Throws `SL-THRIFT-VALUE` for one whose value does not fit. */
export function exceptionFrame(
  writer: ThriftWriter,
  method: Method<unknown, unknown>,
  head: MessageHead,
  error: unknown,
): Buffer | null {
  begin(writer);
  return method.writeException(writer, head.sequenceId, error) ? end(writer) : null;
}

export function refusalFrame(
  writer: ThriftWriter,
  head: MessageHead,
  kind: ApplicationExceptionKind,
  message: string,
): Buffer {
  begin(writer);
  writeMessageHead(writer, messageType.exception, head.name, head.sequenceId);
  writeApplicationException(writer, kind, message);
  return end(writer);
}

const frameHeadBytes = 4;
/** A write buffer that grew beyond this is let go after use. */
const keptWriterBytes = 256 * 1024;

function begin(writer: ThriftWriter): void {
  writer.truncate(0);
  writer.i32(0);
}

function end(writer: ThriftWriter): Buffer {
  writer.patchI32(0, writer.length - frameHeadBytes);
  return writer.flush(keptWriterBytes);
}

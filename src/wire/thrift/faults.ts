/** The two errors of the Thrift codec: bytes that are none of it, and values that do not fit. */
import { StormLabError } from "../../base/index.ts";

/** `where` is the struct and field, such as `StormBase.status`; "" where no struct has begun. */
export function thriftBytesFault(where: string, detail: string): StormLabError {
  return new StormLabError({
    code: "SL-THRIFT-BYTES",
    what: `Bytes cannot be read as Thrift: ${where === "" ? "" : `${where}: `}${detail}.`,
    why: "Something else than Thrift's binary protocol was written or sent, or it was cut.",
    hint: "See which program wrote them, and whether it is of Storm 2.8's line.",
  });
}

export function thriftValueFault(where: string, detail: string): StormLabError {
  return new StormLabError({
    code: "SL-THRIFT-VALUE",
    what: `A value cannot be written as Thrift: ${where === "" ? "" : `${where}: `}${detail}.`,
    why: "The program made a value that its own description of Storm's structs does not allow.",
    hint: "Report it with the command that led to it: the fault is storm-lab's own.",
  });
}

/** A value as an error may show it: short, whatever it is. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length <= shownLengthMax ? text : `${text.slice(0, shownLengthMax)}…`;
}

const shownLengthMax = 60;

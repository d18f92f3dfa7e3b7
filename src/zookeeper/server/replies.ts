/** What follows the reply header of a write: a pure function of the operation and what its transaction did. */
import { errorCode, type JuteWriter, opCode, type Stat, writeStat } from "../../wire/zookeeper/index.ts";
import type { ApplyResult } from "./database.ts";

/** The error of the reply header: a multi that failed says so in its parts only. */
export function headerError(result: ApplyResult): number {
  return result.parts === null ? result.error : errorCode.ok;
}

export function writeResult(writer: JuteWriter, requestType: number, result: ApplyResult): void {
  switch (requestType) {
    case opCode.create:
      writer.ustring(result.path);
      return;
    case opCode.create2:
    case opCode.createContainer:
    case opCode.createTtl:
      writer.ustring(result.path);
      writeStatOf(writer, result.stat);
      return;
    case opCode.setData:
    case opCode.setAcl:
      writeStatOf(writer, result.stat);
      return;
    case opCode.multi:
      writeParts(writer, result.parts ?? []);
      return;
  }
}

function writeStatOf(writer: JuteWriter, stat: Stat | null): void {
  if (stat !== null) writeStat(writer, stat);
}

function writeParts(writer: JuteWriter, parts: readonly ApplyResult[]): void {
  for (const part of parts) {
    if (part.type === opCode.error) {
      writePartHeader(writer, opCode.error, part.error);
      writer.int(part.error);
    } else {
      writePartHeader(writer, partType(part.type), errorCode.ok);
      writeResult(writer, part.type, part);
    }
  }
  writeEndOfParts(writer);
}

/** Containers and TTL nodes answer as create2 does. */
function partType(type: number): number {
  return type === opCode.createContainer || type === opCode.createTtl ? opCode.create2 : type;
}

export function writePartHeader(writer: JuteWriter, type: number, error: number): void {
  writer.int(type).boolean(false).int(error);
}

export function writeEndOfParts(writer: JuteWriter): void {
  writer.int(-1).boolean(true).int(-1);
}

/** The head of a message: what it is, of which method, and the number that a reply repeats. Written strictly, read either way. */
import type { ThriftReader } from "./reader.ts";
import type { ThriftWriter } from "./writer.ts";

export const messageType = { call: 1, reply: 2, exception: 3, oneway: 4 } as const;

export interface MessageHead {
  /** One of `messageType`. */
  readonly type: number;
  readonly name: string;
  readonly sequenceId: number;
}

export function writeMessageHead(writer: ThriftWriter, type: number, name: string, sequenceId: number): void {
  writer.i32(strictVersion | type);
  writer.string(name);
  writer.i32(sequenceId);
}

/** Throws `SL-THRIFT-BYTES`. */
export function readMessageHead(reader: ThriftReader): MessageHead {
  const first = reader.i32();
  let type: number;
  let name: string;
  if (first < 0) {
    if ((first & versionMask) !== strictVersion)
      throw reader.fault(`a message of version ${((first & versionMask) >>> 16).toString(16)} instead of 8001`);
    type = first & typeMask;
    name = reader.string();
  } else {
    name = reader.stringOf(first);
    type = reader.byte();
  }
  if (type < messageType.call || type > messageType.oneway) throw reader.fault(`a message of unknown type ${type}`);
  return { type, name, sequenceId: reader.i32() };
}

/** TBinaryProtocol's VERSION_1 in the upper half; the lower byte is the type. */
const strictVersion = 0x8001_0000 | 0;
const versionMask = 0xffff_0000 | 0;
const typeMask = 0xff;

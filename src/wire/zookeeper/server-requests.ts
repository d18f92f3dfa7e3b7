/** Request records as a server reads them; the body is what follows the request header. */

import { opCode } from "./codes.ts";
import { JuteError, type JuteReader } from "./jute.ts";
import { type Acl, readAcls } from "./records.ts";

export interface CreateBody {
  readonly path: string;
  readonly data: Buffer | null;
  readonly acl: readonly Acl[] | null;
  /** A `createMode`. */
  readonly flags: number;
  /** −1 unless the operation is createTtl. */
  readonly ttlMs: number;
}
export interface PathVersionBody {
  readonly path: string;
  readonly version: number;
}
export interface SetDataBody extends PathVersionBody {
  readonly data: Buffer | null;
}
export interface SetAclBody extends PathVersionBody {
  readonly acl: readonly Acl[] | null;
}
export interface PathWatchBody {
  readonly path: string;
  readonly watch: boolean;
}
export interface AuthBody {
  readonly scheme: string;
  readonly data: Buffer;
}
export interface PathNumberBody {
  readonly path: string;
  /** addWatch: the mode; checkWatches and removeWatches: the type. */
  readonly number: number;
}
export interface SetWatchesBody {
  readonly relativeZxid: number;
  readonly data: readonly string[];
  readonly exist: readonly string[];
  readonly child: readonly string[];
  readonly persistent: readonly string[];
  readonly persistentRecursive: readonly string[];
}
/** One operation of a multi or multiRead, its record not yet read. */
export interface MultiPart<T> {
  readonly type: number;
  readonly body: T;
}
export type MultiBody = CreateBody | PathVersionBody | SetDataBody | PathWatchBody;

/** Operations in one multi; more is a hostile packet. */
const multiPartsMax = 65_536;
const stringBytesMin = 4;

export function readCreateBody(reader: JuteReader, type: number): CreateBody {
  const path = reader.string("path");
  const data = reader.buffer();
  const acl = readAcls(reader);
  const flags = reader.int();
  return { path, data, acl, flags, ttlMs: type === opCode.createTtl ? reader.number() : -1 };
}

export function readPathVersion(reader: JuteReader): PathVersionBody {
  return { path: reader.string("path"), version: reader.int() };
}

export function readSetDataBody(reader: JuteReader): SetDataBody {
  const path = reader.string("path");
  const data = reader.buffer();
  return { path, data, version: reader.int() };
}

export function readSetAclBody(reader: JuteReader): SetAclBody {
  const path = reader.string("path");
  const acl = readAcls(reader);
  return { path, acl, version: reader.int() };
}

export function readPathWatch(reader: JuteReader): PathWatchBody {
  return { path: reader.string("path"), watch: reader.boolean() };
}

export function readPathNumber(reader: JuteReader): PathNumberBody {
  return { path: reader.string("path"), number: reader.int() };
}

export function readAuthBody(reader: JuteReader): AuthBody {
  reader.int();
  return { scheme: reader.ustring() ?? "", data: reader.buffer() ?? Buffer.alloc(0) };
}

export function readSetWatches(reader: JuteReader, withPersistent: boolean): SetWatchesBody {
  const strings = (): string[] => reader.vector(stringBytesMin, (from) => from.string("path"));
  return {
    relativeZxid: reader.number(),
    data: strings(),
    exist: strings(),
    child: strings(),
    persistent: withPersistent ? strings() : [],
    persistentRecursive: withPersistent ? strings() : [],
  };
}

/** A multi's operations in order. Throws `JuteError` for one that may not stand in a multi. */
export function readMultiParts(reader: JuteReader): MultiPart<MultiBody>[] {
  const parts: MultiPart<MultiBody>[] = [];
  for (;;) {
    const type = reader.int();
    const done = reader.boolean();
    reader.int();
    if (done) return parts;
    if (parts.length >= multiPartsMax) throw new JuteError("too many operations in a multi");
    parts.push({ type, body: readPartBody(reader, type) });
  }
}

function readPartBody(reader: JuteReader, type: number): MultiBody {
  switch (type) {
    case opCode.create:
    case opCode.create2:
    case opCode.createContainer:
    case opCode.createTtl:
      return readCreateBody(reader, type);
    case opCode.delete:
    case opCode.check:
      return readPathVersion(reader);
    case opCode.setData:
      return readSetDataBody(reader);
    case opCode.getData:
    case opCode.getChildren:
      return readPathWatch(reader);
    default:
      throw new JuteError(`Invalid type of op in a multi: ${type}`);
  }
}

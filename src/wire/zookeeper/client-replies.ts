/** The client protocol as a client reads it: the reply record of each request, and the results of a multi. */
import type { ClientOp } from "./client-requests.ts";
import { opCode } from "./codes.ts";
import { JuteError, type JuteReader } from "./jute.ts";
import { type Acl, type Id, readAcls, readIds, readStat, type Stat } from "./records.ts";

/** What each part of a multi or multiRead gave. */
export type MultiResult =
  | { readonly op: "create"; readonly path: string }
  | { readonly op: "create2" | "createContainer" | "createTtl"; readonly path: string; readonly stat: Stat }
  | { readonly op: "setData"; readonly stat: Stat }
  | { readonly op: "delete" | "check" }
  | { readonly op: "getData"; readonly data: Buffer | null; readonly stat: Stat }
  | { readonly op: "getChildren"; readonly children: string[] }
  /** An `errorCode`; 0 for a part before the culprit, which was undone. */
  | { readonly op: "error"; readonly error: number };

interface Created {
  readonly path: string;
  readonly stat: Stat;
}
interface WithStat {
  readonly stat: Stat;
}
type Nothing = Readonly<Record<string, never>>;

/** The record behind a reply header without error, by request. */
export interface ClientReplies {
  readonly create: { readonly path: string };
  readonly create2: Created;
  readonly createContainer: Created;
  readonly createTtl: Created;
  readonly delete: Nothing;
  readonly check: Nothing;
  readonly exists: WithStat;
  readonly getData: { readonly data: Buffer | null; readonly stat: Stat };
  readonly setData: WithStat;
  readonly getAcl: { readonly acl: readonly Acl[]; readonly stat: Stat };
  readonly setAcl: WithStat;
  readonly getChildren: { readonly children: string[] };
  readonly getChildren2: { readonly children: string[]; readonly stat: Stat };
  readonly sync: { readonly path: string };
  readonly multi: { readonly results: readonly MultiResult[] };
  readonly multiRead: { readonly results: readonly MultiResult[] };
  readonly addWatch: Nothing;
  readonly checkWatches: Nothing;
  readonly removeWatches: Nothing;
  readonly reconfig: { readonly data: Buffer | null; readonly stat: Stat };
  readonly whoAmI: { readonly ids: readonly Id[] };
  readonly getEphemerals: { readonly paths: string[] };
  readonly getAllChildrenNumber: { readonly count: number };
  readonly ping: Nothing;
  readonly closeSession: Nothing;
  readonly auth: Nothing;
  readonly setWatches: Nothing;
  readonly setWatches2: Nothing;
}

const pathBytesMin = 4;
const nothing: Nothing = {};

const readers: { readonly [Op in ClientOp]: (reader: JuteReader) => ClientReplies[Op] } = {
  create: (reader) => ({ path: reader.string("path") }),
  create2: readCreated,
  createContainer: readCreated,
  createTtl: readCreated,
  delete: () => nothing,
  check: () => nothing,
  exists: (reader) => ({ stat: readStat(reader) }),
  getData: (reader) => ({ data: reader.buffer(), stat: readStat(reader) }),
  setData: (reader) => ({ stat: readStat(reader) }),
  getAcl: (reader) => ({ acl: readAcls(reader) ?? [], stat: readStat(reader) }),
  setAcl: (reader) => ({ stat: readStat(reader) }),
  getChildren: (reader) => ({ children: readPaths(reader) }),
  getChildren2: (reader) => ({ children: readPaths(reader), stat: readStat(reader) }),
  sync: (reader) => ({ path: reader.string("path") }),
  multi: (reader) => ({ results: readMulti(reader) }),
  multiRead: (reader) => ({ results: readMulti(reader) }),
  addWatch: () => nothing,
  checkWatches: () => nothing,
  removeWatches: () => nothing,
  reconfig: (reader) => ({ data: reader.buffer(), stat: readStat(reader) }),
  whoAmI: (reader) => ({ ids: readIds(reader) }),
  getEphemerals: (reader) => ({ paths: readPaths(reader) }),
  getAllChildrenNumber: (reader) => ({ count: reader.int() }),
  ping: () => nothing,
  closeSession: () => nothing,
  auth: () => nothing,
  setWatches: () => nothing,
  setWatches2: () => nothing,
};

/** Reads what follows the reply header. Throws `JuteError` when the bytes are no such record. */
export function readReply<Op extends ClientOp>(op: Op, reader: JuteReader): ClientReplies[Op] {
  return readers[op](reader);
}

function readCreated(reader: JuteReader): Created {
  return { path: reader.string("path"), stat: readStat(reader) };
}

function readPaths(reader: JuteReader): string[] {
  return reader.vector(pathBytesMin, (from) => from.string("path"));
}

function readMulti(reader: JuteReader): MultiResult[] {
  const results: MultiResult[] = [];
  for (;;) {
    const type = reader.int();
    const done = reader.boolean();
    reader.int();
    if (done) return results;
    results.push(readMultiResult(type, reader));
  }
}

function readMultiResult(type: number, reader: JuteReader): MultiResult {
  switch (type) {
    case opCode.create:
      return { op: "create", path: reader.string("path") };
    case opCode.create2:
      return { op: "create2", ...readCreated(reader) };
    case opCode.createContainer:
      return { op: "createContainer", ...readCreated(reader) };
    case opCode.createTtl:
      return { op: "createTtl", ...readCreated(reader) };
    case opCode.setData:
      return { op: "setData", stat: readStat(reader) };
    case opCode.delete:
      return { op: "delete" };
    case opCode.check:
      return { op: "check" };
    case opCode.getData:
      return { op: "getData", data: reader.buffer(), stat: readStat(reader) };
    case opCode.getChildren:
      return { op: "getChildren", children: readPaths(reader) };
    case opCode.error:
      return { op: "error", error: reader.int() };
    default:
      throw new JuteError(`a multi answers with the unknown operation ${type}`);
  }
}

/**
 * What Storm keeps in its znodes, made readable: with the names that Storm's definitions give the fields where the path
 * says which struct it is, and with field numbers elsewhere.
 */
import {
  Assignment,
  ClusterWorkerHeartbeat,
  Credentials,
  ErrorInfo,
  LogConfig,
  NimbusSummary,
  ProfileRequest,
  type Readable,
  readableStruct,
  StormBase,
  type StructType,
  SupervisorInfo,
} from "../../wire/thrift/index.ts";

/** Null: the bytes are no Thrift struct. `path` is the znode's, under whatever root. */
export function stormValue(path: string, bytes: Buffer): Readable | null {
  return readableStruct(bytes, structsByPath.find(([pattern]) => pattern.test(path))?.[1]);
}

const structsByPath: readonly (readonly [path: RegExp, struct: StructType<unknown>])[] = [
  [/\/nimbuses\/[^/]+$/, NimbusSummary],
  [/\/supervisors\/[^/]+$/, SupervisorInfo],
  [/\/storms\/[^/]+$/, StormBase],
  [/\/assignments\/[^/]+$/, Assignment],
  [/\/workerbeats\/[^/]+\/[^/]+$/, ClusterWorkerHeartbeat],
  [/\/errors\/[^/]+\/[^/]+\/e\d+$|\/errors\/[^/]+\/[^/]+-last-error$/, ErrorInfo],
  [/\/credentials\/[^/]+$/, Credentials],
  [/\/logconfigs\/[^/]+$/, LogConfig],
  [/\/profilerconfigs\/[^/]+\/[^/]+$/, ProfileRequest],
];

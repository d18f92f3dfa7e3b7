/** What the blob store says of a blob, and who may do what with it. */
import { list } from "../containers.ts";
import { optional, required, struct } from "../struct.ts";
import { enumeration, i32, i64, string, type TypeOf } from "../types.ts";

export const AccessControlType = enumeration({ OTHER: 1, USER: 2 });
export type AccessControlType = TypeOf<typeof AccessControlType>;

/** The bits of `AccessControl.access`. */
export const blobAccess = { READ: 1, WRITE: 2, ADMIN: 4 } as const;

export const AccessControl = struct("AccessControl", {
  type: required(1, AccessControlType),
  name: optional(2, string),
  access: required(3, i32),
});
export type AccessControl = TypeOf<typeof AccessControl>;

export const SettableBlobMeta = struct("SettableBlobMeta", {
  acl: required(1, list(AccessControl)),
  replication_factor: optional(2, i32),
});
export type SettableBlobMeta = TypeOf<typeof SettableBlobMeta>;

export const ReadableBlobMeta = struct("ReadableBlobMeta", {
  settable: required(1, SettableBlobMeta),
  version: required(2, i64),
});
export type ReadableBlobMeta = TypeOf<typeof ReadableBlobMeta>;

/** At most 100 keys; none at all is the end. */
export const ListBlobsResult = struct("ListBlobsResult", {
  keys: required(1, list(string)),
  session: required(2, string),
});
export type ListBlobsResult = TypeOf<typeof ListBlobsResult>;

export const BeginDownloadResult = struct("BeginDownloadResult", {
  version: required(1, i64),
  session: required(2, string),
  data_size: optional(3, i64),
});
export type BeginDownloadResult = TypeOf<typeof BeginDownloadResult>;

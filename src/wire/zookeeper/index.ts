/** ZooKeeper's bytes: the jute codec, the client protocol's records and codes, transactions. */

export { type ClientReplies, type MultiResult, readReply } from "./client-replies.ts";
export {
  type AddWatchMode,
  type ClientOp,
  type ClientRequest,
  type CreateRequest,
  encodeConnect,
  encodeRequest,
  fixedXid,
  type MultiOperation,
  type MultiReadOperation,
  type WatcherType,
  type WatchPaths,
} from "./client-requests.ts";
export * from "./codes.ts";
export { defaultMaxBufferBytes, JuteError, JuteReader, JuteUnderflow, JuteWriter } from "./jute.ts";
export * from "./records.ts";
export * from "./server-requests.ts";
export {
  type CheckTxn,
  type CloseSessionTxn,
  type CreateSessionTxn,
  type CreateTxn,
  type DeleteTxn,
  decodeProposal,
  type ErrorTxn,
  encodeProposal,
  type MultiTxn,
  type Proposal,
  type SessionId,
  type SetAclTxn,
  type SetDataTxn,
  type Txn,
  type TxnHeader,
  type Zxid,
} from "./txn.ts";

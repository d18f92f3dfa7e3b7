/** A server as a member of an ensemble. */
export { configTextOf } from "./ensemble.ts";
export { QuorumPeer, type QuorumPeerOptions } from "./quorum-peer.ts";
export type { ServerState } from "./vote.ts";

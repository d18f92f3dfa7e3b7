/** What the session loop must know of a request before it sends it. */
import type { ClientOp, ClientRequest } from "../../wire/zookeeper/index.ts";

/** A server closes the connection on a packet above jute.maxbuffer (1,048,575 bytes); it would do so again and again. */
export const requestBytesMax = 0xfffff;

const reads: ReadonlySet<ClientOp> = new Set<ClientOp>([
  "exists",
  "getData",
  "getChildren",
  "getChildren2",
  "getAcl",
  "sync",
  "multiRead",
  "getEphemerals",
  "getAllChildrenNumber",
  "whoAmI",
]);

/** Changes nothing, so it may be sent again when its answer was lost. */
export function isRead(request: ClientRequest): boolean {
  return reads.has(request.op);
}

/** At least the packet's length: paths, data and a bound for the rest. */
export function requestBytes(request: ClientRequest): number {
  if (request.op === "multi" || request.op === "multiRead") {
    return request.operations.reduce((sum, part) => sum + nodeBytes(part) + partOverheadBytes, 0);
  }
  return "path" in request ? nodeBytes(request) : 0;
}

const partOverheadBytes = 9;
const headerAndLengthsBytes = 24;

function nodeBytes(part: { readonly path: string; readonly data?: Uint8Array | null }): number {
  return headerAndLengthsBytes + Buffer.byteLength(part.path) + (part.data?.length ?? 0);
}

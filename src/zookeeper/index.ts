/** ZooKeeper: an ensemble we can run, and a client that survives expiry. */
import type { SessionAdapter } from "./client/session-adapter.ts";

export type {
  CallOptions,
  ConnectionState,
  CreateMode,
  CreateOptions,
  MultiOutcome,
  MultiPart,
  NodeChildren,
  NodeData,
  ReadOptions,
  WatchEvent,
  WatchHandler,
  ZooKeeperClient,
  ZooKeeperClientOptions,
  ZooKeeperOperations,
  ZooKeeperSession,
} from "./client/client.ts";
export type { ClientErrorCode } from "./client/client-errors.ts";
export { defaultClientPort, type Host, hostText, parseConnectString } from "./client/connect-string.ts";
export { Connection, type ConnectionHandlers, type ConnectionOptions } from "./client/connection.ts";
export { zooKeeperClientErrorCodes } from "./client/error-codes.ts";
export { askFourLetterWord } from "./client/four-letter-word.ts";
export { ownSessionAdapter } from "./client/own-session.ts";
export { checkPath } from "./client/paths.ts";
export type { AuthInfo, Outcome, SessionAdapter } from "./client/session-adapter.ts";
export { openZooKeeper } from "./client/zookeeper-client.ts";

/** The adapter over node-zookeeper-client; the package is loaded by the first call. */
export async function loadPackageSessionAdapter(): Promise<SessionAdapter> {
  return (await import("./client/package-session.ts")).packageSessionAdapter;
}
export { zooKeeperServerErrorCodes } from "./server/error-codes.ts";
export type { RunningServer } from "./server/main.ts";

/** The server half, loaded by the first call: a process that is only a client never holds it in memory. */
export async function loadZooKeeperServer(): Promise<typeof import("./server/main.ts")> {
  return await import("./server/main.ts");
}

/** One request of a client on its way through a server, or of the server itself (session creation and closing). */
import type { Id, SessionId } from "../../wire/zookeeper/index.ts";

export interface ServerRequest {
  readonly sessionId: SessionId;
  readonly cxid: number;
  /** An `opCode`. */
  readonly type: number;
  /**
   * The request record without its header, as the client sent it (createSession: int timeout; closeSession: nothing).
   * Owned by the request: not a view of a socket's buffer.
   */
  readonly body: Buffer;
  /** Identities the connection has proved; empty for the server's own requests. */
  readonly ids: readonly Id[];
  /**
   * The server that the session's client is on, compared by identity: `localOwner` for clients of this server, the
   * learner's own object for what a learner forwarded, null for the server's own requests (expiry): not checked then.
   */
  readonly owner: object | null;
  /** The connection that waits for the answer; null when nobody does (expiry) or it waits at another server. */
  readonly client: RequestClient | null;
  /** `Runtime.clock.monotonicMs` at arrival, for latency. */
  readonly receivedMs: number;
}

/** The owner of every session whose client is connected to this server. */
export const localOwner: object = Object.freeze({ server: "this one" });

/** What the server keeps of the connection that sent a request; opaque to roles. */
export interface RequestClient {
  readonly sessionId: SessionId;
  /** It waits for no answer any more. */
  readonly closed: boolean;
}

/** A request in its connection's queue, from its arrival to its answer. */
import type { Id, SessionId } from "../../wire/zookeeper/index.ts";
import type { ApplyResult } from "./database.ts";
import { localOwner, type RequestClient, type ServerRequest } from "./request.ts";

/** A request in its connection's queue; roles see its `ServerRequest` side. */
export class PendingRequest implements ServerRequest {
  readonly sessionId: SessionId;
  readonly cxid: number;
  readonly type: number;
  readonly body: Buffer;
  readonly ids: readonly Id[];
  readonly owner: object = localOwner;
  readonly client: RequestClient;
  readonly receivedMs: number;
  /** Reads wait for their turn, writes for their outcome. */
  readonly isRead: boolean;
  result: ApplyResult | null = null;
  error: number | null = null;

  constructor(
    client: RequestClient & { readonly ids: readonly Id[] },
    cxid: number,
    type: number,
    body: Buffer,
    receivedMs: number,
    read: boolean,
  ) {
    this.sessionId = client.sessionId;
    this.cxid = cxid;
    this.type = type;
    this.body = body;
    this.ids = client.ids;
    this.client = client;
    this.receivedMs = receivedMs;
    this.isRead = read;
  }
}

/** What a connection needs of its server; `ZooKeeperServer` gives it. */
import type { Id, JuteError } from "../../wire/zookeeper/index.ts";
import type { Connection } from "./connection.ts";
import type { ReadContext } from "./reads.ts";
import type { ServerRequest } from "./request.ts";
import type { ServerStats } from "./server-stats.ts";

export interface ConnectionHost extends ReadContext {
  readonly stats: ServerStats;
  /** jute.maxbuffer: packets above it close the connection. */
  readonly maxBufferBytes: number;
  /** The longest string or buffer inside a packet. */
  readonly maxFieldBytes: number;
  /** Last applied zxid, for reply headers. */
  readonly lastZxid: number;
  /** More than globalOutstandingLimit requests await agreement. */
  readonly overloaded: boolean;

  /** The first packet: answers it or closes the connection. */
  connect(connection: Connection, body: Buffer): void;
  /** Whether these first four bytes are a word, which is then answered. */
  fourLetterWord(connection: Connection, word: number): boolean;
  /** Bytes came in: the session lives. */
  heard(connection: Connection): void;
  /** Whether a write operation is one that clients may send. */
  accepts(type: number): boolean;
  submit(request: ServerRequest): void;
  authenticate(connection: Connection, scheme: string, data: Buffer): readonly Id[] | null;
  /** A request is answered; gives its latency in milliseconds. */
  answered(type: number, receivedMs: number): number;
  /** Flushes the connection before this turn of the event loop ends. */
  flushSoon(connection: Connection): void;
  malformed(connection: Connection, error: JuteError): void;
  closing(connection: Connection, reason: string): void;
  /** The connection is closed: nothing may be kept of it. */
  forget(connection: Connection): void;
}

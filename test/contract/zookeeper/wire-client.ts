/** One raw connection with promises: what a server really sends, error numbers, zxids and events included. */
import type { Runtime } from "../../../src/base/index.ts";
import type { ClientReplies, ClientRequest, ConnectResponse, WatcherEvent } from "../../../src/wire/zookeeper/index.ts";
import { Connection } from "../../../src/zookeeper/index.ts";
import { deadline } from "../../kit/index.ts";

export interface WireOptions {
  readonly port: number;
  readonly timeoutMs: number;
  readonly sessionId: bigint;
  readonly password: Buffer;
  readonly lastZxidSeen: number;
}

export interface Answer<R extends ClientRequest> {
  /** −4 when the connection ended before the answer. */
  readonly error: number;
  readonly zxid: number;
  readonly reply: ClientReplies[R["op"]] | null;
}

const stepMs = 20_000;

export class WireClient {
  readonly #connection: Connection;
  readonly response: ConnectResponse;
  readonly #log: Log;

  private constructor(connection: Connection, response: ConnectResponse, log: Log) {
    this.#connection = connection;
    this.response = response;
    this.#log = log;
  }

  /** Rejects when the server closes the connection instead of answering. */
  static open(runtime: Runtime, options: Partial<WireOptions> & Pick<WireOptions, "port">): Promise<WireClient> {
    const log = new Log();
    const { promise, resolve, reject } = Promise.withResolvers<WireClient>();
    const connection: Connection = new Connection(
      runtime,
      {
        host: { host: "127.0.0.1", port: options.port },
        connectTimeoutMs: stepMs,
        handshake: {
          protocolVersion: 0,
          lastZxidSeen: options.lastZxidSeen ?? 0,
          timeoutMs: options.timeoutMs ?? 10_000,
          sessionId: options.sessionId ?? 0n,
          password: options.password ?? Buffer.alloc(16),
          readOnly: false,
          hasReadOnlyByte: true,
        },
      },
      {
        opened: (response) => resolve(new WireClient(connection, response, log)),
        confirmed: () => {},
        event: (event) => log.order.push(event),
        closed: (reason) => {
          log.closed.resolve(reason);
          reject(new Error(reason));
        },
      },
    );
    return deadline(promise, stepMs, "the answer to a handshake");
  }

  request<R extends ClientRequest>(request: R): Promise<Answer<R>> {
    const answer = new Promise<Answer<R>>((resolve) =>
      this.#connection.send(request, ({ error, reply }, header) => {
        this.#log.order.push(request.op);
        resolve({ error, reply, zxid: header?.zxid ?? -1 });
      }),
    );
    return deadline(answer, stepMs, `the answer to ${request.op}`);
  }

  /** Answers (by their op) and events in the order in which they came. */
  get order(): readonly (WatcherEvent | string)[] {
    return this.#log.order;
  }

  /** `type path` of the events so far. */
  get events(): string[] {
    return this.#log.order.flatMap((entry) => (typeof entry === "string" ? [] : [`${entry.type} ${entry.path}`]));
  }

  /** The reason, once the server has closed the connection. */
  closed(): Promise<string> {
    return deadline(this.#log.closed.promise, stepMs, "the end of a connection");
  }

  /** Ends the connection without closing the session. */
  drop(): void {
    this.#connection.destroy("dropped by the rule");
  }

  async close(): Promise<void> {
    await this.request({ op: "closeSession" });
    this.drop();
  }
}

class Log {
  readonly order: (WatcherEvent | string)[] = [];
  readonly closed = Promise.withResolvers<string>();
}

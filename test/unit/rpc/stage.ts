/** A Thrift server and its clients on two simulated hosts. */
import { type LogLine, type SimulatedProcess, SimulatedWorld, type Socket } from "../../../src/base/index.ts";
import {
  type ConnectOptions,
  connectThrift,
  type ServeOptions,
  serveThrift,
  type ThriftClient,
  type ThriftServer,
} from "../../../src/rpc/index.ts";
import type { Methods } from "../../../src/wire/thrift/index.ts";

const port = 6627;
const serverHost = "server";

type Served<M extends Methods> = Omit<ServeOptions<M>, "runtime" | "port">;
type Connected<M extends Methods> = Omit<ConnectOptions<M>, "runtime" | "port" | "host" | "service">;

/** A connection that is written to by hand, with the frames that came back. */
export interface RawLine {
  readonly socket: Socket;
  readonly received: Buffer;
  readonly isClosed: boolean;
}

export class Stage<M extends Methods> {
  readonly world: SimulatedWorld;
  readonly serverProcess: SimulatedProcess;
  readonly clientProcess: SimulatedProcess;
  readonly log: LogLine[] = [];
  readonly #options: Served<M>;

  constructor(options: Served<M>, seed = 1) {
    this.world = new SimulatedWorld({ seed, log: (line) => this.log.push(line) });
    this.serverProcess = this.world.start({ host: serverHost });
    this.clientProcess = this.world.start({ host: "client" });
    this.#options = options;
  }

  /** To be finished or rejected. */
  serving(): Promise<ThriftServer> {
    return serveThrift({ runtime: this.serverProcess.runtime, port, ...this.#options });
  }

  serve(): Promise<ThriftServer> {
    return this.finish(this.serving(), "the server");
  }

  /** To be finished or rejected. */
  connecting(options: Connected<M> = {}): Promise<ThriftClient<M>> {
    const { service } = this.#options;
    const { runtime } = this.clientProcess;
    return connectThrift({ runtime, host: serverHost, port, service, ...options });
  }

  connect(options: Connected<M> = {}): Promise<ThriftClient<M>> {
    return this.finish(this.connecting(options), "the connection");
  }

  async dial(): Promise<RawLine> {
    const line = { received: Buffer.alloc(0), isClosed: false };
    const { net } = this.clientProcess.runtime;
    const dialled = net.connect({ host: serverHost, port, timeoutMs: 5000 }).then((socket) => {
      socket.handle({
        data: (bytes) => {
          line.received = Buffer.concat([line.received, bytes]);
        },
        close: () => {
          line.isClosed = true;
        },
      });
      return Object.assign(line, { socket });
    });
    return this.finish(dialled, "a connection by hand");
  }

  finish<T>(promise: Promise<T>, what: string, deadlineMs = 60_000): Promise<T> {
    return this.world.finish(promise, { what, deadlineMs });
  }

  /** The promise's error, awaited in virtual time. */
  async rejection(promise: Promise<unknown>, what: string): Promise<unknown> {
    return this.finish(
      promise.then(
        () => {
          throw new Error(`${what} was to fail`);
        },
        (error: unknown) => error,
      ),
      what,
    );
  }

  until(condition: () => boolean, what: string, deadlineMs = 60_000): Promise<void> {
    return this.world.until(condition, { what, deadlineMs });
  }

  get warnings(): string[] {
    return this.log.filter(({ level }) => level === "warn").map(({ message }) => message);
  }
}

/** A frame around bytes that are given in hexadecimal or as they are. */
export function frameOf(body: string | Uint8Array): Buffer {
  const bytes = typeof body === "string" ? Buffer.from(body.replaceAll(" ", ""), "hex") : body;
  const frame = Buffer.alloc(4 + bytes.length);
  frame.writeInt32BE(bytes.length, 0);
  frame.set(bytes, 4);
  return frame;
}

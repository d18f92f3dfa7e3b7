/** TCP of Node. */

import net from "node:net";
import {
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type Net,
  NetError,
  type Socket,
  type SocketHandlers,
} from "../runtime.ts";

export const realNet: Net = { listen, connect };

function listen(options: ListenOptions, onConnection: (socket: Socket) => void): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      onConnection(new RealSocket(socket)),
    );
    server.once("error", (error) => reject(netError(error)));
    server.listen({ port: options.port, ...(options.host === undefined ? {} : { host: options.host }) }, () => {
      const address = server.address();
      if (address === null || typeof address === "string") {
        reject(new NetError("EINVAL", "the listener has no port"));
        return;
      }
      server.removeAllListeners("error");
      // An accept that fails for lack of descriptors is tried again by Node with the next connection.
      server.on("error", () => {});
      resolve({ host: address.address, port: address.port, close: () => closeServer(server) });
    });
  });
}

/** The port is free in the next turn; Node's own callback would wait for every established socket. */
function closeServer(server: net.Server): Promise<void> {
  if (server.listening) server.close();
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function connect(options: ConnectOptions): Promise<Socket> {
  const { host, port, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new NetError("ETIMEDOUT", `connect ETIMEDOUT ${host}:${port}`));
    }, timeoutMs);
    const onError = (error: Error): void => {
      clearTimeout(timer);
      reject(netError(error));
    };
    socket.once("error", onError);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeListener("error", onError);
      resolve(new RealSocket(socket));
    });
  });
}

class RealSocket implements Socket {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #socket: net.Socket;
  #handlers: SocketHandlers | null = null;
  #error: NetError | undefined;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    this.localAddress = socket.localAddress ?? "";
    this.localPort = socket.localPort ?? 0;
    this.remoteAddress = socket.remoteAddress ?? "";
    this.remotePort = socket.remotePort ?? 0;
    socket.on("error", (error) => {
      this.#error ??= netError(error);
    });
    socket.on("close", () => this.#onClose());
  }

  get bufferedBytes(): number {
    return this.#socket.destroyed ? 0 : this.#socket.writableLength;
  }

  handle(handlers: SocketHandlers): void {
    if (this.#handlers !== null) throw new Error("Socket.handle was called twice");
    this.#handlers = handlers;
    const socket = this.#socket;
    socket.on("drain", () => handlers.drain?.());
    socket.on("end", () => {
      if (handlers.end === undefined) socket.end();
      else handlers.end();
    });
    socket.on("data", (bytes: Uint8Array) => handlers.data(bytes));
    if (socket.closed) setImmediate(() => this.#onClose());
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#socket.writable || bytes.length === 0) return true;
    return this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    if (this.#socket.writable) this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onClose(): void {
    if (this.#error === undefined) this.#handlers?.close();
    else this.#handlers?.close(this.#error);
  }
}

/** Codes that mean one of those that the Runtime names. */
const sameCode: Readonly<Record<string, string>> = { EAI_AGAIN: "ENOTFOUND", ENETUNREACH: "EHOSTUNREACH" };

/** Of several addresses that were tried, the first failure counts. */
function netError(error: Error): NetError {
  const first = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const code = "code" in first && typeof first.code === "string" ? first.code : "EIO";
  return new NetError(sameCode[code] ?? code, first.message);
}

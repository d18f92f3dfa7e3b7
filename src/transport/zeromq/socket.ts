/**
 * `Links` over ZeroMQ's PUSH and PULL sockets, tcp and ipc: the only file that knows the package. Its native part is loaded
 * when the first link is made, so that a role without links does without it.
 */
import type { Pull, Push } from "zeromq";
import { type Links, NetError, type PullLink, type PushLink } from "../../base/index.ts";
import { zeromqUnavailable } from "../faults.ts";

type Library = typeof import("zeromq");

/**
 * Frames that ZeroMQ holds at each end of a link, beside what the operating system holds. With frames of 64 KiB these are
 * 1 MiB a side. Measured over loopback: 4 is slower, more than 16 is not faster.
 */
const highWaterMark = 16;

/**
 * Over ipc the receiving side holds more: when a pusher closes while the puller's queue is full, libzmq drops what it has not
 * yet read from the socket, lingering or not (libzmq issue 4660). A longer queue keeps that for readers that stand still.
 */
const ipcReceiveHighWaterMark = 128;

/** An unreachable host is tried anew after this time, not after the operating system's two minutes. */
const connectTimeoutMs = 5_000;
const reconnectMs = 50;
const reconnectMaxMs = 1_000;

/** A peer that claims a larger message is cut off; the codec's largest tuple and its frame fit twice. */
const maxMessageBytes = 512 * 1024 * 1024;

export function zeromqLinks(): Links {
  return {
    pull: async (address, onFrame) => {
      const zeromq = await library();
      try {
        return await listen(zeromq, address, onFrame);
      } catch (thrown) {
        throw bindError(thrown, address);
      }
    },
    push: (address) => new ZeromqPushLink(address),
  };
}

async function listen(zeromq: Library, address: string, onFrame: (frame: Uint8Array) => void): Promise<PullLink> {
  // Over ipc the library would take the path from whoever listens there.
  if (isIpc(address) && (await someoneListens(zeromq, address))) throw addressTaken(address);
  const link = new ZeromqPullLink(new zeromq.Pull(receiving(address)), onFrame);
  await link.bind(address);
  return link;
}

function receiving(address: string) {
  const receiveHighWaterMark = isIpc(address) ? ipcReceiveHighWaterMark : highWaterMark;
  return { receiveHighWaterMark, maxMessageSize: maxMessageBytes, linger: 0 };
}

const sending = {
  sendHighWaterMark: highWaterMark,
  connectTimeout: connectTimeoutMs,
  reconnectInterval: reconnectMs,
  reconnectMaxInterval: reconnectMaxMs,
  linger: 0,
};

let loaded: Promise<Library> | null = null;

/** Rejects with `SL-ZEROMQ-LOAD`. */
function library(): Promise<Library> {
  loaded ??= import("zeromq").catch((cause: unknown) => {
    throw zeromqUnavailable(cause);
  });
  return loaded;
}

class ZeromqPullLink implements PullLink {
  readonly #socket: Pull;
  readonly #onFrame: (frame: Uint8Array) => void;
  #address = "";
  #closed = false;
  /** Resolved by `resume`; null while the link is not paused. */
  #resumed: PromiseWithResolvers<void> | null = null;

  constructor(socket: Pull, onFrame: (frame: Uint8Array) => void) {
    this.#socket = socket;
    this.#onFrame = onFrame;
  }

  get address(): string {
    return this.#address;
  }

  async bind(address: string): Promise<void> {
    try {
      await this.#socket.bind(address.replace(/:0$/, ":*"));
    } catch (thrown) {
      this.#socket.close();
      throw thrown;
    }
    this.#address = this.#socket.lastEndpoint ?? address;
    // Not awaited: what a handler throws is a bug, and ends the process as an unhandled rejection.
    void this.#receive();
  }

  pause(): void {
    this.#resumed ??= Promise.withResolvers();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = null;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.resume();
    await closed(this.#socket);
  }

  async #receive(): Promise<void> {
    for (;;) {
      if (this.#resumed !== null) await this.#resumed.promise;
      if (this.#closed) return;
      const frame = await this.#next();
      if (frame === null) return;
      this.#onFrame(frame);
    }
  }

  /** Null when the socket was closed. */
  async #next(): Promise<Uint8Array | null> {
    try {
      const [frame] = await this.#socket.receive();
      return frame ?? null;
    } catch (thrown) {
      if (this.#closed || this.#socket.closed) return null;
      throw thrown;
    }
  }
}

class ZeromqPushLink implements PushLink {
  readonly address: string;
  readonly #opening: Promise<Push | null>;
  #socket: Push | null = null;
  #closed = false;

  constructor(address: string) {
    this.address = address;
    this.#opening = this.#open();
    // Whoever sends gets the error.
    this.#opening.catch(() => undefined);
  }

  send(frame: Uint8Array): Promise<void> {
    return this.#socket === null ? this.#sendFirst(frame) : this.#send(this.#socket, frame);
  }

  async close(lingerMs = 0): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const socket = await this.#opening.catch(() => null);
    if (socket === null) return;
    socket.linger = Math.ceil(lingerMs);
    socket.close();
  }

  async #open(): Promise<Push | null> {
    const { Push: PushSocket } = await library();
    const socket = new PushSocket(sending);
    try {
      socket.connect(this.address);
    } catch (thrown) {
      socket.close();
      throw thrown;
    }
    this.#socket = socket;
    return socket;
  }

  async #sendFirst(frame: Uint8Array): Promise<void> {
    const socket = await this.#opening;
    if (socket !== null) await this.#send(socket, frame);
  }

  #send(socket: Push, frame: Uint8Array): Promise<void> {
    return this.#closed ? Promise.resolve() : socket.send(frame);
  }
}

/** Whether a connection to the path is accepted; a path that a killed process left behind accepts none. */
async function someoneListens(zeromq: Library, address: string): Promise<boolean> {
  const probe = new zeromq.Push(sending);
  try {
    const { events } = probe;
    probe.connect(address);
    for (;;) {
      const { type } = await events.receive();
      if (type === "connect") return true;
      if (type === "connect:retry" || type === "end") return false;
    }
  } finally {
    await closed(probe);
  }
}

/**
 * Closes the socket, and waits until the library has freed its address, which it does in the background. Its own `unbind` would
 * work on the socket in another thread, beside the receiving in this one: libzmq then fails an assertion now and then.
 */
async function closed(socket: Pull | Push): Promise<void> {
  const { events } = socket;
  socket.close();
  while (!events.closed) await events.receive();
}

function isIpc(address: string): boolean {
  return address.startsWith("ipc:");
}

function addressTaken(address: string): NetError {
  return new NetError("EADDRINUSE", `address already in use: ${address}`);
}

/** The library's errors have the operating system's codes. */
function bindError(thrown: unknown, address: string): unknown {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  if (thrown instanceof NetError || !/^E[A-Z]+$/.test(code)) return thrown;
  return new NetError(code, `cannot listen at ${address}: ${code}`);
}

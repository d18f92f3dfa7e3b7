/**
 * The session adapter that daemons use: ZooKeeper's client protocol of 3.8 over the Runtime's sockets, so that it runs in
 * the simulated world too. Keeps one session over many connections: tries the servers in turn, takes the session up
 * again, authenticates, arms the watches.
 */
import type { Runtime, Timer } from "../../base/index.ts";
import {
  type ClientRequest,
  type ConnectResponse,
  errorCode,
  passwordBytes,
  type WatchPaths,
} from "../../wire/zookeeper/index.ts";
import { Assurance } from "./assurance.ts";
import { type Host, HostRotation, hostText } from "./connect-string.ts";
import { Connection } from "./connection.ts";
import type {
  AuthInfo,
  Outcome,
  ProtocolSession,
  SessionAdapter,
  SessionListener,
  SessionOptions,
} from "./session-adapter.ts";

export const ownSessionAdapter: SessionAdapter = {
  name: "storm-lab",
  protocol: "3.8",
  open: (runtime, options, listener) => new OwnSession(runtime, options, listener),
};

class OwnSession implements ProtocolSession {
  readonly #runtime: Runtime;
  readonly #options: SessionOptions;
  readonly #listener: SessionListener;
  readonly #rotation: HostRotation;
  readonly #auth: AuthInfo[];
  #timeoutMs: number;
  #sessionId = 0n;
  #password: Buffer = Buffer.alloc(passwordBytes);
  #lastZxid = 0;
  #connection: Connection | null = null;
  #connected = false;
  readonly #assurance: Assurance;
  /** An answer proved nothing: nothing more is sent over this connection. */
  #doubtful = false;
  #retry: Timer | null = null;
  #ended = false;
  /** The session is being closed: the listener hears nothing any more. */
  #closing = false;
  #closers: (() => void)[] = [];

  constructor(runtime: Runtime, options: SessionOptions, listener: SessionListener) {
    this.#runtime = runtime;
    this.#options = options;
    this.#listener = listener;
    this.#rotation = new HostRotation(options.hosts, runtime.random);
    this.#auth = [...options.auth];
    this.#timeoutMs = options.timeoutMs;
    this.#assurance = new Assurance(runtime.clock);
    this.#connectNext();
  }

  ready(): boolean {
    return this.#connected && !this.#doubtful;
  }

  send<R extends ClientRequest>(request: R, done: (outcome: Outcome<R>) => void): void {
    if (this.#connection === null || !this.#connected) done({ error: errorCode.connectionLoss, reply: null });
    else this.#connection.send(request, done);
  }

  addAuth(auth: AuthInfo): void {
    this.#auth.push(auth);
    if (this.#connected) this.#sendAuth(auth);
  }

  close(deadlineMs: number): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#closing = true;
    return new Promise((resolve) => {
      const deadline = this.#runtime.timers.after(deadlineMs, () => this.#finish("closed"));
      this.#closers.push(() => {
        deadline.cancel();
        resolve();
      });
      if (this.#sessionId === 0n) this.#finish("closed before it began");
      else if (this.#connected) this.#sendClose();
    });
  }

  #connectNext(): void {
    const { host, delayMs } = this.#rotation.next();
    this.#retry = this.#runtime.timers.after(delayMs, () => this.#connect(host));
  }

  #connect(host: Host): void {
    const share = this.#timeoutMs / this.#rotation.count;
    const connectTimeoutMs = Math.min(connectTimeoutMaxMs, Math.max(connectTimeoutMinMs, share));
    this.#connection = new Connection(
      this.#runtime,
      {
        host,
        connectTimeoutMs,
        handshake: {
          protocolVersion: 0,
          // A session that is given up only wants to be closed: it does not insist on a server that knows all it has seen.
          lastZxidSeen: this.#closing ? 0 : this.#lastZxid,
          timeoutMs: this.#options.timeoutMs,
          sessionId: this.#sessionId,
          password: this.#password,
          readOnly: false,
          hasReadOnlyByte: true,
        },
      },
      {
        opened: (response, handshakeAtMs) => this.#opened(response, host, handshakeAtMs),
        confirmed: (sentAtMs, zxid) => this.#confirmed(sentAtMs, zxid),
        event: (event) => {
          if (!this.#closing) this.#listener.event(event);
        },
        closed: (reason) => this.#disconnected(`${hostText(host)}: ${reason}`),
      },
    );
  }

  #opened(response: ConnectResponse, host: Host, handshakeAtMs: number): void {
    if (response.timeoutMs <= 0) {
      this.#finish("expired");
      return;
    }
    this.#rotation.succeeded();
    this.#sessionId = response.sessionId;
    this.#password = response.password;
    this.#timeoutMs = response.timeoutMs;
    this.#connected = true;
    this.#assurance.connected(handshakeAtMs, response.timeoutMs);
    this.#doubtful = false;
    if (this.#closing) {
      this.#sendClose();
      return;
    }
    this.#listener.confirmed(this.#assurance, 0);
    for (const auth of this.#auth) this.#sendAuth(auth);
    const { paths, sinceZxid } = this.#options.watches();
    for (const part of splitWatches(paths)) {
      const plain = part.persistent.length + part.persistentRecursive.length === 0;
      this.#connection?.send({ op: plain ? "setWatches" : "setWatches2", relativeZxid: sinceZxid, watches: part });
    }
    this.#listener.connected({
      sessionId: response.sessionId,
      timeoutMs: response.timeoutMs,
      server: hostText(host),
    });
  }

  #confirmed(sentAtMs: number, zxid: number): void {
    this.#lastZxid = Math.max(this.#lastZxid, zxid);
    if (!this.#assurance.answered(sentAtMs)) this.#doubtful = true;
    if (!this.#closing) this.#listener.confirmed(this.#assurance, zxid);
    // Once everything that was sent is answered.
    if (this.#doubtful && this.#connection?.outstandingCount === 0) {
      this.#connection.destroy("too long without an answer: the session is taken up anew");
    }
  }

  #sendAuth(auth: AuthInfo): void {
    this.#connection?.send({ op: "auth", scheme: auth.scheme, auth: auth.auth }, ({ error }) => {
      if (error === errorCode.authFailed) this.#finish("authFailed");
    });
  }

  #sendClose(): void {
    this.#connection?.send({ op: "closeSession" }, ({ error }) => {
      if (error !== errorCode.connectionLoss) this.#finish("closed");
    });
  }

  #disconnected(reason: string): void {
    const wasConnected = this.#connected;
    this.#connection = null;
    this.#connected = false;
    if (this.#ended) return;
    if (!this.#closing) {
      if (wasConnected) this.#listener.disconnected(reason);
      else this.#listener.unreachable(reason);
    }
    this.#connectNext();
  }

  #finish(why: "expired" | "authFailed" | "closed" | "closed before it began"): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#retry?.cancel();
    this.#connection?.destroy(why);
    for (const close of this.#closers) close();
    if (this.#closing) return;
    if (why === "expired" || why === "authFailed") this.#listener.ended(why);
  }
}

const connectTimeoutMinMs = 50;
/**
 * The stock client has no such bound. A server of Apache ZooKeeper that is met while it loads its data may keep a connection open and
 * never answer on it (its close() stumbles over the database that is not there yet).
 */
const connectTimeoutMaxMs = 10_000;
/** The stock client's bound for one setWatches packet. */
const watchesBytesMax = 128 * 1024;

/** Parts of at most 128 KiB of paths each; none when there are no watches. */
function splitWatches(paths: WatchPaths): WatchPaths[] {
  const parts: Record<keyof WatchPaths, string[]>[] = [];
  let bytes = watchesBytesMax;
  for (const kind of ["data", "exist", "child", "persistent", "persistentRecursive"] as const) {
    for (const path of paths[kind]) {
      if (bytes + path.length > watchesBytesMax) {
        parts.push({ data: [], exist: [], child: [], persistent: [], persistentRecursive: [] });
        bytes = 0;
      }
      parts.at(-1)?.[kind].push(path);
      bytes += path.length;
    }
  }
  return parts;
}

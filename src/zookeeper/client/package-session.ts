/**
 * The session adapter over the package node-zookeeper-client: the client protocol of 3.4, on real sockets only. The
 * package reconnects and sends watches again by itself; it does not notice a server that falls silent, so this adapter
 * asks at intervals and drops the connection when no answer comes. docs/decisions say when to use it.
 */

import type { Runtime, Timer } from "../../base/index.ts";
import { type ClientRequest, errorCode, eventType } from "../../wire/zookeeper/index.ts";
import { Assurance } from "./assurance.ts";
import { hostText } from "./connect-string.ts";
import { type PackageClient, zookeeper } from "./package-library.ts";
import { codeOf, type Done, longNumber, sendThroughPackage } from "./package-requests.ts";
import type {
  AuthInfo,
  Outcome,
  ProtocolSession,
  SessionAdapter,
  SessionListener,
  SessionOptions,
} from "./session-adapter.ts";

/** Only with the real Runtime: the package opens its sockets and timers itself. */
export const packageSessionAdapter: SessionAdapter = {
  name: "node-zookeeper-client",
  protocol: "3.4",
  open: (runtime, options, listener) => new PackageSession(runtime, options, listener),
};

class PackageSession implements ProtocolSession {
  readonly #runtime: Runtime;
  readonly #options: SessionOptions;
  readonly #client: PackageClient;
  #listener: SessionListener | null;
  #connected = false;
  /** The listener takes it for connected. */
  #announced = false;
  #began = false;
  #probing = false;
  #probes: Timer | null = null;
  #apartSinceMs: number;
  readonly #assurance: Assurance;
  #closed: (() => void) | null = null;

  constructor(runtime: Runtime, options: SessionOptions, listener: SessionListener) {
    this.#runtime = runtime;
    this.#options = options;
    this.#listener = listener;
    this.#assurance = new Assurance(runtime.clock);
    this.#apartSinceMs = runtime.clock.monotonicMs();
    const servers = options.hosts.map(hostText).join(",");
    this.#client = zookeeper.createClient(servers, {
      sessionTimeout: options.timeoutMs,
      spinDelay: spinDelayMs,
      retries: 0,
    });
    for (const { scheme, auth } of options.auth) this.#client.addAuthInfo(scheme, Buffer.from(auth));
    this.#client.on("state", (state: object) => this.#stateChanged(state));
    this.#client.connect();
  }

  ready(): boolean {
    return this.#connected;
  }

  send<R extends ClientRequest>(request: R, done: (outcome: Outcome<R>) => void): void {
    const sentAtMs = this.#runtime.clock.monotonicMs();
    const answer: Done = (outcome) => {
      if (outcome.error !== errorCode.connectionLoss) this.#confirmed(sentAtMs);
      (done as Done)(outcome);
    };
    if (!this.#connected) answer(lost);
    else {
      try {
        sendThroughPackage(this.#client, request, this.#watcher, answer);
      } catch {
        // The package asserts on arguments that it does not like.
        answer({ error: errorCode.badArguments, reply: null });
      }
    }
  }

  #confirmed(sentAtMs: number): void {
    if (!this.#assurance.answered(sentAtMs)) {
      // Until the package has noticed, nothing more is given to it.
      this.#connected = false;
      this.#drop();
    }
    this.#listener?.confirmed(this.#assurance, this.#zxid());
  }

  addAuth(auth: AuthInfo): void {
    this.#client.addAuthInfo(auth.scheme, Buffer.from(auth.auth));
  }

  close(deadlineMs: number): Promise<void> {
    this.#listener = null;
    this.#probes?.cancel();
    return new Promise((resolve) => {
      const deadline = this.#runtime.timers.after(deadlineMs, () => {
        this.#drop();
        resolve();
      });
      this.#closed = () => {
        deadline.cancel();
        resolve();
      };
      this.#client.close();
      // Without a connection the package would keep the request for ever.
      if (!this.#connected) {
        this.#drop();
        this.#closed();
      }
    });
  }

  #stateChanged(state: object): void {
    const { SYNC_CONNECTED, DISCONNECTED, EXPIRED, AUTH_FAILED } = zookeeper.State;
    if (state === SYNC_CONNECTED) this.#nowConnected();
    else if (state === DISCONNECTED) {
      const was = this.#announced;
      this.#connected = false;
      this.#announced = false;
      this.#apartSinceMs = this.#runtime.clock.monotonicMs();
      this.#probes?.cancel();
      if (was) this.#listener?.disconnected("the connection closed");
      this.#closed?.();
    } else if (state === EXPIRED || state === AUTH_FAILED) {
      this.#connected = false;
      this.#probes?.cancel();
      const listener = this.#listener;
      this.#listener = null;
      this.#drop();
      listener?.ended(state === EXPIRED ? "expired" : "authFailed");
    }
  }

  #nowConnected(): void {
    this.#connected = true;
    const timeoutMs = this.#client.getSessionTimeout();
    this.#probing = false;
    this.#probes = this.#runtime.timers.every(Math.max(1, timeoutMs / 3), () => this.#probe());
    if (!this.#began) this.#armWatches();
    this.#began = true;
    // When the handshake left is the package's secret; not before the last connection ended, and the probe says more soon.
    this.#assurance.connected(this.#apartSinceMs, timeoutMs);
    this.#listener?.confirmed(this.#assurance, 0);
    this.#probe();
    const sessionId = this.#client.getSessionId().readBigInt64BE(0);
    this.#announced = true;
    this.#listener?.connected({ sessionId, timeoutMs, server: this.#options.hosts.map(hostText).join(",") });
  }

  /** A question a third of the time-out; no answer until the next one: the server is taken for lost. */
  #probe(): void {
    if (this.#probing) {
      this.#drop();
      return;
    }
    this.#probing = true;
    this.send({ op: "exists", path: "/", watch: false }, () => {
      this.#probing = false;
    });
  }

  /** The package offers no way to give up a connection, so its socket is reached for. */
  #drop(): void {
    this.#client.connectionManager.socket?.destroy();
  }

  #zxid(): number {
    return longNumber(this.#client.connectionManager.zxid);
  }

  readonly #watcher = (event: { readonly type: number; readonly path: string }) => {
    this.#listener?.event({ type: event.type, path: event.path, state: 0 });
  };

  /** In a new session: the watches of the one before, by the rules of setWatches. */
  #armWatches(): void {
    const { paths, sinceZxid } = this.#options.watches();
    const fire = (type: number, path: string) => this.#listener?.event({ type, path, state: 0 });
    for (const path of paths.data) {
      this.#client.exists(path, this.#watcher, (error, stat) => {
        if (error) return;
        if (stat === null) fire(eventType.nodeDeleted, path);
        else if (longNumber(stat.mzxid) > sinceZxid) fire(eventType.nodeDataChanged, path);
      });
    }
    for (const path of paths.exist) {
      this.#client.exists(path, this.#watcher, (error, stat) => {
        if (!error && stat !== null) fire(eventType.nodeCreated, path);
      });
    }
    for (const path of paths.child) {
      this.#client.getChildren(path, this.#watcher, (error, _children, stat) => {
        if (error) {
          if (codeOf(error) === errorCode.noNode) fire(eventType.nodeDeleted, path);
        } else if (longNumber(stat.pzxid) > sinceZxid) fire(eventType.nodeChildrenChanged, path);
      });
    }
  }
}

const spinDelayMs = 100;
const lost = { error: errorCode.connectionLoss, reply: null } as const;

/**
 * The session loop: opens a session, keeps requests for it while it is away, ends it when the servers must have given it
 * up, opens the next one and arms the watches in it. Works over any `SessionAdapter`.
 */
import type { Runtime } from "../../base/index.ts";
import { type ClientRequest, errorCode, type WatcherEvent } from "../../wire/zookeeper/index.ts";
import type { Assurance } from "./assurance.ts";
import type {
  CallOptions,
  ConnectionState,
  WatchEvent,
  WatchHandler,
  ZooKeeperClient,
  ZooKeeperClientOptions,
  ZooKeeperOperations,
  ZooKeeperSession,
} from "./client.ts";
import { clientError } from "./client-errors.ts";
import { type Host, parseConnectString } from "./connect-string.ts";
import { Delivery } from "./delivery.ts";
import { LiveSession } from "./live-session.ts";
import { type Call, operations } from "./operations.ts";
import { ownSessionAdapter } from "./own-session.ts";
import { type Pending, RequestQueue } from "./request-queue.ts";
import { isRead, requestBytes, requestBytesMax } from "./request-rules.ts";
import type { AuthInfo, Outcome, SessionAdapter } from "./session-adapter.ts";
import { WatchTable } from "./watch-table.ts";

/** Never fails because the servers are away: requests say so. Throws SL-ZK-CONNECT-STRING. */
export function openZooKeeper(
  runtime: Runtime,
  options: ZooKeeperClientOptions,
  adapter: SessionAdapter = ownSessionAdapter,
): ZooKeeperClient {
  const client = new SessionLoop(runtime, options, adapter);
  return {
    ...client.operations(null),
    session: (callOptions = {}) => client.session(callOptions),
    onState: (listener) => client.onState(listener),
    addAuth: (scheme, auth) => client.addAuth(scheme, auth),
    close: () => client.close(),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

const sessionTimeoutMsDefault = 20_000;
const queueMaxDefault = 10_000;
const outstandingMaxDefault = 1000;
/** An orderly close of the client. */
const closeDeadlineMaxMs = 3000;
/** How long servers are looked for that could close a session that was given up, before a new one is tried all the same. */
const givenUpDeadlineMs = 600_000;

class SessionLoop {
  readonly #runtime: Runtime;
  readonly #options: ZooKeeperClientOptions;
  readonly #adapter: SessionAdapter;
  readonly #hosts: readonly Host[];
  readonly #patienceMs: number;
  readonly #queue: RequestQueue;
  readonly #delivery: Delivery;
  readonly #table = new WatchTable();
  readonly #auth: AuthInfo[];
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  readonly #sessionWaiters = new Set<() => void>();
  #session: LiveSession | null = null;
  #outstanding = 0;
  #returned: Pending[] = [];
  #lastZxid = 0;
  #lastTrouble = "no server was tried yet";
  #ended: { readonly error: () => Error } | null = null;
  #closing: Promise<void> | null = null;

  constructor(runtime: Runtime, options: ZooKeeperClientOptions, adapter: SessionAdapter) {
    this.#runtime = runtime;
    this.#options = options;
    this.#adapter = adapter;
    this.#hosts = parseConnectString(options.servers);
    this.#auth = [...(options.auth ?? [])];
    this.#patienceMs = options.patienceMs ?? options.sessionTimeoutMs ?? sessionTimeoutMsDefault;
    this.#queue = new RequestQueue(runtime, options.queueMax ?? queueMaxDefault, (pending) =>
      settle(pending, this.#unreachable()),
    );
    this.#delivery = new Delivery(runtime.timers);
    this.#open();
  }

  operations(owner: LiveSession | null): ZooKeeperOperations {
    const call: Call = (request, options, received) => this.#call(request, options, owner, received);
    return operations(call, this.#table, owner);
  }

  async session(options: CallOptions): Promise<ZooKeeperSession> {
    const deadlineMs = this.#runtime.clock.monotonicMs() + this.#patienceMs;
    for (;;) {
      if (this.#ended !== null) throw this.#ended.error();
      if (options.signal?.aborted === true) throw aborted("waiting for a session");
      if (this.#session?.connected === true) return this.#session.door;
      const leftMs = deadlineMs - this.#runtime.clock.monotonicMs();
      if (leftMs <= 0) throw this.#unreachable();
      await this.#stateChange(leftMs, options.signal);
    }
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  addAuth(scheme: string, auth: Uint8Array | string): void {
    const info = { scheme, auth: typeof auth === "string" ? Buffer.from(auth) : auth };
    this.#auth.push(info);
    this.#session?.protocol?.addAuth(info);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const session = this.#session;
    if (!this.#end("closed", () => clientError("SL-ZK-CLOSED", "the ZooKeeper client is closed"))) return;
    session?.end();
    await session?.protocol?.close(this.#closeDeadlineMs());
  }

  /** False: it had ended already. */
  #end(state: "closed" | "failed", error: () => Error): boolean {
    if (this.#ended !== null) return false;
    this.#ended = { error };
    for (const pending of this.#queue.take(() => true)) settle(pending, error());
    this.#queue.close();
    this.#announce(state);
    return true;
  }

  #open(): void {
    if (this.#ended !== null) return;
    const session: LiveSession = new LiveSession(this.#runtime, (expired) => this.#lose(expired, false), {
      operations: (owner) => this.operations(owner),
    });
    this.#session = session;
    const options = {
      hosts: this.#hosts,
      timeoutMs: this.#options.sessionTimeoutMs ?? sessionTimeoutMsDefault,
      auth: this.#auth,
      watches: () => ({ paths: this.#table.paths(), sinceZxid: this.#lastZxid }),
    };
    session.protocol = this.#adapter.open(this.#runtime, options, {
      connected: (info) => {
        const again = session.connect(info);
        this.#announce(again ? "reconnected" : "connected");
        this.#tellPersistent();
        this.#pump();
      },
      confirmed: (assurance, zxid) => this.#confirmed(session, assurance, zxid),
      disconnected: (reason) => {
        this.#lastTrouble = reason;
        this.#queue.putBack(this.#returned.splice(0));
        session.disconnect();
        if (this.#session === session) this.#announce("suspended");
      },
      unreachable: (reason) => {
        this.#lastTrouble = reason;
      },
      ended: (why) => {
        this.#queue.putBack(this.#returned.splice(0));
        if (why === "expired") this.#lose(session, true);
        else this.#authFailed(session);
      },
      event: (event) => this.#event(event),
    });
  }

  #confirmed(session: LiveSession, assurance: Assurance, zxid: number): void {
    session.confirm(assurance);
    if (zxid <= 0) return;
    // A new session's server knows all that was ever committed. If that is less than before, the data was removed.
    if (!session.zxidSeen && zxid < this.#lastZxid) this.#historyLost(zxid);
    session.zxidSeen = true;
    this.#lastZxid = Math.max(this.#lastZxid, zxid);
  }

  #historyLost(zxid: number): void {
    this.#runtime.log.warn("The ZooKeeper servers know less than before: their data was removed", {
      seen: this.#lastZxid,
      now: zxid,
    });
    this.#lastZxid = zxid;
    for (const { event, handlers } of this.#table.takeAll()) this.#deliver(event, handlers);
  }

  /** The session is over: by the servers' word, or (`known` false) because they have not heard of it for its time-out. */
  #lose(session: LiveSession, known: boolean): void {
    if (this.#session !== session || this.#ended !== null) return;
    const began = session.id !== 0n;
    session.end();
    this.#table.removeOwned(session);
    for (const pending of this.#queue.take(({ owner }) => owner === session)) settle(pending, expired(pending.request));
    if (began) this.#announce("lost");
    if (known) {
      this.#open();
      return;
    }
    // Its ephemeral nodes must not stand beside those of the next session longer than need be.
    // Servers that cannot be asked to close it cannot open another one either.
    void session.protocol?.close(givenUpDeadlineMs).then(() => this.#open());
  }

  #authFailed(session: LiveSession): void {
    session.end();
    const schemes = this.#auth.map(({ scheme }) => scheme).join(", ");
    this.#end("failed", () => clientError("SL-ZK-AUTH-FAILED", `ZooKeeper refuses the credentials (${schemes})`));
  }

  #call<R extends ClientRequest>(
    request: R,
    options: CallOptions,
    owner: LiveSession | null,
    received?: (outcome: Outcome<R>) => void,
  ): Promise<Outcome<R>> {
    return new Promise((resolve, reject) => {
      const pending: Pending = {
        request,
        owner,
        deadlineMs: this.#runtime.clock.monotonicMs() + this.#patienceMs,
        received: received as Pending["received"],
        resolve: resolve as Pending["resolve"],
        reject,
        settled: false,
        forget: null,
      };
      const refused = this.#refusal(pending, options);
      if (refused !== null) {
        reject(refused);
        return;
      }
      if (options.signal !== undefined) listenForAbort(pending, options.signal);
      if (!this.#queue.push(pending)) {
        settle(pending, clientError("SL-ZK-QUEUE-FULL", `${this.#queue.size} ZooKeeper requests wait already`));
      } else this.#pump();
    });
  }

  #refusal({ request, owner }: Pending, options: CallOptions): Error | null {
    if (this.#ended !== null) return this.#ended.error();
    if (owner?.over === true) return expired(request);
    if (options.signal?.aborted === true) return aborted(request.op);
    const bytes = requestBytes(request);
    return bytes > requestBytesMax
      ? clientError("SL-ZK-TOO-LARGE", `a ${request.op} request of ${bytes} bytes is too large for ZooKeeper`)
      : null;
  }

  #pump(): void {
    const session = this.#session;
    const max = this.#options.outstandingMax ?? outstandingMaxDefault;
    while (session?.connected === true && this.#outstanding < max && this.#queue.size > 0) {
      if (session.protocol?.ready() !== true) return;
      const pending = this.#queue.shift();
      if (pending === null) return;
      this.#outstanding++;
      session.protocol?.send(pending.request, (outcome) => this.#answered(session, pending, outcome));
    }
  }

  #answered(session: LiveSession, pending: Pending, outcome: Outcome<ClientRequest>): void {
    this.#outstanding--;
    if (outcome.error === errorCode.connectionLoss) {
      if (isRead(pending.request) && !pending.settled && this.#ended === null) this.#returned.push(pending);
      else this.#delivery.reply(() => settle(pending, this.#lossError(session, pending)));
      return;
    }
    if (!pending.settled) pending.received?.(outcome);
    this.#delivery.reply(() => settle(pending, outcome));
    this.#pump();
  }

  #lossError(session: LiveSession, { request }: Pending): Error {
    if (this.#ended !== null) return this.#ended.error();
    return clientError(
      "SL-ZK-CONNECTION-LOSS",
      `the connection to ZooKeeper broke before ${request.op} was answered (session 0x${session.id.toString(16)})`,
    );
  }

  #event(event: WatcherEvent): void {
    const taken = this.#table.take(event);
    if (taken !== null) this.#deliver(taken.event, taken.handlers);
  }

  #deliver(event: WatchEvent, handlers: readonly WatchHandler[]): void {
    for (const handler of handlers) this.#delivery.event(() => handler(event));
  }

  #tellPersistent(): void {
    for (const { path, handler } of [...this.#table.persistent()]) this.#deliver({ type: "None", path }, [handler]);
  }

  #announce(state: ConnectionState): void {
    for (const listener of [...this.#listeners]) listener(state);
    for (const waiter of [...this.#sessionWaiters]) waiter();
  }

  #stateChange(atMostMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        timer.cancel();
        signal?.removeEventListener("abort", done);
        this.#sessionWaiters.delete(done);
        resolve();
      };
      const timer = this.#runtime.timers.after(atMostMs, done);
      signal?.addEventListener("abort", done);
      this.#sessionWaiters.add(done);
    });
  }

  #closeDeadlineMs(): number {
    return Math.min(this.#session?.timeoutMs ?? closeDeadlineMaxMs, closeDeadlineMaxMs);
  }

  #unreachable(): Error {
    return clientError(
      "SL-ZK-UNREACHABLE",
      `no ZooKeeper server at ${this.#options.servers} served within ${this.#patienceMs} ms (${this.#lastTrouble})`,
    );
  }
}

function settle(pending: Pending, result: Outcome<ClientRequest> | Error): void {
  if (pending.settled) return;
  pending.settled = true;
  pending.forget?.();
  if (result instanceof Error) pending.reject(result);
  else pending.resolve(result);
}

function listenForAbort(pending: Pending, signal: AbortSignal): void {
  const abort = () => settle(pending, aborted(pending.request.op));
  signal.addEventListener("abort", abort, { once: true });
  pending.forget = () => signal.removeEventListener("abort", abort);
}

function aborted(what: string): Error {
  return clientError("SL-ZK-ABORTED", `${what} was given up`);
}

function expired(request: ClientRequest): Error {
  return clientError("SL-ZK-SESSION-EXPIRED", `${request.op} belongs to a ZooKeeper session that has ended`);
}

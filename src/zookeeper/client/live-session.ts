/** One session as the session loop sees it: its clock of assured life, its end, and the door bound to it. */
import type { Runtime, Timer } from "../../base/index.ts";
import type { Assurance } from "./assurance.ts";
import type { ZooKeeperOperations, ZooKeeperSession } from "./client.ts";
import type { ProtocolSession, SessionInfo } from "./session-adapter.ts";

export class LiveSession {
  readonly #runtime: Runtime;
  readonly #silentTooLong: (session: LiveSession) => void;
  readonly #end = new AbortController();
  #confirmedMs = 0;
  #settledMs = 0;
  #expiry: Timer | null = null;
  protocol: ProtocolSession | null = null;
  id = 0n;
  timeoutMs = 0;
  connected = false;
  /** A zxid was read in it. */
  zxidSeen = false;
  readonly door: ZooKeeperSession;

  /** `silentTooLong`: not connected, and the servers have not heard of it for its time-out. */
  constructor(
    runtime: Runtime,
    silentTooLong: (session: LiveSession) => void,
    owner: { operations(session: LiveSession): ZooKeeperOperations },
  ) {
    this.#runtime = runtime;
    this.#silentTooLong = silentTooLong;
    const session = this;
    this.door = {
      ...owner.operations(this),
      ended: this.#end.signal,
      get id() {
        return session.id;
      },
      get timeoutMs() {
        return session.timeoutMs;
      },
      assuredMs: () => this.assuredMs(),
    };
  }

  /** True: it had been connected before. */
  connect(info: SessionInfo): boolean {
    const again = this.id !== 0n;
    this.id = info.sessionId;
    this.timeoutMs = info.timeoutMs;
    this.connected = true;
    this.#expiry?.cancel();
    return again;
  }

  disconnect(): void {
    this.connected = false;
    if (this.over) return;
    this.#expiry?.cancel();
    this.#expiry = this.#runtime.timers.after(this.#leftMs(this.#confirmedMs), () => this.#silentTooLong(this));
  }

  confirm({ confirmedMs, settledMs }: Assurance): void {
    this.#confirmedMs = confirmedMs;
    this.#settledMs = settledMs;
  }

  assuredMs(): number {
    return this.over || this.id === 0n ? 0 : this.#leftMs(this.#settledMs);
  }

  get over(): boolean {
    return this.#end.signal.aborted;
  }

  end(): void {
    this.connected = false;
    this.#expiry?.cancel();
    this.#end.abort();
  }

  #leftMs(sinceMs: number): number {
    return Math.max(0, sinceMs + this.timeoutMs - this.#runtime.clock.monotonicMs());
  }
}

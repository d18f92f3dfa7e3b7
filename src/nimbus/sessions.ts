/**
 * Uploads, downloads and lists that a client began and goes on with call by call. One that is silent for too long is given up, as in
 * Storm's TimeCacheMap; there are never more than a fixed number of them.
 */
import { exitCodes, messageOf, type Runtime, StormLabError, type Timer } from "../base/index.ts";
import { newUuid } from "../state/index.ts";
import { Turns } from "./turns.ts";

export interface SessionsOptions<T> {
  /** In messages: `upload`. */
  readonly name: string;
  /** Silence after which one is given up. */
  readonly expiryMs: number;
  readonly max: number;
  /** Gives back what a session holds that was given up. */
  readonly giveUp: (value: T) => Promise<void>;
}

interface Session<T> {
  readonly value: T;
  readonly turns: Turns;
  usedMs: number;
}

/** Looks at the sessions within `expiryMs`. */
const looks = 4;

export class Sessions<T> {
  readonly #runtime: Runtime;
  readonly #options: SessionsOptions<T>;
  readonly #open = new Map<string, Session<T>>();
  #timer: Timer | null = null;

  constructor(runtime: Runtime, options: SessionsOptions<T>) {
    this.#runtime = runtime;
    this.#options = options;
  }

  /** Its id. Throws SL-NIMBUS-SESSIONS, and then the caller gives the value up. `id`: a chosen one. */
  begin(value: T, id = newUuid(this.#runtime.random)): string {
    const { name, max, expiryMs } = this.#options;
    if (this.#open.size >= max) throw tooMany(name, max, expiryMs);
    this.#open.set(id, { value, turns: new Turns(), usedMs: this.#nowMs() });
    this.#timer ??= this.#runtime.timers.every(expiryMs / looks, () => this.#look());
    return id;
  }

  /** One call of a session after the other. Null: there is no such session, or it was given up. */
  async use<R>(id: string, work: (value: T) => Promise<R>): Promise<R | null> {
    return (await this.#open.get(id)?.turns.run(async () => this.#inTurn(id, work))) ?? null;
  }

  /** It is over, in good order. */
  end(id: string): void {
    this.#open.delete(id);
    if (this.#open.size > 0) return;
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Gives all of them up. */
  async stop(): Promise<void> {
    for (const id of [...this.#open.keys()]) await this.#giveUp(id);
  }

  async #inTurn<R>(id: string, work: (value: T) => Promise<R>): Promise<R | null> {
    const session = this.#open.get(id);
    if (session === undefined) return null;
    session.usedMs = Number.POSITIVE_INFINITY;
    try {
      return await work(session.value);
    } finally {
      session.usedMs = this.#nowMs();
    }
  }

  #look(): void {
    const beforeMs = this.#nowMs() - this.#options.expiryMs;
    for (const [id, { usedMs }] of this.#open) if (usedMs < beforeMs) void this.#giveUp(id);
  }

  async #giveUp(id: string): Promise<void> {
    const session = this.#open.get(id);
    this.end(id);
    if (session === undefined) return;
    try {
      await session.turns.run(() => this.#options.giveUp(session.value));
    } catch (error) {
      this.#runtime.log.warn(`Could not give up a ${this.#options.name}: ${messageOf(error)}`);
    }
  }

  #nowMs(): number {
    return this.#runtime.clock.monotonicMs();
  }
}

function tooMany(name: string, max: number, expiryMs: number): StormLabError {
  return new StormLabError({
    code: "SL-NIMBUS-SESSIONS",
    what: `nimbus has ${max} open ${name}s and takes no more`,
    why: `clients begin ${name}s and do not end them`,
    hint: `end them; each is given up after ${expiryMs / 1000} s of silence`,
    exitCode: exitCodes.refused,
    retriable: true,
  });
}

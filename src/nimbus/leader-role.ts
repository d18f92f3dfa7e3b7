/**
 * Whether this nimbus leads. The latch says who is first in line; the first one leads only if it has the code of every topology, else
 * it steps back so that another one can. Source: LeaderListenerCallback and LeaderElectorImp of Storm 2.8.
 */
import { messageOf, type Runtime } from "../base/index.ts";
import {
  type ClusterState,
  type LeaderLatch,
  type Leadership,
  type LeaderWrites,
  type NimbusInfo,
  nimbusInfoText,
  parseNimbusInfo,
} from "../state/index.ts";
import { applicationError } from "../wire/thrift/index.ts";
import { Turns } from "./turns.ts";

/** From the moment this nimbus leads until it does not. */
export interface Term {
  readonly writes: LeaderWrites;
  /** Aborted at its end. */
  readonly over: AbortSignal;
}

export interface LeaderRoleOptions {
  readonly info: NimbusInfo;
  /** Before it leads. Gives what speaks against it, in words. */
  readonly prepare: () => Promise<string | null>;
  readonly begun: (term: Term) => void;
  /** It leads no more, or did not come to lead. */
  readonly ended: () => void;
  /** How long another one may try when this one lacks something. */
  readonly stepBackMs: number;
}

/** After an error that has nothing to do with the topologies' code. */
const troubleMs = 1000;

export class LeaderRole {
  readonly #runtime: Runtime;
  readonly #state: ClusterState;
  readonly #options: LeaderRoleOptions;
  readonly #turns = new Turns();
  #latch: LeaderLatch | null = null;
  #current: { readonly term: Term; readonly leadership: Leadership } | null = null;
  #stopped = false;

  constructor(runtime: Runtime, state: ClusterState, options: LeaderRoleOptions) {
    this.#runtime = runtime;
    this.#state = state;
    this.#options = options;
  }

  /** Queues up. This nimbus must listen on its port already. */
  start(): void {
    this.#latch = this.#state.joinLeaderLatch({
      id: nimbusInfoText(this.#options.info),
      // One after the other: it may be lost and gained again before what the first one set off is over.
      onGained: (leadership) => void this.#turns.run(() => this.#gained(leadership)),
    });
    this.#runtime.log.info("Queued up for leader lock.");
  }

  /** Null: it does not lead. */
  get term(): Term | null {
    return this.#current?.leadership.held === true ? this.#current.term : null;
  }

  /** Throws what Storm answers when it does not lead. */
  async require(): Promise<Term> {
    const { term } = this;
    if (term !== null) return term;
    const leader = await this.leader();
    const name =
      leader === null
        ? "none"
        : `NimbusInfo{host='${leader.host}', port=${leader.port}, tlsPort=${leader.tlsPort}, isLeader=true}`;
    throw applicationError("INTERNAL_ERROR", `not a leader, current leader is ${name}`);
  }

  /** Who is first in line. Null: nobody. */
  async leader(): Promise<NimbusInfo | null> {
    const [first] = await this.#state.leaderQueue();
    return first === undefined ? null : parseNimbusInfo(first);
  }

  /** Leaves the line. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#latch?.close();
  }

  async #gained(leadership: Leadership): Promise<void> {
    const { host, port } = this.#options.info;
    this.#runtime.log.info(`${host}:${port} gained leadership, checking whether it has all topologies' code`);
    const objection = await this.#objection();
    if (leadership.lost.aborted || this.#stopped) {
      this.#options.ended();
      return;
    }
    if (objection !== null) {
      this.#runtime.log.warn(`Giving up leadership: ${objection.why}`);
      this.#options.ended();
      this.#latch?.quitFor(objection.stepBackMs);
      return;
    }
    this.#runtime.log.info("Accepting leadership, all active topologies found locally.");
    const term = { writes: this.#state.leaderWrites(leadership), over: leadership.lost };
    this.#current = { term, leadership };
    leadership.lost.addEventListener("abort", () => this.#lost(term), { once: true });
    this.#options.begun(term);
  }

  async #objection(): Promise<{ readonly why: string; readonly stepBackMs: number } | null> {
    try {
      const why = await this.#options.prepare();
      return why === null ? null : { why, stepBackMs: this.#options.stepBackMs };
    } catch (error) {
      return { why: messageOf(error), stepBackMs: troubleMs };
    }
  }

  #lost(term: Term): void {
    if (this.#current?.term !== term) return;
    this.#current = null;
    if (!this.#stopped)
      this.#runtime.log.info(`${this.#options.info.host}:${this.#options.info.port} lost leadership.`);
    this.#options.ended();
  }
}

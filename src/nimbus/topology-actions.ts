/**
 * Carries out what the table of topology states says. Every change is read, decided and written over the version that was read, one
 * at a time, behind the fence of the term; what comes after a delay is tried until it is done or the term is over.
 */
import { messageOf, type Runtime } from "../base/index.ts";
import type { ClusterState, Versioned } from "../state/index.ts";
import {
  type Assignment,
  applicationError,
  type KillOptions,
  type RebalanceOptions,
  type StormBase,
} from "../wire/thrift/index.ts";
import { DelayedEvents } from "./delayed-events.ts";
import type { Term } from "./leader-role.ts";
import { type TopologyEvent, type Transition, transitions } from "./topology-states.ts";
import { Turns } from "./turns.ts";

export interface TopologyActionsOptions {
  /** `topology.message.timeout.secs`: the delay of a kill or rebalance that names none. */
  readonly messageTimeoutSecs: (id: string) => Promise<number>;
  /** New confs and resources of a rebalance into the blobs. */
  readonly updateBlobs: (id: string, options: RebalanceOptions, term: Term) => Promise<void>;
  /** A schedule of this topology from scratch; when it resolves the assignment is written. */
  readonly rescheduleFromScratch: (id: string) => Promise<void>;
  /** `before`: where it ran. */
  readonly removed: (id: string, before: Assignment | null) => void;
}

/** What a user gave along with KILL and REBALANCE. */
export type EventOptions = { readonly kill: KillOptions } | { readonly rebalance: RebalanceOptions } | null;

/** After a delayed event that failed: ZooKeeper may be away for a moment. */
const retryMs = 1000;

export class TopologyActions {
  readonly #runtime: Runtime;
  readonly #state: ClusterState;
  readonly #options: TopologyActionsOptions;
  readonly #turns = new Turns();
  #delayed: { readonly term: Term; readonly events: DelayedEvents } | null = null;

  constructor(runtime: Runtime, state: ClusterState, options: TopologyActionsOptions) {
    this.#runtime = runtime;
    this.#state = state;
    this.#options = options;
  }

  /** Delays that a former leader had armed are armed again, in full. */
  async begin(term: Term): Promise<void> {
    this.#delayed = { term, events: new DelayedEvents(this.#runtime, term.over) };
    for (const id of await this.#state.topologies()) await this.#apply(term, id, "GAIN_LEADERSHIP", null, false);
  }

  /** Asked for by a user: what the table has not is refused, in Storm's words and why. */
  async ask(term: Term, id: string, event: TopologyEvent, options: EventOptions = null): Promise<void> {
    await this.#apply(term, id, event, options, true);
  }

  /** Changes the base beside its status, such as debug options. False: no such topology. */
  async change(term: Term, id: string, changed: (base: StormBase) => StormBase): Promise<boolean> {
    return this.#turns.run(async () => {
      const read = await this.#state.versionedStorm(id);
      if (read === null) return false;
      await replaced(term, id, changed(read.value), read.version);
      return true;
    });
  }

  /** In the same line as all changes, so that nothing happens to the topology between its check and its start. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  #apply(term: Term, id: string, event: TopologyEvent, options: EventOptions, byUser: boolean): Promise<void> {
    return this.#turns.run(async () => {
      const read = await this.#state.versionedStorm(id);
      if (read === null) {
        this.#runtime.log.info(`Cannot apply event ${event} to ${id} because topology no longer exists`);
        return;
      }
      const { status } = read.value;
      const transition = transitions[status][event];
      if (transition === undefined) {
        if (byUser) throw refusal(event, status, id);
        if (event !== "GAIN_LEADERSHIP") this.#runtime.log.info(noTransition(event, status, id));
        return;
      }
      if (transition === "nothing") return;
      try {
        await this.#carryOut(term, id, transition, read, options);
      } catch (error) {
        // Written, perhaps, and only the answer was lost: then what comes after the delay is armed by nobody else.
        if (byUser) this.#arm(term, id, "GAIN_LEADERSHIP", retryMs / 1000);
        throw error;
      }
    });
  }

  async #carryOut(term: Term, id: string, transition: Transition, read: Versioned<StormBase>, options: EventOptions) {
    const { value: base, version } = read;
    switch (transition) {
      case "nothing":
        return;
      case "activate":
      case "inactivate": {
        const status = transition === "activate" ? "ACTIVE" : "INACTIVE";
        await replaced(term, id, { ...base, status }, version);
        break;
      }
      case "kill": {
        const asked = options !== null && "kill" in options ? options.kill.wait_secs : undefined;
        const wait_secs = asked ?? (await this.#options.messageTimeoutSecs(id));
        const topology_action_options = { kill_options: { wait_secs } };
        await replaced(term, id, { ...base, status: "KILLED", topology_action_options }, version);
        this.#arm(term, id, "REMOVE", wait_secs);
        break;
      }
      case "rebalance": {
        const asked = options !== null && "rebalance" in options ? options.rebalance : {};
        const wait_secs = asked.wait_secs ?? (await this.#options.messageTimeoutSecs(id));
        const topology_action_options = { rebalance_options: { ...asked, wait_secs } };
        const prev_status = base.status;
        await replaced(term, id, { ...base, status: "REBALANCING", prev_status, topology_action_options }, version);
        this.#arm(term, id, "DO_REBALANCE", wait_secs);
        break;
      }
      case "delay-remove":
        this.#arm(term, id, "REMOVE", base.topology_action_options?.kill_options?.wait_secs ?? 0);
        return;
      case "delay-do-rebalance":
        this.#arm(term, id, "DO_REBALANCE", base.topology_action_options?.rebalance_options?.wait_secs ?? 0);
        return;
      case "do-rebalance":
        await this.#rebalance(term, id, read);
        break;
      case "remove":
        this.#runtime.log.info(`Killing topology: ${id}`);
        await this.#remove(term, id);
        return;
    }
    this.#runtime.log.info(`TRANSITION: ${id} ${base.status} ${transition}`);
  }

  async #remove(term: Term, id: string): Promise<void> {
    const before = await this.#state.assignment(id);
    await term.writes.removeStorm(id);
    this.#options.removed(id, before);
  }

  /** A leader that dies in the middle leaves it REBALANCING, and the next one does it all again. */
  async #rebalance(term: Term, id: string, { value: base, version }: Versioned<StormBase>): Promise<void> {
    const options = base.topology_action_options?.rebalance_options ?? {};
    await this.#options.updateBlobs(id, options, term);
    const renewed: StormBase = {
      ...base,
      num_workers: options.num_workers ?? base.num_workers,
      component_executors: new Map([...(base.component_executors ?? []), ...(options.num_executors ?? [])]),
    };
    await replaced(term, id, renewed, version);
    await this.#options.rescheduleFromScratch(id);
    const { topology_action_options: _, prev_status: status = "ACTIVE", ...rest } = renewed;
    await replaced(term, id, { ...rest, status }, version + 1);
  }

  #arm(term: Term, id: string, event: "REMOVE" | "DO_REBALANCE" | "GAIN_LEADERSHIP", delaySecs: number): void {
    if (this.#delayed?.term !== term || term.over.aborted) return;
    const { events } = this.#delayed;
    events.arm(id, event, delaySecs, () => {
      this.#apply(term, id, event, null, false).catch((error: unknown) => {
        if (term.over.aborted) return;
        this.#runtime.log.warn(`Could not ${event} ${id}, trying again: ${messageOf(error)}`);
        this.#arm(term, id, event, retryMs / 1000);
      });
    });
  }
}

async function replaced(term: Term, id: string, base: StormBase, version: number): Promise<void> {
  if (await term.writes.replaceStorm(id, base, version)) return;
  throw applicationError("INTERNAL_ERROR", `${id} was changed by somebody else at the same time; try again`);
}

function noTransition(event: TopologyEvent, status: StormBase["status"], id: string): string {
  return `No transition for event: ${event}, status: ${status} storm-id: ${id}`;
}

const whyNot: Readonly<Record<StormBase["status"], string>> = {
  ACTIVE: "",
  INACTIVE: "",
  REBALANCING: "it is being rebalanced; wait until that is done, or kill it",
  KILLED: "it is being killed; wait until it is gone, then submit it again",
};

function refusal(event: TopologyEvent, status: StormBase["status"], id: string): Error {
  return applicationError("INTERNAL_ERROR", `${noTransition(event, status, id)}: ${whyNot[status]}`);
}

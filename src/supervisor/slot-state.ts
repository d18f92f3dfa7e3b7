/**
 * What a slot does next, as a pure function of what it is doing and what is there. Source: Storm's Slot (SlotState and its transitions),
 * 2.8; the states that only its blob cache has are left out, as there is none here.
 */
import { assertNever } from "../base/index.ts";
import type { LocalAssignment } from "../wire/thrift/index.ts";

export type SlotState =
  | { readonly name: "EMPTY" }
  /** The code of the topology is on its way. */
  | { readonly name: "WAITING_FOR_BLOB_LOCALIZATION"; readonly assignment: LocalAssignment }
  | { readonly name: "WAITING_FOR_WORKER_START"; readonly worker: SlotWorker }
  | { readonly name: "RUNNING"; readonly worker: SlotWorker }
  /** `relaunch`: Storm's KILL_AND_RELAUNCH; else KILL. */
  | {
      readonly name: "KILL" | "KILL_AND_RELAUNCH";
      readonly worker: SlotWorker;
      readonly sinceMs: number;
      /** SIGKILL was sent too. */
      readonly forced: boolean;
    };

export interface SlotWorker {
  readonly workerId: string;
  readonly assignment: LocalAssignment;
  /** Of its launch, or of the moment at which it was found again. */
  readonly sinceMs: number;
}

/** As Storm's Slot.KillReason calls them in its metrics. */
export type KillReason = "assignment-changed" | "blob-changed" | "hb-timeout" | "process-exit";

/** What is there now. */
export interface SlotFacts {
  readonly nowMs: number;
  /** What the slot should run; null: nothing. */
  readonly wanted: LocalAssignment | null;
  /** Of the wanted topology. */
  readonly code: "absent" | "coming" | "present";
  /** Of the slot's worker. */
  readonly alive: boolean;
  /** Age of its newest heartbeat; null: none yet. */
  readonly beatAgeMs: number | null;
  /** How old it may be, by the worker's topology. */
  readonly beatAgeMsMax: number;
  /** Its topology's conf or code has changed since it was launched. */
  readonly isStale: boolean;
  /** No launch before this. */
  readonly notBeforeMs: number;
}

export interface SlotTimes {
  readonly startTimeoutMs: number;
  /** Between SIGTERM and SIGKILL. */
  readonly shutdownMs: number;
}

export type SlotAction =
  | { readonly do: "fetch code"; readonly assignment: LocalAssignment }
  | { readonly do: "launch"; readonly assignment: LocalAssignment }
  | { readonly do: "terminate"; readonly worker: SlotWorker; readonly reason: KillReason; readonly why: string }
  | { readonly do: "kill"; readonly worker: SlotWorker }
  /** Its process has ended: its files can go. */
  | { readonly do: "bury"; readonly worker: SlotWorker; readonly failed: boolean };

export interface SlotStep {
  readonly state: SlotState;
  readonly actions: readonly SlotAction[];
}

/** The next step; no actions and the same state: nothing to do now. A `launch` is answered by the caller with WAITING_FOR_WORKER_START. */
export function nextStep(state: SlotState, facts: SlotFacts, times: SlotTimes): SlotStep {
  switch (state.name) {
    case "EMPTY":
      return fromEmpty(facts);
    case "WAITING_FOR_BLOB_LOCALIZATION":
      return fromLocalization(state, facts);
    case "WAITING_FOR_WORKER_START":
      return fromStart(state.worker, facts, times);
    case "RUNNING":
      return fromRunning(state.worker, facts);
    case "KILL":
    case "KILL_AND_RELAUNCH":
      return fromKill(state, facts, times);
    default:
      return assertNever(state);
  }
}

/** The same topology with the same executors, whatever their order. */
export function equivalent(a: LocalAssignment, b: LocalAssignment): boolean {
  return a.topology_id === b.topology_id && executorsText(a) === executorsText(b);
}

function executorsText({ executors }: LocalAssignment): string {
  return executors
    .map(({ task_start, task_end }) => `${task_start}-${task_end}`)
    .sort()
    .join(" ");
}

const empty: SlotState = { name: "EMPTY" };

function fromEmpty(facts: SlotFacts): SlotStep {
  if (facts.wanted === null) return { state: empty, actions: [] };
  return localizing(facts.wanted, facts);
}

function localizing(assignment: LocalAssignment, facts: SlotFacts): SlotStep {
  if (facts.code === "present") return launching(assignment, facts);
  const state: SlotState = { name: "WAITING_FOR_BLOB_LOCALIZATION", assignment };
  const fetches = facts.code === "absent" && facts.nowMs >= facts.notBeforeMs;
  return { state, actions: fetches ? [{ do: "fetch code", assignment }] : [] };
}

function launching(assignment: LocalAssignment, facts: SlotFacts): SlotStep {
  const state: SlotState = { name: "WAITING_FOR_BLOB_LOCALIZATION", assignment };
  return { state, actions: facts.nowMs >= facts.notBeforeMs ? [{ do: "launch", assignment }] : [] };
}

function fromLocalization(
  state: Extract<SlotState, { name: "WAITING_FOR_BLOB_LOCALIZATION" }>,
  facts: SlotFacts,
): SlotStep {
  const { wanted } = facts;
  if (wanted === null) return { state: empty, actions: [] };
  return localizing(equivalent(wanted, state.assignment) ? state.assignment : wanted, facts);
}

function fromStart(worker: SlotWorker, facts: SlotFacts, times: SlotTimes): SlotStep {
  const ended = endOf(worker, facts);
  if (ended !== null) return ended;
  if (facts.isStale) return killing("KILL_AND_RELAUNCH", worker, facts, stale);
  if (facts.beatAgeMs !== null) return { state: { name: "RUNNING", worker }, actions: [] };
  if (facts.nowMs - worker.sinceMs <= times.startTimeoutMs)
    return { state: { name: "WAITING_FOR_WORKER_START", worker }, actions: [] };
  const why = `it gave no sign of life for ${times.startTimeoutMs / 1000} s`;
  return killing("KILL_AND_RELAUNCH", worker, facts, { reason: "hb-timeout", why });
}

function fromRunning(worker: SlotWorker, facts: SlotFacts): SlotStep {
  const ended = endOf(worker, facts);
  if (ended !== null) return ended;
  if (facts.isStale) return killing("KILL_AND_RELAUNCH", worker, facts, stale);
  const ageMs = facts.beatAgeMs ?? facts.nowMs - worker.sinceMs;
  if (ageMs <= facts.beatAgeMsMax) return { state: { name: "RUNNING", worker }, actions: [] };
  const why = `its last heartbeat is ${Math.round(ageMs / 1000)} s old`;
  return killing("KILL_AND_RELAUNCH", worker, facts, { reason: "hb-timeout", why });
}

interface Cause {
  readonly reason: KillReason;
  readonly why: string;
}

/** Storm's KILL_BLOB_UPDATE. */
const stale: Cause = { reason: "blob-changed", why: "the conf or the code of its topology has changed" };

/** It has died, or is not wanted any more; null: neither. */
function endOf(worker: SlotWorker, facts: SlotFacts): SlotStep | null {
  const stays = facts.wanted !== null && equivalent(facts.wanted, worker.assignment);
  if (!facts.alive) return { state: empty, actions: [{ do: "bury", worker, failed: stays }] };
  if (stays) return null;
  const why = facts.wanted === null ? "its slot is to be empty" : "its slot has another assignment";
  return killing("KILL", worker, facts, { reason: "assignment-changed", why });
}

function killing(name: "KILL" | "KILL_AND_RELAUNCH", worker: SlotWorker, { nowMs }: SlotFacts, cause: Cause): SlotStep {
  return { state: { name, worker, sinceMs: nowMs, forced: false }, actions: [{ do: "terminate", worker, ...cause }] };
}

function fromKill(
  state: Extract<SlotState, { name: "KILL" | "KILL_AND_RELAUNCH" }>,
  facts: SlotFacts,
  times: SlotTimes,
): SlotStep {
  const { worker } = state;
  if (!facts.alive)
    return { state: empty, actions: [{ do: "bury", worker, failed: state.name === "KILL_AND_RELAUNCH" }] };
  if (state.forced || facts.nowMs - state.sinceMs < times.shutdownMs) return { state, actions: [] };
  return { state: { ...state, forced: true }, actions: [{ do: "kill", worker }] };
}

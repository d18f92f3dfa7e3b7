/**
 * Carries out a plan, action by action. When one fails, or the user interrupts, what was done is undone in reverse: a failed `up` leaves
 * what was there before it.
 */
import { type Runtime, replaceFile } from "../../src/base/index.ts";
import type { Daemon } from "../cluster/layout.ts";
import { endProcess, type ManagedProcess } from "../processes/managed-process.ts";
import { type Action, describeAction, type Plan } from "./actions.ts";
import { makeExecutable } from "./wanted-file.ts";

export interface PlanStep {
  /** From 1. */
  readonly step: number;
  readonly total: number;
  readonly state: "begin" | "done" | "undone";
  readonly text: string;
  /** It only lays out folders and files. */
  readonly files: boolean;
}

export interface ApplyOptions {
  readonly onStep: (step: PlanStep) => void;
  /** Starts one daemon; resolves once its process is there. */
  readonly start: (daemon: Daemon) => Promise<ManagedProcess>;
  /** Resolves when the cluster works; rejects when it does not in time, or a daemon has ended. */
  readonly verify: () => Promise<void>;
  /** Throws when the user has asked to stop. */
  readonly checkpoint: () => void;
  /** What was done before a failure stays, to be looked at. */
  readonly retain?: boolean;
}

/** Rejects with the error of the action that failed, after the undoing; what could not be undone is left and told by `onStep`. */
export async function applyPlan(runtime: Runtime, plan: Plan, options: ApplyOptions): Promise<void> {
  const total = plan.actions.length;
  const undos: Array<Omit<PlanStep, "state"> & { undo: () => Promise<void> }> = [];
  try {
    for (const [index, action] of plan.actions.entries()) {
      options.checkpoint();
      const step = index + 1;
      const text = describeAction(action);
      const files = action.kind === "folder" || action.kind === "file";
      options.onStep({ step, total, state: "begin", text, files });
      await carryOut(runtime, action, options, (undone, undo) =>
        undos.push({ step, total, text: undone, files, undo }),
      );
      options.onStep({ step, total, state: "done", text, files });
    }
  } catch (error) {
    if (options.retain !== true) {
      for (const { undo, ...step } of undos.reverse()) {
        await undo();
        options.onStep({ ...step, state: "undone" });
      }
    }
    throw error;
  }
}

type Undoable = (text: string, undo: () => Promise<void>) => void;

async function carryOut(runtime: Runtime, action: Action, options: ApplyOptions, undoable: Undoable): Promise<void> {
  const { fs } = runtime;
  switch (action.kind) {
    case "folder": {
      const made = await firstMissing(runtime, action.path);
      await fs.makeDirectory(action.path);
      if (made !== null) undoable(`removed ${made}/`, () => fs.remove(made));
      return;
    }
    case "file":
      undoable(action.before === null ? `removed ${action.path}` : `restored ${action.path}`, () =>
        action.before === null ? fs.remove(action.path) : fs.writeFile(action.path, Buffer.from(action.before)),
      );
      await replaceFile(fs, action.path, Buffer.from(action.text));
      if (action.executable) await makeExecutable(runtime, [action.path]);
      return;
    case "remove":
      return fs.remove(action.path);
    case "stop":
      return endProcess(runtime, action.process);
    case "start":
      return startAll(runtime, action.daemons, options, undoable);
    case "verify":
      return options.verify();
  }
}

async function startAll(
  runtime: Runtime,
  daemons: readonly Daemon[],
  options: ApplyOptions,
  undoable: Undoable,
): Promise<void> {
  const outcomes = await Promise.allSettled(daemons.map((daemon) => options.start(daemon)));
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled")
      undoable(`stopped ${outcome.value.id}`, () => endProcess(runtime, outcome.value));
  }
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

/** The highest folder of the path that is not there; null when all are. */
async function firstMissing(runtime: Runtime, path: string): Promise<string | null> {
  let missing: string | null = null;
  for (let at = path; at !== "" && at !== "."; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    if ((await runtime.fs.stat(at)) !== null) return missing;
    missing = at;
  }
  return missing;
}

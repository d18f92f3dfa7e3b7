/** `down`: everything of a cluster goes, or with its data kept, only its processes. */
import type { Plan } from "../plan/actions.ts";
import { applyPlan, type PlanStep } from "../plan/apply.ts";
import { planDown } from "../plan/make-plan.ts";
import { observeProcesses } from "../processes/observe.ts";
import { folderOf, type Place } from "./place.ts";

export async function prepareDown(place: Place, name: string, keepData: boolean): Promise<Plan> {
  const folder = folderOf(place, name);
  return planDown(name, folder, await observeProcesses(place.runtime, folder), keepData);
}

export function applyDown(place: Place, plan: Plan, onStep: (step: PlanStep) => void): Promise<void> {
  return applyPlan(place.runtime, plan, {
    onStep,
    checkpoint: () => {},
    start: () => Promise.reject(new Error("down starts nothing")),
    verify: () => Promise.resolve(),
  });
}
